// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "../../utils/Test.sol";
import {ClientDataHarness} from "../support/LibraryHarnesses.sol";

/// @notice What stands around keys and values: each character of it is the one that JSON wants there.
contract ClientDataStructureTest is Test {
    ClientDataHarness internal harness;

    function setUp() public {
        harness = new ClientDataHarness();
    }

    function _accepts(bytes memory json) private view returns (bool ok) {
        (ok, ) = harness.scan(json);
    }

    /// @dev Braces, quotes, colons and commas, each replaced by any of the others and by what is none of them
    function test_everySignStandsForItself() public view {
        bytes memory json = '{"type":"webauthn.get","challenge":"AAECAwQF","origin":"https://rekey.example"}';
        assertTrue(_accepts(json));
        bytes memory signs = "{}[]\":,;='\\ \n0aA\x00";
        bool isInside;
        uint256 count;
        for (uint256 pos = 0; pos < json.length; ++pos) {
            bytes1 sign = json[pos];
            if (sign == '"') isInside = !isInside;
            else if (isInside) continue;
            ++count;
            for (uint256 i = 0; i < signs.length; ++i) {
                if (signs[i] == sign) continue;
                json[pos] = signs[i];
                assertFalse(_accepts(json), string(json));
            }
            json[pos] = sign;
        }
        assertEq(count, 2 + 12 + 3 + 2);
    }

    /// @dev The fields that are compared are strings; what is no string has no text between quotes
    function test_fieldsAreStrings() public view {
        string[3] memory keys = ["type", "challenge", "origin"];
        string[3] memory texts = ['"webauthn.get"', '"AAECAwQF"', '"https://rekey.example"'];
        string[6] memory others = ["null", "true", "12345678", "[]", '["AAECAwQF"]', '{"a":"AAECAwQF"}'];
        for (uint256 i = 0; i < keys.length; ++i) {
            for (uint256 j = 0; j < others.length; ++j) {
                bytes memory json = "{";
                for (uint256 k = 0; k < keys.length; ++k) {
                    json = abi.encodePacked(json, '"', keys[k], '":', k == i ? others[j] : texts[k], k < 2 ? "," : "}");
                }
                assertFalse(_accepts(json), string(json));
            }
        }
    }

    /// [14] [19] a string within brackets that a line or a tab breaks off, where the rest would do for an end
    function test_brokenStringWithinBrackets() public view {
        bytes memory start = '{"type":"webauthn.get","challenge":"AAECAwQF","origin":"https://rekey.example","x":["a';
        assertTrue(_accepts(abi.encodePacked(start, '"]}')));
        bytes memory signs = "\t\n\r\x00\\";
        for (uint256 i = 0; i < signs.length; ++i) {
            assertFalse(_accepts(abi.encodePacked(start, signs[i], "}")));
            assertFalse(_accepts(abi.encodePacked(start, signs[i], ',"y":1}')));
            assertFalse(_accepts(abi.encodePacked(start, signs[i], '"]}')));
        }
    }
}
