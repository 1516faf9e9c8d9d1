// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {IOidcRecoveryValidator} from "../../../contracts/interfaces/IOidcRecoveryValidator.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {IdTokens} from "../support/IdTokens.sol";
import {TurncoatRegistry} from "../support/TurncoatRegistry.sol";

/// @notice Lengths of an approval, to the byte, and what a registry alone does not decide.
contract OidcLayoutTest is IdTokens {
    bytes32 private constant HASH = keccak256("a recovery");

    IOidcRecoveryValidator internal validator;
    OidcKeyRegistry internal registry;
    bytes internal key;

    function setUp() public {
        vm.warp(1_800_000_000);
        validator = deployValidator();
        registry = deployRegistry();
        key = guardianKey(address(registry));
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory ec) = observationOf(KID, ISSUER_KEY);
        registry.observe(seen, ec, signAs(3, registry.observationDigest(seen)));
        skip(DELAY);
    }

    /// [J1] nothing, a salt alone, and whatever is shorter than a proof
    function test_nothing() public view {
        for (uint256 length = 0; length < 40; ++length) {
            _expect(key, new bytes(length), IOidcRecoveryValidator.Problem.Layout);
        }
    }

    /// [J10] a header of 512 and a payload of 2,048 bytes are read, longer ones not
    function test_longestTexts() public view {
        string memory payload = claimsOf(good(), HASH);
        uint256 head = bytes(HEADER).length;
        uint256 body = bytes(payload).length;
        _expectPadded(512 - head, 2_048 - body, IOidcRecoveryValidator.Problem.None);
        _expectPadded(513 - head, 2_048 - body, IOidcRecoveryValidator.Problem.Layout);
        _expectPadded(512 - head, 2_049 - body, IOidcRecoveryValidator.Problem.Layout);
    }

    /// [J10] the same where pins follow
    function test_longestTextsWithPins() public view {
        string memory payload = claimsOf(good(), HASH);
        bytes memory any = abi.encodePacked(address(0), HASH);
        for (uint256 length = 2_048; length < 2_050; ++length) {
            string memory padded = _pad(payload, length - bytes(payload).length);
            bytes memory pins = abi.encodePacked(uint8(1), keyHashOf(ES256, ecKey(ISSUER_KEY)), new bytes(128));
            IOidcRecoveryValidator.Problem wanted =
                length == 2_048 ? IOidcRecoveryValidator.Problem.Identity : IOidcRecoveryValidator.Problem.Layout;
            _expect(any, abi.encodePacked(shown(CLIENT, HEADER, padded), pins), wanted);
        }
    }

    /// [111] an audience is no empty text, however its absence is written
    function test_emptyAudiences() public view {
        Says memory says = good();
        says.audience = "";
        string memory payload = claimsOf(says, HASH);
        bytes memory any = abi.encodePacked(registry, identityOf(ISSUER, "", "1101694", SALT));
        bytes memory rest = abi.encodePacked(
            uint16(bytes(HEADER).length),
            HEADER,
            uint16(bytes(payload).length),
            payload,
            ecKey(ISSUER_KEY),
            signToken(HEADER, payload)
        );
        _expect(any, abi.encodePacked(SALT, uint8(1), uint8(0), rest), IOidcRecoveryValidator.Problem.Layout);
        _expect(any, abi.encodePacked(SALT, uint8(1), rest), IOidcRecoveryValidator.Problem.Layout);
    }

    /// [J29] [J37] the issuer's key and signature fill what is left, to the byte: no room for DER
    function test_keyAndSignature() public {
        string memory payload = claimsOf(good(), HASH);
        bytes memory proof = shown(CLIENT, HEADER, payload);
        bytes memory signature = signToken(HEADER, payload);
        bytes memory ec = ecKey(ISSUER_KEY);
        _expect(key, abi.encodePacked(proof, ec, signature), IOidcRecoveryValidator.Problem.None);
        _expect(key, abi.encodePacked(proof, ec, signature, bytes1(0)), IOidcRecoveryValidator.Problem.Layout);
        _expect(key, abi.encodePacked(proof, ec, signature, bytes2(0)), IOidcRecoveryValidator.Problem.Layout);
        _expect(key, abi.encodePacked(proof, ec), IOidcRecoveryValidator.Problem.Layout);
        _expect(key, proof, IOidcRecoveryValidator.Problem.Layout);
        bytes memory der = abi.encodePacked(hex"30440220", _half(signature, 0), hex"0220", _half(signature, 32));
        _expect(key, abi.encodePacked(proof, ec, der), IOidcRecoveryValidator.Problem.Layout);
        // RSA: as long as one another, and of one of three lengths.
        string memory json = vm.readFile(string.concat(vm.projectRoot(), "/vectors/oidc.json"));
        vm.warp(vm.parseJsonUint(json, ".now"));
        bytes memory pinned = vm.parseJsonBytes(json, ".cases[0].key");
        bytes32 hash = vm.parseJsonBytes32(json, ".cases[0].hash");
        bytes memory good_ = vm.parseJsonBytes(json, ".cases[0].proof");
        _expectOf(pinned, hash, good_, IOidcRecoveryValidator.Problem.None);
        _expectOf(pinned, hash, abi.encodePacked(good_, bytes1(0)), IOidcRecoveryValidator.Problem.Layout);
        _expectOf(pinned, hash, abi.encodePacked(good_, bytes2(0)), IOidcRecoveryValidator.Problem.Layout);
        _expectOf(pinned, hash, abi.encodePacked(good_, new bytes(256)), IOidcRecoveryValidator.Problem.Key);
    }

    /// [J37] r and s of zero, of the order and beyond, high s, another point
    function test_numbersOfES256() public view {
        string memory payload = claimsOf(good(), HASH);
        bytes memory signature = signToken(HEADER, payload);
        (uint256 r, uint256 s) = (uint256(_half(signature, 0)), uint256(_half(signature, 32)));
        uint256[2][8] memory bad = [
            [uint256(0), s],
            [r, uint256(0)],
            [uint256(0), uint256(0)],
            [P256_ORDER, s],
            [r, P256_ORDER],
            [r, P256_ORDER - s],
            [type(uint256).max, type(uint256).max],
            [s, r]
        ];
        bytes memory proof = abi.encodePacked(shown(CLIENT, HEADER, payload), ecKey(ISSUER_KEY));
        _expect(key, abi.encodePacked(proof, r, s), IOidcRecoveryValidator.Problem.None);
        for (uint256 i = 0; i < bad.length; ++i) {
            _expect(key, abi.encodePacked(proof, bad[i][0], bad[i][1]), IOidcRecoveryValidator.Problem.Signature);
        }
    }

    /// [J37] a point off the curve verifies nothing, even where a registry says that it is the key
    function test_pointsOffTheCurve() public {
        TurncoatRegistry turncoat = new TurncoatRegistry();
        string memory payload = claimsOf(good(), HASH);
        bytes memory signature = signToken(HEADER, payload);
        bytes memory ec = ecKey(ISSUER_KEY);
        for (uint256 i = 0; i < 3; ++i) {
            if (i == 0) ec[63] ^= 0x01;
            if (i == 1) ec = new bytes(64);
            if (i == 2) ec = abi.encode(type(uint256).max, type(uint256).max);
            turncoat.use(keyHashOf(ES256, ec), true);
            bytes memory any = guardianKey(address(turncoat));
            bytes memory approval = abi.encodePacked(shown(CLIENT, HEADER, payload), ec, signature);
            _expect(any, approval, IOidcRecoveryValidator.Problem.Signature);
        }
    }

    /// [105] [J22] a token without a kid has no key in any registry, not even in one that knows a key for everything
    function test_noKid() public {
        TurncoatRegistry turncoat = new TurncoatRegistry();
        turncoat.use(keyHashOf(ES256, ecKey(ISSUER_KEY)), true);
        bytes memory any = guardianKey(address(turncoat));
        string memory payload = claimsOf(good(), HASH);
        _expect(any, _approval('{"alg":"ES256","kid":"any"}', payload), IOidcRecoveryValidator.Problem.None);
        _expect(any, _approval('{"alg":"ES256"}', payload), IOidcRecoveryValidator.Problem.Key);
    }

    /// [44] [J38] no validator where MODEXP does not compute
    function test_needsModexp() public {
        vm.mockCall(address(0x05), "", new bytes(256));
        vm.expectRevert();
        this.deploy();
        vm.clearMockedCalls();
        this.deploy();
    }

    // ---------------------------------------------------------------- Helpers

    function deploy() external {
        deployValidator();
    }

    function _expectPadded(uint256 head, uint256 body, IOidcRecoveryValidator.Problem wanted) private view {
        string memory header = _pad(HEADER, head);
        string memory payload = _pad(claimsOf(good(), HASH), body);
        _expect(key, _approval(header, payload), wanted);
    }

    /// @dev The object with `more` bytes of white space behind its opening brace.
    function _pad(string memory text, uint256 more) private pure returns (string memory) {
        bytes memory padded = new bytes(bytes(text).length + more);
        for (uint256 i = 0; i < padded.length; ++i) {
            padded[i] =
                i == 0
                    ? bytes1("{")
                    : i <= more
                        ? bytes1(" ")
                        : bytes(text)[i - more];
        }
        return string(padded);
    }

    function _approval(string memory header, string memory payload) private pure returns (bytes memory) {
        return abi.encodePacked(shown(CLIENT, header, payload), ecKey(ISSUER_KEY), signToken(header, payload));
    }

    function _half(bytes memory signature, uint256 at) private pure returns (bytes32 half) {
        assembly ("memory-safe") {
            half := mload(add(add(signature, 0x20), at))
        }
    }

    function _expect(bytes memory any, bytes memory approval, IOidcRecoveryValidator.Problem wanted) private view {
        _expectOf(any, HASH, approval, wanted);
    }

    function _expectOf(
        bytes memory any,
        bytes32 hash,
        bytes memory approval,
        IOidcRecoveryValidator.Problem wanted
    ) private view {
        (IOidcRecoveryValidator.Problem problem, ) = validator.check(any, hash, approval);
        assertEq(uint256(problem), uint256(wanted));
    }
}
