// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Comparison} from "./Comparison.sol";

/// @notice The handler's actions by number: for a walk that is always the same, and for the fuzzer.
contract RecoveryWalk {
    Comparison private immutable HANDLER;
    bytes4[] private _selectors;

    error WalkFailed(uint256 number, bytes4 selector, bytes reason);

    constructor(Comparison handler) {
        HANDLER = handler;
        // What others depend on, more often.
        for (uint256 i = 0; i < 3; ++i) {
            _selectors.push(handler.start.selector);
            _selectors.push(handler.execute.selector);
        }
        _selectors.push(handler.plantModule.selector);
        _selectors.push(handler.setPolicy.selector);
        _selectors.push(handler.propose.selector);
        _selectors.push(handler.start.selector);
        _selectors.push(handler.startAgain.selector);
        _selectors.push(handler.support.selector);
        _selectors.push(handler.execute.selector);
        _selectors.push(handler.recount.selector);
        _selectors.push(handler.guardianCancel.selector);
        _selectors.push(handler.freeze.selector);
        _selectors.push(handler.drill.selector);
        _selectors.push(handler.issuer.selector);
        _selectors.push(handler.hostileBehaves.selector);
        _selectors.push(handler.wait_.selector);
        _selectors.push(handler.travel.selector);
        _selectors.push(handler.veto.selector);
        _selectors.push(handler.setPolicy.selector);
        _selectors.push(handler.announce.selector);
        _selectors.push(handler.cancelChange.selector);
        _selectors.push(handler.applyPolicy.selector);
        _selectors.push(handler.carryOut.selector);
        _selectors.push(handler.install.selector);
        _selectors.push(handler.signer.selector);
        _selectors.push(handler.spend.selector);
        _selectors.push(handler.plantKey.selector);
        _selectors.push(handler.plantModule.selector);
        _selectors.push(handler.moduleBehaves.selector);
        _selectors.push(handler.moduleSpends.selector);
        _selectors.push(handler.consume.selector);
        _selectors.push(handler.overreach.selector);
        _selectors.push(handler.badPolicy.selector);
        _selectors.push(handler.replay.selector);
        _selectors.push(handler.forge.selector);
        _selectors.push(handler.intrude.selector);
    }

    function selectors() external view returns (bytes4[] memory) {
        return _selectors;
    }

    /// @notice So many actions with arguments from a hash.
    function walk(uint256 steps, uint256 seed) external {
        for (uint256 i = 0; i < steps; ++i) {
            bytes32 random = keccak256(abi.encode("walk", seed, i));
            bytes4 selector = _selectors[uint256(random) % _selectors.length];
            bytes memory call = abi.encodePacked(
                selector,
                keccak256(abi.encode(random, 1)),
                keccak256(abi.encode(random, 2)),
                keccak256(abi.encode(random, 3)),
                keccak256(abi.encode(random, 4))
            );
            (bool success, bytes memory reason) = address(HANDLER).call(call);
            if (!success) revert WalkFailed(i, selector, reason);
            if (i % 8 != 0) continue;
            string memory problem = HANDLER.difference();
            if (bytes(problem).length != 0) revert WalkFailed(i, selector, bytes(problem));
        }
    }

    /// @notice Each action with how often it succeeded, of how many calls, on the console.
    function print() external view {
        uint256 count = HANDLER.actionCount();
        for (uint256 i = 0; i < count; ++i) {
            bytes32 action = HANDLER.actions(i);
            string memory name = string(abi.encodePacked(action));
            bytes memory line = abi.encodeWithSignature(
                "log(string,uint256,uint256)",
                string.concat(name, " succeeded / called"),
                HANDLER.successes(action),
                HANDLER.calls(action)
            );
            (bool printed, ) = address(0x000000000000000000636F6e736F6c652e6c6f67).staticcall(line);
            printed;
        }
    }
}
