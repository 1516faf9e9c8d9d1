// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";
import {WebAuthnHarness} from "../support/WebAuthnHarness.sol";

/// @notice The shortest and longest blob, and what the library says of one that it refuses.
contract WebAuthnEdgesTest is PasskeyHelper {
    bytes32 private constant HASH = keccak256("what the owner signs");
    bytes32 private constant DOMAIN = keccak256("domain");
    uint256 private constant KEY = 0xed6e;
    uint8 private constant INDEX = 37;

    WebAuthnHarness internal harness;
    bool internal precompile;

    function setUp() public {
        harness = new WebAuthnHarness();
        precompile = hasP256Verifier();
    }

    function _assertRefused(bytes memory blob, uint256 wantedIndex) private view {
        (bool ok, uint256 index, bytes32 commitment) = harness.verify(HASH, blob, DOMAIN, precompile);
        assertFalse(ok);
        assertEq(index, wantedIndex);
        assertEq(commitment, bytes32(0));
    }

    function _accepts(PasskeyConfig memory config) private view returns (bool ok) {
        bytes memory blob = assertion(KEY, config, HASH, INDEX);
        bytes32 commitment;
        (ok, , commitment) = harness.verify(HASH, blob, DOMAIN, precompile);
        if (ok) assertEq(commitment, credentialOf(KEY, config).commitment());
    }

    /// [18] a blob too short for keys and signature names nothing; one that ends behind them names its index
    function test_readsTheIndexOfWhatHasTheFixedPart() public view {
        bytes memory blob = assertion(KEY, passkey(), HASH, INDEX);
        for (uint256 length = 0; length < blob.length; ++length) {
            _assertRefused(_cut(blob, length), length < 130 ? 0 : INDEX);
        }
    }

    /// [19] 4096 bytes are the most, in both forms
    function test_acceptsNoMoreThan4096Bytes() public view {
        for (uint256 form = 0; form < 2; ++form) {
            PasskeyConfig memory config = passkey();
            config.isFull = form == 1;
            for (uint256 length = 4_095; length <= 4_097; ++length) {
                config.rest = "}";
                uint256 missing = length - assertion(KEY, config, HASH, INDEX).length;
                config.rest = string.concat(',"x":"', string(_filled(missing - 7, "x")), '"}');
                bytes memory blob = assertion(KEY, config, HASH, INDEX);
                assertEq(blob.length, length);
                if (length > 4_096) _assertRefused(blob, 0);
                else assertTrue(_accepts(config));
            }
        }
    }

    /// @dev Whatever is wrong: the index is read, and there is no commitment to compare with.
    function test_refusedBlobsHaveNoCommitment() public view {
        for (uint256 form = 0; form < 2; ++form) {
            PasskeyConfig memory config = passkey();
            config.isFull = form == 1;
            config.authFlags = UV;
            _assertRefused(assertion(KEY, config, HASH, INDEX), INDEX);
            config.authFlags = UP | UV;
            config.crossOrigin = true;
            _assertRefused(assertion(KEY, config, HASH, INDEX), INDEX);
            config.crossOrigin = false;
            config.rest = "";
            _assertRefused(assertion(KEY, config, HASH, INDEX), INDEX);
        }
    }

    /// [18] an empty origin and one of 127 bytes, the longest that the compact form can say
    function test_acceptsOriginsOfEveryLength() public view {
        PasskeyConfig memory config = passkey();
        for (uint256 length = 1; length <= 127; ++length) {
            config.origins[0] = string(_filled(length, "o"));
            config.flags = length % 2 == 0 ? 3 : 1;
            config.crossOrigin = length % 2 == 0;
            assertTrue(_accepts(config));
        }
    }

    /// [18] a blob whose parts do not fit is not read as one that has none: nothing of it makes a commitment
    function test_readsNothingBehindPartsThatDoNotFit() public view {
        PasskeyConfig memory config = withMerkle(passkey(), new bytes32[](9), DOMAIN);
        bytes memory blob = assertion(KEY, config, HASH, INDEX);
        // From its first byte on it could be taken for authenticator data, an empty origin and the end of an object.
        (blob[32], blob[37], blob[38]) = (bytes1(UP | UV), 0, "}");
        _assertRefused(blob, INDEX);
    }

    /// [18] what follows the blob in the calldata is not part of it, even where it would complete the text
    function test_readsNothingBehindTheBlob() public view {
        PasskeyConfig memory config = passkey();
        config.origins[0] = "https://rekey.example/{}";
        config.rest = "";
        bytes memory blob = abi.encodePacked(assertion(KEY, config, HASH, INDEX), "}");
        bytes memory query = abi.encodeCall(harness.verify, (HASH, blob, DOMAIN, precompile));
        assembly ("memory-safe") {
            // The length of the blob, behind selector, hash, offset, domain and precompile.
            let length := add(query, 0xa4)
            mstore(length, sub(mload(length), 1))
        }
        (bool success, bytes memory answer) = address(harness).staticcall(query);
        assertTrue(success);
        assertEq(answer, abi.encode(false, INDEX, bytes32(0)));
    }

    /// @dev What follows the origin is the end of the object or another field, and ends it
    function test_refusesOtherTextAfterCrossOrigin() public view {
        string[6] memory rests = ["x}", " }", "]}", "} ", ',"x":1', ","];
        for (uint256 i = 0; i < rests.length; ++i) {
            PasskeyConfig memory config = passkey();
            config.rest = rests[i];
            _assertRefused(assertion(KEY, config, HASH, INDEX), INDEX);
        }
    }

    /// [16] a challenge of another length has no commitment, and every bit of the right one counts
    function test_comparesEveryBitOfTheChallenge() public view {
        PasskeyConfig memory config = passkey();
        config.isFull = true;
        bytes memory text = bytes(base64Url(abi.encode(HASH)));
        config.challenge = string.concat(string(text), "A");
        _assertRefused(assertion(KEY, config, HASH, INDEX), INDEX);
        for (uint256 i = 0; i < text.length; ++i) {
            text[i] ^= 0x01;
            config.challenge = string(text);
            assertFalse(_accepts(config), vm.toString(i));
            text[i] ^= 0x01;
        }
    }

    /// @dev The precompile is asked where the caller has settled on it, and nowhere else
    function test_asksThePrecompileOnlyIfTold() public {
        PasskeyConfig memory config = passkey();
        bytes memory blob = assertion(KEY, config, HASH, INDEX);
        blob[65] ^= 0x01;
        vm.mockCall(P256_VERIFIER, "", abi.encode(1));
        (bool ok, , ) = harness.verify(HASH, blob, DOMAIN, true);
        assertTrue(ok);
        (ok, , ) = harness.verify(HASH, blob, DOMAIN, false);
        assertFalse(ok);
    }

    /// [32] without a hash there is no verdict: neither of the client data nor of what is signed
    function test_givesNoVerdictWithoutItsHashes() public {
        PasskeyConfig memory config = passkey();
        bytes memory blob = assertion(KEY, config, HASH, INDEX);
        bytes memory query = abi.encodeCall(harness.verify, (HASH, blob, DOMAIN, precompile));
        bytes memory json = bytes(clientDataOf(config, HASH));
        bytes memory signed = abi.encodePacked(authDataOf(config), sha256(json));
        for (uint256 i = 0; i < 2; ++i) {
            vm.mockCallRevert(address(2), i == 0 ? json : signed, "");
            (bool success, ) = address(harness).staticcall(query);
            assertFalse(success, vm.toString(i));
            vm.clearMockedCalls();
            (success, ) = address(harness).staticcall(query);
            assertTrue(success, vm.toString(i));
        }
    }

    function _cut(bytes memory blob, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = blob[i];
    }

    function _filled(uint256 length, bytes1 char) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) text[i] = char;
    }
}
