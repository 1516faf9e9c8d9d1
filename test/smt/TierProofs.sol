// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Tally, Tiers} from "../../contracts/libraries/Tiers.sol";

/// @title TierProofs
/// @notice What holds of one step over the tiers, whatever was reached before: so it holds after any number of tiers.
contract TierProofs {
    struct Threshold {
        uint256 weight;
        uint256 kinds;
        uint256 delay;
        bool isProtected;
    }

    function oneStep(uint256 delay, uint256 protectedDelay, Tally memory tally, Threshold memory tier) external pure {
        require(delay <= protectedDelay);
        (uint256 next, uint256 nextProtected) = _step(delay, protectedDelay, tally, tier);
        assert(next <= nextProtected);
        assert(next <= delay);
        assert(nextProtected <= protectedDelay);
    }

    function votesAlone(
        uint256 delay,
        uint256 protectedDelay,
        Tally memory tally,
        Threshold memory tier
    ) external pure {
        (uint256 next, uint256 nextProtected) = _step(delay, protectedDelay, tally, tier);
        bool byAll = tally.weight >= tier.weight && tally.kinds >= tier.kinds;
        bool byFree = tally.freeWeight >= tier.weight && tally.freeKinds >= tier.kinds;
        assert(nextProtected == protectedDelay || (tier.isProtected && byAll));
        assert(next == delay || (tier.isProtected ? byAll : byFree));
    }

    function benchedVotes(
        uint256 delay,
        uint256 protectedDelay,
        Tally memory tally,
        Threshold memory tier
    ) external pure {
        require(!tier.isProtected && tier.weight > 0 && tally.freeWeight == 0);
        (uint256 next, uint256 nextProtected) = _step(delay, protectedDelay, tally, tier);
        assert(next == delay && nextProtected == protectedDelay);
    }

    function moreVotes(
        uint256 delay,
        uint256 protectedDelay,
        Tally memory fewer,
        Tally memory more,
        Threshold memory tier
    ) external pure {
        require(fewer.weight <= more.weight && fewer.kinds <= more.kinds);
        require(fewer.freeWeight <= more.freeWeight && fewer.freeKinds <= more.freeKinds);
        (uint256 slow, uint256 slowProtected) = _step(delay, protectedDelay, fewer, tier);
        (uint256 fast, uint256 fastProtected) = _step(delay, protectedDelay, more, tier);
        assert(fast <= slow);
        assert(fastProtected <= slowProtected);
    }

    function changes(uint256 maxDelay) external pure {
        require(maxDelay <= 90 days);
        uint256 wait = Tiers.changeDays(maxDelay);
        assert(wait >= 2 && wait <= 91);
        assert(wait * 1 days >= maxDelay + 1 days);
    }

    /// @dev As RecoveryRules does it for each tier.
    function _step(
        uint256 delay,
        uint256 protectedDelay,
        Tally memory tally,
        Threshold memory tier
    ) private pure returns (uint256, uint256) {
        bool enough = Tiers.isReached(tally, tier.weight, tier.kinds, tier.isProtected);
        return (
            Tiers.shorter(delay, tier.delay, enough),
            Tiers.shorter(protectedDelay, tier.delay, enough && tier.isProtected)
        );
    }
}
