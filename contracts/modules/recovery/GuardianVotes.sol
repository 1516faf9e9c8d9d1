// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IPasskeyValidator} from "../../interfaces/IPasskeyValidator.sol";
import {IRekeyAccount} from "../../interfaces/IRekeyAccount.sol";
import {ISignerValidator} from "../../interfaces/ISignerValidator.sol";
import {Approvals} from "../../libraries/Approvals.sol";
import {RecoveryDigests} from "../../libraries/RecoveryDigests.sol";
import {RecoveryPolicy, Tier} from "../../libraries/RecoveryPolicy.sol";
import {Reach, Tally, Tiers} from "../../libraries/Tiers.sol";
import {Recovery} from "../../types/Recovery.sol";
import {RecoveryBase} from "./RecoveryBase.sol";
import {RecoveryPart} from "./RecoveryPart.sol";
import {RecoveryRules} from "./RecoveryRules.sol";

/// @title GuardianVotes
/// @notice Part of GuardianRecovery. What guardians do besides starting a recovery: they call one off, freeze the
///         account, show in a drill that they could; and votes that have lost what they rest on are dropped.
/// @dev
/// *Trust*: guardians who reach the tier of greatest weight, to call off; any one of them, to freeze, if the policy
/// says so; verifiers, as to whether evidence holds.
/// *Checks*: policy, votes, evidence, how long and how often an account is frozen.
/// *Not checked*: why they changed their minds.
/// *Storage*: GuardianRecovery's `record`, and the freeze of `aux`, see {IRecoveryTypes}.
contract GuardianVotes is RecoveryPart, RecoveryRules {
    using MessageHashUtils for bytes32;
    using RecoveryPolicy for bytes;

    /// @notice How old a freeze message may be, seconds.
    uint256 public constant FREEZE_LIFETIME = 1 days;
    /// @notice Time from the end of a freeze to the next one, seconds.
    uint256 public constant FREEZE_COOLDOWN = 30 days;
    /// @notice Longest time until the deadline of a drill, seconds.
    uint256 public constant MAX_DRILL = 30 days;

    constructor(
        IPasskeyValidator passkeyValidator,
        ISignerValidator signerValidator,
        address codeVerifier
    ) RecoveryBase(passkeyValidator, signerValidator, codeVerifier) {}

    /// @notice See {IGuardianRecovery-recount}.
    function recount(
        Recovery calldata recovery,
        bytes calldata policy,
        Evidence[] calldata evidence,
        uint32 drop
    ) external {
        bytes32 digest = _hashRecovery(recovery);
        address account = recovery.account;
        Record storage record = _liveRecord(recovery, digest);
        _checkPolicyBytes(account, policy);
        _checkWindow(record);
        _checkEvidence(record.evidence, evidence);

        Approvals.Ballot memory ballot = _ballot(account, digest, false);
        ballot.votes = record.votes;
        bool allLost = _dropVotes(ballot, evidence, drop);
        if (ballot.votes == record.votes) revert NothingLost(digest);
        Tally memory tally = Approvals.count(policy, policy[:0], ballot);
        (uint40 readyAt, uint40 protectedAt) = _slower(record, _reach(policy, tally));
        bool unchanged = readyAt == record.readyAt && protectedAt == record.protectedAt;
        if (!allLost && !unchanged) revert NothingLost(digest);
        if (readyAt == 0) {
            // As if these had never voted: the rest can start anew, unless the owner has vetoed.
            bool isProtected = record.status == Status.Protected;
            delete _records[account][digest];
            if (isProtected) record.status = Status.Vetoed;
        } else {
            record.windowHours = _windowFrom(record, readyAt, policy.windowHours());
            (record.readyAt, record.protectedAt) = (readyAt, protectedAt);
            record.votes = uint32(tally.votes);
            record.evidence = ballot.evidence;
            _hold(account, record);
        }
        emit RecoveryRecounted(account, digest, uint32(tally.votes), readyAt);
    }

    /// @dev Takes out of the ballot the votes that have lost their evidence, and those to drop. False if one of these
    ///      holds.
    function _dropVotes(
        Approvals.Ballot memory ballot,
        Evidence[] calldata evidence,
        uint32 drop
    ) private view returns (bool allLost) {
        allLost = true;
        for (uint256 i = 0; i < evidence.length; ++i) {
            Evidence calldata item = evidence[i];
            bool holds = _holds(item);
            if (holds && (drop >> item.index) & 1 == 0) {
                ballot.evidence = Approvals.chainEvidence(ballot.evidence, item.index, item.signer, item.evidence);
            } else {
                ballot.votes &= ~(1 << item.index);
                if (holds) allLost = false;
            }
        }
    }

    /// @dev When fewer votes make a recovery ready: never earlier than it is, for a late vote may have moved its times
    ///      to its own present. 0 if they reach no tier.
    function _slower(
        Record storage record,
        Reach memory reach
    ) private view returns (uint40 readyAt, uint40 protectedAt) {
        uint256 delay = record.status == Status.Protected ? reach.protectedDelay : reach.delay;
        if (delay == NONE) return (0, 0);
        readyAt = _later(record.startedAt + delay, record.readyAt);
        if (reach.protectedDelay != NONE) {
            protectedAt = _later(record.startedAt + reach.protectedDelay, record.protectedAt);
        }
    }

    /// @dev Hours from the new time to where the window closes now, and no fewer than the policy says. Not more either:
    ///      a vote that comes and goes could else keep a recovery, and what it holds, open for ever.
    function _windowFrom(Record storage record, uint40 readyAt, uint256 least) private view returns (uint16) {
        uint256 closedAt = record.readyAt + uint256(record.windowHours) * 1 hours;
        uint256 left = closedAt > readyAt ? (closedAt - readyAt) / 1 hours : 0;
        return uint16(left > least ? left : least);
    }

    function _later(uint256 a, uint40 b) private pure returns (uint40) {
        return a > b ? uint40(a) : b;
    }

    /// @notice See {IGuardianRecovery-guardianCancel}.
    function guardianCancel(address account, bytes32 digest, bytes calldata policy, bytes calldata approvals) external {
        bytes32 policyHash = _checkPolicyBytes(account, policy);
        Record storage record = _records[account][digest];
        if (record.status == Status.Cancelled) revert Cancelled(digest);
        bytes32 message = _domain().toTypedDataHash(RecoveryDigests.guardianCancel(account, policyHash, digest));
        Tally memory tally = Approvals.count(policy, approvals, _ballot(account, message, false));
        if (!_reachesGreatest(policy, tally)) revert NoTier(tally.freeWeight, tally.freeKinds);
        record.status = Status.Cancelled;
        emit RecoveryCancelled(account, digest);
    }

    // ---------------------------------------------------------------- Freeze

    /// @notice See {IGuardianRecovery-freeze}.
    function freeze(
        address account,
        bytes calldata policy,
        uint32 duration,
        uint40 issuedAt,
        bytes calldata approvals
    ) external {
        bytes32 policyHash = _checkPolicyBytes(account, policy);
        StoredHead memory head = _heads[account];
        if (head.rules & NATIVE == 0) revert UnsupportedAccount(account);
        uint256 longest = policy.freezeHours() * 1 hours;
        if (duration == 0 || duration > longest) revert FreezeTooLong(duration, longest);
        _checkIssue(issuedAt, head.floor);
        if (block.timestamp > issuedAt + FREEZE_LIFETIME) revert Expired(block.timestamp, issuedAt + FREEZE_LIFETIME);
        Aux storage aux = _aux[account];
        if (block.timestamp < aux.freezeReadyAt) revert FreezeNotReady(block.timestamp, aux.freezeReadyAt);

        bytes32 digest = _domain().toTypedDataHash(RecoveryDigests.freeze(account, policyHash, duration, issuedAt));
        Tally memory tally = Approvals.count(policy, approvals, _ballot(account, digest, false));
        if (tally.freeWeight == 0) revert NoTier(tally.freeWeight, tally.freeKinds);
        uint40 until = uint40(block.timestamp + duration);
        aux.freezeReadyAt = uint40(until + FREEZE_COOLDOWN);
        emit FreezeSet(account, uint32(tally.votes), until);
        IRekeyAccount(account).freeze(until);
    }

    // ---------------------------------------------------------------- Drill

    /// @notice See {IGuardianRecovery-drill}.
    function drill(
        address account,
        bytes calldata policy,
        bytes32 challenge,
        uint40 deadline,
        bytes calldata approvals
    ) external returns (uint32 votes, uint8 tiers) {
        bytes32 policyHash = _checkPolicyBytes(account, policy);
        if (block.timestamp > deadline) revert Expired(block.timestamp, deadline);
        if (deadline > block.timestamp + MAX_DRILL) revert LifetimeTooLong(deadline, block.timestamp + MAX_DRILL);
        bytes32 digest = _domain().toTypedDataHash(RecoveryDigests.drill(account, policyHash, challenge, deadline));
        Tally memory tally = Approvals.count(policy, approvals, _ballot(account, digest, false));
        votes = uint32(tally.votes);
        for (uint256 i = 0; i < policy.tierCount(); ++i) {
            Tier tier = policy.tierAt(i);
            if (tally.weight >= tier.weight() && tally.kinds >= tier.kinds()) tiers |= uint8(1 << i);
        }
        emit GuardiansProven(account, policyHash, challenge, votes, tiers);
    }

    // ---------------------------------------------------------------- Internal

    /// @dev True if the votes reach the tier of greatest weight (among equals, the one that takes most kinds), and a
    ///      protected one if there is any: what not even the owner can stop, one guardian of great weight cannot
    ///      either.
    function _reachesGreatest(bytes calldata policy, Tally memory tally) private pure returns (bool) {
        uint256 weight;
        uint256 kinds;
        bool hasProtected;
        bool reachesProtected;
        for (uint256 i = 0; i < policy.tierCount(); ++i) {
            Tier tier = policy.tierAt(i);
            if (tier.isProtected()) {
                hasProtected = true;
                if (Tiers.isReached(tally, tier.weight(), tier.kinds(), false)) reachesProtected = true;
            }
            if (tier.weight() < weight || (tier.weight() == weight && tier.kinds() <= kinds)) continue;
            (weight, kinds) = (tier.weight(), tier.kinds());
        }
        return Tiers.isReached(tally, weight, kinds, false) && (reachesProtected || !hasProtected);
    }
}
