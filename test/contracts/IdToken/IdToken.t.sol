// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {IdToken} from "../../../contracts/libraries/IdToken.sol";
import {Test} from "../../utils/Test.sol";
import {IdTokenHarness} from "./IdTokenHarness.sol";

/// @notice What the scanner takes as header and claims of an ID token, down to the grammar of what it skips.
contract IdTokenTest is Test {
    IdTokenHarness internal token;

    bytes32 private constant NONCE = keccak256("nonce");
    bytes32 private constant ISSUER = keccak256("https://issuer.example");
    string private constant REST = '"aud":"app","sub":"me","iat":1800000000,"exp":1800003600,"nonce":"';

    function setUp() public {
        token = new IdTokenHarness();
    }

    // ---------------------------------------------------------------- Claims

    function test_readsEveryClaim() public view {
        bytes memory text = abi.encodePacked(
            '{"azp":"other","nbf":0,"iss":"https://issuer.example",',
            REST,
            _nonce(),
            '"}'
        );
        IdToken.Claims memory claims = _read(text);
        assertEq(claims.issuer, ISSUER);
        assertEq(claims.audience, keccak256("app"));
        assertEq(claims.authorizedParty, keccak256("other"));
        assertEq(claims.subject, keccak256("me"));
        assertEq(claims.issuedAt, 1_800_000_000);
        assertEq(claims.expiresAt, 1_800_003_600);
        assertEq(claims.notBefore, 0);
        assertTrue(claims.hasNonce);
    }

    /// [112] the nonce is compared to its last character
    function test_theNonceIsComparedWhole() public view {
        for (uint256 i = 0; i < 43; ++i) {
            bytes memory nonce = bytes(_nonce());
            nonce[i] = nonce[i] == "A" ? bytes1("B") : bytes1("A");
            bytes memory text = abi.encodePacked('{"iss":"https://issuer.example",', REST, nonce, '"}');
            assertFalse(_read(text).hasNonce);
        }
        assertFalse(_read(abi.encodePacked('{"iss":"i",', REST, _nonce(), 'A"}')).hasNonce);
        assertFalse(_read(abi.encodePacked('{"iss":"i",', REST, '"}')).hasNonce);
        _refuses(abi.encodePacked('{"iss":"i",', REST, _nonce(), "}"));
    }

    /// Each claim that is wanted is needed, and counts once.
    function test_eachClaimOnce() public view {
        string[6] memory members = [
            '"iss":"i"',
            '"aud":"a"',
            '"sub":"s"',
            '"iat":1',
            '"exp":2',
            string.concat('"nonce":"', _nonce(), '"')
        ];
        for (uint256 left = 0; left < 6; ++left) {
            string memory text = "{";
            for (uint256 i = 0; i < 6; ++i) {
                if (i != left) text = string.concat(text, bytes(text).length == 1 ? "" : ",", members[i]);
            }
            _refuses(bytes(string.concat(text, "}")));
            text = string.concat(text, ",", members[left]);
            _read(bytes(string.concat(text, "}")));
            _refuses(bytes(string.concat(text, ",", members[left], "}")));
        }
        _refuses(_with('"azp":"a","azp":"a"'));
        _refuses(_with('"nbf":1,"nbf":1'));
    }

    function test_stringsAreStrings() public view {
        _refuses(_with('"azp":1'));
        _refuses(_with('"azp":"a\\/b"'));
        _refuses(_with(unicode'"azp":"é"'));
        _refuses(_with('"azp":"a'));
        _refuses(_with('"azp" "a"'));
        _refuses(_with('"nbf" 1'));
        _refuses(abi.encodePacked('{"sub":"","iss":"i","aud":"a","iat":1,"exp":2,"nonce":"', _nonce(), '"}'));
    }

    function test_timesAreWholeNumbers() public view {
        string[10] memory bad = ["", "-1", "01", "1.5", "1e3", "123456789012", '"1"', "null", "+1", "0x1"];
        for (uint256 i = 0; i < bad.length; ++i) _refuses(_with(string.concat('"nbf":', bad[i])));
        uint40[6] memory good = [0, 1, 10, 1_800_000_000, 9_999_999_999, 99_999_999_999];
        for (uint256 i = 0; i < good.length; ++i) {
            bytes memory text = _with(string.concat('"nbf":', vm.toString(uint256(good[i]))));
            assertEq(_read(text).notBefore, good[i]);
        }
    }

    function testFuzz_numbersAreWhatTheirDigitsSay(uint256 number) public view {
        number = bound(number, 0, 99_999_999_999);
        assertEq(_read(_with(string.concat('"nbf":', vm.toString(number)))).notBefore, number);
    }

    function test_issuersWithEscapedSlashes() public view {
        bytes memory text = abi.encodePacked('{"iss":"https:\\/\\/issuer.example",', REST, _nonce(), '"}');
        assertEq(_read(text).issuer, ISSUER);
        _refuses(abi.encodePacked('{"iss":"https:\\u002f/issuer.example",', REST, _nonce(), '"}'));
        _refuses(abi.encodePacked('{"iss":"a\\\\b",', REST, _nonce(), '"}'));
        _refuses(abi.encodePacked(unicode'{"iss":"https:\\/\\/é",', REST, _nonce(), '"}'));
        _refuses(abi.encodePacked('{"iss":"https:\\/\\/x', REST, _nonce(), '"}'));
        _refuses(abi.encodePacked('{"iss":1,', REST, _nonce(), '"}'));
    }

    function test_otherKindsOfToken() public view {
        _refuses(_with('"events":{}'));
        _refuses(_with('"token_use":"access"'));
        _refuses(_with('"token_use":1'));
        _read(_with('"token_use":"id"'));
    }

    // ---------------------------------------------------------------- What is skipped

    /// [117] values that nobody asks for have to be JSON all the same
    function test_skipsJsonAndNothingElse() public view {
        string[36] memory good = [
            "true",
            "false",
            "null",
            "0",
            "-0",
            "12",
            "-1.50",
            "1e9",
            "1E+9",
            "1.5e-10",
            '""',
            '"a b"',
            '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
            '"\\u0aF9"',
            unicode'"é ☃"',
            '"0123456789012345678901234567890123456789012345678901234567890123456789"',
            unicode'"01234567890123456789012345678901234567890é2345678901234567890123"',
            "{}",
            "[]",
            "[ ]",
            "{ }",
            "[1]",
            "[1,2]",
            "[ 1 , 2 ]",
            '{"a":1}',
            '{ "a" : 1 , "b" : [ ] }',
            '{"\\u0061":1}',
            '{"a":{"b":[{"c":[]}]}}',
            "[[[[[[[[]]]]]]]]",
            '[{"sub":"x"}]',
            "[true,false,null]",
            '["a",{"b":-1},[]]',
            "[[],{}]",
            '{"a":[],"a":{}}',
            "[0.0,0e0]",
            '[{},{"x":"\\u0000"}]'
        ];
        for (uint256 i = 0; i < good.length; ++i) _read(_with(string.concat('"x":', good[i])));
        string[48] memory bad = [
            "",
            "tru",
            "True",
            "nul",
            "fals",
            "undefined",
            "01",
            "-",
            "-01",
            "1.",
            ".5",
            "1e",
            "1e+",
            "+1",
            "0x1",
            "NaN",
            "1 2",
            '"a',
            '"\\x"',
            '"\\u12g4"',
            '"\\u12"',
            '"\\"',
            '"a\nb"',
            '"a\x00b"',
            "[",
            "]",
            "{",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1}",
            '{"a":1]',
            '{"a"}',
            '{"a":}',
            '{"a" 1}',
            "{a:1}",
            "{1:1}",
            '{"a":1,}',
            '{"a":1 "b":2}',
            "[[[[[[[[[]]]]]]]]]",
            '{"a":"\\q"}',
            '["\\ud80"]',
            "[1,2",
            "[tru]",
            '{"\\x":1}',
            "'a'",
            "/**/1",
            '"a""b"'
        ];
        for (uint256 i = 0; i < bad.length; ++i) _refuses(_with(string.concat('"x":', bad[i])));
    }

    function test_keysOfTheObjectHaveNoEscapes() public view {
        _read(_with('"a key of more than thirty characters, which is no claim":1'));
        _read(_with('"":1'));
        _refuses(_with('"s\\u0075b":1'));
        _refuses(_with(unicode'"é":1'));
        _refuses(_with("a:1"));
        _refuses(_with('"a'));
    }

    function test_objectsBeginAndEnd() public view {
        bytes memory good = _with('"x":1');
        _read(good);
        _refuses("");
        _refuses("{}");
        _refuses("[]");
        _refuses(abi.encodePacked(" ", good));
        _refuses(abi.encodePacked(good, " "));
        _refuses(abi.encodePacked(good, "}"));
        _refuses(abi.encodePacked(good, good));
        _refuses(_with('"x":1,'));
        for (uint256 i = 0; i < good.length; ++i) {
            bytes memory cut = new bytes(i);
            for (uint256 j = 0; j < i; ++j) cut[j] = good[j];
            _refuses(cut);
        }
    }

    function test_whiteSpaceBetweenTokens() public view {
        bytes memory text = abi.encodePacked(
            '{ \t\r\n"x"\n:\t1 \r, "iss" : "https://issuer.example" ,\n',
            '"aud": "app" ,"sub" :"me","iat": 1800000000 ,"exp" :1800003600\t, "nonce"  :  "',
            _nonce(),
            '"\n}'
        );
        assertEq(_read(text).issuer, ISSUER);
        assertTrue(_read(text).hasNonce);
        // Other white space of Unicode, or of other languages, is none.
        _refuses(_with('"x":\x0b1'));
        _refuses(_with('"x":\x0c1'));
        _refuses(_with(unicode'"x":\u00a01'));
    }

    // ---------------------------------------------------------------- Header

    function test_readsHeaders() public view {
        (bool ok, IdToken.Header memory header) = token.header('{"alg":"RS256","kid":"k","typ":"JWT","x":[1]}');
        assertTrue(ok);
        assertEq(header.algorithm, IdToken.RS256);
        assertEq(header.kid, keccak256("k"));
        (ok, header) = token.header('{ "x" : "y" , "alg" : "ES256" }');
        assertTrue(ok);
        assertEq(header.algorithm, IdToken.ES256);
        assertEq(header.kid, 0);
    }

    /// [104] headers of other tokens, and such as say more than once what they are
    function test_refusesOtherHeaders() public view {
        string[22] memory bad = [
            "",
            "{}",
            '{"kid":"k"}',
            '{"alg":"none"}',
            '{"alg":"HS256"}',
            '{"alg":"RS256","alg":"RS256"}',
            '{"alg":"RS256","kid":"k","kid":"k"}',
            '{"alg":"RS256","kid":""}',
            '{"alg":"RS256","kid":1}',
            '{"alg":"RS256","kid" "k"}',
            '{"alg":"RS256","typ":"at+jwt"}',
            '{"alg":"RS256","typ":"JWT","typ":"JWT"}',
            '{"alg":"RS256","b64":false}',
            '{"alg":"RS256","crit":["b64"]}',
            '{"alg":"RS256","enc":"x"}',
            '{"alg":"RS256","zip":"DEF"}',
            '{"alg":"RS256","x":tru}',
            '{"alg":"RS256","\\u0061lg":"none"}',
            '{"alg":"RS256","x"}',
            '{"alg":"RS256"}}',
            '{"alg":"RS256"',
            '{"alg":"RS256",}'
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            (bool ok, ) = token.header(bytes(bad[i]));
            assertFalse(ok, bad[i]);
        }
    }

    // ---------------------------------------------------------------- What was signed

    /// [109] one text has one form: compared with another encoder
    function testFuzz_signedHashIsOfTheTwoTextsInBase64Url(bytes calldata head, bytes calldata payload) public view {
        bytes memory wanted = bytes(string.concat(Base64.encodeURL(head), ".", Base64.encodeURL(payload)));
        assertEq(token.signedHash(head, payload), sha256(wanted));
    }

    function test_signedHashOfEveryLength() public view {
        for (uint256 length = 0; length < 100; ++length) {
            bytes memory text = new bytes(length);
            for (uint256 i = 0; i < length; ++i) text[i] = bytes1(uint8(255 - i));
            bytes memory wanted = bytes(string.concat(Base64.encodeURL(text), ".", Base64.encodeURL(text)));
            assertEq(token.signedHash(text, text), sha256(wanted));
        }
    }

    // ---------------------------------------------------------------- Helpers

    function _nonce() private pure returns (string memory) {
        return Base64.encodeURL(abi.encodePacked(NONCE));
    }

    /// @dev Good claims, and a member more at their end.
    function _with(string memory member) private pure returns (bytes memory) {
        return abi.encodePacked('{"iss":"https://issuer.example",', REST, _nonce(), '",', member, "}");
    }

    function _read(bytes memory text) private view returns (IdToken.Claims memory claims) {
        bool ok;
        (ok, claims) = token.claims(text, NONCE);
        assertTrue(ok, string(text));
    }

    function _refuses(bytes memory text) private view {
        (bool ok, ) = token.claims(text, NONCE);
        assertFalse(ok, string(text));
    }
}
