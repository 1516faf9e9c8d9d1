// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7579Module} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {IEvidenceVerifier} from "../interfaces/IEvidenceVerifier.sol";
import {IOidcKeys} from "../interfaces/IOidcKeys.sol";
import {IOidcRecoveryValidator} from "../interfaces/IOidcRecoveryValidator.sol";
import {IdToken} from "../libraries/IdToken.sol";
import {OidcKey} from "../libraries/OidcKey.sol";
import {OidcProof} from "../libraries/OidcProof.sol";
import {P256Verifier} from "../libraries/P256Verifier.sol";
import {RsaVerifier} from "../libraries/RsaVerifier.sol";

/// @title OidcRecoveryValidator
/// @notice ERC-7913 verifier and ERC-7780 stateless validator: a sign-in at an OpenID Connect issuer as a guardian's
///         approval, with nobody between the issuer's signature and the chain.
/// @dev
/// *Trust*: the issuer, who can sign in as anybody; the registry that the guardian's key names, to say which keys are
/// the issuer's, or nobody if keys are pinned.
/// *Checks*: what {IdToken} lists; that the nonce is the hash; issuer, audiences, subject and salt against the
/// identity; `aud` and `azp` are audiences of it; iat − 5 min ≤ now ≤ exp ≤ iat + 1 day, and nbf; the key against
/// registry or pins; RS256 or ES256, as the key says.
/// *Not checked*: `auth_time`, `acr`, e-mail addresses: an issuer with a live session may sign without asking anybody
/// ({IGuardianRecovery} has delays for that). Whether a token was used before: it counts for one hash, and what has
/// happened for a hash is the module's to know.
/// *Storage*: none. It reads the time and other contracts' storage: not for use in ERC-4337 validation.
contract OidcRecoveryValidator is IOidcRecoveryValidator, IERC7579Module {
    /// @notice How long a token may be valid, and how far the issuer's clock may be ahead of the chain's.
    uint256 public constant MAX_LIFETIME = 1 days;
    uint256 public constant TOKEN_SKEW = 5 minutes;

    uint256 private constant MODULE_TYPE_STATELESS_VALIDATOR = 7;
    uint256 private constant KEY_SIZE = 52;
    bytes4 private constant VALID = IERC7913SignatureVerifier.verify.selector;
    bytes4 private constant INVALID = 0xffffffff;

    bool private immutable USES_PRECOMPILE = P256Verifier.selfTest();

    /// @dev Reverts with {RsaVerifier-ModexpMissing} on a chain without MODEXP.
    constructor() {
        RsaVerifier.selfTest();
    }

    /// @inheritdoc IOidcRecoveryValidator
    function check(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) public view returns (Problem problem, bytes32 evidence) {
        bool isPinned = key.length == KEY_SIZE && bytes20(key) == 0;
        (bool ok, OidcProof.Proof memory proof, bytes calldata rest) = OidcProof.read(signature, isPinned);
        if (!ok || key.length != KEY_SIZE) return (Problem.Layout, 0);
        IdToken.Header memory header;
        IdToken.Claims memory claims;
        (ok, header) = IdToken.readHeader(proof.header, proof.headerEnd);
        if (!ok) return (Problem.Header, 0);
        (ok, claims) = IdToken.readClaims(proof.payload, proof.payloadEnd, hash);
        if (!ok) return (Problem.Claims, 0);
        if (!claims.hasNonce) return (Problem.Nonce, 0);
        if (!_isValidNow(claims)) return (Problem.Time, 0);
        if (!_isFor(claims, proof.audiences)) return (Problem.Audience, 0);
        bytes32 identity = OidcProof.identityOf(proof, claims.issuer, claims.subject, isPinned);
        if (identity != bytes32(key[20:])) return (Problem.Identity, 0);

        uint256 size = OidcKey.keySize(header.algorithm, rest.length);
        if (size == 0) return (Problem.Layout, 0);
        bytes32 keyHash = OidcKey.hashOf(header.algorithm, rest[:size]);
        if (isPinned) {
            evidence = keyHash;
            ok = OidcProof.contains(proof.keys, keyHash);
        } else {
            evidence = OidcKey.idOf(claims.issuer, header.kid);
            ok = header.kid != 0 && IOidcKeys(address(bytes20(key))).usableKey(evidence) == keyHash;
        }
        if (!ok) return (Problem.Key, 0);
        bytes32 signed = IdToken.signedHash(proof.header, proof.headerEnd, proof.payload, proof.payloadEnd);
        if (!_isSigned(header.algorithm, signed, rest[:size], rest[size:])) return (Problem.Signature, 0);
    }

    /// @inheritdoc IERC7913SignatureVerifier
    /// @dev Says nothing of the key being withdrawn later: policies mark this guardian as one that gives evidence.
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (Problem problem, ) = check(key, hash, signature);
        return problem == Problem.None ? VALID : INVALID;
    }

    /// @inheritdoc IEvidenceVerifier
    function verifyWithEvidence(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4, bytes32) {
        (Problem problem, bytes32 evidence) = check(key, hash, signature);
        return (problem == Problem.None ? VALID : INVALID, evidence);
    }

    /// @inheritdoc IEvidenceVerifier
    /// @dev Pinned keys are the owner's own word, and he changes it by another policy.
    function evidenceHolds(bytes calldata key, bytes32 evidence) external view returns (bytes4) {
        if (key.length != KEY_SIZE) return INVALID;
        address registry = address(bytes20(key));
        bool holds = registry == address(0) || IOidcKeys(registry).isTrusted(evidence);
        return holds ? IEvidenceVerifier.evidenceHolds.selector : INVALID;
    }

    /// @inheritdoc IOidcRecoveryValidator
    function validateSignatureWithData(
        bytes32 hash,
        bytes calldata signature,
        bytes calldata data
    ) external view returns (bool) {
        (Problem problem, ) = check(data, hash, signature);
        return problem == Problem.None;
    }

    /// @inheritdoc IOidcRecoveryValidator
    function usesPrecompile() external view returns (bool) {
        return USES_PRECOMPILE;
    }

    // ---------------------------------------------------------------- ERC-7579

    /// @inheritdoc IERC7579Module
    /// @dev Nothing to install: it keeps nothing.
    function onInstall(bytes calldata) external {}

    /// @inheritdoc IERC7579Module
    function onUninstall(bytes calldata) external {}

    /// @inheritdoc IERC7579Module
    function isModuleType(uint256 moduleTypeId) external pure returns (bool) {
        return moduleTypeId == MODULE_TYPE_STATELESS_VALIDATOR;
    }

    // ---------------------------------------------------------------- Internal

    function _isValidNow(IdToken.Claims memory claims) private view returns (bool) {
        uint256 latest = block.timestamp + TOKEN_SKEW;
        return
            block.timestamp <= claims.expiresAt &&
            claims.expiresAt <= claims.issuedAt + MAX_LIFETIME &&
            claims.issuedAt <= latest &&
            claims.notBefore <= latest;
    }

    function _isFor(IdToken.Claims memory claims, bytes32[] memory audiences) private pure returns (bool) {
        if (!OidcProof.contains(audiences, claims.audience)) return false;
        return claims.authorizedParty == 0 || OidcProof.contains(audiences, claims.authorizedParty);
    }

    function _isSigned(
        uint8 algorithm,
        bytes32 hash,
        bytes calldata key,
        bytes calldata signature
    ) private view returns (bool) {
        if (algorithm == IdToken.RS256) return RsaVerifier.verify(hash, signature, key);
        (uint256 r, uint256 s) = (uint256(bytes32(signature[:32])), uint256(bytes32(signature[32:])));
        (uint256 x, uint256 y) = (uint256(bytes32(key[:32])), uint256(bytes32(key[32:])));
        return P256Verifier.verify(hash, r, s, x, y, USES_PRECOMPILE);
    }
}
