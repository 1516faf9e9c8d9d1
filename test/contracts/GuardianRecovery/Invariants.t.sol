// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "../../utils/Test.sol";
import {Comparison} from "./model/Comparison.sol";
import {RecoveryWalk} from "./model/RecoveryWalk.sol";

/// @dev A contract of this file, so that the runner knows its functions.
contract RecoveryHandler is Comparison {}

/// @notice Guardians of every kind, owners, relayers, strangers and a thief, in any order, on three accounts and two
///         chains.
/// @dev The handler reverts, and so fails the run, where a call does not end as the model says, and where one of the
///      numbers 13, 17, 39 and 41 is broken on the way.
contract RecoveryInvariantsTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev The dear questions are asked at every so manieth step only.
    uint256 private constant STRIDE = 16;

    RecoveryHandler private handler;
    RecoveryWalk private walk;

    function setUp() public {
        handler = new RecoveryHandler();
        walk = new RecoveryWalk(handler);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory selectors) {
        selectors = new FuzzSelector[](1);
        (selectors[0].addr, selectors[0].selectors) = (address(handler), walk.selectors());
    }

    /// [I5] [I9] [I10] [I11] [I12] [I14] [I15] [I16] [I17] [I18] [I19] [I20] [I21] [I24] [I25] [I27] [I28] [I30] [I36]
    /// [I38] [I39] [I40] [I41] [68] [73] [79] what is stored, and what every call answered, is what an independent
    /// model of the rules says
    function invariant_13_everythingIsAsTheModelSays() external view {
        assertEq(handler.difference(), "");
    }

    /// [I22] [75] whatever has happened, enough honest guardians give an account a new passkey in the time of their
    /// tier, while a thief has a passkey of it and what he has announced is ripe, and nothing of his is left; and who
    /// holds a passkey stops any recovery that rests on vetoable tiers, with one call
    function invariant_23_honestGuardiansGetThroughAndOwnersCanVeto() external {
        if (handler.steps() % 8 == 1) assertEq(handler.vetoFails(), "", "veto");
        if (handler.steps() % STRIDE == 1) assertEq(handler.quorumFails(_one()), "", "quorum");
    }

    /// [I44] each foreign module can be removed, though it burns all gas it gets, and so can the signers, and the
    /// guardians after their wait; no call costs more than its ceiling
    function invariant_37_everythingCanBeRemovedAndPaid() external {
        if (handler.steps() % STRIDE == 1) assertEq(handler.removalFails(_one()), "", "removal");
        if (handler.steps() % STRIDE == 9) assertEq(handler.tooDear(_one()), "", "cost");
    }

    /// [I42] two chains in the same state stay the same by the same message; by the same two in any order, in what
    /// matters
    function invariant_43_chainsAgree() external {
        if (handler.steps() % STRIDE != 1) return;
        assertEq(handler.chainsDiffer(_one()), "");
        assertFalse(handler.addressesDiffer(), "addresses");
    }

    /// the handler's actions do get somewhere: each succeeds often enough in a fixed walk, or never where it must not
    function test_actionsSucceed() external {
        walk.walk(2_000, 1);
        walk.print();
        assertEq(handler.difference(), "");
        for (uint256 i = 0; i < handler.actionCount(); ++i) {
            bytes32 action = handler.actions(i);
            assertGt(handler.calls(action), 9, _text(action));
            if (_isForbidden(action)) assertEq(handler.successes(action), 0, _text(action));
            else assertGt(handler.successes(action), 2, _text(action));
        }
    }

    /// the dear questions, along another walk
    function test_questionsAlongAWalk() external {
        for (uint256 i = 0; i < 10; ++i) {
            walk.walk(50, 100 + i);
            for (uint256 k = 0; k < 3; ++k) {
                assertEq(handler.quorumFails(k), "", "quorum");
                assertEq(handler.removalFails(k), "", "removal");
                assertEq(handler.chainsDiffer(k), "", "chains");
                assertEq(handler.tooDear(k), "", "cost");
            }
            assertEq(handler.vetoFails(), "", "veto");
        }
    }

    function _isForbidden(bytes32 action) private pure returns (bool) {
        bytes32[5] memory forbidden = [bytes32("replay"), "badPolicy", "overreach", "forge", "intrude"];
        for (uint256 i = 0; i < forbidden.length; ++i) if (forbidden[i] == action) return true;
        return false;
    }

    function _text(bytes32 word) private pure returns (string memory) {
        return string(abi.encodePacked(word));
    }

    /// @dev Another account each time.
    function _one() private view returns (uint256) {
        return (handler.steps() / STRIDE) % handler.ACCOUNTS();
    }
}
