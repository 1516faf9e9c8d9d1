// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "../../utils/Test.sol";
import {RecoveryHandler} from "./RecoveryHandler.t.sol";

/// @notice Guardians of three kinds, owners, relayers, strangers and a thief, in any order, on three accounts.
contract RecoveryInvariantsTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    RecoveryHandler private handler;

    function setUp() public {
        handler = new RecoveryHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory selectors) {
        selectors = new FuzzSelector[](1);
        selectors[0].addr = address(handler);
        selectors[0].selectors = new bytes4[](9);
        selectors[0].selectors[0] = handler.propose.selector;
        selectors[0].selectors[1] = handler.start.selector;
        selectors[0].selectors[2] = handler.support.selector;
        selectors[0].selectors[3] = handler.execute.selector;
        selectors[0].selectors[4] = handler.veto.selector;
        selectors[0].selectors[5] = handler.strangersVeto.selector;
        selectors[0].selectors[6] = handler.replay.selector;
        selectors[0].selectors[7] = handler.thief.selector;
        selectors[0].selectors[8] = handler.wait_.selector;
    }

    /// [I5] [I9] [I10] [I11] [I12] [I14] [I15] [I16] [I17] [I18] [I19] [I20] [I21] [68] [73] [79] what is stored, and what
    /// every call answered, is what an independent model of the rules says: status, votes, times, floor, epoch, passkeys
    function invariant_13_everythingIsAsTheModelSays() external view {
        assertEq(handler.difference(), "");
        assertEq(handler.mismatches(), 0, handler.lastMismatch());
    }

    /// [I22] [75] whatever has happened, two honest guardians can give each account a new passkey, and its owner can object
    function invariant_23_honestQuorumCompletesAndOwnerCanObject() external {
        assertTrue(handler.honestQuorumCompletes(vm.getBlockTimestamp() % 3), "quorum");
        assertTrue(handler.ownerCanVetoWhatWaits(), "veto");
    }

    /// the handler's actions do get somewhere: each succeeds often enough in a fixed random walk, or never where it must not
    function test_actionsSucceed() external {
        for (uint256 i = 0; i < 900; ++i) {
            uint256 random = uint256(keccak256(abi.encode("walk", i)));
            _act(random % 9, random >> 8, random >> 16);
        }
        assertEq(handler.difference(), "");
        assertEq(handler.mismatches(), 0, handler.lastMismatch());
        bytes32[7] memory useful = [bytes32("propose"), "start", "support", "execute", "veto", "thief", "wait"];
        for (uint256 i = 0; i < useful.length; ++i) assertGt(handler.successes(useful[i]), 5, _name(useful[i]));
        bytes32[2] memory useless = [bytes32("strangersVeto"), "replay"];
        for (uint256 i = 0; i < useless.length; ++i) {
            assertGt(handler.calls(useless[i]), 9);
            assertEq(handler.successes(useless[i]), 0, _name(useless[i]));
        }
    }

    function _act(uint256 action, uint256 a, uint256 b) private {
        if (action == 0) handler.propose(a, uint8(b));
        if (action == 1) handler.start(a, b);
        if (action == 2) handler.support(a, b);
        if (action == 3) handler.execute(a, b % 2 == 0);
        if (action == 4) handler.veto(a);
        if (action == 5) handler.strangersVeto(a, b % 2 == 0);
        if (action == 6) handler.replay(a);
        if (action == 7) handler.thief(a, uint8(b));
        if (action == 8) handler.wait_(b);
    }

    function _name(bytes32 word) private pure returns (string memory) {
        return string(abi.encodePacked(word));
    }
}
