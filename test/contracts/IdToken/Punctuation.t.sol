// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Test} from "../../utils/Test.sol";
import {IdTokenHarness} from "./IdTokenHarness.sol";

/// @notice Each of JSON's marks stands where it belongs, and nothing else stands in its place.
contract PunctuationTest is Test {
    IdTokenHarness internal token;

    bytes32 private constant NONCE = keccak256("nonce");

    function setUp() public {
        token = new IdTokenHarness();
    }

    /// [117] [J12] [J13] the object's own braces and commas
    function test_bracesAndCommas() public view {
        bytes memory good = _with('"x":1,"y":2');
        assertTrue(_reads(good));
        bytes memory changed = bytes.concat(good);
        changed[0] = "x";
        assertFalse(_reads(changed), "another start");
        changed[0] = "[";
        assertFalse(_reads(changed), "the start of an array");
        changed = bytes.concat(good);
        changed[good.length - 1] = "]";
        assertFalse(_reads(changed), "the end of an array");
        changed[good.length - 1] = "x";
        assertFalse(_reads(changed), "another end");
        assertFalse(_reads(_with('"x":1;"y":2')), "a semicolon");
        assertFalse(_reads(_with('"x":1 ;"y":2')), "a semicolon and a space");
    }

    /// [117] [J13] colons, for claims that are wanted and for others
    function test_colons() public view {
        assertTrue(_reads(_with('"azp" : "a"')));
        assertFalse(_reads(_with('"azp";"a"')));
        assertFalse(_reads(_with('"azp" ;"a"')));
        assertFalse(_reads(_with('"nbf";1')));
        assertFalse(_reads(_with('"x";1')));
        assertFalse(_reads(_with('"x" ;1')));
        assertFalse(_reads(_with('"x":{"y";1}')));
        (bool ok, ) = token.header('{"alg";"RS256"}');
        assertFalse(ok);
    }

    /// [117] [J13] quotes begin strings, and no other character does
    function test_quotes() public view {
        assertFalse(_reads(_with('xa":1')), "a key");
        assertFalse(_reads(_with('"azp":xa"')), "a claim");
        assertFalse(_reads(_with('"x":{ya":1}')), "a key inside");
        string memory nonce = Base64.encodeURL(abi.encodePacked(NONCE));
        string memory rest = '{"iss":"i","aud":"app","sub":"me","iat":1800000000,"exp":1800003600,"nonce":';
        assertTrue(_reads(bytes(string.concat(rest, '"', nonce, '"}'))));
        assertFalse(_reads(bytes(string.concat(rest, "x", nonce, '"}'))), "the nonce");
    }

    /// [117] [J49] characters outside ASCII are found in every word of a long string
    function test_longStrings() public view {
        string memory long = "0123456789012345678901234567890123456789012345678901234567890123456789";
        assertTrue(_reads(_with(string.concat('"azp":"', long, '"'))));
        assertFalse(_reads(_with(string.concat(unicode'"azp":"é', long, '"'))));
        assertFalse(_reads(_with(string.concat('"azp":"', long, unicode'é"'))));
        assertFalse(_reads(_with(string.concat('"azp":"', long, unicode"é", long, '"'))));
    }

    /// [117] values that nobody asks for: brackets, commas, literals, escapes
    function test_insideOtherValues() public view {
        string[10] memory bad = [
            "[1;2]",
            '{"a":1;"b":2}',
            "[}",
            "{]",
            "[[}]",
            "trux",
            "nulx",
            "falsx",
            '"\\x12345"',
            '{"a":1,"b":2;}'
        ];
        for (uint256 i = 0; i < bad.length; ++i) assertFalse(_reads(_with(string.concat('"x":', bad[i]))), bad[i]);
    }

    function _with(string memory member) private pure returns (bytes memory) {
        string memory nonce = Base64.encodeURL(abi.encodePacked(NONCE));
        return
            abi.encodePacked(
                '{"iss":"i","aud":"app","sub":"me","iat":1800000000,"exp":1800003600,"nonce":"',
                nonce,
                '",',
                member,
                "}"
            );
    }

    function _reads(bytes memory text) private view returns (bool ok) {
        (ok, ) = token.claims(text, NONCE);
    }
}
