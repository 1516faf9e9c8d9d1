// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOidcKeys} from "./IOidcKeys.sol";

/// @title IOidcKeyRegistry
/// @notice Which keys OpenID Connect issuers sign with, as several attesters saw them.
/// @dev
/// keyId = keccak256(keccak256(issuer) ‖ keccak256(kid)), keyHash = keccak256(algorithm(1) ‖ key)
/// algorithm 1, RS256: key = modulus (256, 384 or 512 bytes), exponent 65537; 2, ES256: key = x(32) ‖ y(32)
///
/// Attesters sign without a chain, domain `Rekey Keys`, version 1: what they sign counts on every chain on which this
/// registry is at this address.
interface IOidcKeyRegistry is IOidcKeys {
    /// @notice What an attester read at an issuer.
    /// @param observedAt Seconds since 1970.
    struct JwksObservation {
        string issuer;
        string kid;
        uint8 algorithm;
        bytes32 keyHash;
        uint40 observedAt;
    }

    /// @notice What is known of a key. All 0 if nothing is.
    /// @param activeFrom First second at which it verifies tokens.
    /// @param lastSeen When it was last observed.
    /// @param suspendedUntil Until then it is not trusted.
    struct KeyState {
        bytes32 keyHash;
        uint40 activeFrom;
        uint40 lastSeen;
        uint40 suspendedUntil;
        uint8 algorithm;
        bool revoked;
    }

    /// @notice A key was observed for the first time, or again after it had aged. It verifies tokens from `activeFrom`.
    event KeyAdded(
        bytes32 indexed keyId,
        bytes32 indexed issuerHash,
        string issuer,
        string kid,
        uint8 algorithm,
        bytes key,
        uint40 activeFrom
    );

    /// @notice A known key is still there.
    event KeySeen(bytes32 indexed keyId, uint40 observedAt);

    /// @notice An attester distrusts a key. It verifies nothing until then.
    event KeySuspended(bytes32 indexed keyId, address indexed attester, uint40 until);

    /// @notice A key verifies nothing any more.
    event KeyRevoked(bytes32 indexed keyId);

    /// @notice A registry needs 1 to 16 attesters, ascending and none of them 0, and a quorum of them.
    error InvalidAttesters(uint256 attesters, uint256 quorum);

    /// @notice Times have to be within what {IOidcKeyRegistry} says of DELAY and MAX_AGE.
    error InvalidTimes(uint256 delay, uint256 maxAge);

    /// @notice Fewer attesters than wanted signed, in ascending order.
    error TooFewAttesters(uint256 seen, uint256 wanted);

    /// @notice `signer` is no attester, or does not ascend from the one before.
    error NotAnAttester(address signer);

    /// @notice Issuer and kid are 1 to `most` printable characters of ASCII without quotes and backslashes.
    error InvalidName(uint256 length, uint256 most);

    /// @notice No key of this algorithm looks like this.
    error InvalidKey(uint8 algorithm, uint256 length);

    /// @notice The attesters signed for another key.
    error WrongKey(bytes32 seen, bytes32 wanted);

    /// @notice A `kid` keeps its key for ever.
    error KeyChanged(bytes32 keyId, bytes32 seen, bytes32 wanted);

    /// @notice The key is revoked.
    error Revoked(bytes32 keyId);

    /// @notice A signed time has to lie within `earliest` and `latest`.
    error OutOfTime(uint256 seen, uint256 earliest, uint256 latest);

    /// @notice This attester has suspended a key already and may not do so before `next`.
    error SuspendedTooOften(address attester, uint256 next);

    /// @notice Adds a key that a quorum observed, or says that it is still there. Anyone may deliver it.
    /// @param signatures The attesters', over {observationDigest}, ascending by attester.
    function observe(JwksObservation calldata observation, bytes calldata key, bytes[] calldata signatures) external;

    /// @notice Takes the trust from a key for SUSPENSION, on one attester's word. Each has one in SUSPENSION_PERIOD.
    /// @param issuedAt When it was signed: at most a day ago, and after this attester's last.
    function suspend(bytes32 keyId, uint40 issuedAt, bytes calldata signature) external;

    /// @notice Takes the trust from a key for ever, on a quorum's word; also from one that was never observed.
    function revoke(bytes32 keyId, bytes[] calldata signatures) external;

    /// @notice What is known of a key.
    function keyState(bytes32 keyId) external view returns (KeyState memory);

    /// @notice The attesters, ascending.
    function attesters() external view returns (address[] memory);

    /// @notice What attesters sign.
    function observationDigest(JwksObservation calldata observation) external view returns (bytes32);

    /// @notice What an attester signs to suspend a key.
    function suspensionDigest(bytes32 keyId, uint40 issuedAt) external view returns (bytes32);

    /// @notice What attesters sign to revoke a key.
    function revocationDigest(bytes32 keyId) external view returns (bytes32);
}
