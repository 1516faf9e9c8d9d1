// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {WebAuthnVerifier} from "../../../contracts/verifiers/WebAuthnVerifier.sol";
import {PasskeyDeployer} from "../support/PasskeyDeployer.sol";
import {PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";

contract WebAuthnVerifierTest is PasskeyHelper, PasskeyDeployer {
    bytes4 private constant VALID = IERC7913SignatureVerifier.verify.selector;
    bytes4 private constant INVALID = 0xffffffff;
    uint256 private constant KEY = 0xa11ce;
    bytes32 private constant HASH = keccak256("a guardian's approval");

    WebAuthnVerifier internal verifier;
    bytes internal key;

    function setUp() public {
        verifier = deployWebAuthnVerifier();
        key = abi.encode(credentialOf(KEY, passkey()).commitment());
    }

    function test_settlesOnThePrecompileWhereThereIsOne() public view {
        assertEq(verifier.usesPrecompile(), hasP256Verifier());
    }

    function test_acceptsTheGuardiansAssertionInBothForms() public view {
        PasskeyConfig memory config = passkey();
        assertEq(verifier.verify(key, HASH, statelessAssertion(KEY, config, HASH)), VALID);
        config.isFull = true;
        assertEq(verifier.verify(key, HASH, statelessAssertion(KEY, config, HASH)), VALID);
    }

    function test_refusesAnotherHashAnotherKeyAnotherCredential() public view {
        bytes memory blob = statelessAssertion(KEY, passkey(), HASH);
        assertEq(verifier.verify(key, keccak256("another approval"), blob), INVALID);
        assertEq(verifier.verify(abi.encode(keccak256("no credential")), HASH, blob), INVALID);
        assertEq(verifier.verify(key, HASH, statelessAssertion(KEY + 1, passkey(), HASH)), INVALID);
    }

    function test_refusesAnAssertionThatNamesAStoredCredential() public view {
        assertEq(verifier.verify(key, HASH, assertion(KEY, passkey(), HASH, 0)), INVALID);
    }

    /// [211] a guardian signs one hash, never a tree of them
    function test_refusesAMerkleRoot() public view {
        PasskeyConfig memory config = withMerkle(passkey(), new bytes32[](1), bytes32(0));
        assertEq(verifier.verify(key, HASH, statelessAssertion(KEY, config, HASH)), INVALID);
    }

    function test_refusesAKeyOfAnotherLength() public view {
        bytes memory blob = statelessAssertion(KEY, passkey(), HASH);
        assertEq(verifier.verify(abi.encodePacked(key, bytes1(0)), HASH, blob), INVALID);
        assertEq(verifier.verify("", HASH, blob), INVALID);
    }

    /// [198] malformed signatures are refused without a revert
    function testFuzz_refusesAnyOtherBytes(bytes calldata blob, bytes calldata anyKey) public view {
        assertEq(verifier.verify(key, HASH, blob), INVALID);
        assertEq(verifier.verify(anyKey, HASH, blob), INVALID);
    }
}
