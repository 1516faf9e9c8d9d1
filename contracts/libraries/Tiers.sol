// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice Votes as a bitmap over the guardians, and what they amount to, with and without the benched ones.
/// @dev `kinds` are bitmaps while votes are added and numbers afterwards, see {Approvals-count}.
struct Tally {
    uint256 votes;
    uint256 weight;
    uint256 kinds;
    uint256 freeWeight;
    uint256 freeKinds;
    uint72 evidence;
}

/// @notice What votes reach: seconds of delay, {Tiers-NONE} if no tier.
struct Reach {
    uint256 delay;
    uint256 protectedDelay;
}

/// @title Tiers
/// @notice What votes amount to, which tiers they reach, and how long a change of the policy waits.
/// @dev
/// *Trust*: none. Arithmetic alone, one step a function: the SMTChecker proves it (`test/smt`). It does not follow what
/// a function writes into a struct in memory, so these return what they change.
/// *Checks*: nothing; each function states what holds of its result.
/// *Not checked*: who voted, see {Approvals}; what a policy may say, see {PolicyRules}.
/// *Storage*: none.
library Tiers {
    /// @notice The delay of a tier that is not reached.
    uint256 internal constant NONE = type(uint256).max;
    uint256 internal constant MIN_CHANGE_DAYS = 2;

    /// @notice `sum` and the weight of one more vote, if that vote `counts`.
    function add(uint256 sum, uint256 weight, bool counts) internal pure returns (uint256) {
        return counts ? sum + weight : sum;
    }

    /// @notice The shorter of `delay` and a tier's, if that tier `counts`.
    function shorter(uint256 delay, uint256 tierDelay, bool counts) internal pure returns (uint256) {
        return counts && tierDelay < delay ? tierDelay : delay;
    }

    /// @notice True if the votes reach a tier. Benched votes count towards protected tiers only.
    function isReached(
        Tally memory tally,
        uint256 weight,
        uint256 kinds,
        bool isProtected
    ) internal pure returns (bool) {
        return
            isProtected
                ? tally.weight >= weight && tally.kinds >= kinds
                : tally.freeWeight >= weight && tally.freeKinds >= kinds;
    }

    /// @notice Days that a change of a policy waits whose slowest tier has `maxDelay` seconds: always a day more than
    ///         that tier, so that a recovery begun before the change ends before it.
    function changeDays(uint256 maxDelay) internal pure returns (uint256 wait) {
        wait = (maxDelay + 1 days - 1) / 1 days + 1;
        return wait < MIN_CHANGE_DAYS ? MIN_CHANGE_DAYS : wait;
    }
}
