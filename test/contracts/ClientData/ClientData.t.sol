// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClientData} from "../../../contracts/libraries/ClientData.sol";
import {Test} from "../../utils/Test.sol";
import {ClientDataHarness} from "../support/LibraryHarnesses.sol";

contract ClientDataTest is Test {
    string private constant CHALLENGE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    string private constant ORIGIN = "https://rekey.example";
    string private constant TYPE_FIELD = '"type":"webauthn.get"';
    string private constant CHALLENGE_FIELD = '"challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"';
    string private constant ORIGIN_FIELD = '"origin":"https://rekey.example"';
    string private constant FIELDS =
        '"type":"webauthn.get","challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",'
        '"origin":"https://rekey.example"';

    ClientDataHarness internal harness;

    function setUp() public {
        harness = new ClientDataHarness();
    }

    function _assertAccepted(string memory json, bool crossOrigin) private view {
        (bool ok, ClientData.Fields memory fields) = harness.scan(bytes(json));
        assertTrue(ok, json);
        assertEq(_slice(json, fields.challengeStart, fields.challengeEnd), CHALLENGE, json);
        assertEq(_slice(json, fields.originStart, fields.originEnd), ORIGIN, json);
        assertEq(fields.crossOrigin, crossOrigin, json);
        // A JSON parser that is not ours finds the same values.
        assertEq(vm.parseJsonString(json, ".type"), "webauthn.get");
        assertEq(vm.parseJsonString(json, ".challenge"), CHALLENGE);
        assertEq(vm.parseJsonString(json, ".origin"), ORIGIN);
    }

    function _assertRefused(string memory json) private view {
        (bool ok, ) = harness.scan(bytes(json));
        assertFalse(ok, json);
    }

    /// [20] fields in any order, as old password managers wrote them
    function test_acceptsAnyOrder() public view {
        string[4] memory f = [TYPE_FIELD, CHALLENGE_FIELD, ORIGIN_FIELD, '"crossOrigin":true'];
        uint256 orders;
        for (uint256 code = 0; code < 256; ++code) {
            (uint256 a, uint256 b, uint256 c, uint256 d) = (code & 3, (code >> 2) & 3, (code >> 4) & 3, code >> 6);
            if (a == b || a == c || a == d || b == c || b == d || c == d) continue;
            ++orders;
            _assertAccepted(
                string.concat(string.concat("{", f[a], ",", f[b], ","), string.concat(f[c], ",", f[d], "}")),
                true
            );
        }
        assertEq(orders, 24);
    }

    /// [20] crossOrigin may be absent, and then is false
    function test_acceptsCrossOriginTrueFalseAndAbsent() public view {
        _assertAccepted(string.concat("{", FIELDS, "}"), false);
        _assertAccepted(string.concat("{", FIELDS, ',"crossOrigin":false}'), false);
        _assertAccepted(string.concat("{", FIELDS, ',"crossOrigin":true}'), true);
    }

    /// [20] keys nobody asked for are skipped, whatever their values
    function test_skipsUnknownKeys() public view {
        string[14] memory more = [
            '"other_keys_can_be_added_here":"do not compare clientDataJSON against a template"',
            '"topOrigin":"https://shop.example","crossOrigin":false',
            '"tokenBinding":{"status":"present","id":"abc"}',
            '"hashAlgorithm":"SHA-256"',
            '"clientExtensions":{}',
            '"androidPackageName":"com.android.chrome"',
            '"n":-12.5E+3,"t":true,"f":false,"z":null',
            '"a":[],"b":[1,2,[3,{"c":"]}"}]]',
            '"payment":{"total":{"currency":"USD","value":"1.00"},"rpId":"x"}',
            unicode'"ключ":"значение 🔑"',
            '"":""',
            '"nested":{"type":"webauthn.create","challenge":"x","origin":"y","crossOrigin":true}',
            '"typ":"x","typex":"y","Type":"z","challenge ":"w"',
            '"a":1,"a":2'
        ];
        for (uint256 i = 0; i < more.length; ++i) {
            _assertAccepted(string.concat("{", FIELDS, ",", more[i], "}"), false);
            _assertAccepted(string.concat("{", more[i], ",", FIELDS, "}"), false);
        }
    }

    /// [20] white space anywhere between tokens
    function test_acceptsWhiteSpaceBetweenTokens() public view {
        string memory json = string.concat(
            ' \t\r\n{ "type"\n:\t"webauthn.get" , \r\n"challenge" : "',
            CHALLENGE,
            '"\n,\t"origin":\n"https://rekey.example" , "crossOrigin" : true , "x" : [ 1 , { } ] } \n'
        );
        _assertAccepted(json, true);
        _assertRefused(string.concat("\u000b{", FIELDS, "}"));
        _assertRefused(string.concat("{", FIELDS, "\u00a0}"));
    }

    /// [13] type is webauthn.get, as a string
    function test_refusesAnotherType() public view {
        string memory others = string.concat(CHALLENGE_FIELD, ",", ORIGIN_FIELD, "}");
        _assertAccepted(string.concat('{"type":"webauthn.get",', others), false);
        string[7] memory types = [
            '"webauthn.create"',
            '"webauthn.get "',
            '"webauthn.ge"',
            '""',
            "webauthn.get",
            "null",
            '["webauthn.get"]'
        ];
        for (uint256 i = 0; i < types.length; ++i) _assertRefused(string.concat('{"type":', types[i], ",", others));
    }

    /// [14] what looks like a field inside a string or a nested object is not the field
    function test_readsFieldsAtTheTopOnly() public view {
        string memory others = string.concat(CHALLENGE_FIELD, ",", ORIGIN_FIELD);
        _assertRefused(string.concat("{", others, ',"x":{"type":"webauthn.get"}}'));
        _assertRefused(string.concat("{", others, ',"x":[{"type":"webauthn.get"}]}'));
        _assertRefused(string.concat("{", others, unicode',"x":"“type”:“webauthn.get”"}'));
        _assertRefused(string.concat('{"x":{', FIELDS, "}}"));
        _assertRefused(string.concat("[{", FIELDS, "}]"));
    }

    /// [15] a wanted key that occurs twice is refused, even with the same value
    function test_refusesARepeatedField() public view {
        string[4] memory f = [TYPE_FIELD, CHALLENGE_FIELD, ORIGIN_FIELD, '"crossOrigin":false'];
        for (uint256 i = 0; i < 4; ++i) {
            _assertRefused(string.concat("{", FIELDS, ',"crossOrigin":false,', f[i], "}"));
            _assertRefused(string.concat("{", f[i], ",", FIELDS, ',"crossOrigin":false}'));
        }
        _assertRefused(string.concat("{", FIELDS, ',"challenge":"other"}'));
    }

    /// [15] a wanted key that is missing is refused
    function test_refusesAMissingField() public view {
        _assertRefused(string.concat("{", TYPE_FIELD, ",", CHALLENGE_FIELD, "}"));
        _assertRefused(string.concat("{", TYPE_FIELD, ",", ORIGIN_FIELD, "}"));
        _assertRefused(string.concat("{", CHALLENGE_FIELD, ",", ORIGIN_FIELD, "}"));
        _assertRefused("{}");
        _assertRefused("");
    }

    /// [14] [15] escapes could write a key in two ways: none is accepted, nor a control character
    function test_refusesEscapesAndControlCharacters() public view {
        _assertRefused(string.concat("{", FIELDS, ',"x":"\\n"}'));
        _assertRefused(string.concat("{", FIELDS, ',"x\\u0041":"y"}'));
        _assertRefused(string.concat("{", FIELDS, ',"x":{"y":"\\""}}'));
        for (uint8 c = 0; c < 0x20; ++c) {
            _assertRefused(string.concat("{", FIELDS, ',"x":"', string(abi.encodePacked(c)), '"}'));
        }
    }

    /// [24] crossOrigin is a literal
    function test_refusesAnythingElseAsCrossOrigin() public view {
        string[8] memory values = ['"true"', "1", "null", "truefalse", "True", "[true]", "tru", ""];
        for (uint256 i = 0; i < values.length; ++i) {
            _assertRefused(string.concat("{", FIELDS, ',"crossOrigin":', values[i], "}"));
        }
    }

    /// [19] nesting is bounded, and brackets match
    function test_boundsNestingAndMatchesBrackets() public view {
        _assertAccepted(string.concat("{", FIELDS, ',"x":', _nest("[", 8), _nest("]", 8), "}"), false);
        _assertRefused(string.concat("{", FIELDS, ',"x":', _nest("[", 9), _nest("]", 9), "}"));
        _assertRefused(string.concat("{", FIELDS, ',"x":', _nest("[", 300), _nest("]", 300), "}"));
        _assertRefused(string.concat("{", FIELDS, ',"x":[}}'));
        _assertRefused(string.concat("{", FIELDS, ',"x":{]}'));
        _assertRefused(string.concat("{", FIELDS, ',"x":[{]}}'));
    }

    /// [19] [34] text that is not one whole object is refused
    function test_refusesBrokenText() public view {
        string memory json = string.concat("{", FIELDS, ',"crossOrigin":false,"x":{"y":[1]}}');
        for (uint256 end = 0; end < bytes(json).length; ++end) _assertRefused(_slice(json, 0, end));
        string[10] memory tails = ["}", ",}", " x", '"', "\x00", "{}", "]", ",", ",1}", ',"a"}'];
        for (uint256 i = 0; i < tails.length; ++i) _assertRefused(string.concat(json, tails[i]));
        _assertRefused(string.concat("{", FIELDS, ",}"));
        _assertRefused(string.concat("{,", FIELDS, "}"));
        _assertRefused(string.concat("{", FIELDS, ',"x"}'));
        _assertRefused(string.concat("{", FIELDS, ',"x":}'));
        _assertRefused(string.concat("{", FIELDS, ",x:1}"));
        _assertRefused(string.concat("{", FIELDS, ' "x":1}'));
        _assertRefused(string.concat("{", FIELDS, ',"x":1 2}'));
        _assertRefused(string(abi.encodePacked(hex"efbbbf", "{", FIELDS, "}")));
    }

    /// [19] no bytes make it revert
    function testFuzz_neverReverts(bytes calldata json, bytes calldata insert, uint256 pos) public view {
        harness.scan(json);
        string memory whole = string.concat("{", FIELDS, ',"x":[{}]}');
        pos = bound(pos, 0, bytes(whole).length);
        harness.scan(abi.encodePacked(_slice(whole, 0, pos), insert, _slice(whole, pos, bytes(whole).length)));
    }

    /// [44] with one byte replaced, what it still accepts a JSON parser reads the same way
    function testFuzz_agreesWithAParser(uint256 pos, uint8 char) public view {
        string memory json = string.concat(" {", FIELDS, ' ,"crossOrigin":true,"x":{"type":[1,"z"]}}');
        pos = bound(pos, 0, bytes(json).length - 1);
        bytes(json)[pos] = bytes1(uint8(bound(char, 0x20, 0x7e)));
        (bool ok, ClientData.Fields memory fields) = harness.scan(bytes(json));
        if (!ok) return;
        // The grammar inside skipped values is not checked; the parser is stricter there.
        if (_isSkippedValue(json, pos)) return;
        assertEq(vm.parseJsonString(json, ".type"), "webauthn.get");
        assertEq(vm.parseJsonString(json, ".challenge"), _slice(json, fields.challengeStart, fields.challengeEnd));
        assertEq(vm.parseJsonString(json, ".origin"), _slice(json, fields.originStart, fields.originEnd));
        bool crossOrigin = vm.keyExistsJson(json, ".crossOrigin") && vm.parseJsonBool(json, ".crossOrigin");
        assertEq(fields.crossOrigin, crossOrigin);
    }

    /// @dev Whether `at` lies in the value of "x", the last 18 characters but one.
    function _isSkippedValue(string memory json, uint256 pos) private pure returns (bool) {
        return pos + 19 >= bytes(json).length;
    }

    function _nest(string memory bracket, uint256 depth) private pure returns (string memory text) {
        for (uint256 i = 0; i < depth; ++i) text = string.concat(text, bracket);
    }

    function _slice(string memory text, uint256 start, uint256 end) private pure returns (string memory) {
        bytes memory part = new bytes(end - start);
        for (uint256 i = start; i < end; ++i) part[i - start] = bytes(text)[i];
        return string(part);
    }
}
