// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IOidcKeys
/// @notice All that a token's verifier asks a registry of issuers' keys.
interface IOidcKeys {
    /// @notice The key that may verify tokens now: keccak256(algorithm(1) ‖ key). 0 if there is none, or not now.
    /// @param keyId keccak256(keccak256(issuer) ‖ keccak256(kid)).
    function usableKey(bytes32 keyId) external view returns (bytes32 keyHash);

    /// @notice True as long as what was verified with this key stands: it is neither revoked nor suspended.
    function isTrusted(bytes32 keyId) external view returns (bool);
}
