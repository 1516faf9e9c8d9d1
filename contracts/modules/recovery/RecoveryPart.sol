// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChainFreeDomain} from "../../libraries/ChainFreeDomain.sol";
import {RecoveryBase} from "./RecoveryBase.sol";

/// @title RecoveryPart
/// @notice A part of GuardianRecovery that is a contract of its own, for size.
/// @dev Its code runs in GuardianRecovery's name and on its storage (DELEGATECALL). Called directly it finds its own
///      storage, which is empty, and no account that has it installed: nothing it does there has an effect anywhere.
abstract contract RecoveryPart is RecoveryBase {
    /// @dev Computed anew each time: `this` is GuardianRecovery.
    function _domain() internal view override returns (bytes32) {
        return ChainFreeDomain.separator("Rekey Recovery", address(this));
    }
}
