// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Recovery} from "../types/Recovery.sol";

/// @title IGuardianRecovery
/// @notice Guardians of an account, and how they give it a new passkey.
interface IGuardianRecovery {
    /// @notice None: never started, or executed. Scheduled: waits. Protected: waits, and a veto no longer stops it.
    ///         Vetoed: dead, unless a tier that cannot be vetoed is reached.
    enum Status {
        None,
        Scheduled,
        Protected,
        Vetoed
    }

    /// @param policyId Low 160 bits of the policy's hash, 0 = no policy.
    /// @param setAt When the policy took effect; the block with that time has the event with its bytes.
    /// @param floor Recoveries and policies issued at or before this time are dead.
    /// @param epoch Counts executed recoveries; a recovery scheduled in an earlier one is dead.
    /// @param changeDays Days a change of the policy has to wait.
    struct Head {
        uint160 policyId;
        uint40 setAt;
        uint40 floor;
        uint8 epoch;
        uint8 changeDays;
    }

    /// @param protectedAt When it can be executed in spite of a veto; 0 = never.
    /// @param windowHours How long it can be executed from `readyAt` on.
    /// @param votes Bitmap over the policy's guardians.
    struct Record {
        uint40 startedAt;
        uint40 readyAt;
        uint40 protectedAt;
        uint16 windowHours;
        uint32 votes;
        uint8 epoch;
        Status status;
    }

    /// @notice `account` has this policy from now on.
    event PolicySet(address indexed account, bytes32 indexed policyHash, bytes policy);
    /// @notice Guardians started a recovery; it can be executed from `readyAt` on.
    event RecoveryStarted(
        address indexed account,
        bytes32 indexed digest,
        Recovery recovery,
        uint32 votes,
        uint40 readyAt,
        uint40 protectedAt
    );
    /// @notice More guardians approved.
    event RecoverySupported(
        address indexed account,
        bytes32 indexed digest,
        uint32 votes,
        uint40 readyAt,
        uint40 protectedAt
    );
    /// @notice The account has the new passkey.
    event RecoveryExecuted(address indexed account, bytes32 indexed digest, bytes32 indexed idHash);
    /// @notice The owner objected. `stopped` is false if the recovery goes on under a tier that cannot be vetoed.
    event RecoveryVetoed(address indexed account, bytes32 indexed digest, bool stopped);

    /// @notice The account has no policy.
    error NoPolicy(address account);
    /// @notice The account has a policy already.
    error PolicyExists(address account, uint160 policyId);
    /// @notice Only Rekey accounts can use this module.
    error UnsupportedAccount(address account);
    /// @notice This module is not installed on the account: a Rekey account is not set up yet.
    error NotInstalled(address account);
    /// @notice The policy is not the one the account has.
    error WrongPolicy(bytes32 seen, uint160 wanted);
    /// @notice The recovery is not for this chain, or its chain ids are too many or not ascending.
    error WrongChain(uint256 chainId);
    /// @notice Issued in the future of this chain's clock.
    error NotYetIssued(uint256 issuedAt, uint256 latest);
    /// @notice Something newer took effect already.
    error Stale(uint256 issuedAt, uint256 floor);
    /// @notice Its deadline is over.
    error Expired(uint256 nowAt, uint256 deadline);
    /// @notice It would be valid for too long, or its deadline is before its issue.
    error LifetimeTooLong(uint256 deadline, uint256 latest);
    /// @notice The approvals reach no tier of the policy.
    error NoTier(uint256 weight, uint256 kinds);
    /// @notice It has been started already.
    error AlreadyStarted(bytes32 digest);
    /// @notice It has not been started, or has been executed.
    error NotScheduled(bytes32 digest);
    /// @notice It has to wait.
    error NotReady(uint256 nowAt, uint256 readyAt);
    /// @notice It was not executed in time; it takes new approvals, for the same passkey if you like.
    error WindowClosed(uint256 nowAt, uint256 closedAt);
    /// @notice Another recovery was executed in the meantime.
    error Superseded(uint8 epoch, uint8 current);
    /// @notice The owner has vetoed it.
    error Vetoed(bytes32 digest);
    /// @notice It goes on under a tier that cannot be vetoed.
    error NotVetoable(bytes32 digest);
    /// @notice Unknown bits in `keep`.
    error UnknownKeep(uint8 keep);
    /// @notice The new passkey is not well-formed.
    error InvalidNewCredential(bytes32 idHash);
    /// @notice The new passkey has not shown that it can sign.
    error NewPasskeyNotPossessed(bytes32 digest);
    /// @notice Neither the account itself nor a signature by one of its passkeys.
    error BadOwnerSignature(address account);

