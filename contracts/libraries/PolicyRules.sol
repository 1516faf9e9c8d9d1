// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Guardian, RecoveryPolicy, Tier} from "./RecoveryPolicy.sol";
import {Signers} from "./Signers.sol";
import {Tiers} from "./Tiers.sol";

/// @title PolicyRules
/// @notice What a policy must fulfil before an account can have it.
/// @dev
/// *Trust*: none.
/// *Checks*: the rules RULE_1 to RULE_19 below, in this order for each part.
/// *Not checked*: that guardians are independent of each other, that their kinds are true (the owner states them), that
/// their verifiers exist on every chain, that they can sign (the SDK has each of them sign at set-up).
/// *Storage*: none.
library PolicyRules {
    using RecoveryPolicy for bytes;

    uint256 internal constant MAX_POLICY = 4_096;
    uint256 internal constant MAX_TIERS = 4;
    uint256 internal constant MAX_GUARDIANS = 32;
    uint256 internal constant GUARDIAN_FLAGS = 3;
    uint256 internal constant COMMITMENT = 32;
    uint256 internal constant MAX_KIND = 31;
    uint256 internal constant MAX_DELAY = 90 days;
    uint256 internal constant MIN_SINGLE_DELAY = 1 hours;
    uint256 internal constant MIN_WINDOW_HOURS = 2 * 24;
    uint256 internal constant MAX_WINDOW_HOURS = 60 * 24;
    uint256 internal constant MAX_FREEZE_HOURS = 72;

    uint8 internal constant MALFORMED = 1;
    uint8 internal constant TOO_LONG = 2;
    uint8 internal constant UNKNOWN_OPTION = 3;
    uint8 internal constant WINDOW_OUT_OF_RANGE = 4;
    uint8 internal constant FREEZE_OUT_OF_RANGE = 5;
    uint8 internal constant TIER_COUNT = 6;
    uint8 internal constant GUARDIAN_COUNT = 7;
    uint8 internal constant TIER_WITHOUT_THRESHOLD = 8;
    uint8 internal constant DELAY_TOO_LONG = 9;
    uint8 internal constant GUARDIAN_KIND = 10;
    uint8 internal constant GUARDIAN_WITHOUT_WEIGHT = 11;
    uint8 internal constant UNKNOWN_FLAG = 12;
    uint8 internal constant SIGNER_LENGTH = 13;
    uint8 internal constant SIGNER_FORBIDDEN = 14;
    uint8 internal constant GUARDIANS_NOT_ASCENDING = 15;
    uint8 internal constant TIER_UNREACHABLE = 16;
    uint8 internal constant ONLY_EXPIRING_GUARDIANS = 17;
    uint8 internal constant INSTANT_SINGLE = 18;
    uint8 internal constant PROTECTED_SINGLE = 19;

    /// @notice The policy breaks this rule.
    error BadPolicy(uint8 rule);

    /// @dev What all guardians together amount to.
    struct Totals {
        uint256 weight;
        uint256 kinds;
        uint256 lastingWeight; // of those that never expire
        uint256 lastingKinds;
        uint256 heaviest;
    }

    /// @notice Checks `policy` and returns the days that every later change of it has to wait.
    /// @param account The account, which may not be its own guardian.
    /// @param core Contracts of the system, which may not be guardians either.
    function check(
        bytes calldata policy,
        address account,
        address[] memory core
    ) internal pure returns (uint256 changeDays) {
        _checkHead(policy);
        Totals memory totals = _checkGuardians(policy, account, core);
        return Tiers.changeDays(_checkTiers(policy, totals));
    }

    function _checkHead(bytes calldata policy) private pure {
        if (policy.length > MAX_POLICY) revert BadPolicy(TOO_LONG);
        if (policy.length < RecoveryPolicy.TIERS || policy[0] != 0x01) revert BadPolicy(MALFORMED);
        if (uint8(policy[33]) > RecoveryPolicy.OPTION_INSTANT_SINGLE) revert BadPolicy(UNKNOWN_OPTION);
        uint256 window = policy.windowHours();
        if (window < MIN_WINDOW_HOURS || window > MAX_WINDOW_HOURS) revert BadPolicy(WINDOW_OUT_OF_RANGE);
        if (uint8(policy[36]) > MAX_FREEZE_HOURS) revert BadPolicy(FREEZE_OUT_OF_RANGE);
        uint256 tiers = policy.tierCount();
        if (tiers == 0 || tiers > MAX_TIERS) revert BadPolicy(TIER_COUNT);
        if (policy.length <= RecoveryPolicy.TIERS + RecoveryPolicy.TIER_SIZE * tiers) revert BadPolicy(MALFORMED);
    }

    function _checkGuardians(
        bytes calldata policy,
        address account,
        address[] memory core
    ) private pure returns (Totals memory totals) {
        (uint256 count, uint256 pos) = policy.guardians();
        if (count == 0 || count > MAX_GUARDIANS) revert BadPolicy(GUARDIAN_COUNT);
        bytes32 previous;
        for (uint256 i = 0; i < count; ++i) {
            if (pos + RecoveryPolicy.GUARDIAN_HEAD > policy.length) revert BadPolicy(MALFORMED);
            Guardian guardian = policy.guardianAt(pos);
            uint256 end = pos + guardian.size();
            if (end > policy.length) revert BadPolicy(MALFORMED);
            if (guardian.kind() == 0 || guardian.kind() > MAX_KIND) revert BadPolicy(GUARDIAN_KIND);
            if (guardian.weight() == 0) revert BadPolicy(GUARDIAN_WITHOUT_WEIGHT);
            if (guardian.flags() > GUARDIAN_FLAGS) revert BadPolicy(UNKNOWN_FLAG);
            bytes32 id = _idOf(guardian, policy[pos + RecoveryPolicy.GUARDIAN_HEAD:end], account, core);
            if (id <= previous) revert BadPolicy(GUARDIANS_NOT_ASCENDING);
            previous = id;
            _add(totals, guardian);
            pos = end;
        }
        if (pos != policy.length) revert BadPolicy(MALFORMED);
    }

    /// @dev What guardians are ordered by. A hidden signer is checked when it is revealed.
    function _idOf(
        Guardian guardian,
        bytes calldata signer,
        address account,
        address[] memory core
    ) private pure returns (bytes32) {
        if (guardian.isHidden()) {
            if (signer.length != COMMITMENT) revert BadPolicy(SIGNER_LENGTH);
            return bytes32(signer);
        }
        if (!Signers.isLength(signer)) revert BadPolicy(SIGNER_LENGTH);
        if (!Signers.isAllowed(signer, account, core)) revert BadPolicy(SIGNER_FORBIDDEN);
        // Evidence comes from a verifier; a wallet has none.
        if (guardian.givesEvidence() && signer.length == 20) revert BadPolicy(UNKNOWN_FLAG);
        return keccak256(signer);
    }

    function _add(Totals memory totals, Guardian guardian) private pure {
        uint256 weight = guardian.weight();
        totals.weight += weight;
        totals.kinds |= 1 << guardian.kind();
        if (weight > totals.heaviest) totals.heaviest = weight;
        if (guardian.validUntil() == 0) {
            totals.lastingWeight += weight;
            totals.lastingKinds |= 1 << guardian.kind();
        }
    }

    function _checkTiers(bytes calldata policy, Totals memory totals) private pure returns (uint256 maxDelay) {
        bool instantSingle = uint8(policy[33]) & RecoveryPolicy.OPTION_INSTANT_SINGLE != 0;
        uint256 kinds = RecoveryPolicy.countKinds(totals.kinds);
        uint256 lastingKinds = RecoveryPolicy.countKinds(totals.lastingKinds);
        bool lasting;
        for (uint256 i = 0; i < policy.tierCount(); ++i) {
            Tier tier = policy.tierAt(i);
            if (tier.flags() > RecoveryPolicy.TIER_PROTECTED) revert BadPolicy(UNKNOWN_FLAG);
            if (tier.weight() == 0 || tier.kinds() == 0) revert BadPolicy(TIER_WITHOUT_THRESHOLD);
            if (tier.delay() > MAX_DELAY) revert BadPolicy(DELAY_TOO_LONG);
            if (tier.weight() > totals.weight || tier.kinds() > kinds) revert BadPolicy(TIER_UNREACHABLE);
            if (tier.weight() <= totals.lastingWeight && tier.kinds() <= lastingKinds) lasting = true;
            if (tier.kinds() == 1 && tier.weight() <= totals.heaviest) {
                if (tier.isProtected()) revert BadPolicy(PROTECTED_SINGLE);
                if (tier.delay() < MIN_SINGLE_DELAY && !instantSingle) revert BadPolicy(INSTANT_SINGLE);
            }
            if (tier.delay() > maxDelay) maxDelay = tier.delay();
        }
        if (!lasting) revert BadPolicy(ONLY_EXPIRING_GUARDIANS);
    }
}
