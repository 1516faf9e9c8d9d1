// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IERC7579Module,
    IERC7579Validator,
    MODULE_TYPE_VALIDATOR,
    VALIDATION_FAILED,
    VALIDATION_SUCCESS
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IPasskeyValidator} from "../interfaces/IPasskeyValidator.sol";
import {ChainFreeDomain} from "../libraries/ChainFreeDomain.sol";
import {P256Verifier} from "../libraries/P256Verifier.sol";
import {WebAuthn} from "../libraries/WebAuthn.sol";
import {Credential} from "../types/Credential.sol";
import {ERC7739Module} from "./ERC7739Module.sol";

/// @title PasskeyValidator
/// @notice ERC-7579 validator and ERC-7780 stateless validator for passkeys: up to 32 per account, on any relying
///      parties.
/// @dev
/// *Trust*: an account writes its own slots only; nobody else writes, but {prove} lets anyone deliver a passkey's own
/// proof.
/// *Checks*: what {WebAuthn} lists; that a passkey is well-formed before it is stored; that a proven one remains.
/// *Not checked*: who the account is, its other validators, signature counters.
/// *Storage*: per account 32 words at keccak256(account ‖ 0) + index, so a validation reads one word of storage
/// associated
/// with the account (ERC-7562). Word `i`: bits 0–191 the low 192 bits of a commitment, 0 = empty. Word 0 also: bits
/// 192–223 the live bitmap, bits 224–255 the proven bitmap. 192 bits: forging needs a second preimage; a collision
/// helps
/// only someone who chooses both keys of his own account.
contract PasskeyValidator is IPasskeyValidator, ERC7739Module {
    using MessageHashUtils for bytes32;

    uint256 public constant MAX_CREDENTIALS = 32;
    uint256 public constant MIN_CREDENTIAL_ID = 16;
    uint256 public constant MAX_CREDENTIAL_ID = 1_023;

    /// @dev keccak256("Prove(address account,bytes32 commitment)")
    bytes32 private constant PROVE_TYPEHASH = keccak256("Prove(address account,bytes32 commitment)");
    /// @dev keccak256("Possession(bytes32 recovery)")
    bytes32 private constant POSSESSION_TYPEHASH = keccak256("Possession(bytes32 recovery)");

    uint256 private constant MODULE_TYPE_STATELESS_VALIDATOR = 7;
    uint256 private constant COMMITMENT_MASK = type(uint192).max;
    uint256 private constant LIVE_SHIFT = 192;
    uint256 private constant PROVEN_SHIFT = 224;

    bytes32 private immutable DOMAIN_SEPARATOR = ChainFreeDomain.separator("Rekey Passkey", address(this));
    bool private immutable USES_PRECOMPILE = P256Verifier.selfTest();

    mapping(address account => uint256[MAX_CREDENTIALS]) private _slots;

    // ---------------------------------------------------------------- ERC-7579

    /// @inheritdoc IERC7579Module
    /// @dev Empty data adopts passkeys that are there already (a recovery wrote them before the module was installed).
    ///      Otherwise abi.encode(Credential, bytes credentialId): the account's first passkey, proven by the act of
    ///      creating the account with it.
    function onInstall(bytes calldata data) external {
        uint256 live = _live(_slots[msg.sender][0]);
        if (data.length == 0) {
            if (live == 0) revert NotInitialized(msg.sender);
            return;
        }
        if (live != 0) revert AlreadyInitialized(msg.sender);
        (Credential memory credential, bytes memory credentialId) = abi.decode(data, (Credential, bytes));
        _checkRegistration(credential, credentialId);
        _slots[msg.sender][0] = _first(_truncate(credential.commitment()));
        emit CredentialAdded(msg.sender, credential.idHash, 0, credential, credentialId, true);
    }

    /// @inheritdoc IERC7579Module
    /// @dev Clears every passkey, whatever `data` says, and never reverts.
    function onUninstall(bytes calldata) external {
        _clearOthers(msg.sender, _slots[msg.sender][0], 0);
        _slots[msg.sender][0] = 0;
    }

    /// @inheritdoc IERC7579Module
    function isModuleType(uint256 moduleTypeId) external pure returns (bool) {
        return moduleTypeId == MODULE_TYPE_VALIDATOR || moduleTypeId == MODULE_TYPE_STATELESS_VALIDATOR;
    }

    /// @notice True if `account` has a passkey here.
    function isInitialized(address account) external view returns (bool) {
        return _live(_slots[account][0]) != 0;
    }

    /// @inheritdoc IERC7579Validator
    /// @dev Reads one word of the account's storage and writes none. A bad signature is a result, not a revert.
    function validateUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash) external view returns (uint256) {
        return
            _verifyLive(msg.sender, userOpHash, userOp.signature, DOMAIN_SEPARATOR)
                ? VALIDATION_SUCCESS
                : VALIDATION_FAILED;
    }

    // ---------------------------------------------------------------- Passkeys

    /// @inheritdoc IPasskeyValidator
    function addCredential(
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata possession
    ) external returns (uint8 index) {
        _checkRegistration(credential, credentialId);
        uint256 head = _slots[msg.sender][0];
        if (_live(head) == 0) revert NotInitialized(msg.sender);

        bytes32 commitment = credential.commitment();
        (uint256 found, uint256 free) = _find(msg.sender, head, _truncate(commitment));
        if (found != MAX_CREDENTIALS) revert DuplicateCredential(uint8(found));
        if (free == MAX_CREDENTIALS) revert TooManyCredentials(MAX_CREDENTIALS + 1);

        bool proven = possession.length != 0;
        if (proven && !_verifyStateless(proveDigest(msg.sender, commitment), possession, commitment, 0)) {
            revert NotPossessed(credential.idHash);
        }
        index = uint8(free);
        _put(msg.sender, head, index, _truncate(commitment), proven);
        emit CredentialAdded(msg.sender, credential.idHash, index, credential, credentialId, proven);
    }

    /// @inheritdoc IPasskeyValidator
    function prove(address account, uint8 index, bytes32 commitment, bytes calldata assertion) external {
        bytes24 wanted = bytes24(uint192(_truncate(commitment)));
        bytes24 seen = _commitmentAt(account, index);
        if (seen == 0 || seen != wanted) revert UnknownCredential(index, seen, wanted);
        if (!_verifyStateless(proveDigest(account, commitment), assertion, commitment, 0)) {
            revert NotPossessed(commitment);
        }
        _slots[account][0] |= 1 << (PROVEN_SHIFT + index);
        emit CredentialProven(account, seen, index);
    }

    /// @inheritdoc IPasskeyValidator
    function removeCredential(uint8 index, bytes24 expected) external {
        uint256 head = _slots[msg.sender][0];
        bytes24 seen = _commitmentAt(msg.sender, index);
        if (seen == 0 || seen != expected) revert UnknownCredential(index, seen, expected);

        uint256 bits = (1 << (LIVE_SHIFT + index)) | (1 << (PROVEN_SHIFT + index));
        head &= ~bits;
        if (head >> PROVEN_SHIFT == 0) revert LastProvenCredential(index);
        if (index == 0) {
            _slots[msg.sender][0] = head & ~COMMITMENT_MASK;
        } else {
            _slots[msg.sender][0] = head;
            _slots[msg.sender][index] = 0;
        }
        emit CredentialRemoved(msg.sender, seen, index);
    }

    /// @inheritdoc IPasskeyValidator
    function recover(Credential calldata credential, bool keep, bytes32 digest, bytes calldata possession) external {
        if (!credential.isWellFormed()) revert InvalidCredential(credential.idHash);
        bytes32 commitment = credential.commitment();
        if (!_verifyStateless(possessionDigest(digest), possession, commitment, DOMAIN_SEPARATOR)) {
            revert NotPossessed(credential.idHash);
        }
        uint256 head = _slots[msg.sender][0];
        uint256 truncated = _truncate(commitment);
        uint8 index;
        uint32 removed;
        uint256 free = MAX_CREDENTIALS;
        if (keep) {
            uint256 found;
            (found, free) = _find(msg.sender, head, truncated);
            if (found != MAX_CREDENTIALS) free = found;
        }
        if (free != MAX_CREDENTIALS) {
            index = uint8(free);
            _put(msg.sender, head, index, truncated, true);
        } else {
            removed = _clearOthers(msg.sender, head, truncated);
            _slots[msg.sender][0] = _first(truncated);
        }
        emit CredentialsReset(msg.sender, credential.idHash, index, credential, removed);
    }

    // ---------------------------------------------------------------- Signatures

    /// @inheritdoc IPasskeyValidator
    function verifyOwner(address account, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return _verifyLive(account, digest, signature, 0);
    }

    /// @inheritdoc IPasskeyValidator
    function validateSignatureWithData(
        bytes32 hash,
        bytes calldata signature,
        bytes calldata data
    ) external view returns (bool) {
        return data.length == 32 && _verifyStateless(hash, signature, bytes32(data), DOMAIN_SEPARATOR);
    }

    /// @inheritdoc IPasskeyValidator
    function proveDigest(address account, bytes32 commitment) public view returns (bytes32) {
        return DOMAIN_SEPARATOR.toTypedDataHash(keccak256(abi.encode(PROVE_TYPEHASH, account, commitment)));
    }

    /// @inheritdoc IPasskeyValidator
    function possessionDigest(bytes32 recovery) public view returns (bytes32) {
        return DOMAIN_SEPARATOR.toTypedDataHash(keccak256(abi.encode(POSSESSION_TYPEHASH, recovery)));
    }

    /// @inheritdoc IPasskeyValidator
    function getCredentials(
        address account
    ) external view returns (uint8[] memory indexes, bytes24[] memory commitments, bool[] memory proven) {
        uint256 head = _slots[account][0];
        uint256 count;
        for (uint256 i = 0; i < MAX_CREDENTIALS; ++i) {
            if (_isSet(_live(head), i)) ++count;
        }
        (indexes, commitments, proven) = (new uint8[](count), new bytes24[](count), new bool[](count));
        uint256 pos;
        for (uint256 i = 0; i < MAX_CREDENTIALS; ++i) {
            if (!_isSet(_live(head), i)) continue;
            indexes[pos] = uint8(i);
            commitments[pos] = bytes24(uint192(_slots[account][i]));
            proven[pos] = _isSet(head >> PROVEN_SHIFT, i);
            ++pos;
        }
    }

    /// @inheritdoc IPasskeyValidator
    function usesPrecompile() external view returns (bool) {
        return USES_PRECOMPILE;
    }

    /// @inheritdoc IPasskeyValidator
    function domainSeparator() external view returns (bytes32) {
        return DOMAIN_SEPARATOR;
    }

    function _isValidRaw(
        address account,
        bytes32 hash,
        bytes calldata signature
    ) internal view override returns (bool) {
        return _verifyLive(account, hash, signature, DOMAIN_SEPARATOR);
    }

    /// @dev A signature by the passkey that `account` stores at the index the blob names. The word is read whatever the
    ///      verdict on the signature, so that an estimate made with a dummy signature is not too low.
    function _verifyLive(
        address account,
        bytes32 hash,
        bytes calldata blob,
        bytes32 merkleDomain
    ) private view returns (bool) {
        (bool ok, uint256 index, bytes32 commitment) = WebAuthn.verify(hash, blob, merkleDomain, USES_PRECOMPILE);
        if (index >= MAX_CREDENTIALS) return false;
        uint256 stored = _slots[account][index] & COMMITMENT_MASK;
        return ok && stored != 0 && stored == _truncate(commitment);
    }

    /// @dev A signature by the credential with this commitment; the blob names no stored one.
    function _verifyStateless(
        bytes32 hash,
        bytes calldata blob,
        bytes32 commitment,
        bytes32 merkleDomain
    ) private view returns (bool) {
        (bool ok, uint256 index, bytes32 seen) = WebAuthn.verify(hash, blob, merkleDomain, USES_PRECOMPILE);
        return ok && index == WebAuthn.STATELESS && seen == commitment;
    }

    // ---------------------------------------------------------------- Storage

    function _checkRegistration(Credential memory credential, bytes memory credentialId) private pure {
        if (
            !credential.isWellFormed() ||
            credentialId.length < MIN_CREDENTIAL_ID ||
            credentialId.length > MAX_CREDENTIAL_ID ||
            keccak256(credentialId) != credential.idHash
        ) revert InvalidCredential(credential.idHash);
    }

    /// @dev Low 192 bits of the commitment at `index`, 0 if there is none.
    function _commitmentAt(address account, uint256 index) private view returns (bytes24) {
        return index < MAX_CREDENTIALS ? bytes24(uint192(_slots[account][index])) : bytes24(0);
    }

    /// @dev Index of a live commitment and the lowest free index; MAX_CREDENTIALS where there is none.
    function _find(
        address account,
        uint256 head,
        uint256 truncated
    ) private view returns (uint256 found, uint256 free) {
        found = MAX_CREDENTIALS;
        free = MAX_CREDENTIALS;
        uint256 live = _live(head);
        uint256 i = 0;
        for (; live >> i != 0; ++i) {
            if (!_isSet(live, i)) {
                if (free == MAX_CREDENTIALS) free = i;
            } else if (_slots[account][i] & COMMITMENT_MASK == truncated) {
                found = i;
            }
        }
        // Above the highest live one all are free.
        if (free == MAX_CREDENTIALS) free = i;
    }

    function _put(address account, uint256 head, uint256 index, uint256 truncated, bool proven) private {
        head |= 1 << (LIVE_SHIFT + index);
        if (proven) head |= 1 << (PROVEN_SHIFT + index);
        if (index == 0) {
            _slots[account][0] = (head & ~COMMITMENT_MASK) | truncated;
        } else {
            _slots[account][0] = head;
            _slots[account][index] = truncated;
        }
    }

    /// @dev Clears all live words but the first, which the caller overwrites; counts those that held another passkey.
    function _clearOthers(address account, uint256 head, uint256 truncated) private returns (uint32 removed) {
        uint256 live = _live(head);
        if (live & 1 != 0 && head & COMMITMENT_MASK != truncated) ++removed;
        for (uint256 i = 1; live >> i != 0; ++i) {
            if (!_isSet(live, i)) continue;
            if (_slots[account][i] != truncated) ++removed;
            _slots[account][i] = 0;
        }
    }

    /// @dev Word 0 of an account whose only passkey is at index 0 and proven.
    function _first(uint256 truncated) private pure returns (uint256) {
        return (1 << PROVEN_SHIFT) | (1 << LIVE_SHIFT) | truncated;
    }

    function _truncate(bytes32 commitment) private pure returns (uint256) {
        return uint256(commitment) & COMMITMENT_MASK;
    }

    function _live(uint256 head) private pure returns (uint256) {
        return (head >> LIVE_SHIFT) & type(uint32).max;
    }

    function _isSet(uint256 bitmap, uint256 index) private pure returns (bool) {
        return (bitmap >> index) & 1 != 0;
    }
}
