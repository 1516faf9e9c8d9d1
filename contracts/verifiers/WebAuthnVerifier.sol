// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {P256Verifier} from "../libraries/P256Verifier.sol";
import {WebAuthn} from "../libraries/WebAuthn.sol";

/// @title WebAuthnVerifier
/// @notice ERC-7913 verifier for passkeys that are guardians: a friend's, a security key's.
/// @dev
/// *Trust*: none; stateless.
/// *Checks*: what {WebAuthn} lists, for the credential whose commitment is the key.
/// *Not checked*: that the commitment was made from a key on the curve: a guardian nobody can sign for is found by a
/// drill.
/// *Storage*: none.
contract WebAuthnVerifier is IERC7913SignatureVerifier {
    bool private immutable USES_PRECOMPILE = P256Verifier.selfTest();

    /// @inheritdoc IERC7913SignatureVerifier
    /// @param key Commitment of a credential, 32 bytes.
    /// @param signature Stateless assertion blob over `hash`, without a Merkle part.
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (bool ok, uint256 index, bytes32 commitment) = WebAuthn.verify(hash, signature, 0, USES_PRECOMPILE);
        bool valid = ok && key.length == 32 && index == WebAuthn.STATELESS && commitment == bytes32(key);
        return valid ? IERC7913SignatureVerifier.verify.selector : bytes4(0xffffffff);
    }

    /// @notice True if P-256 signatures are verified by the precompile at 0x100. Settled at deployment.
    function usesPrecompile() external view returns (bool) {
        return USES_PRECOMPILE;
    }
}
