// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {Test} from "../../utils/Test.sol";
import {RegistryActions} from "./RegistryActions.sol";

/// @dev A contract of this file, so that the runner knows its functions.
contract RegistryHandler is RegistryActions {}

/// @notice A registry, one of whose three attesters is hostile, and tokens by its keys.
contract OidcKeyRegistryInvariantsTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bytes4[] private _selectors;
    RegistryHandler internal handler;

    function setUp() public {
        handler = new RegistryHandler();
        // What the others depend on, more often.
        for (uint256 i = 0; i < 3; ++i) {
            _selectors.push(handler.observe.selector);
            _selectors.push(handler.signIn.selector);
        }
        _selectors.push(handler.wait.selector);
        _selectors.push(handler.wait.selector);
        _selectors.push(handler.waitLong.selector);
        _selectors.push(handler.revoke.selector);
        _selectors.push(handler.suspend.selector);
        _selectors.push(handler.hostileKey.selector);
        _selectors.push(handler.observeAnother.selector);
        _selectors.push(handler.replay.selector);
        _selectors.push(handler.hostileRevocation.selector);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory selectors) {
        selectors = new FuzzSelector[](1);
        (selectors[0].addr, selectors[0].selectors) = (address(handler), _selectors);
    }

    /// [121] only keys that a quorum observed, older than the delay, younger than the age, neither suspended nor revoked
    function invariant_29_onlyKeysOlderThanTheDelayVerify() public view {
        OidcKeyRegistry registry = handler.registry();
        for (uint256 i = 0; i < handler.KEYS(); ++i) {
            RegistryHandler.Model memory model = handler.modelAt(i);
            bytes32 id = handler.idAt(i);
            assertEq(registry.isTrusted(id), handler.isTrusted(i));
            assertEq(registry.usableKey(id), handler.isUsable(i) ? model.keyHash : bytes32(0));
            IOidcKeyRegistry.KeyState memory state = registry.keyState(id);
            assertEq(state.keyHash, model.keyHash);
            assertEq(state.activeFrom, model.activeFrom);
            assertEq(state.lastSeen, model.lastSeen);
            assertEq(state.suspendedUntil, model.suspendedUntil);
            assertEq(state.revoked, model.revoked);
        }
    }

    /// [118] [J62] a token counts for one hash, while it lives and its key does
    function invariant_28_aTokenServesOneRecovery() public view {
        for (uint256 i = 0; i < handler.TOKENS() && i < handler.issued(); ++i) {
            RegistryHandler.Token memory token = handler.tokenAt(i);
            bool lives = vm.getBlockTimestamp() <= token.expiresAt;
            assertEq(handler.approves(i, token.person, token.hash), lives && handler.isUsable(token.index));
            assertFalse(handler.approves(i, token.person, handler.tokenAt(1 - i).hash));
        }
    }

    /// [115] [J73] and for the person alone who signed in
    function invariant_30_anIdentityIsNobodyElse() public view {
        for (uint256 i = 0; i < handler.TOKENS() && i < handler.issued(); ++i) {
            RegistryHandler.Token memory token = handler.tokenAt(i);
            assertFalse(handler.approves(i, 1 - token.person, token.hash));
        }
    }

    /// the actions do get somewhere: each succeeds often enough in a fixed walk, or never where it must not
    function test_actionsSucceed() external {
        for (uint256 i = 0; i < 800; ++i) {
            bytes32 random = keccak256(abi.encode("walk", i));
            bytes memory call = abi.encodePacked(
                _selectors[uint256(random) % _selectors.length],
                keccak256(abi.encode(random, 1)),
                uint256(keccak256(abi.encode(random, 2))) % 2 ** 20,
                keccak256(abi.encode(random, 3))
            );
            // The second argument of one action is a truth value.
            if (bytes4(call) == handler.hostileRevocation.selector) {
                call = abi.encodeCall(handler.hostileRevocation, (i, i % 2 == 0));
            }
            (bool success, ) = address(handler).call(call);
            assertTrue(success, vm.toString(i));
        }
        for (uint256 i = 0; i < handler.actionCount(); ++i) {
            bytes32 action = handler.actions(i);
            string memory name = string(abi.encodePacked(action));
            _print(string.concat(name, " succeeded / called"), handler.successes(action), handler.calls(action));
            assertGt(handler.calls(action), 3, name);
            if (_isForbidden(action)) {
                assertEq(handler.successes(action), 0, name);
            } else {
                assertGt(handler.successes(action), 1, name);
            }
        }
    }

    function _isForbidden(bytes32 action) private pure returns (bool) {
        bytes32[4] memory forbidden = [bytes32("hostileKey"), "hostileRevocation", "replay", "observeAnother"];
        for (uint256 i = 0; i < forbidden.length; ++i) if (forbidden[i] == action) return true;
        return false;
    }

    function _print(string memory text, uint256 a, uint256 b) private view {
        bytes memory line = abi.encodeWithSignature("log(string,uint256,uint256)", text, a, b);
        (bool printed, ) = address(0x000000000000000000636F6e736F6c652e6c6f67).staticcall(line);
        printed;
    }
}
