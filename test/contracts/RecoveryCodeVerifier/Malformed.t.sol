// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryCodeVerifier} from "../../../contracts/interfaces/IRecoveryCodeVerifier.sol";
import {RecoveryCodes} from "../support/RecoveryCodes.sol";

/// @notice Keys and signatures that are not what they should be: refused by every entry, and never with a revert.
contract RecoveryCodeVerifierMalformedTest is RecoveryCodes {
    bytes4 private constant VALID = 0x024ad318;
    bytes4 private constant INVALID = 0xffffffff;
    address private constant ACCOUNT = address(0xacc0);
    bytes32 private constant HASH = keccak256("a recovery");

    IRecoveryCodeVerifier internal verifier;
    CodeSet internal set;

    function setUp() public {
        verifier = deployRecoveryCodeVerifier();
        set = codeSet("ten", 10);
    }

    // ---------------------------------------------------------------- The tree

    /// [135] a code at another index, with its own siblings or with those of that index
    function test_refusesAWrongIndex() public {
        for (uint256 index = 0; index < 16; ++index) {
            if (index == 4) continue;
            bytes memory ecdsa = signEoa(set.privateKeys[4], HASH);
            _refuses(keyOf(set), HASH, codeSignature(index, ecdsa, siblingsOf(set.leaves, 4)));
            if (index < 10) _refuses(keyOf(set), HASH, codeSignature(index, ecdsa, siblingsOf(set.leaves, index)));
        }
        _refuses(keyOf(set), HASH, codeSignature(255, signEoa(set.privateKeys[4], HASH), siblingsOf(set.leaves, 4)));
    }

    /// [135] an index at or above the count, although the tree holds such a leaf
    function test_refusesAnIndexAboveTheCount() public {
        CodeSet memory sixteen = codeSet("sixteen", 16);
        for (uint256 count = 1; count < 16; ++count) {
            _refuses(abi.encodePacked(sixteen.root, uint8(count)), HASH, signCode(sixteen, count, HASH));
        }
    }

    /// [135] a count above 16, although the tree holds so many leaves
    function test_refusesALargerSet() public {
        CodeSet memory seventeen = codeSet("seventeen", 17);
        for (uint256 index = 0; index < 17; ++index) {
            _refuses(keyOf(seventeen), HASH, signCode(seventeen, index, HASH));
        }
        _refuses(abi.encodePacked(seventeen.root, uint8(255)), HASH, signCode(seventeen, 0, HASH));
        _refuses(abi.encodePacked(set.root, uint8(0)), HASH, signCode(set, 0, HASH));
    }

    /// [135] inner nodes are no leaves: a proof that is too short or too long is refused even if hashes fit
    function test_refusesEveryOtherNumberOfSiblings() public {
        for (uint256 count = 1; count <= 16; ++count) {
            CodeSet memory any = codeSet("any", count);
            for (uint256 index = 0; index < count; ++index) {
                bytes memory ecdsa = signEoa(any.privateKeys[index], HASH);
                bytes memory siblings = siblingsOf(any.leaves, index);
                for (uint256 length = 0; length <= 6 * 32; length += 16) {
                    if (length == siblings.length) continue;
                    // What follows the siblings is the root: a verifier that stopped there would find it.
                    bytes memory other = _resize(abi.encodePacked(siblings, any.root, any.root, any.root), length);
                    _refuses(keyOf(any), HASH, codeSignature(index, ecdsa, other));
                }
            }
        }
    }

    /// [135] the root of a smaller set inside the tree is not that set's guardian
    function test_refusesAProofThatEndsAtAnInnerNode() public {
        bytes32[] memory level = levelAbove(set.leaves);
        bytes memory ecdsa = signEoa(set.privateKeys[0], HASH);
        bytes memory pair = abi.encodePacked(level[0], uint8(2));
        bytes memory short = codeSignature(0, ecdsa, abi.encodePacked(set.leaves[1]));
        // It is a set of two when somebody says so; as one of ten it is not.
        assertEq(verifier.verify(pair, HASH, short), VALID);
        _refuses(keyOf(set), HASH, short);
        _refuses(abi.encodePacked(level[0], uint8(10)), HASH, short);
        _refuses(abi.encodePacked(level[0], uint8(1)), HASH, short);
    }

    /// [135] leaves and nodes hash under different first bytes
    function test_refusesATreeWithoutSeparation() public {
        address code = vm.addr(set.privateKeys[0]);
        bytes memory signature = codeSignature(0, signEoa(set.privateKeys[0], HASH), "");
        _refuses(abi.encodePacked(keccak256(abi.encodePacked(uint8(0), code)), uint8(1)), HASH, signature);
        _refuses(abi.encodePacked(keccak256(abi.encodePacked(hex"0100", code)), uint8(1)), HASH, signature);

        bytes32 sibling = leafOf(1, vm.addr(set.privateKeys[1]));
        (bytes32 low, bytes32 high) = set.leaves[0] < sibling ? (set.leaves[0], sibling) : (sibling, set.leaves[0]);
        signature = codeSignature(0, signEoa(set.privateKeys[0], HASH), abi.encodePacked(sibling));
        assertEq(verifier.verify(abi.encodePacked(parentOf(low, high), uint8(2)), HASH, signature), VALID);
        _refuses(abi.encodePacked(keccak256(abi.encodePacked(low, high)), uint8(2)), HASH, signature);
        _refuses(abi.encodePacked(keccak256(abi.encodePacked(hex"00", low, high)), uint8(2)), HASH, signature);
        _refuses(abi.encodePacked(keccak256(abi.encodePacked(hex"01", high, low)), uint8(2)), HASH, signature);
    }

    // ---------------------------------------------------------------- Keys and signatures

    function test_refusesKeysOfAnotherLength() public {
        CodeSet memory one = codeSet("one", 1);
        bytes memory signature = signCode(one, 0, HASH);
        assertEq(verifier.verify(keyOf(one), HASH, signature), VALID);
        for (uint256 length = 0; length < 70; ++length) {
            if (length != 33) _refuses(_resize(keyOf(one), length), HASH, signature);
        }
    }

    function test_refusesSignaturesOfAnotherLength() public {
        bytes memory signature = signCode(set, 9, HASH);
        for (uint256 length = 0; length < 300; ++length) {
            if (length != signature.length) _refuses(keyOf(set), HASH, _resize(signature, length));
        }
    }

    /// @dev The other form of a signature, (r, n − s), is refused, and so is every v but 27 and 28
    function test_refusesMalleableSignatures() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(set.privateKeys[0], HASH);
        bytes memory siblings = siblingsOf(set.leaves, 0);
        assertEq(verifier.verify(keyOf(set), HASH, codeSignature(0, abi.encodePacked(r, s, v), siblings)), VALID);
        bytes32 highS = bytes32(SECP256K1_ORDER - uint256(s));
        _refuses(keyOf(set), HASH, codeSignature(0, abi.encodePacked(r, highS, uint8(55 - v)), siblings));
        for (uint256 other = 0; other < 256; ++other) {
            if (other != v)
                _refuses(keyOf(set), HASH, codeSignature(0, abi.encodePacked(r, s, uint8(other)), siblings));
        }
    }

    /// @dev Nobody's signature is not the signature of address zero.
    function test_refusesAddressZeroAsACode() public {
        bytes memory key = abi.encodePacked(leafOf(0, address(0)), uint8(1));
        _refuses(key, HASH, codeSignature(0, new bytes(65), ""));
        _refuses(key, HASH, codeSignature(0, abi.encodePacked(bytes32(0), bytes32(uint256(1)), uint8(27)), ""));
        _refuses(key, HASH, codeSignature(0, abi.encodePacked(type(uint256).max, uint256(1), uint8(28)), ""));
    }

    /// [135] one bit of the root, the hash or the signature changed
    function testFuzz_refusesAnyFlippedBit(uint256 count, uint256 index, bytes32 hash, uint256 bit) public {
        CodeSet memory any = codeSet("flipped", bound(count, 1, 16));
        index = bound(index, 0, any.leaves.length - 1);
        bytes memory signature = signCode(any, index, hash);
        assertEq(verifier.verify(keyOf(any), hash, signature), VALID);

        bit = bound(bit, 0, 512 + signature.length * 8 - 1);
        if (bit < 256) {
            bytes32 root = any.root ^ bytes32(1 << bit);
            _refuses(abi.encodePacked(root, uint8(any.leaves.length)), hash, signature);
        } else if (bit < 512) {
            _refuses(keyOf(any), hash ^ bytes32(1 << (bit - 256)), signature);
        } else {
            bit -= 512;
            signature[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
            _refuses(keyOf(any), hash, signature);
        }
    }

    /// [198] any bytes at all are refused without a revert
    function testFuzz_refusesAnyBytes(bytes calldata key, bytes32 hash, bytes calldata signature) public {
        _refuses(key, hash, signature);
    }

    /// [198] bytes of plausible lengths are refused without a revert
    function testFuzz_refusesAnyBytesOfTheRightShape(
        bytes32 root,
        uint8 count,
        uint8 index,
        bytes32[6] calldata words,
        uint8 siblings,
        bool is27
    ) public {
        bytes memory key = abi.encodePacked(root, uint8((count % 18)));
        bytes memory proof = _resize(abi.encodePacked(words[2], words[3], words[4], words[5]), 32 * (siblings % 5));
        bytes32 lowS = words[1] >> 1;
        bytes memory ecdsa = abi.encodePacked(words[0], lowS, uint8(is27 ? 27 : 28));
        _refuses(key, root, codeSignature(index % 17, ecdsa, proof));
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev All three entries answer 0xffffffff. The test itself is the module.
    function _refuses(bytes memory key, bytes32 hash, bytes memory signature) private {
        assertEq(verifier.verify(key, hash, signature), INVALID);
        assertEq(verifier.verifyFor(address(this), ACCOUNT, key, hash, signature), INVALID);
        assertEq(verifier.consume(ACCOUNT, key, hash, signature), INVALID);
    }

    /// @dev Cut, or extended with zeros.
    function _resize(bytes memory data, uint256 length) private pure returns (bytes memory resized) {
        resized = new bytes(length);
        for (uint256 i = 0; i < length && i < data.length; ++i) resized[i] = data[i];
    }
}
