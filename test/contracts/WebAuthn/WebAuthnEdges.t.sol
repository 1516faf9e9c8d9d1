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

    function _cut(bytes memory blob, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = blob[i];
    }

    function _filled(uint256 length, bytes1 char) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) text[i] = char;
    }
}
