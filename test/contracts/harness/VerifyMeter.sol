// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {P256Verifier} from "../../../contracts/libraries/P256Verifier.sol";
import {WebAuthn} from "../../../contracts/libraries/WebAuthn.sol";

/// @notice Gas of one WebAuthn verification inside its caller, decoding included.
contract VerifyMeter {
    bool private immutable USES_PRECOMPILE = P256Verifier.selfTest();

    function meter(bytes32 hash, bytes calldata blob) external view returns (bool ok, uint256 gasUsed) {
        uint256 before = gasleft();
        (ok, , ) = WebAuthn.verify(hash, blob, 0, USES_PRECOMPILE);
        gasUsed = before - gasleft();
    }
}
