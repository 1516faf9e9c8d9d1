// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PasskeyValidator} from "../../../contracts/modules/PasskeyValidator.sol";
import {FLAG_CROSS_ORIGIN, FLAG_USER_VERIFICATION} from "../../../contracts/types/Credential.sol";
import {PasskeyDeployer} from "../support/PasskeyDeployer.sol";
import {Assertion, PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";

/// @notice The verification steps of WebAuthn §7.2, on the deployed bytecode of the validator.
contract WebAuthnRulesTest is PasskeyHelper, PasskeyDeployer {
    uint256 private constant KEY = 0xa11ce;
    bytes32 private constant HASH = keccak256("what the owner signs");

    PasskeyValidator internal validator;

    function setUp() public {
        validator = deployPasskeyValidator();
    }

    /// @dev The credential is the one registered; the assertion is made as `config` says.
    function _accepts(PasskeyConfig memory registered, PasskeyConfig memory config) private view returns (bool) {
        bytes memory data = abi.encode(credentialOf(KEY, registered).commitment());
        return validator.validateSignatureWithData(HASH, statelessAssertion(KEY, config, HASH), data);
    }

    function _acceptsBlob(PasskeyConfig memory registered, bytes memory blob) private view returns (bool) {
        return validator.validateSignatureWithData(HASH, blob, abi.encode(credentialOf(KEY, registered).commitment()));
    }

    /// @dev Refused in both forms, for this reason alone: the same assertion without the change is accepted in both.
    function _assertRefused(PasskeyConfig memory config) private view {
        assertTrue(_accepts(passkey(), passkey()), "baseline, compact");
        assertFalse(_accepts(passkey(), config), "compact");
        config.isFull = true;
        assertFalse(_accepts(passkey(), config), "full");
        PasskeyConfig memory full = passkey();
        full.isFull = true;
        assertTrue(_accepts(passkey(), full), "baseline, full");
    }

    function test_acceptsACompactBlobOf196Bytes() public view {
        PasskeyConfig memory config = passkey();
        config.origins[0] = "https://wallet.rekey.exampl";
        bytes memory blob = statelessAssertion(KEY, config, HASH);
        assertEq(blob.length, 196);
        assertTrue(_acceptsBlob(config, blob));
    }

    /// [8] an assertion without user presence is refused
    function test_refusesWithoutUserPresence() public view {
        PasskeyConfig memory config = passkey();
        config.authFlags = UV | BE | BS;
        _assertRefused(config);
    }

    /// [9] an assertion without user verification is refused where the credential requires it
    function test_refusesWithoutUserVerification() public view {
        PasskeyConfig memory config = passkey();
        config.authFlags = UP | BE | BS;
        _assertRefused(config);
    }

    /// [9] the rule is the registered one, not the one the blob states
    function test_rulesComeFromTheRegistration() public view {
        PasskeyConfig memory config = passkey();
        config.authFlags = UP;
        config.flags = 0;
        assertFalse(_accepts(passkey(), config));
        assertTrue(_accepts(config, config));
    }

    /// [27] no bit of the blob selects a rule, a verifier or another reading of the same signature
    function test_noBitOfHeadOrFlagsIsFree() public view {
        bytes memory blob = statelessAssertion(KEY, passkey(), HASH);
        for (uint256 bit = 0; bit < 16; ++bit) {
            bytes memory flipped = abi.encodePacked(blob);
            flipped[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
            assertFalse(_acceptsBlob(passkey(), flipped), vm.toString(bit));
        }
    }

    /// [10] a passkey that is backed up without being eligible for it is refused
    function test_refusesBackupStateWithoutEligibility() public view {
        PasskeyConfig memory config = passkey();
        config.authFlags = UP | UV | BS;
        _assertRefused(config);
    }

    /// [11] backup eligibility may change after registration: a provider that corrects it must not brick the key
    function test_acceptsEitherBackupEligibility() public view {
        PasskeyConfig memory config = passkey();
        config.authFlags = UP | UV | BE;
        assertTrue(_accepts(passkey(), config));
        config.authFlags = UP | UV;
        assertTrue(_accepts(passkey(), config));
    }

    /// [12] extension and attested data after byte 37 are accepted in the full form, and are part of what is signed
    function testFuzz_acceptsAnyTailThatIsSigned(bytes calldata tail, uint256 pos) public view {
        PasskeyConfig memory config = passkey();
        config.isFull = true;
        config.authFlags = UP | UV | BE | BS | 0xc0;
        config.authTail = abi.encodePacked(bytes1(0xa1), tail.length > 1_000 ? tail[:1_000] : tail);
        Assertion memory parts = assertionParts(KEY, config, HASH, STATELESS);
        assertTrue(_acceptsBlob(passkey(), encodeAssertion(parts)));
        parts.authData[39 + bound(pos, 0, config.authTail.length - 1)] ^= 0x01;
        assertFalse(_acceptsBlob(passkey(), encodeAssertion(parts)));
    }

    /// [13] an attestation is not an assertion
    function test_refusesAnotherType() public view {
        PasskeyConfig memory config = passkey();
        config.clientType = "webauthn.create";
        _assertRefused(config);
        config = passkey();
        config.clientType = "payment.get";
        _assertRefused(config);
    }

    /// [16] [17] the challenge is the one canonical text of the hash
    function test_refusesAnyOtherTextOfTheChallenge() public view {
        bytes memory text = bytes(base64Url(abi.encode(HASH)));
        string[6] memory texts = [
            string(_cut(text, 42)),
            string.concat(string(text), "="),
            string.concat(string(text), "A"),
            _replace(text, 42, _otherTrailingBits(text[42])),
            string(_cut(text, 1)),
            vm.toString(HASH)
        ];
        for (uint256 i = 0; i < texts.length; ++i) {
            PasskeyConfig memory config = passkey();
            config.challenge = texts[i];
            _assertRefused(config);
        }
    }

    /// [16] the alphabet is base64url
    function test_refusesTheOtherAlphabet() public view {
        bytes32 hash = bytes32(type(uint256).max);
        PasskeyConfig memory config = passkey();
        config.isFull = true;
        bytes memory data = abi.encode(credentialOf(KEY, config).commitment());
        assertTrue(validator.validateSignatureWithData(hash, statelessAssertion(KEY, config, hash), data));
        config.challenge = string(_cut("//////////////////////////////////////////8=", 43));
        assertFalse(validator.validateSignatureWithData(hash, statelessAssertion(KEY, config, hash), data));
    }

    /// [21] [22] the origin is one of those registered, byte by byte
    function test_refusesAnyOtherOrigin() public view {
        string[9] memory origins = [
            "https://blog.rekey.example",
            "https://rekey.example:443",
            "https://REKEY.example",
            "https://rekey.example.",
            "http://rekey.example",
            "https://rekey.example/",
            "https://xn--rkey-5ya.example",
            "https://rekey.exampl",
            unicode"https://rekеy.example"
        ];
        for (uint256 i = 0; i < origins.length; ++i) {
            PasskeyConfig memory config = passkey();
            config.signedOrigin = origins[i];
            _assertRefused(config);
        }
    }

    /// [21] each of several registered origins is accepted at its place, and at no other
    function test_acceptsEachRegisteredOrigin() public view {
        for (uint256 count = 1; count <= 4; ++count) {
            for (uint256 used = 0; used < count; ++used) {
                PasskeyConfig memory config = withOrigins(passkey(), count, used);
                assertTrue(_accepts(config, config));
                config.isFull = true;
                assertTrue(_accepts(config, config));
                if (count == 1) continue;
                Assertion memory parts = assertionParts(KEY, config, HASH, STATELESS);
                for (uint256 place = 0; place < 6; ++place) {
                    parts.origins[parts.origins.length - 1] = bytes1(uint8(place));
                    assertEq(_acceptsBlob(config, encodeAssertion(parts)), place == used);
                }
            }
        }
    }

    /// [23] an assertion for another relying party is refused
    function test_refusesAnotherRelyingParty() public view {
        PasskeyConfig memory config = passkey();
        config.rpId = "evil.example";
        _assertRefused(config);
    }

    /// [24] an assertion made in a cross-origin frame is refused unless the registration allows it
    function test_refusesCrossOriginUnlessAllowed() public view {
        PasskeyConfig memory config = passkey();
        config.crossOrigin = true;
        _assertRefused(config);
        config.flags = FLAG_USER_VERIFICATION | FLAG_CROSS_ORIGIN;
        assertFalse(_accepts(passkey(), config), "the blob's flags do not count");
        for (uint256 i = 0; i < 2; ++i) {
            config.isFull = i == 1;
            config.crossOrigin = true;
            assertTrue(_accepts(config, config));
            config.crossOrigin = false;
            assertTrue(_accepts(config, config));
        }
    }

    /// [24] topOrigin rides in the rest: allowed with cross-origin frames, and not compared with a list
    function test_acceptsTopOriginWhereFramesAreAllowed() public view {
        PasskeyConfig memory config = passkey();
        config.flags = FLAG_CROSS_ORIGIN;
        config.crossOrigin = true;
        config.rest = ',"topOrigin":"https://shop.example"}';
        assertTrue(_accepts(config, config));
    }

    /// [25] a signature over the hash of one chain is none over the hash of another
    function testFuzz_refusesAnotherHash(bytes32 other) public view {
        vm.assume(other != HASH);
        bytes memory data = abi.encode(credentialOf(KEY, passkey()).commitment());
        bytes memory blob = statelessAssertion(KEY, passkey(), HASH);
        assertTrue(validator.validateSignatureWithData(HASH, blob, data));
        assertFalse(validator.validateSignatureWithData(other, blob, data));
    }

    /// [41] the signature counter is not looked at: synced passkeys have none
    function testFuzz_acceptsAnySignatureCounter(uint32 signCount) public view {
        PasskeyConfig memory config = passkey();
        config.signCount = signCount;
        assertTrue(_accepts(passkey(), config));
    }

    function _cut(bytes memory text, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = text[i];
    }

    function _replace(bytes memory text, uint256 pos, bytes1 char) private pure returns (string memory) {
        bytes memory copy = abi.encodePacked(text);
        copy[pos] = char;
        return string(copy);
    }

    /// @dev The character after it in the alphabet: it differs in the two bits that no byte of the hash fills.
    function _otherTrailingBits(bytes1 char) private pure returns (bytes1) {
        bytes memory alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (uint256 i = 0; i < 64; ++i) {
            if (alphabet[i] == char) return alphabet[i + 1];
        }
        return char;
    }
}
