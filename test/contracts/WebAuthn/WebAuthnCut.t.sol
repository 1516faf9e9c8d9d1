// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";
import {WebAuthnHarness} from "../support/WebAuthnHarness.sol";

/// @notice Blobs that end within one of their parts, in calldata that goes on: nothing is read behind their end.
contract WebAuthnCutTest is PasskeyHelper {
    bytes32 private constant HASH = keccak256("what the owner signs");
    bytes32 private constant DOMAIN = keccak256("domain");
    uint256 private constant KEY = 0xc07;
    uint8 private constant INDEX = 11;

    // Where the parts of a blob with four origins, a tree of depth 8 and the full form begin.
    uint256 private constant ORIGINS = 130;
    uint256 private constant TREE = ORIGINS + 3 * 32 + 1;
    uint256 private constant LENGTH = TREE + 1 + 8 * 32;
    uint256 private constant AUTH_DATA = LENGTH + 2;
    uint256 private constant CLIENT_DATA = AUTH_DATA + 37;

    WebAuthnHarness internal harness;
    bool internal precompile;

    function setUp() public {
        harness = new WebAuthnHarness();
        precompile = hasP256Verifier();
    }

    /// @dev The same calldata with every length of the blob from `first` to before `end`.
    function _assertRefused(uint256 first, uint256 end) private view {
        PasskeyConfig memory config = withOrigins(passkey(), 4, 3);
        config = withMerkle(config, new bytes32[](8), DOMAIN);
        config.isFull = true;
        bytes memory blob = assertion(KEY, config, HASH, INDEX);
        bytes memory query = abi.encodeCall(harness.verify, (HASH, blob, DOMAIN, precompile));
        bytes memory yes = abi.encode(true, INDEX, credentialOf(KEY, config).commitment());
        _assertAnswer(query, blob.length, yes);
        for (uint256 length = first; length < end; ++length) {
            _assertAnswer(query, length, abi.encode(false, INDEX, bytes32(0)));
        }
    }

    function _assertAnswer(bytes memory query, uint256 length, bytes memory wanted) private view {
        assembly ("memory-safe") {
            // The length of the blob, behind selector, hash, offset, domain and precompile.
            mstore(add(query, 0xa4), length)
        }
        (bool success, bytes memory answer) = address(harness).staticcall(query);
        assertTrue(success, vm.toString(length));
        assertEq(answer, wanted, vm.toString(length));
    }

    /// [35] ends among the hashes of the other origins
    function test_endsWithinTheOrigins() public view {
        _assertRefused(ORIGINS, TREE);
    }

    /// [35] ends where the depth of the tree should stand
    function test_endsBeforeTheTree() public view {
        _assertRefused(TREE, TREE + 1);
    }

    /// [35] ends among the siblings
    function test_endsWithinTheTree() public view {
        _assertRefused(TREE + 1, LENGTH);
    }

    /// [35] ends before the length of the authenticator data is whole
    function test_endsWithinTheLength() public view {
        _assertRefused(LENGTH, AUTH_DATA);
    }

    /// [35] ends within the authenticator data, or with it
    function test_endsWithinTheAuthenticatorData() public view {
        _assertRefused(AUTH_DATA, CLIENT_DATA + 1);
    }
}
