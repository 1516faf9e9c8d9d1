// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RsaVerifier} from "../../../contracts/libraries/RsaVerifier.sol";
import {RsaVerifierHarness} from "../support/LibraryHarnesses.sol";
import {Test} from "../../utils/Test.sol";

/// @notice What is looked at in the block that MODEXP finds. The precompile is made to answer what each test wants.
contract RsaVerifierTest is Test {
    address private constant MODEXP = address(0x05);
    bytes32 private constant HASH = keccak256("signed");
    bytes private constant SHA256_INFO = hex"3031300d060960864801650304020105000420";

    RsaVerifierHarness private rsa;

    function setUp() public {
        rsa = new RsaVerifierHarness();
    }

    /// [107] [J34] a block has one form, in each of the three sizes; any byte of it that differs is another one
    function test_everyByteOfTheBlockCounts() public {
        for (uint256 size = 256; size <= 512; size += 128) {
            bytes memory block_ = _block(size);
            assertTrue(_accepts(block_, size));
            for (uint256 i = 0; i < size; i += i % 32 == 0 ? 31 : 1) {
                block_[i] ^= 0x01;
                assertFalse(_accepts(block_, size), vm.toString(i));
                block_[i] ^= 0x01;
            }
        }
    }

    /// [108] [J29] [J30] a signature is as long as the modulus and less than it
    function test_signaturesAreBelowTheModulus() public {
        _answer(_block(256));
        bytes memory n = _modulus(256);
        assertFalse(rsa.verify(HASH, n, n), "n");
        n[255] = 0xff;
        bytes memory signature = bytes.concat(n);
        signature[255] = 0xfe;
        assertTrue(rsa.verify(HASH, signature, n), "n - 1");
        signature[255] = 0xff;
        signature[0] = 0xc2;
        assertFalse(rsa.verify(HASH, signature, n), "more");
        signature[0] = 0xc0;
        assertTrue(rsa.verify(HASH, signature, n), "less");
        assertFalse(rsa.verify(HASH, bytes.concat(hex"00", signature), n), "a zero before it");
        assertFalse(rsa.verify(HASH, bytes.concat(signature, new bytes(32)), n), "longer");
        assertFalse(rsa.verify(HASH, new bytes(224), n), "shorter");
        assertFalse(rsa.verify(HASH, "", n), "nothing");
    }

    /// [106] [J32] a modulus of 2048, 3072 or 4096 bits and no other
    function test_sizesOfTheModulus() public {
        uint256[6] memory sizes = [uint256(96), 128, 224, 288, 320, 544];
        for (uint256 i = 0; i < sizes.length; ++i) {
            _answer(_block(sizes[i]));
            assertFalse(rsa.verify(HASH, new bytes(sizes[i]), _modulus(sizes[i])));
        }
        assertFalse(rsa.verify(HASH, "", ""));
    }

    /// [44] [J38] a precompile that fails, or answers with another length, verifies nothing
    function test_otherAnswers() public {
        bytes memory block_ = _block(256);
        assertTrue(_accepts(block_, 256));
        assertFalse(_accepts(bytes.concat(block_, bytes1(0)), 256), "longer");
        assertFalse(_accepts("", 256), "silence");
        vm.clearMockedCalls();
        vm.mockCallRevert(MODEXP, "", block_);
        assertFalse(rsa.verify(HASH, new bytes(256), _modulus(256)), "a failure");
    }

    /// [44] [J38] the self-test wants the right number from a call that works
    function test_selfTest() public {
        rsa.selfTest();
        bytes memory right = abi.encodePacked(new bytes(224), uint256(1) << 33);
        vm.mockCall(MODEXP, "", right);
        assertTrue(rsa.computes(MODEXP));
        vm.clearMockedCalls();
        vm.mockCallRevert(MODEXP, "", right);
        assertFalse(rsa.computes(MODEXP));
        vm.expectRevert(RsaVerifier.ModexpMissing.selector);
        rsa.selfTest();
    }

    // ---------------------------------------------------------------- Helpers

    function _accepts(bytes memory answer, uint256 size) private returns (bool) {
        _answer(answer);
        return rsa.verify(HASH, new bytes(size), _modulus(size));
    }

    function _answer(bytes memory answer) private {
        vm.clearMockedCalls();
        vm.mockCall(MODEXP, "", answer);
    }

    function _modulus(uint256 size) private pure returns (bytes memory n) {
        n = new bytes(size);
        if (size != 0) n[0] = 0xc1;
    }

    /// @dev 00 01, padding, 00, the hash's name, the hash.
    function _block(uint256 size) private pure returns (bytes memory block_) {
        bytes memory padding = new bytes(size - 54);
        for (uint256 i = 0; i < padding.length; ++i) padding[i] = 0xff;
        block_ = bytes.concat(hex"0001", padding, hex"00", SHA256_INFO, HASH);
    }
}