    /// @notice Starts a recovery, and executes it at once if the tier reached has no delay. Anyone may call it.
    /// @dev Everything that could make the execution fail is checked now. Reverts with {NoPolicy}, {WrongPolicy},
    ///      {WrongChain}, {NotYetIssued}, {Stale}, {Expired}, {LifetimeTooLong}, {UnknownKeep}, {AlreadyStarted},
    ///      {InvalidNewCredential}, {NoTier}, {NewPasskeyNotPossessed}, {Approvals-MalformedApprovals},
    ///      {Approvals-InsufficientGas}.
    /// @param policy The bytes of the account's policy.
    /// @param approvals Guardians' signatures, see {Approvals}.
    /// @param possession Stateless assertion of the new passkey over PasskeyValidator's possession digest of the
    ///      recovery.
    /// @return digest The recovery's id.
    function start(
        Recovery calldata recovery,
        bytes calldata policy,
        bytes calldata approvals,
        bytes calldata possession
    ) external returns (bytes32 digest);

    /// @notice Adds approvals to a started recovery. It can only become faster, counted from its start; its window
    ///      opens
    ///         now if the shorter delay has passed already.
    function support(Recovery calldata recovery, bytes calldata policy, bytes calldata approvals) external;

    /// @notice Executes a recovery after its delay and within its window. Anyone may call it.
    function execute(Recovery calldata recovery, bytes calldata possession) external;

    /// @notice Stops the recovery with this digest, started or not, or slows it down to a tier that cannot be vetoed.
    /// @dev Reverts with {BadOwnerSignature}, {Vetoed}, {NotVetoable}, {WindowClosed}.
    /// @param ownerSignature 0x00 ‖ assertion by a live passkey over {vetoDigest}; empty if the account itself calls.
    function veto(address account, bytes32 digest, bytes calldata ownerSignature) external;

    /// @notice Gives an account without a policy its first one, at once.
    /// @param issuedAt Seconds since 1970; newer than anything that took effect.
    /// @param ownerSignature 0x00 ‖ assertion by a live passkey over {setPolicyDigest}; empty if the account itself
    ///      calls.
    function setPolicy(address account, bytes calldata policy, uint40 issuedAt, bytes calldata ownerSignature) external;

    /// @notice Hash of a policy that `account` could have. Reverts with {PolicyRules-BadPolicy} otherwise.
    function checkPolicy(address account, bytes calldata policy) external view returns (bytes32 policyHash);

    /// @notice The recovery's id: what guardians sign.
    function hashRecovery(Recovery calldata recovery) external view returns (bytes32);

    /// @notice What the owner signs to veto.
    function vetoDigest(address account, bytes32 digest) external view returns (bytes32);

    /// @notice What the owner signs to set a policy.
    function setPolicyDigest(address account, bytes32 policyHash, uint40 issuedAt) external view returns (bytes32);

    /// @notice EIP-712 domain separator of `Rekey Recovery`; the same on every chain.
    function domainSeparator() external view returns (bytes32);

    /// @notice The account's policy and counters.
    function getHead(address account) external view returns (Head memory);

    /// @notice A recovery of `account`.
    function getRecord(address account, bytes32 digest) external view returns (Record memory);
}
