// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IOidcKeyRegistry} from "../interfaces/IOidcKeyRegistry.sol";
import {IOidcKeys} from "../interfaces/IOidcKeys.sol";
import {ChainFreeDomain} from "../libraries/ChainFreeDomain.sol";
import {OidcKey} from "../libraries/OidcKey.sol";

/// @title OidcKeyRegistry
/// @notice Which keys OpenID Connect issuers sign with, as M of N attesters saw them at the issuers.
/// @dev
/// *Trust*: a quorum of the attesters, fixed for ever, to say what an issuer publishes. It cannot add a key faster than
/// DELAY, nor put another key behind a `kid`, nor bring a revoked one back. One attester alone can take the trust from
/// one key for a week, once in a month. Who does not trust these attesters names another registry, or keys of his own.
/// *Checks*: distinct attesters; form of the key; RSA with the top bit set and odd; P-256 on the curve; times.
/// *Not checked*: that the issuer publishes the key: that is what attesters are for. That a modulus has two large
/// primes.
/// *Storage*: per key its hash and one word: activeFrom 40 | lastSeen 40 | suspendedUntil 40 | algorithm 8 | revoked 1;
/// per attester when he suspended last.
contract OidcKeyRegistry is IOidcKeyRegistry {
    using MessageHashUtils for bytes32;

    uint256 public constant MAX_ATTESTERS = 16;
    uint256 public constant MAX_ISSUER = 256;
    uint256 public constant MAX_KID = 128;
    /// @notice Least and most of DELAY.
    uint256 public constant MIN_DELAY = 1 hours;
    uint256 public constant MAX_DELAY = 14 days;
    /// @notice Least and most of MAX_AGE.
    uint256 public constant MIN_MAX_AGE = 2 days;
    uint256 public constant MAX_MAX_AGE = 180 days;
    /// @notice How long one attester's word takes the trust from a key, and how often he has it.
    uint256 public constant SUSPENSION = 7 days;
    uint256 public constant SUSPENSION_PERIOD = 30 days;
    /// @notice How old what attesters sign may be when it is delivered, and how far in the future.
    uint256 public constant MAX_DELIVERY = 1 days;
    uint256 public constant SKEW = 15 minutes;

    /// @dev keccak256("JwksObservation(string issuer,string kid,uint8 algorithm,bytes32 keyHash,uint40 observedAt)")
    bytes32 private constant OBSERVATION_TYPEHASH = keccak256(
        "JwksObservation(string issuer,string kid,uint8 algorithm,bytes32 keyHash,uint40 observedAt)"
    );
    /// @dev keccak256("Suspension(bytes32 keyId,uint40 issuedAt)")
    bytes32 private constant SUSPENSION_TYPEHASH = keccak256("Suspension(bytes32 keyId,uint40 issuedAt)");
    /// @dev keccak256("Revocation(bytes32 keyId)")
    bytes32 private constant REVOCATION_TYPEHASH = keccak256("Revocation(bytes32 keyId)");

    struct Slot {
        uint40 activeFrom;
        uint40 lastSeen;
        uint40 suspendedUntil;
        uint8 algorithm;
        bool revoked;
    }

    /// @notice How many attesters it takes to add a key or to revoke one.
    uint256 public immutable QUORUM;
    /// @notice Seconds from the first observation of a key to its use.
    uint256 public immutable DELAY;
    /// @notice Seconds from the last observation of a key until it verifies no token any more.
    uint256 public immutable MAX_AGE;
    bytes32 private immutable DOMAIN_SEPARATOR = ChainFreeDomain.separator("Rekey Keys", address(this));

    address[] private _attesters;
    /// @dev 0 for anyone else; 1 for an attester who never suspended a key.
    mapping(address attester => uint256 time) private _lastSuspension;
    mapping(bytes32 keyId => bytes32) private _keyHashes;
    mapping(bytes32 keyId => Slot) private _slots;

    /// @param attesters_ Ascending.
    constructor(address[] memory attesters_, uint256 quorum, uint256 delay, uint256 maxAge) {
        uint256 count = attesters_.length;
        if (count > MAX_ATTESTERS || quorum == 0 || quorum > count) revert InvalidAttesters(count, quorum);
        if (delay < MIN_DELAY || delay > MAX_DELAY || maxAge < MIN_MAX_AGE || maxAge > MAX_MAX_AGE) {
            revert InvalidTimes(delay, maxAge);
        }
        address last;
        for (uint256 i = 0; i < count; ++i) {
            if (attesters_[i] <= last) revert NotAnAttester(attesters_[i]);
            last = attesters_[i];
            _lastSuspension[last] = 1;
        }
        _attesters = attesters_;
        (QUORUM, DELAY, MAX_AGE) = (quorum, delay, maxAge);
    }

    /// @inheritdoc IOidcKeyRegistry
    function observe(JwksObservation calldata observation, bytes calldata key, bytes[] calldata signatures) external {
        _checkName(observation.issuer, MAX_ISSUER);
        _checkName(observation.kid, MAX_KID);
        if (!OidcKey.isWellFormed(observation.algorithm, key)) revert InvalidKey(observation.algorithm, key.length);
        bytes32 keyHash = OidcKey.hashOf(observation.algorithm, key);
        if (keyHash != observation.keyHash) revert WrongKey(keyHash, observation.keyHash);
        bytes32 issuerHash = keccak256(bytes(observation.issuer));
        bytes32 keyId = OidcKey.idOf(issuerHash, keccak256(bytes(observation.kid)));
        bytes32 known = _keyHashes[keyId];
        if (known != 0 && known != keyHash) revert KeyChanged(keyId, keyHash, known);
        Slot memory slot = _slots[keyId];
        if (slot.revoked) revert Revoked(keyId);
        _checkTime(observation.observedAt, slot.lastSeen + 1);
        _checkQuorum(observationDigest(observation), signatures);

        bool isNew = known == 0 || block.timestamp > slot.lastSeen + MAX_AGE;
        slot.lastSeen = observation.observedAt;
        if (isNew) {
            _keyHashes[keyId] = keyHash;
            slot.algorithm = observation.algorithm;
            slot.activeFrom = uint40(block.timestamp + DELAY);
            emit KeyAdded(keyId, issuerHash, observation.issuer, observation.kid, slot.algorithm, key, slot.activeFrom);
        } else {
            emit KeySeen(keyId, slot.lastSeen);
        }
        _slots[keyId] = slot;
    }

    /// @inheritdoc IOidcKeyRegistry
    function suspend(bytes32 keyId, uint40 issuedAt, bytes calldata signature) external {
        (address attester, uint256 last) = _attester(suspensionDigest(keyId, issuedAt), signature, address(0));
        if (last != 1 && block.timestamp < last + SUSPENSION_PERIOD) {
            revert SuspendedTooOften(attester, last + SUSPENSION_PERIOD);
        }
        _checkTime(issuedAt, last + 1);
        _lastSuspension[attester] = block.timestamp;
        uint40 until = uint40(block.timestamp + SUSPENSION);
        _slots[keyId].suspendedUntil = until;
        emit KeySuspended(keyId, attester, until);
    }

    /// @inheritdoc IOidcKeyRegistry
    function revoke(bytes32 keyId, bytes[] calldata signatures) external {
        if (_slots[keyId].revoked) revert Revoked(keyId);
        _checkQuorum(revocationDigest(keyId), signatures);
        _slots[keyId].revoked = true;
        emit KeyRevoked(keyId);
    }

    /// @inheritdoc IOidcKeys
    function usableKey(bytes32 keyId) external view returns (bytes32 keyHash) {
        Slot memory slot = _slots[keyId];
        if (!_isTrusted(slot)) return 0;
        if (block.timestamp < slot.activeFrom || block.timestamp > slot.lastSeen + MAX_AGE) return 0;
        return _keyHashes[keyId];
    }

    /// @inheritdoc IOidcKeys
    /// @dev Age does not matter: an issuer that puts a key away does not say that what it signed is false.
    function isTrusted(bytes32 keyId) external view returns (bool) {
        return _keyHashes[keyId] != 0 && _isTrusted(_slots[keyId]);
    }

    /// @inheritdoc IOidcKeyRegistry
    function keyState(bytes32 keyId) external view returns (KeyState memory) {
        Slot memory slot = _slots[keyId];
        return
            KeyState(
                _keyHashes[keyId],
                slot.activeFrom,
                slot.lastSeen,
                slot.suspendedUntil,
                slot.algorithm,
                slot.revoked
            );
    }

    /// @inheritdoc IOidcKeyRegistry
    function attesters() external view returns (address[] memory) {
        return _attesters;
    }

    /// @inheritdoc IOidcKeyRegistry
    function observationDigest(JwksObservation calldata observation) public view returns (bytes32) {
        return
            DOMAIN_SEPARATOR.toTypedDataHash(
                keccak256(
                    abi.encode(
                        OBSERVATION_TYPEHASH,
                        keccak256(bytes(observation.issuer)),
                        keccak256(bytes(observation.kid)),
                        observation.algorithm,
                        observation.keyHash,
                        observation.observedAt
                    )
                )
            );
    }

    /// @inheritdoc IOidcKeyRegistry
    function suspensionDigest(bytes32 keyId, uint40 issuedAt) public view returns (bytes32) {
        return DOMAIN_SEPARATOR.toTypedDataHash(keccak256(abi.encode(SUSPENSION_TYPEHASH, keyId, issuedAt)));
    }

    /// @inheritdoc IOidcKeyRegistry
    function revocationDigest(bytes32 keyId) public view returns (bytes32) {
        return DOMAIN_SEPARATOR.toTypedDataHash(keccak256(abi.encode(REVOCATION_TYPEHASH, keyId)));
    }

    // ---------------------------------------------------------------- Internal

    function _isTrusted(Slot memory slot) private view returns (bool) {
        return !slot.revoked && block.timestamp >= slot.suspendedUntil;
    }

    /// @dev Stops at QUORUM: more signatures are not looked at.
    function _checkQuorum(bytes32 digest, bytes[] calldata signatures) private view {
        if (signatures.length < QUORUM) revert TooFewAttesters(signatures.length, QUORUM);
        address last;
        for (uint256 i = 0; i < QUORUM; ++i) (last, ) = _attester(digest, signatures[i], last);
    }

    /// @dev The attester who signed, who comes after `last`, and when he suspended a key last.
    function _attester(
        bytes32 digest,
        bytes calldata signature,
        address last
    ) private view returns (address signer, uint256 lastSuspension) {
        (signer, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        lastSuspension = _lastSuspension[signer];
        if (lastSuspension == 0 || signer <= last) revert NotAnAttester(signer);
    }

    function _checkTime(uint256 time, uint256 earliest) private view {
        if (earliest + MAX_DELIVERY < block.timestamp) earliest = block.timestamp - MAX_DELIVERY;
        uint256 latest = block.timestamp + SKEW;
        if (time < earliest || time > latest) revert OutOfTime(time, earliest, latest);
    }

    /// @dev What could never stand in a token the way {IdToken} reads it is not taken.
    function _checkName(string calldata name, uint256 most) private pure {
        bytes calldata characters = bytes(name);
        uint256 length = characters.length;
        if (length == 0 || length > most) revert InvalidName(length, most);
        for (uint256 i = 0; i < length; ++i) {
            bytes1 c = characters[i];
            if (c <= 0x20 || c >= 0x7f || c == '"' || c == "\\") revert InvalidName(length, most);
        }
    }
}
