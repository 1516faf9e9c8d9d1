// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Assertion, PasskeyConfig} from "../support/PasskeyHelper.sol";
import {PasskeyValidatorBase} from "./PasskeyValidatorBase.sol";

/// @notice Who may sign what: userOps, owner messages, stateless signatures.
contract PasskeyValidatorSignaturesTest is PasskeyValidatorBase {
    bytes32 private constant HASH = keccak256("what is signed");

    function setUp() public override {
        super.setUp();
        _install(account, OLD);
        _add(account, NEW, false);
    }

    /// [6] an account without a passkey has no valid signature, not even one crafted for the empty word
    function testFuzz_nothingValidatesForAnEmptyAccount(bytes calldata blob, uint8 index) public {
        assertEq(_validateUserOp(other, HASH, blob), 1);
        assertEq(_validateUserOp(other, HASH, assertion(OLD, passkey(), HASH, index & 0x3f)), 1);
        Assertion memory parts = assertionParts(OLD, passkey(), HASH, index & 0x3f);
        (parts.x, parts.y) = (0, 0);
        assertEq(_validateUserOp(other, HASH, encodeAssertion(parts)), 1);
        assertFalse(validator.verifyOwner(other, HASH, encodeAssertion(parts)));
    }

    /// [36] a passkey signs at its own index only
    function test_anIndexIsThatOfThePasskey() public {
        for (uint8 index = 0; index < 64; ++index) {
            assertEq(_validates(account, OLD, index), index == 0);
            assertEq(_validates(account, NEW, index), index == 1);
        }
    }

    /// [36] [220] [29] a refusal costs what a success costs: estimation with a dummy signature is not too low
    function test_refusingCostsAsMuchAsAccepting() public {
        uint256 accepted = _gasOfValidation(encodeAssertion(assertionParts(OLD, passkey(), HASH, 0)), 0);
        // A dummy of the right form: the owner's key, a signature of another hash.
        Assertion memory dummy = assertionParts(OLD, passkey(), HASH, 0);
        Assertion memory elsewhere = assertionParts(OLD, passkey(), keccak256("another hash"), 0);
        (dummy.r, dummy.s) = (elsewhere.r, elsewhere.s);
        uint256 refused = _gasOfValidation(encodeAssertion(dummy), 1);
        uint256 unknown = _gasOfValidation(encodeAssertion(assertionParts(OLD, passkey(), HASH, 5)), 1);
        if (validator.usesPrecompile()) {
            assertLe(_difference(refused, accepted), 50);
            assertLe(_difference(unknown, accepted), 50);
            assertLt(accepted, 30_000);
        } else {
            // In Solidity the cost depends on the bits of the signature.
            assertLe(_difference(refused, accepted), accepted / 20);
            assertLe(_difference(unknown, accepted), 50);
            assertLt(accepted, 330_000);
        }
    }

    function _difference(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }

    function _gasOfValidation(bytes memory signature, uint256 wanted) private returns (uint256) {
        uint256 snapshot = vm.snapshotState();
        assertEq(_validateUserOp(account, HASH, signature), wanted);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        vm.revertToState(snapshot);
        return used;
    }

    /// [217] [219] validation reads one word of the account's storage and writes none
    function test_validationReadsOneWord() public {
        bytes memory signature = assertion(NEW, passkey(), HASH, 1);
        vm.record();
        assertEq(_validateUserOp(account, HASH, signature), 0);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(validator));
        assertEq(reads.length, 1);
        assertEq(uint256(reads[0]), uint256(keccak256(abi.encode(account, uint256(0)))) + 1);
        assertEq(writes.length, 0);
    }

    /// [228] whoever asks, the answer is about his own passkeys
    function test_validationConcernsTheCaller() public {
        bytes memory signature = assertion(OLD, passkey(), HASH, 0);
        PackedUserOperation memory userOp;
        (userOp.sender, userOp.signature) = (account, signature);
        vm.prank(other);
        assertEq(validator.validateUserOp(userOp, HASH), 1);
        vm.prank(account);
        assertEq(validator.validateUserOp(userOp, HASH), 0);
    }

    /// [25] a userOp signed for one chain is refused on another: the hash it has there was not signed
    function testFuzz_refusesAnotherUserOpHash(bytes32 hash) public {
        vm.assume(hash != HASH);
        bytes memory signature = assertion(OLD, passkey(), HASH, 0);
        assertEq(_validateUserOp(account, HASH, signature), 0);
        assertEq(_validateUserOp(account, hash, signature), 1);
    }

    /// [198] [35] no bytes make validation revert or write
    function testFuzz_anyBytesAreRefused(bytes calldata blob, bytes32 hash) public {
        assertEq(_validateUserOp(account, hash, blob), 1);
        assertFalse(validator.verifyOwner(account, hash, blob));
        assertFalse(validator.validateSignatureWithData(hash, blob, blob));
    }

    /// [211] one signature over many userOps is accepted for each of them
    function test_merkleSignaturesAreForUserOps() public {
        bytes32[] memory siblings = new bytes32[](3);
        PasskeyConfig memory config = withMerkle(passkey(), siblings, validator.domainSeparator());
        assertEq(_validateUserOp(account, HASH, assertion(OLD, config, HASH, 0)), 0);
        assertEq(_validateUserOp(account, keccak256("not in the tree"), assertion(OLD, config, HASH, 0)), 1);
    }

    /// [199] an owner message is signed by itself: not as a leaf, not stateless, not by another account's passkey
    function test_ownerMessagesAreSignedByThemselves() public view {
        bytes memory good = assertion(OLD, passkey(), HASH, 0);
        assertTrue(validator.verifyOwner(account, HASH, good));
        assertFalse(validator.verifyOwner(other, HASH, good));
        assertFalse(validator.verifyOwner(account, ~HASH, good));
        assertFalse(validator.verifyOwner(account, HASH, statelessAssertion(OLD, passkey(), HASH)));
        PasskeyConfig memory merkle = withMerkle(passkey(), new bytes32[](1), validator.domainSeparator());
        assertFalse(validator.verifyOwner(account, HASH, assertion(OLD, merkle, HASH, 0)));
        merkle.merkleDomain = 0;
        assertFalse(validator.verifyOwner(account, HASH, assertion(OLD, merkle, HASH, 0)));
    }

    /// [199] what proves a passkey proves no recovery, and the reverse; neither depends on the chain
    function testFuzz_digestFamiliesDiffer(bytes32 word, uint64 chainId) public {
        bytes32 prove = validator.proveDigest(account, word);
        bytes32 possession = validator.possessionDigest(word);
        bytes32 separator = validator.domainSeparator();
        assertNotEq(prove, possession);
        assertNotEq(multiChainDigest(separator, word), possession);
        assertNotEq(prove, validator.proveDigest(other, word));
        assertEq(
            prove,
            _typed(separator, abi.encode(keccak256("Prove(address account,bytes32 commitment)"), account, word))
        );
        assertEq(possession, _typed(separator, abi.encode(keccak256("Possession(bytes32 recovery)"), word)));
        vm.chainId(bound(chainId, 1, type(uint64).max));
        assertEq(validator.domainSeparator(), separator);
        assertEq(validator.proveDigest(account, word), prove);
        assertEq(validator.possessionDigest(word), possession);
        bytes32 typehash = keccak256("EIP712Domain(string name,string version,address verifyingContract)");
        bytes memory domain = abi.encode(typehash, keccak256("Rekey Passkey"), keccak256("1"), address(validator));
        assertEq(separator, keccak256(domain));
    }

    function _typed(bytes32 separator, bytes memory structure) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, keccak256(structure)));
    }

    /// [32] with any amount of gas a userOp gets the right answer or none
    function test_givesNoVerdictItCouldNotCompute() public {
        bytes memory good = assertion(OLD, passkey(), HASH, 0);
        bytes memory bad = assertion(NEW, passkey(), HASH, 0);
        uint256 needed = _gasOfValidation(good, 0);
        uint256 step = needed / 500;
        PackedUserOperation memory userOp;
        vm.startPrank(account);
        for (uint256 gasLimit = 1_000; gasLimit < needed + 4 * step; gasLimit += step) {
            for (uint256 i = 0; i < 2; ++i) {
                userOp.signature = i == 0 ? good : bad;
                (bool success, bytes memory answer) = address(validator).staticcall{gas: gasLimit}(
                    abi.encodeCall(validator.validateUserOp, (userOp, HASH))
                );
                if (success) assertEq(abi.decode(answer, (uint256)), i, vm.toString(gasLimit));
            }
        }
        vm.stopPrank();
    }
}
