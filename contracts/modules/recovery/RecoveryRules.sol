// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Approvals} from "../../libraries/Approvals.sol";
import {RecoveryDigests} from "../../libraries/RecoveryDigests.sol";
import {RecoveryPolicy, Tier} from "../../libraries/RecoveryPolicy.sol";
import {Reach, Tally, Tiers} from "../../libraries/Tiers.sol";
import {Recovery} from "../../types/Recovery.sol";
import {RecoveryBase} from "./RecoveryBase.sol";

/// @title RecoveryRules
/// @notice When a recovery is alive, what its votes reach, what they rest on.
/// @dev
/// *Trust*: none.
/// *Checks*: epoch, floor, window, evidence.
/// *Not checked*: who votes, see {Approvals}.
/// *Storage*: reads only, see {RecoveryBase}.
abstract contract RecoveryRules is RecoveryBase {
    using MessageHashUtils for bytes32;
    using RecoveryPolicy for bytes;

    /// @notice How long those who voted for a recovery that was vetoed count towards protected tiers only, seconds.
    uint256 public constant BENCH = 7 days;
    uint256 internal constant NONE = Tiers.NONE;

    function _hashRecovery(Recovery calldata recovery) internal view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.recovery(recovery));
    }

    /// @dev A recovery that waits and that nothing newer has overtaken: no recovery and no other policy.
    function _liveRecord(Recovery calldata recovery, bytes32 digest) internal view returns (Record storage record) {
        StoredHead memory head = _heads[recovery.account];
        record = _records[recovery.account][digest];
        Status status = record.status;
        if (status == Status.None) revert NotScheduled(digest);
        if (status == Status.Vetoed) revert Vetoed(digest);
        if (status == Status.Cancelled) revert Cancelled(digest);
        if (record.epoch != head.epoch) revert Superseded(record.epoch, head.epoch);
        if (recovery.issuedAt <= head.floor) revert Stale(recovery.issuedAt, head.floor);
        if (_isBenched(record, _aux[recovery.account])) revert Benched(digest);
    }

    /// @dev One veto stops all that the same guardians had begun before it: else one of them could start any number of
    ///      recoveries, and the owner would have to find and veto each.
    function _isBenched(Record storage record, Aux storage aux) private view returns (bool) {
        return
            record.protectedAt == 0 &&
            record.votes & ~aux.benched == 0 &&
            record.epoch == aux.benchEpoch &&
            record.startedAt + BENCH <= aux.benchedUntil;
    }

    function _checkWindow(Record storage record) internal view {
        uint256 closedAt = record.readyAt + uint256(record.windowHours) * 1 hours;
        if (block.timestamp >= closedAt) revert WindowClosed(block.timestamp, closedAt);
    }

    /// @dev While a recovery that cannot be vetoed waits, no change of the policy may take it away.
    function _hold(address account, Record storage record) internal {
        if (record.protectedAt == 0) return;
        uint40 until = uint40(record.protectedAt + uint256(record.windowHours) * 1 hours);
        Aux storage aux = _aux[account];
        if (aux.holdEpoch == record.epoch && aux.holdUntil >= until) return;
        (aux.holdUntil, aux.holdEpoch) = (until, record.epoch);
    }

    /// @dev That `evidence` is, in this order, what the votes of a record rest on.
    function _checkEvidence(uint72 wanted, Evidence[] calldata evidence) internal pure {
        uint72 seen;
        for (uint256 i = 0; i < evidence.length; ++i) {
            seen = Approvals.chainEvidence(seen, evidence[i].index, evidence[i].signer, evidence[i].evidence);
        }
        if (seen != wanted) revert WrongEvidence(seen, wanted);
    }

    function _holds(Evidence calldata item) internal view returns (bool) {
        return Approvals.evidenceHolds(item.signer, item.evidence);
    }

    /// @dev Shortest delays among the tiers that the votes reach. Benched votes count towards protected tiers only.
    function _reach(bytes calldata policy, Tally memory tally) internal pure returns (Reach memory reach) {
        reach = Reach(NONE, NONE);
        uint256 tiers = policy.tierCount();
        for (uint256 i = 0; i < tiers; ++i) {
            Tier tier = policy.tierAt(i);
            bool isProtected = tier.isProtected();
            bool enough = Tiers.isReached(tally, tier.weight(), tier.kinds(), isProtected);
            reach.delay = Tiers.shorter(reach.delay, tier.delay(), enough);
            reach.protectedDelay = Tiers.shorter(reach.protectedDelay, tier.delay(), enough && isProtected);
        }
    }
}
