// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {P256Verifier} from "../../../contracts/libraries/P256Verifier.sol";
import {Test} from "../../utils/Test.sol";
import {P256VerifierHarness} from "../support/LibraryHarnesses.sol";

/// @notice Chains whose precompiles do not do what the standards say: one at 0x100 that checks less, one at 0x05 that
///         computes wrongly.
contract P256OtherChainsTest is Test {
    uint256 private constant P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;
    address private constant MODULAR_EXPONENTIATION = address(5);

    P256VerifierHarness internal harness;

    function setUp() public {
        harness = new P256VerifierHarness();
    }

    function _says(uint256 r, uint256 s, uint256 x, uint256 y) private view returns (bool) {
        return harness.verify(keccak256("anything"), r, s, x, y, true);
    }

    /// [1] [3] [4] a precompile that says yes to everything is not asked about numbers out of range
    function test_rangesDoNotDependOnThePrecompile() public {
        vm.mockCall(P256_VERIFIER, "", abi.encode(1));
        (uint256 n, uint256 half, uint256 max) = (P256_ORDER, P256_ORDER / 2, type(uint256).max);
        assertTrue(_says(1, 1, 0, 0), "the least");
        assertTrue(_says(n - 1, half, P - 1, P - 1), "the greatest");
        uint256[3] memory wrongR = [0, n, max];
        uint256[4] memory wrongS = [0, half + 1, n, max];
        uint256[3] memory wrongXY = [P, P + 1, max];
        for (uint256 i = 0; i < wrongR.length; ++i) assertFalse(_says(wrongR[i], 1, 0, 0), vm.toString(wrongR[i]));
        for (uint256 i = 0; i < wrongS.length; ++i) assertFalse(_says(1, wrongS[i], 0, 0), vm.toString(wrongS[i]));
        for (uint256 i = 0; i < wrongXY.length; ++i) {
            assertFalse(_says(1, 1, wrongXY[i], 0), vm.toString(wrongXY[i]));
            assertFalse(_says(1, 1, 0, wrongXY[i]), vm.toString(wrongXY[i]));
        }
    }

    /// @dev Where neither implementation works nothing settles on one of them.
    function test_selfTestFailsWhereNothingWorks() public {
        vm.mockCall(P256_VERIFIER, "", "");
        assertFalse(harness.selfTest());
        vm.mockCall(MODULAR_EXPONENTIATION, "", abi.encode(1));
        vm.expectRevert(P256Verifier.SelfTestFailed.selector);
        harness.selfTest();
    }
}
