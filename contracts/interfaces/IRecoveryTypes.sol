// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Recovery} from "../types/Recovery.sol";

/// @title IRecoveryTypes
/// @notice What GuardianRecovery stores, tells and refuses.
interface IRecoveryTypes {
    /// @notice None: never started, or executed. Scheduled: waits. Protected: waits, and a veto no longer stops it.
    ///         Vetoed: dead, unless a tier that cannot be vetoed is reached. Cancelled: dead, its guardians said so.
    enum Status {
        None,
        Scheduled,
        Protected,
        Vetoed,
        Cancelled
    }

    /// @notice What an owner can announce. It takes effect after the policy's waiting time.
    enum ChangeKind {
        None,
        Policy,
        Uninstall,
        Upgrade
    }

    /// @param policyId Low 160 bits of the policy's hash, 0 = no policy.
    /// @param setAt When the policy took effect; the block with that time has the event with its bytes.
    /// @param floor Recoveries and policies issued at or before this time are dead.
    /// @param epoch Counts executed recoveries and changes of the policy; what was scheduled in an earlier one is dead.
    /// @param changeDays Days a change of the policy has to wait.
    /// @param native True for a Rekey account, which this module commands directly.
    struct Head {
        uint160 policyId;
        uint40 setAt;
        uint40 floor;
        uint8 epoch;
        uint8 changeDays;
        bool native;
    }

    /// @param protectedAt When it can be executed in spite of a veto; 0 = never.
    /// @param windowHours How long it can be executed from `readyAt` on.
    /// @param votes Bitmap over the policy's guardians.
    /// @param evidence Hash over what the votes rest on, 0 if none rests on anything, see {Evidence}.
    struct Record {
        uint40 startedAt;
        uint40 readyAt;
        uint40 protectedAt;
        uint16 windowHours;
        uint32 votes;
        uint8 epoch;
        Status status;
        uint72 evidence;
    }

    /// @param value What is to come: the id of a policy, or an implementation; 0 for none.
    /// @param issuedAt Of the last change announced or called off. What was issued before it is dead.
    /// @param epoch A change announced before a recovery is dead after it.
    struct Change {
        uint160 value;
        uint40 readyAt;
        uint40 issuedAt;
        ChangeKind kind;
        uint8 epoch;
    }

    /// @param holdUntil No change takes effect before, while a recovery that cannot be vetoed waits.
    /// @param holdEpoch The hold ends when a recovery executes.
    /// @param benchedUntil Until then `benched` guardians count towards protected tiers only.
    /// @param benchEpoch The bench ends when a recovery executes or the policy changes.
    /// @param freezeReadyAt No freeze before.
    /// @param benched Bitmap over the policy's guardians.
    struct Aux {
        uint40 holdUntil;
        uint8 holdEpoch;
        uint40 benchedUntil;
        uint8 benchEpoch;
        uint40 freezeReadyAt;
        uint32 benched;
    }

    /// @notice What a vote rests on, in the order in which the votes were counted.
    /// @param index The guardian's place in the policy.
    /// @param signer The guardian's signer: verifier ‖ key.
    /// @param evidence What its verifier named, see {IEvidenceVerifier}.
    struct Evidence {
        uint8 index;
        bytes signer;
        bytes32 evidence;
    }

    /// @notice `account` has this policy from now on.
    event PolicySet(address indexed account, bytes32 indexed policyHash, bytes policy);
    /// @notice `account` will have this policy from `readyAt` on, when someone calls {applyPolicy}.
    event PolicyScheduled(address indexed account, bytes32 indexed policyHash, bytes policy, uint40 readyAt);
    /// @notice A change was announced; it can take effect from `readyAt` on.
    event ChangeScheduled(address indexed account, ChangeKind kind, uint160 value, uint40 issuedAt, uint40 readyAt);
    /// @notice The owner called a change off, before or after it was announced here.
    event ChangeCancelled(address indexed account, ChangeKind kind, uint160 value, uint40 issuedAt);
    /// @notice An announced change took effect.
    event ChangeApplied(address indexed account, ChangeKind kind, uint160 value);
    /// @notice Guardians called a recovery off.
    event RecoveryCancelled(address indexed account, bytes32 indexed digest);
    /// @notice Votes lost what they rested on. `readyAt` is 0 if the rest reaches no tier.
    event RecoveryRecounted(address indexed account, bytes32 indexed digest, uint32 votes, uint40 readyAt);
    /// @notice A guardian stopped the account until then.
    event FreezeSet(address indexed account, uint32 votes, uint40 until);
    /// @notice These guardians have shown in a drill that they can sign, and which tiers they reach (bit = place).
    event GuardiansProven(
        address indexed account,
        bytes32 indexed policyHash,
        bytes32 challenge,
        uint32 votes,
        uint8 tiers
    );
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
    /// @notice Only Rekey accounts can do this.
    error UnsupportedAccount(address account);
    /// @notice This module is not installed on the account (a Rekey account may not be set up yet), or the account
    ///         takes no validators.
    error NotInstalled(address account);
    /// @notice Not a change that is announced, or a value that goes with its kind.
    error UnknownChange(ChangeKind kind, uint160 value);
    /// @notice The change has to wait.
    error ChangeNotReady(uint256 nowAt, uint256 readyAt);
    /// @notice A recovery that cannot be vetoed waits: no change takes effect before it had its time.
    error Held(uint256 nowAt, uint256 holdUntil);
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
    /// @notice Another recovery was executed, or another policy set, in the meantime.
    error Superseded(uint8 epoch, uint8 current);
    /// @notice A veto stopped an attempt of the same guardians after this one had begun, and thereby this one.
    error Benched(bytes32 digest);
    /// @notice Guardians have called it off.
    error Cancelled(bytes32 digest);
    /// @notice What a vote rests on does not hold any more; {recount} the votes.
    error EvidenceFailed(uint256 index);
    /// @notice Not the evidence of this recovery, or not in the order in which its votes were counted.
    error WrongEvidence(uint72 seen, uint72 wanted);
    /// @notice Everything holds: there is nothing to recount.
    error NothingLost(bytes32 digest);
    /// @notice The policy allows no freeze, or not for so long.
    error FreezeTooLong(uint256 duration, uint256 longest);
    /// @notice The account was frozen lately.
    error FreezeNotReady(uint256 nowAt, uint256 readyAt);
    /// @notice The account did not do what the recovery asked of it.
    error NotRecovered(address account);
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
}
