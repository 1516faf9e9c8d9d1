// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {P256Verifier} from "../../../contracts/libraries/P256Verifier.sol";
import {PasskeyValidator} from "../../../contracts/modules/PasskeyValidator.sol";
import {P256VerifierHarness} from "../support/LibraryHarnesses.sol";
import {PasskeyDeployer} from "../support/PasskeyDeployer.sol";
import {Assertion, PasskeyHelper} from "../support/PasskeyHelper.sol";

/// @notice P-256 by the precompile and in Solidity, and the choice between them.
contract P256VerifierTest is PasskeyHelper, PasskeyDeployer {
    uint256 private constant P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;

    P256VerifierHarness internal harness;
    bool internal precompile;

    struct Signature {
        bytes32 hash;
        uint256 r;
        uint256 s;
        uint256 x;
        uint256 y;
    }

    function setUp() public {
        harness = new P256VerifierHarness();
        precompile = hasP256Verifier();
    }

    function _sign(uint256 key, bytes32 hash) private pure returns (Signature memory sig) {
        (bytes32 r, bytes32 s) = signP256LowS(key, hash);
        (sig.hash, sig.r, sig.s) = (hash, uint256(r), uint256(s));
        (sig.x, sig.y) = vm.publicKeyP256(key);
    }

    function _verify(Signature memory sig, bool native) private view returns (bool) {
        return harness.verify(sig.hash, sig.r, sig.s, sig.x, sig.y, native);
    }

    /// @dev Both implementations where there are two.
    function _assertVerdict(Signature memory sig, bool wanted) private view {
        assertEq(_verify(sig, false), wanted, "Solidity");
        if (precompile) assertEq(_verify(sig, true), wanted, "precompile");
    }

    /// [28] [44] the Solidity code and the precompile give the same verdicts
    function testFuzz_bothImplementationsAgree(uint256 key, bytes32 hash, uint8 part, uint8 bit) public view {
        Signature memory sig = _sign(boundP256Key(key), hash);
        _assertVerdict(sig, true);
        uint256[5] memory words = [uint256(sig.hash), sig.r, sig.s, sig.x, sig.y];
        words[part % 5] ^= uint256(1) << bit;
        _assertVerdict(Signature(bytes32(words[0]), words[1], words[2], words[3], words[4]), false);
    }

    /// [44] hashes at the edges: zero, the order, above it
    function test_verifiesEdgesOfTheHash() public view {
        uint256[6] memory hashes = [0, 1, P256_ORDER - 1, P256_ORDER, P256_ORDER + 1, type(uint256).max];
        uint256[4] memory keys = [uint256(1), 2, 3, P256_ORDER - 1];
        for (uint256 i = 0; i < hashes.length; ++i) {
            for (uint256 j = 0; j < keys.length; ++j) _assertVerdict(_sign(keys[j], bytes32(hashes[i])), true);
        }
    }

    /// [1] [3] numbers out of range are refused by both
    function test_refusesNumbersOutOfRange() public view {
        Signature memory sig = _sign(42, keccak256("range"));
        uint256[5] memory words = [uint256(sig.hash), sig.r, sig.s, sig.x, sig.y];
        uint256[7] memory values = [0, P256_ORDER - words[2], P256_ORDER, P256_ORDER + 1, P, P + 1, type(uint256).max];
        for (uint256 pos = 1; pos < 5; ++pos) {
            for (uint256 i = 0; i < values.length; ++i) {
                uint256[5] memory w = words;
                uint256 kept = w[pos];
                w[pos] = values[i];
                _assertVerdict(Signature(bytes32(w[0]), w[1], w[2], w[3], w[4]), false);
                w[pos] = kept;
            }
        }
    }

    /// [4] the same point with x written above the field prime is refused by both
    function test_refusesACoordinateAboveThePrime() public view {
        // A key whose x is 5: signatures by it can be made for a hash that is chosen with them.
        Signature memory sig = Signature(
            0xa54d692a90e29d6a7390bf442fbab30cb5f9af1c5db1adec81cdf7a1991aad65,
            0xe7ee11c5b66b6fdc393371a2cd4b47d85a7989ebb038e0e823905b3a0ac5d435,
            0x14e6a28e8312c3dcb198dbd65f07cd64f21e4ee6966876f9f2aa22a5415bce87,
            5,
            0x459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc
        );
        _assertVerdict(sig, true);
        sig.x += P;
        _assertVerdict(sig, false);
    }

    /// [5] the point at infinity and points off the curve verify nothing
    function testFuzz_refusesPointsOffTheCurve(uint256 key, bytes32 hash) public view {
        Signature memory sig = _sign(boundP256Key(key), hash);
        (uint256 x, uint256 y) = (sig.x, sig.y);
        (sig.x, sig.y) = (0, 0);
        _assertVerdict(sig, false);
        (sig.x, sig.y) = (y, x);
        _assertVerdict(sig, false);
        (sig.x, sig.y) = (x, P - y);
        _assertVerdict(sig, false);
    }

    /// [31] any answer of 0x100 but the one word 1 is a refusal
    function test_takesNothingButTheWordOneForYes() public {
        Signature memory sig = _sign(42, keccak256("answers"));
        bytes[8] memory answers = [
            bytes(""),
            abi.encode(0),
            abi.encode(2),
            abi.encode(type(uint256).max),
            abi.encode(1, 1),
            abi.encode(1, 0),
            abi.encodePacked(bytes31(uint248(1))),
            abi.encodePacked(uint248(1))
        ];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCall(P256_VERIFIER, "", answers[i]);
            assertFalse(_verify(sig, true), vm.toString(answers[i]));
            vm.clearMockedCalls();
        }
        vm.mockCallRevert(P256_VERIFIER, "", abi.encode(1));
        assertFalse(_verify(sig, true), "revert");
        vm.clearMockedCalls();
        vm.mockCall(P256_VERIFIER, "", abi.encode(1));
        assertTrue(_verify(sig, true), "yes");
    }

    /// [30] a contract at 0x100 that says yes to everything is not taken for the precompile
    function test_selfTestIsNotFooledByAYesSayer() public {
        vm.mockCall(P256_VERIFIER, "", abi.encode(1));
        assertFalse(harness.selfTest());
        assertFalse(deployPasskeyValidator().usesPrecompile());
    }

    /// [30] nor is one that answers in another form
    function test_selfTestIsNotFooledByOtherAnswers() public {
        vm.mockCall(P256_VERIFIER, "", abi.encode(1, 1));
        assertFalse(harness.selfTest());
        vm.clearMockedCalls();
        vm.mockCall(P256_VERIFIER, "", "");
        assertFalse(harness.selfTest());
        vm.clearMockedCalls();
        vm.mockCallRevert(P256_VERIFIER, "", "");
        assertFalse(harness.selfTest());
    }

    /// [32] a starved self-test does not settle on the slow code: it reverts
    function test_selfTestNeedsGas() public {
        assertEq(harness.selfTest(), precompile);
        uint256[4] memory limits = [uint256(30_000), 300_000, 700_000, 999_999];
        for (uint256 i = 0; i < limits.length; ++i) {
            (bool success, bytes memory reason) = address(harness).staticcall{gas: limits[i]}(
                abi.encodeCall(harness.selfTest, ())
            );
            assertFalse(success);
            assertEq(bytes32(bytes4(reason)), bytes32(P256Verifier.SelfTestNeedsGas.selector));
        }
    }

    /// [28] a validator that settled on the Solidity code never calls 0x100 and gives the same verdicts
    function test_fallbackBuildDoesNotCallThePrecompile() public {
        vm.mockCall(P256_VERIFIER, "", "");
        PasskeyValidator slow = deployPasskeyValidator();
        vm.clearMockedCalls();
        assertFalse(slow.usesPrecompile());

        bytes32 hash = keccak256("slow");
        bytes memory data = abi.encode(credentialOf(42, passkey()).commitment());
        Assertion memory parts = assertionParts(42, passkey(), hash, STATELESS);
        // It would say yes, or revert, if it were asked.
        vm.mockCall(P256_VERIFIER, "", abi.encode(1));
        assertFalse(slow.validateSignatureWithData(~hash, encodeAssertion(parts), data));
        vm.clearMockedCalls();
        vm.mockCallRevert(P256_VERIFIER, "", "");
        assertTrue(slow.validateSignatureWithData(hash, encodeAssertion(parts), data));
    }

    /// [29] an invalid signature is verified once: one call where there is the precompile
    function test_verifiesAnInvalidSignatureOnce() public {
        PasskeyValidator validator = deployPasskeyValidator();
        bytes32 hash = keccak256("once");
        bytes memory data = abi.encode(credentialOf(42, passkey()).commitment());
        bytes memory blob = encodeAssertion(assertionParts(42, passkey(), hash, STATELESS));
        vm.expectCall(P256_VERIFIER, "", validator.usesPrecompile() ? 1 : 0);
        assertFalse(validator.validateSignatureWithData(~hash, blob, data));
    }
}
