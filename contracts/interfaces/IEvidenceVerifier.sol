// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

/// @title IEvidenceVerifier
/// @notice ERC-7913 verifier whose verdict rests on something that may be withdrawn later, such as an issuer's key.
/// @dev A guardian marked with the evidence flag is asked through these: its vote counts as long as the evidence holds.
interface IEvidenceVerifier is IERC7913SignatureVerifier {
    /// @notice Verifies like ERC-7913 and says what the verdict rests on.
    /// @return magic The selector of ERC-7913's `verify` if the signature is good, 0xffffffff if not.
    /// @return evidence Identifies what it rests on, for example the issuer's key.
    function verifyWithEvidence(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4 magic, bytes32 evidence);

    /// @notice The selector of this function if `evidence` still holds for `key`, 0xffffffff if not.
    function evidenceHolds(bytes calldata key, bytes32 evidence) external view returns (bytes4 magic);
}
