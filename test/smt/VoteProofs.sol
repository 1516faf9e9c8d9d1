// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Tiers} from "../../contracts/libraries/Tiers.sol";

/// @title VoteProofs
/// @notice The step of an induction over the 32 guardians; without votes all sums are 0.
contract VoteProofs {
    function vote(uint256 weight, uint256 freeWeight, uint256 count, uint8 guardianWeight, bool isFree) external pure {
        require(count < 32 && weight <= 255 * count && freeWeight <= weight);
        uint256 next = Tiers.add(weight, guardianWeight, true);
        uint256 nextFree = Tiers.add(freeWeight, guardianWeight, isFree);
        assert(next <= 255 * (count + 1));
        assert(nextFree <= next);
        assert(next >= weight && nextFree >= freeWeight);
    }
}
