// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "../../utils/Test.sol";
import {ClientDataHarness} from "../support/LibraryHarnesses.sol";

/// @notice Values of keys that nobody asked for: which characters they may consist of, and how their brackets match.
contract ClientDataSkippedTest is Test {
    string private constant FIELDS =
        '"type":"webauthn.get","challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",'
        '"origin":"https://rekey.example"';

    ClientDataHarness internal harness;

    function setUp() public {
        harness = new ClientDataHarness();
    }

    function _accepts(bytes memory value) private view returns (bool ok) {
        (ok, ) = harness.scan(abi.encodePacked("{", FIELDS, ',"x":', value, "}"));
    }

    /// [19] numbers and words consist of digits, small letters, E, signs and dots
    function test_scalarsHaveTheseCharactersAlone() public view {
        bytes memory allowed = "0123456789abcdefghijklmnopqrstuvwxyzE+-.";
        for (uint256 char = 0; char < 256; ++char) {
            bytes1 c = bytes1(uint8(char));
            bool wanted;
            for (uint256 i = 0; i < allowed.length; ++i) if (allowed[i] == c) wanted = true;
            assertEq(_accepts(abi.encodePacked(c)), wanted, vm.toString(char));
            // Within brackets also what separates values.
            if (c != '"' && c != "[" && c != "]" && c != "{" && c != "}") {
                bool separates = c == "," || c == ":" || c == " " || c == "\t" || c == "\n" || c == "\r";
                assertEq(_accepts(abi.encodePacked("[", c, "]")), wanted || separates, vm.toString(char));
            }
        }
    }

    /// [14] a string holds every character but quote, backslash and control characters, at the top and within brackets
    function test_stringsHaveEveryOtherCharacter() public view {
        for (uint256 char = 0; char < 256; ++char) {
            bytes1 c = bytes1(uint8(char));
            bool wanted = char >= 0x20 && c != '"' && c != "\\";
            assertEq(_accepts(abi.encodePacked('"', c, '"')), wanted, vm.toString(char));
            assertEq(_accepts(abi.encodePacked('["', c, '"]')), wanted, vm.toString(char));
        }
    }

    /// [19] brackets of both kinds nested in every order up to the depth allowed; one wrong one is found wherever it is
    function test_matchesBracketsInEveryOrder() public view {
        for (uint256 depth = 1; depth <= 8; ++depth) {
            for (uint256 kinds = 0; kinds < 1 << depth; kinds += 1 + kinds / 8) {
                assertTrue(_accepts(_nested(kinds, kinds, depth)), vm.toString(kinds));
                uint256 wrong = kinds ^ (1 << (kinds % depth));
                assertFalse(_accepts(_nested(kinds, wrong, depth)), vm.toString(kinds));
            }
        }
    }

    /// [19] what follows a value that is not closed, or closed too often, is not taken for the next
    function test_refusesValuesThatDoNotEnd() public view {
        string[10] memory values = ["[", "{", "[[]", "[]]", '["', '["]', '[",]', '"', "[\x00,", '[{"a":"b}]'];
        for (uint256 i = 0; i < values.length; ++i) {
            assertFalse(_accepts(bytes(values[i])), values[i]);
            // Also where the rest would go on like another field.
            assertFalse(_accepts(abi.encodePacked(values[i], ',"y":1')), values[i]);
        }
        assertTrue(_accepts('[],"y":[[],{}]'));
    }

    /// @dev Opens `depth` brackets, the last bit of `opened` first and outermost: 1 = object; closes as `closed` says.
    function _nested(uint256 opened, uint256 closed, uint256 depth) private pure returns (bytes memory text) {
        for (uint256 i = 0; i < depth; ++i) {
            bool isObject = (opened >> i) & 1 == 1;
            text = abi.encodePacked(text, isObject ? bytes1("{") : bytes1("["));
        }
        for (uint256 i = depth; i > 0; --i) {
            bool isObject = (closed >> (i - 1)) & 1 == 1;
            text = abi.encodePacked(text, isObject ? bytes1("}") : bytes1("]"));
        }
    }
}
