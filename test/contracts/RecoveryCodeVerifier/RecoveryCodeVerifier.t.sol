// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryCodeVerifier} from "../../../contracts/interfaces/IRecoveryCodeVerifier.sol";
import {RecoveryCodes} from "../support/RecoveryCodes.sol";

/// @notice Spending codes: once, for one module, one account and one recovery.
contract RecoveryCodeVerifierTest is RecoveryCodes {
    bytes4 private constant VALID = 0x024ad318;
    bytes4 private constant INVALID = 0xffffffff;
    address private constant MODULE = address(0x30d01e);
    address private constant ACCOUNT = address(0xacc0);
    bytes32 private constant HASH = keccak256("a recovery");
    bytes32 private constant OTHER_HASH = keccak256("another recovery");

    IRecoveryCodeVerifier internal verifier;
    CodeSet internal set;

    function setUp() public {
        verifier = deployRecoveryCodeVerifier();
        set = codeSet("ten", 10);
    }

    // ---------------------------------------------------------------- Any set, any code

    function test_acceptsEveryCodeOfSetsOfEverySize() public {
        for (uint256 count = 1; count <= 16; ++count) {
            CodeSet memory any = codeSet("any", count);
            for (uint256 index = 0; index < count; ++index) {
                bytes memory signature = signCode(any, index, HASH);
                assertEq(verifier.verify(keyOf(any), HASH, signature), VALID);
                assertEq(verifier.verifyFor(MODULE, ACCOUNT, keyOf(any), HASH, signature), VALID);
                assertEq(_consume(ACCOUNT, any, HASH, signature), VALID);
            }
            assertEq(verifier.spentOf(MODULE, ACCOUNT, any.root), (1 << count) - 1);
        }
    }

    /// @dev The table of the interface: how many siblings each place needs.
    function test_placesNeedAsManySiblingsAsTheTreeHasLevelsWithAPartner() public pure {
        assertEq(_siblingCount(1, 0), 0);
        assertEq(_siblingCount(2, 1), 1);
        assertEq(_siblingCount(3, 1), 2);
        assertEq(_siblingCount(3, 2), 1);
        assertEq(_siblingCount(5, 3), 3);
        assertEq(_siblingCount(5, 4), 1);
        assertEq(_siblingCount(10, 7), 4);
        assertEq(_siblingCount(10, 8), 2);
        assertEq(_siblingCount(10, 9), 2);
        assertEq(_siblingCount(16, 15), 4);
    }

    function test_emitsWhatWasSpentAndWhatIsLeft() public {
        for (uint256 i = 0; i < 10; ++i) {
            vm.expectEmit(address(verifier));
            emit IRecoveryCodeVerifier.CodeSpent(ACCOUNT, MODULE, set.root, uint8(9 - i), uint8(9 - i));
            _consume(ACCOUNT, set, HASH, signCode(set, 9 - i, HASH));
        }
    }

    function test_aBadCodeWritesAndEmitsNothing() public {
        vm.recordLogs();
        vm.record();
        assertEq(_consume(ACCOUNT, set, OTHER_HASH, signCode(set, 0, HASH)), INVALID);
        assertEq(_consume(ACCOUNT, set, HASH, ""), INVALID);
        (, bytes32[] memory writes) = vm.accesses(address(verifier));
        assertEq(writes.length, 0);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    // ---------------------------------------------------------------- Once

    /// [131] a code works once, for the same recovery as little as for another
    function test_aCodeCountsOnce() public {
        bytes memory signature = signCode(set, 3, HASH);
        assertEq(_consume(ACCOUNT, set, HASH, signature), VALID);
        assertEq(_consume(ACCOUNT, set, HASH, signature), INVALID);
        assertEq(_consume(ACCOUNT, set, OTHER_HASH, signCode(set, 3, OTHER_HASH)), INVALID);
        assertEq(verifier.verifyFor(MODULE, ACCOUNT, keyOf(set), HASH, signature), INVALID);
        assertEq(verifier.spentOf(MODULE, ACCOUNT, set.root), 1 << 3);
    }

    /// [131] the other codes of the set still work
    function test_spendingOneLeavesTheOthers() public {
        _consume(ACCOUNT, set, HASH, signCode(set, 3, HASH));
        for (uint256 i = 0; i < 10; ++i) {
            bytes4 wanted = i == 3 ? INVALID : VALID;
            assertEq(verifier.verifyFor(MODULE, ACCOUNT, keyOf(set), HASH, signCode(set, i, HASH)), wanted);
        }
    }

    /// [132] of two recoveries with one code in a block, the first one gets it
    function test_twoRecoveriesWithOneCodeInOneBlock() public {
        bytes memory first = signCode(set, 0, HASH);
        bytes memory second = signCode(set, 0, OTHER_HASH);
        assertEq(_consume(ACCOUNT, set, OTHER_HASH, second), VALID);
        assertEq(_consume(ACCOUNT, set, HASH, first), INVALID);
    }

    /// [131] a drill does not spend, and works with a spent code
    function test_verifyDoesNotSpend() public {
        bytes memory signature = signCode(set, 2, HASH);
        assertEq(verifier.verify(keyOf(set), HASH, signature), VALID);
        assertEq(_consume(ACCOUNT, set, HASH, signature), VALID);
        assertEq(verifier.verify(keyOf(set), HASH, signature), VALID);
    }

    /// [131] the same root under another count is another guardian; its codes are the same, and spent with them
    function test_codesAreSpentByRootWhateverTheCount() public {
        bytes memory eleven = abi.encodePacked(set.root, uint8(11));
        bytes memory signature = signCode(set, 0, HASH);
        assertEq(verifier.verifyFor(MODULE, ACCOUNT, eleven, HASH, signature), VALID);
        _consume(ACCOUNT, set, HASH, signature);
        assertEq(verifier.verifyFor(MODULE, ACCOUNT, eleven, HASH, signature), INVALID);
    }

    /// @dev Whoever relays a code cannot starve it into a refusal: too little gas reverts.
    function test_tooLittleGasRevertsAndSpendsNothing() public {
        bytes memory key = keyOf(set);
        bytes memory signature = signCode(set, 0, HASH);
        uint256 reverts;
        uint256 spent;
        for (uint256 gasLimit = 1_000; spent == 0 && gasLimit < 100_000; gasLimit += 50) {
            vm.prank(MODULE);
            try verifier.consume{gas: gasLimit}(ACCOUNT, key, HASH, signature) returns (bytes4 answer) {
                assertEq(answer, VALID);
            } catch {
                ++reverts;
            }
            spent = verifier.spentOf(MODULE, ACCOUNT, set.root);
        }
        assertEq(spent, 1);
        assertGt(reverts, 100);
    }

    // ---------------------------------------------------------------- For one recovery, one account, one module

    /// [130] a copied signature is worth nothing for a recovery with another passkey
    function test_aCopiedSignatureFailsForAnotherRecovery() public {
        bytes memory signature = signCode(set, 0, HASH);
        assertEq(verifier.verify(keyOf(set), OTHER_HASH, signature), INVALID);
        assertEq(_consume(ACCOUNT, set, OTHER_HASH, signature), INVALID);
        assertEq(_consume(ACCOUNT, set, HASH, signature), VALID);
    }

    /// [130] a stranger who is faster spends the code where nobody counts
    function test_aStrangerSpendsInHisOwnNamespace() public {
        bytes memory signature = signCode(set, 0, HASH);
        vm.prank(address(0xbad));
        assertEq(verifier.consume(ACCOUNT, keyOf(set), HASH, signature), VALID);
        assertEq(verifier.spentOf(address(0xbad), ACCOUNT, set.root), 1);
        assertEq(verifier.spentOf(MODULE, ACCOUNT, set.root), 0);
        assertEq(verifier.verifyFor(MODULE, ACCOUNT, keyOf(set), HASH, signature), VALID);
        assertEq(_consume(ACCOUNT, set, HASH, signature), VALID);
    }

    /// [134] a code signs the recovery of one account, and is spent for that account alone
    function test_accountsThatShareASetAreKeptApart() public {
        address other = address(0xacc1);
        bytes32 ownHash = keccak256(abi.encode(ACCOUNT, HASH));
        bytes32 otherHash = keccak256(abi.encode(other, HASH));
        bytes memory signature = signCode(set, 0, ownHash);
        assertEq(_consume(other, set, otherHash, signature), INVALID);
        assertEq(_consume(ACCOUNT, set, ownHash, signature), VALID);
        assertEq(verifier.spentOf(MODULE, other, set.root), 0);
        assertEq(_consume(other, set, otherHash, signCode(set, 0, otherHash)), VALID);
    }

    /// [134] a code of one set is none of another
    function test_setsAreKeptApart() public {
        CodeSet memory other = codeSet("another ten", 10);
        assertEq(_consume(ACCOUNT, other, HASH, signCode(set, 0, HASH)), INVALID);
        _consume(ACCOUNT, set, HASH, signCode(set, 0, HASH));
        assertEq(_consume(ACCOUNT, other, HASH, signCode(other, 0, HASH)), VALID);
    }

    /// [131] any codes in any order: each is good until it is spent, and the bits are those that were spent
    function testFuzz_eachCodeOfASetWorksExactlyOnce(uint256 seed, uint8[24] calldata order) public {
        CodeSet memory any = codeSet("fuzzed", bound(seed, 1, 16));
        uint256 spent;
        for (uint256 i = 0; i < order.length; ++i) {
            uint256 index = order[i] % any.leaves.length;
            bytes32 hash = keccak256(abi.encode(seed, i));
            bytes4 wanted = (spent >> index) & 1 == 0 ? VALID : INVALID;
            bytes memory signature = signCode(any, index, hash);
            assertEq(verifier.verifyFor(MODULE, ACCOUNT, keyOf(any), hash, signature), wanted);
            assertEq(_consume(ACCOUNT, any, hash, signature), wanted);
            spent |= 1 << index;
            assertEq(verifier.spentOf(MODULE, ACCOUNT, any.root), spent);
        }
    }

    // ---------------------------------------------------------------- Helpers

    function _consume(
        address account,
        CodeSet memory any,
        bytes32 hash,
        bytes memory signature
    ) private returns (bytes4) {
        vm.prank(MODULE);
        return verifier.consume(account, keyOf(any), hash, signature);
    }

    function _siblingCount(uint256 count, uint256 index) private pure returns (uint256) {
        return siblingsOf(new bytes32[](count), index).length / 32;
    }
}
