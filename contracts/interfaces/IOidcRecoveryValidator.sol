// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IEvidenceVerifier} from "./IEvidenceVerifier.sol";

/// @title IOidcRecoveryValidator
/// @notice An identity at an OpenID Connect issuer as a guardian: it signs by signing in.
/// @dev
/// key (52 bytes):  registry(20, 0 = keys pinned) ‖ identity(32)
/// identity:        the EIP-712 hashStruct of
///   OidcIdentity(string issuer,string[] audiences,string subject,bytes32 salt), or, with keys pinned, of
///   PinnedOidcIdentity(string issuer,string[] audiences,string subject,bytes32 salt,bytes32[] keys), keyHashes
/// signature:       salt(32) ‖ audience count(1, 1–4) ‖ (length(1) ‖ audience) … ‖ header length(2) ‖ header ‖ payload
///                  length(2) ‖ payload ‖ [key count(1, 1–8) ‖ keyHash(32) …, if pinned] ‖ key ‖ the token's signature
///
/// Header and payload are the token's JSON, decoded; `key` and keyHash as in {IOidcKeyRegistry}. ES256: r ‖ s with s ≤
/// n/2. The token's `nonce` is the signed hash in base64url: so it is good for nothing else, and on every chain.
interface IOidcRecoveryValidator is IEvidenceVerifier {
    /// @notice Why a token does not count.
    enum Problem {
        None,
        /// Lengths do not fit, or are more than is taken.
        Layout,
        /// Not the header of an RS256 or ES256 ID token.
        Header,
        /// Not the claims of an ID token, or one of the wanted claims twice or in a strange form.
        Claims,
        /// The token was issued for something else.
        Nonce,
        /// Expired, not valid yet, or valid for more than a day.
        Time,
        /// `aud` or `azp` is none of the identity's audiences.
        Audience,
        /// Issuer, subject, audiences, salt or keys are not those that the guardian was made of.
        Identity,
        /// The registry does not know the key, or not yet, or does not trust it now; or it is not the pinned one.
        Key,
        /// The issuer did not sign this.
        Signature
    }

    /// @notice As ERC-7913's `verify`, with the reason. Never reverts on bad input, unless the registry does.
    /// @return problem None if the token counts.
    /// @return evidence The id of the issuer's key; with keys pinned its hash.
    function check(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (Problem problem, bytes32 evidence);

    /// @notice ERC-7780: as `verify` with `data` as key. For use in execution only: it reads the time and a registry.
    function validateSignatureWithData(
        bytes32 hash,
        bytes calldata signature,
        bytes calldata data
    ) external view returns (bool);

    /// @notice True if P-256 signatures are verified by the precompile at 0x100, false if in Solidity. Settled at
    ///         deployment.
    function usesPrecompile() external view returns (bool);
}
