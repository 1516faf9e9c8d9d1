// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NaiveWebAuthn} from "../support/NaiveWebAuthn.sol";
import {Assertion, PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";
import {WebAuthnHarness} from "../support/WebAuthnHarness.sol";

/// @notice The library against its naive twin, against single flipped bits, without gas and in dirty memory.
contract WebAuthnDifferentialTest is PasskeyHelper {
    bytes32 private constant DOMAIN = keccak256("domain");

    WebAuthnHarness internal harness;
    NaiveWebAuthn internal twin;
    bool internal precompile;

    /// @dev Everything an assertion depends on, drawn by the fuzzer.
    struct Draw {
        uint256 key;
        bytes32 hash;
        uint8 index;
        uint8 origins;
        uint8 used;
        uint8 flags;
        uint8 authFlags;
        uint32 signCount;
        uint8 depth;
        bool isFull;
        bool isMerkle;
        bool crossOrigin;
        bytes tail;
    }

    function setUp() public {
        harness = new WebAuthnHarness();
        twin = new NaiveWebAuthn();
        precompile = hasP256Verifier();
    }

    function _configOf(Draw memory draw) private pure returns (PasskeyConfig memory config) {
        uint256 count = bound(draw.origins, 1, 4);
        config = withOrigins(passkey(), count, bound(draw.used, 0, count - 1));
        config.flags = uint8(bound(draw.flags, 0, 3));
        config.authFlags = draw.authFlags;
        config.signCount = draw.signCount;
        config.isFull = draw.isFull;
        config.crossOrigin = draw.crossOrigin;
        if (draw.isFull && draw.tail.length < 1_000) config.authTail = draw.tail;
        if (draw.isMerkle) {
            bytes32[] memory siblings = new bytes32[](bound(draw.depth, 0, 8));
            for (uint256 i = 0; i < siblings.length; ++i) siblings[i] = keccak256(abi.encode(draw.hash, i));
            config = withMerkle(config, siblings, DOMAIN);
        }
        if (draw.signCount % 3 == 0) config.rest = ',"other_keys_can_be_added_here":"do not compare"}';
    }

    /// [44] the library and its twin give the same verdict and the same commitment
    function testFuzz_agreesWithItsTwin(Draw memory draw) public view {
        uint256 key = boundP256Key(draw.key);
        PasskeyConfig memory config = _configOf(draw);
        uint8 index = draw.index & 0x3f;
        bytes memory blob = assertion(key, config, draw.hash, index);
        (bool ok, uint256 seenIndex, bytes32 commitment) = harness.verify(draw.hash, blob, DOMAIN, precompile);
        (bool wanted, bytes32 wantedCommitment) = twin.verify(draw.hash, blob, DOMAIN);
        assertEq(ok, wanted);
        if (!ok) return;
        assertEq(seenIndex, index);
        assertEq(commitment, wantedCommitment);
        assertEq(commitment, credentialOf(key, config).commitment());
    }

    /// [44] they agree on a compact blob one byte of which is another
    function testFuzz_agreesWithItsTwinOnChangedBlobs(Draw memory draw, uint256 pos, bytes1 value) public view {
        draw.isFull = false;
        bytes memory blob = assertion(boundP256Key(draw.key), _configOf(draw), draw.hash, 0);
        blob[bound(pos, 0, blob.length - 1)] = value;
        // Read as the full form it would be text for the twin's parser, which reverts on what is no JSON.
        blob[0] &= ~bytes1(HEAD_FULL);
        (bool ok, , bytes32 commitment) = harness.verify(draw.hash, blob, DOMAIN, precompile);
        (bool wanted, bytes32 wantedCommitment) = twin.verify(draw.hash, blob, DOMAIN);
        assertEq(ok, wanted);
        if (ok) assertEq(commitment, wantedCommitment);
    }

    /// [43] a blob with any one bit flipped is no assertion by that credential at that index
    function testFuzz_refusesOneFlippedBit(Draw memory draw, uint256[8] calldata bits) public view {
        draw.authFlags |= UP | UV | BE;
        draw.flags |= draw.crossOrigin ? 2 : 0;
        uint256 key = boundP256Key(draw.key);
        PasskeyConfig memory config = _configOf(draw);
        bytes32 commitment = credentialOf(key, config).commitment();
        bytes memory blob = assertion(key, config, draw.hash, draw.index & 0x3f);
        assertTrue(_isBy(draw, blob, commitment), "baseline");
        for (uint256 i = 0; i < bits.length; ++i) {
            uint256 bit = bits[i] % (8 * blob.length);
            blob[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
            assertFalse(_isBy(draw, blob, commitment), vm.toString(bit));
            blob[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        }
    }

    /// [43] all bits of one compact blob, one by one
    function test_refusesEveryFlippedBitOfACompactBlob() public view {
        Draw memory draw;
        draw.hash = keccak256("every bit");
        bytes32 commitment = credentialOf(7, passkey()).commitment();
        bytes memory blob = assertion(7, passkey(), draw.hash, 0);
        assertTrue(_isBy(draw, blob, commitment), "baseline");
        for (uint256 bit = 0; bit < 8 * blob.length; ++bit) {
            blob[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
            assertFalse(_isBy(draw, blob, commitment), vm.toString(bit));
            blob[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        }
    }

    function _isBy(Draw memory draw, bytes memory blob, bytes32 wanted) private view returns (bool) {
        (bool ok, uint256 index, bytes32 commitment) = harness.verify(draw.hash, blob, DOMAIN, precompile);
        return ok && index == draw.index & 0x3f && commitment == wanted;
    }

    /// [33] what is in memory before does not matter
    function testFuzz_isTheSameInDirtyMemory(Draw memory draw, bytes32 dirt) public view {
        bytes memory blob = assertion(boundP256Key(draw.key), _configOf(draw), draw.hash, draw.index & 0x3f);
        bytes memory clean = abi.encodeCall(harness.verify, (draw.hash, blob, DOMAIN, precompile));
        bytes memory dirty = abi.encodeCall(harness.verifyInDirtyMemory, (draw.hash, blob, DOMAIN, precompile, dirt));
        (, bytes memory seen) = address(harness).staticcall(dirty);
        (, bytes memory wanted) = address(harness).staticcall(clean);
        assertEq(seen, wanted);
    }

    /// [32] with any amount of gas the verdict is right or there is none
    function test_givesNoVerdictItCouldNotCompute() public view {
        for (uint256 form = 0; form < 4; ++form) {
            PasskeyConfig memory config = passkey();
            config.isFull = form & 1 != 0;
            if (form & 2 != 0) config = withMerkle(config, new bytes32[](3), DOMAIN);
            bytes32 hash = keccak256(abi.encode(form));
            bytes memory good = assertion(5, config, hash, 0);
            Assertion memory parts = assertionParts(5, config, hash, 0);
            parts.s = bytes32(uint256(parts.s) ^ 1);
            bytes memory bad = encodeAssertion(parts);
            uint256 needed = _gasOf(good, hash);
            uint256 step = needed / 400;
            for (uint256 gasLimit = 500; gasLimit < needed + 2 * step; gasLimit += step) {
                _assertVerdict(hash, good, gasLimit, true);
                _assertVerdict(hash, bad, gasLimit, false);
            }
        }
    }

    function _assertVerdict(bytes32 hash, bytes memory blob, uint256 gasLimit, bool wanted) private view {
        bytes memory call = abi.encodeCall(harness.verify, (hash, blob, DOMAIN, precompile));
        (bool success, bytes memory answer) = address(harness).staticcall{gas: gasLimit}(call);
        if (!success) return;
        (bool ok, , ) = abi.decode(answer, (bool, uint256, bytes32));
        assertEq(ok, wanted, vm.toString(gasLimit));
    }

    function _gasOf(bytes memory blob, bytes32 hash) private view returns (uint256) {
        uint256 before = gasleft();
        harness.verify(hash, blob, DOMAIN, precompile);
        return before - gasleft();
    }
}
