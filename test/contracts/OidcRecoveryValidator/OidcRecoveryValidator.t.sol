// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7579Module} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {IEvidenceVerifier} from "../../../contracts/interfaces/IEvidenceVerifier.sol";
import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {IOidcRecoveryValidator} from "../../../contracts/interfaces/IOidcRecoveryValidator.sol";
import {P256Verifier} from "../../../contracts/libraries/P256Verifier.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {IdTokens} from "../support/IdTokens.sol";
import {RsaVerifierHarness} from "../support/LibraryHarnesses.sol";

/// @notice A sign-in as an approval: which key, which person, which time, which hash.
contract OidcRecoveryValidatorTest is IdTokens {
    bytes4 private constant VALID = 0x024ad318;
    bytes4 private constant INVALID = 0xffffffff;
    bytes32 private constant HASH = keccak256("a recovery");

    IOidcRecoveryValidator internal validator;
    OidcKeyRegistry internal registry;
    bytes internal key;
    bytes32 internal keyId;

    function setUp() public {
        vm.warp(1_800_000_000);
        validator = deployValidator();
        registry = deployRegistry();
        key = guardianKey(address(registry));
        keyId = keyIdOf(ISSUER, KID);
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory ec) = observationOf(KID, ISSUER_KEY);
        registry.observe(seen, ec, signAs(3, registry.observationDigest(seen)));
        skip(DELAY);
    }

    // ---------------------------------------------------------------- Verdicts

    function test_aSignInApproves() public view {
        bytes memory approval = approvalOf(good(), HASH);
        _expect(key, HASH, approval, IOidcRecoveryValidator.Problem.None, keyId);
        assertEq(validator.verify(key, HASH, approval), VALID);
        (bytes4 magic, bytes32 evidence) = validator.verifyWithEvidence(key, HASH, approval);
        assertEq(magic, VALID);
        assertEq(evidence, keyId);
        assertTrue(validator.validateSignatureWithData(HASH, approval, key));
    }

    function test_whatDoesNotApprove() public view {
        bytes memory approval = approvalOf(good(), ~HASH);
        assertEq(validator.verify(key, HASH, approval), INVALID);
        (bytes4 magic, bytes32 evidence) = validator.verifyWithEvidence(key, HASH, approval);
        assertEq(magic, INVALID);
        assertEq(evidence, 0);
        assertFalse(validator.validateSignatureWithData(HASH, approval, key));
    }

    /// [113] [J43] a token for one hash is none for another
    function testFuzz_onlyForTheHash(bytes32 other) public view {
        vm.assume(other != HASH);
        _expect(key, other, approvalOf(good(), HASH), IOidcRecoveryValidator.Problem.Nonce, 0);
    }

    /// [110] [111] [115] other issuers, clients and people
    function test_onlyTheIdentity() public view {
        IdTokens.Says memory says = good();
        says.subject = "1101695";
        _problem(says, IOidcRecoveryValidator.Problem.Identity);
        says = good();
        says.issuer = "https://accounts.google.com/";
        _problem(says, IOidcRecoveryValidator.Problem.Identity);
        says = good();
        says.audience = "client-2";
        _problem(says, IOidcRecoveryValidator.Problem.Audience);
        says = good();
        says.more = ',"azp":"client-2"';
        _problem(says, IOidcRecoveryValidator.Problem.Audience);
        says.more = ',"azp":"client-1"';
        _problem(says, IOidcRecoveryValidator.Problem.None);
    }

    /// [114] times, to the second
    function test_timesToTheSecond() public view {
        _times(0, 0, IOidcRecoveryValidator.Problem.None);
        _times(0, -1, IOidcRecoveryValidator.Problem.Time);
        _times(5 minutes, 1 hours, IOidcRecoveryValidator.Problem.None);
        _times(5 minutes + 1, 1 hours, IOidcRecoveryValidator.Problem.Time);
        _times(0, 1 days, IOidcRecoveryValidator.Problem.None);
        _times(0, 1 days + 1, IOidcRecoveryValidator.Problem.Time);
        IdTokens.Says memory says = good();
        says.more = string.concat(',"nbf":', vm.toString(vm.getBlockTimestamp() + 5 minutes));
        _problem(says, IOidcRecoveryValidator.Problem.None);
        says.more = string.concat(',"nbf":', vm.toString(vm.getBlockTimestamp() + 5 minutes + 1));
        _problem(says, IOidcRecoveryValidator.Problem.Time);
    }

    // ---------------------------------------------------------------- Keys

    /// [105] [J23] [J24] keys that the registry does not know, or not for this issuer
    function test_onlyKeysOfTheRegistry() public view {
        string memory payload = claimsOf(good(), HASH);
        string[3] memory headers = [
            '{"alg":"ES256","kid":"other"}',
            '{"alg":"ES256","kid":"91413CF4"}',
            '{"alg":"ES256"}'
        ];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory proof = shown(CLIENT, headers[i], payload);
            bytes memory approval = abi.encodePacked(proof, ecKey(ISSUER_KEY), signToken(headers[i], payload));
            _expect(key, HASH, approval, IOidcRecoveryValidator.Problem.Key, 0);
        }
        bytes memory other = abi.encodePacked(shown(CLIENT, HEADER, payload), ecKey(2), signToken(HEADER, payload));
        _expect(key, HASH, other, IOidcRecoveryValidator.Problem.Key, 0);
    }

    /// [121] [J62] a key that attesters added counts when its delay is over
    function test_aYoungKeyVerifiesNothing() public {
        vm.warp(vm.getBlockTimestamp() - 1);
        _problem(good(), IOidcRecoveryValidator.Problem.Key);
        skip(1);
        _problem(good(), IOidcRecoveryValidator.Problem.None);
    }

    /// [123] [J63] [J64] evidence holds until the key is distrusted, and again when a suspension is over
    function test_evidenceHoldsWhileTheKeyIsTrusted() public {
        assertTrue(_holds());
        skip(MAX_AGE + 1);
        _problem(good(), IOidcRecoveryValidator.Problem.Key);
        assertTrue(_holds());
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        bytes memory signature = signEoa(attesterKeys[0], registry.suspensionDigest(keyId, issuedAt));
        registry.suspend(keyId, issuedAt, signature);
        assertFalse(_holds());
        skip(7 days);
        assertTrue(_holds());
        registry.revoke(keyId, signAs(5, registry.revocationDigest(keyId)));
        assertFalse(_holds());
        assertEq(validator.evidenceHolds(key, bytes32(uint256(1))), INVALID);
        assertEq(validator.evidenceHolds("", keyId), INVALID);
    }

    function test_keysThatAreNoRegistryRevert() public {
        bytes memory nobody = guardianKey(address(0xdead));
        bytes memory approval = approvalOf(good(), HASH);
        vm.expectRevert();
        validator.verify(nobody, HASH, approval);
    }

    // ---------------------------------------------------------------- Pinned keys

    function test_pinnedKeys() public view {
        bytes32[] memory pins = new bytes32[](2);
        pins[0] = keyHashOf(ES256, ecKey(2));
        pins[1] = keyHashOf(ES256, ecKey(ISSUER_KEY));
        bytes memory pinned = abi.encodePacked(address(0), _pinnedIdentity(pins));
        bytes memory approval = _pinnedApproval(pins, ISSUER_KEY);
        _expect(pinned, HASH, approval, IOidcRecoveryValidator.Problem.None, pins[1]);
        assertEq(validator.evidenceHolds(pinned, pins[1]), IEvidenceVerifier.evidenceHolds.selector);
        _expect(pinned, HASH, _pinnedApproval(pins, 3), IOidcRecoveryValidator.Problem.Key, 0);
        // Another list than the guardian was made of.
        pins[0] = 0;
        _expect(pinned, HASH, _pinnedApproval(pins, ISSUER_KEY), IOidcRecoveryValidator.Problem.Identity, 0);
        // The form without pins.
        _expect(pinned, HASH, approvalOf(good(), HASH), IOidcRecoveryValidator.Problem.Layout, 0);
        // A registry's guardian has none.
        _expect(key, HASH, approval, IOidcRecoveryValidator.Problem.Layout, 0);
    }

    function test_oneToEightPins() public view {
        for (uint256 count = 0; count < 10; ++count) {
            bytes32[] memory pins = new bytes32[](count);
            if (count != 0) pins[count - 1] = keyHashOf(ES256, ecKey(ISSUER_KEY));
            bytes memory pinned = abi.encodePacked(address(0), _pinnedIdentity(pins));
            bool isGood = count > 0 && count < 9;
            (IOidcRecoveryValidator.Problem problem, ) = validator.check(
                pinned,
                HASH,
                _pinnedApproval(pins, ISSUER_KEY)
            );
            IOidcRecoveryValidator.Problem wanted =
                isGood ? IOidcRecoveryValidator.Problem.None : IOidcRecoveryValidator.Problem.Layout;
            assertEq(uint256(problem), uint256(wanted));
        }
    }

    // ---------------------------------------------------------------- Layout

    /// No approval that is cut off anywhere counts, and none reverts.
    function test_cutAnywhere() public view {
        bytes memory approval = approvalOf(good(), HASH);
        for (uint256 i = 0; i < approval.length; ++i) {
            bytes memory cut = new bytes(i);
            for (uint256 j = 0; j < i; ++j) cut[j] = approval[j];
            assertEq(validator.verify(key, HASH, cut), INVALID);
        }
        assertEq(validator.verify(key, HASH, abi.encodePacked(approval, bytes1(0))), INVALID);
    }

    /// Nor does any other text, with pins or without.
    function testFuzz_noBytesRevert(bytes calldata anything, bool isPinned) public view {
        bytes memory any = isPinned ? abi.encodePacked(address(0), HASH) : key;
        assertEq(validator.verify(any, HASH, anything), INVALID);
    }

    function test_pinnedCutAnywhere() public view {
        bytes32[] memory pins = new bytes32[](1);
        pins[0] = keyHashOf(ES256, ecKey(ISSUER_KEY));
        bytes memory pinned = abi.encodePacked(address(0), _pinnedIdentity(pins));
        bytes memory approval = _pinnedApproval(pins, ISSUER_KEY);
        for (uint256 i = 0; i < approval.length; ++i) {
            bytes memory cut = new bytes(i);
            for (uint256 j = 0; j < i; ++j) cut[j] = approval[j];
            assertEq(validator.verify(pinned, HASH, cut), INVALID);
        }
    }

    function test_keysOfOtherLengths() public view {
        bytes memory approval = approvalOf(good(), HASH);
        _expect("", HASH, approval, IOidcRecoveryValidator.Problem.Layout, 0);
        _expect(abi.encodePacked(key, bytes1(0)), HASH, approval, IOidcRecoveryValidator.Problem.Layout, 0);
    }

    function test_oneToFourAudiences() public view {
        string memory payload = claimsOf(good(), HASH);
        for (uint256 count = 0; count < 6; ++count) {
            bytes memory hashes;
            bytes memory list = abi.encodePacked(SALT, uint8(count));
            for (uint256 i = 0; i < count; ++i) {
                string memory audience = i + 1 == count ? CLIENT : "other";
                hashes = abi.encodePacked(hashes, keccak256(bytes(audience)));
                list = abi.encodePacked(list, uint8(bytes(audience).length), audience);
            }
            bytes memory any = abi.encodePacked(registry, _identity(keccak256(hashes)));
            bytes memory approval = abi.encodePacked(
                list,
                uint16(bytes(HEADER).length),
                HEADER,
                uint16(bytes(payload).length),
                payload,
                ecKey(ISSUER_KEY),
                signToken(HEADER, payload)
            );
            bool isGood = count > 0 && count < 5;
            _expect(
                any,
                HASH,
                approval,
                isGood ? IOidcRecoveryValidator.Problem.None : IOidcRecoveryValidator.Problem.Layout,
                isGood ? keyId : bytes32(0)
            );
        }
    }

    function test_badHeadersAndSignatures() public view {
        string memory payload = claimsOf(good(), HASH);
        string memory header = '{"alg":"HS256","kid":"91413cf4"}';
        bytes memory approval = abi.encodePacked(
            shown(CLIENT, header, payload),
            ecKey(ISSUER_KEY),
            signToken(header, payload)
        );
        _expect(key, HASH, approval, IOidcRecoveryValidator.Problem.Header, 0);
        approval = abi.encodePacked(
            shown(CLIENT, HEADER, payload),
            ecKey(ISSUER_KEY),
            signToken(HEADER, string.concat(payload, " "))
        );
        _expect(key, HASH, approval, IOidcRecoveryValidator.Problem.Signature, 0);
        approval = abi.encodePacked(shown(CLIENT, HEADER, string.concat(payload, " ")), ecKey(1), new bytes(64));
        _expect(key, HASH, approval, IOidcRecoveryValidator.Problem.Claims, 0);
    }

    // ---------------------------------------------------------------- RSA

    /// Golden tokens by RSA keys of each size, and signatures that are none.
    function test_rsaVectors() public {
        string memory json = vm.readFile(string.concat(vm.projectRoot(), "/vectors/oidc.json"));
        vm.warp(vm.parseJsonUint(json, ".now"));
        uint256 count;
        for (; vm.keyExistsJson(json, _at(count, "")); ++count) {
            (IOidcRecoveryValidator.Problem problem, ) = validator.check(
                vm.parseJsonBytes(json, _at(count, ".key")),
                vm.parseJsonBytes32(json, _at(count, ".hash")),
                vm.parseJsonBytes(json, _at(count, ".proof"))
            );
            assertEq(uint256(problem), vm.parseJsonUint(json, _at(count, ".problem")), _at(count, ""));
        }
        assertGe(count, 8);
    }

    /// [44] [J38] a chain without MODEXP, or with one that does not compute, gets no validator
    function test_needsModexp() public {
        RsaVerifierHarness harness = new RsaVerifierHarness();
        harness.selfTest();
        address place = makeAddr("modexp");
        assertTrue(harness.computes(address(0x05)));
        assertFalse(harness.computes(place), "nobody");
        // Answers with 256 bytes of what it was asked, or with nothing, or not at all.
        vm.etch(place, hex"61010060605f376101005ff3");
        assertFalse(harness.computes(place), "an echo");
        vm.etch(place, hex"00");
        assertFalse(harness.computes(place), "silence");
        vm.etch(place, hex"fe");
        assertFalse(harness.computes(place), "a failure");
    }

    // ---------------------------------------------------------------- Module

    function test_isAStatelessValidator() public {
        IERC7579Module module = IERC7579Module(address(validator));
        assertTrue(module.isModuleType(7));
        for (uint256 i = 0; i < 7; ++i) assertFalse(module.isModuleType(i));
        module.onInstall("");
        module.onUninstall("");
        assertEq(validator.usesPrecompile(), hasP256Verifier());
        assertEq(IERC7913SignatureVerifier.verify.selector, VALID);
        assertEq(P256Verifier.SELF_TEST_GAS, 1_000_000);
    }

    // ---------------------------------------------------------------- Helpers

    function _holds() private view returns (bool) {
        return validator.evidenceHolds(key, keyId) == IEvidenceVerifier.evidenceHolds.selector;
    }

    function _problem(IdTokens.Says memory says, IOidcRecoveryValidator.Problem wanted) private view {
        bool isGood = wanted == IOidcRecoveryValidator.Problem.None;
        _expect(key, HASH, approvalOf(says, HASH), wanted, isGood ? keyId : bytes32(0));
    }

    function _times(int256 issuedAt, int256 expiresAt, IOidcRecoveryValidator.Problem wanted) private view {
        IdTokens.Says memory says = good();
        (says.issuedAt, says.expiresAt) = (issuedAt, expiresAt);
        _problem(says, wanted);
    }

    function _expect(
        bytes memory any,
        bytes32 hash,
        bytes memory approval,
        IOidcRecoveryValidator.Problem wanted,
        bytes32 wantedEvidence
    ) private view {
        (IOidcRecoveryValidator.Problem problem, bytes32 evidence) = validator.check(any, hash, approval);
        assertEq(uint256(problem), uint256(wanted));
        if (wanted == IOidcRecoveryValidator.Problem.None) assertEq(evidence, wantedEvidence);
    }

    function _identity(bytes32 audiences) private pure returns (bytes32) {
        bytes32 typehash = keccak256("OidcIdentity(string issuer,string[] audiences,string subject,bytes32 salt)");
        return keccak256(abi.encode(typehash, keccak256(bytes(ISSUER)), audiences, keccak256("1101694"), SALT));
    }

    function _pinnedIdentity(bytes32[] memory pins) private pure returns (bytes32) {
        bytes32 typehash = keccak256(
            "PinnedOidcIdentity(string issuer,string[] audiences,string subject,bytes32 salt,bytes32[] keys)"
        );
        bytes32 audiences = keccak256(abi.encodePacked(keccak256(bytes(CLIENT))));
        return
            keccak256(
                abi.encode(
                    typehash,
                    keccak256(bytes(ISSUER)),
                    audiences,
                    keccak256("1101694"),
                    SALT,
                    keccak256(abi.encodePacked(pins))
                )
            );
    }

    function _pinnedApproval(bytes32[] memory pins, uint256 secret) private view returns (bytes memory) {
        string memory payload = claimsOf(good(), HASH);
        return
            abi.encodePacked(
                shown(CLIENT, HEADER, payload),
                uint8(pins.length),
                pins,
                ecKey(secret),
                signToken(HEADER, payload)
            );
    }

    function _at(uint256 index, string memory field) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(index), "]", field);
    }
}
