// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7484} from "../../../contracts/interfaces/IERC7484.sol";

/// @notice A module registry as ERC-7484 describes it, without schemas and resolvers.
contract MockRegistry is IERC7484 {
    enum State {
        Silent,
        Attests,
        Revoked
    }

    mapping(address attester => mapping(address module => mapping(uint256 moduleTypeId => State))) private _states;

    error Revoked(address attester);
    error TooFew(uint256 seen, uint256 wanted);

    function attest(address module, uint256 moduleTypeId) external {
        _states[msg.sender][module][moduleTypeId] = State.Attests;
    }

    function revoke(address module, uint256 moduleTypeId) external {
        _states[msg.sender][module][moduleTypeId] = State.Revoked;
    }

    function check(
        address module,
        uint256 moduleTypeId,
        address[] calldata attesters,
        uint256 threshold
    ) external view {
        uint256 seen;
        for (uint256 i = 0; i < attesters.length; ++i) {
            State state = _states[attesters[i]][module][moduleTypeId];
            if (state == State.Revoked) revert Revoked(attesters[i]);
            if (state == State.Attests) ++seen;
        }
        if (seen < threshold) revert TooFew(seen, threshold);
    }
}
