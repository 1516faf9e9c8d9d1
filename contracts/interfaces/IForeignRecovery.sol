// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Recovery} from "../types/Recovery.sol";

/// @title IForeignRecovery
/// @notice What GuardianRecovery runs of ForeignRecovery.
interface IForeignRecovery {
    /// @notice Reverts if an account that is not a Rekey account could not be recovered.
    function checkForeign(address account) external;

    /// @notice Gives an account that is not a Rekey account its new passkey. Reverts unless it has it.
    function recoverForeign(Recovery calldata recovery, bytes32 digest, bytes calldata possession) external;
}
