// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Tally, Tiers} from "../../contracts/libraries/Tiers.sol";

/// @title BrokenProofs
/// @notice Claims that are false, one of each function: if the solver proved them, its word on the true ones would be
///         worth nothing.
contract BrokenProofs {
    uint256 private weight;

    function vote(uint8 guardianWeight) external {
        weight = Tiers.add(weight, guardianWeight, true);
        assert(weight < 300);
    }

    function shorter(uint256 delay, uint256 tierDelay, bool counts) external pure {
        assert(Tiers.shorter(delay, tierDelay, counts) == delay);
    }

    function reach(Tally memory tally, uint256 tierWeight, bool isProtected) external pure {
        assert(Tiers.isReached(tally, tierWeight, 1, isProtected) == false);
    }

    function benched(Tally memory tally, uint256 tierWeight) external pure {
        require(tierWeight > 0 && tally.freeWeight == 0);
        assert(Tiers.isReached(tally, tierWeight, 1, true) == false);
    }

    function changes(uint256 maxDelay) external pure {
        require(maxDelay <= 90 days);
        assert(Tiers.changeDays(maxDelay) == 2);
    }
}
