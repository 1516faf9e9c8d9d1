// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Test} from "../../utils/Test.sol";
import {Base64UrlHarness} from "../support/LibraryHarnesses.sol";

contract Base64UrlTest is Test {
    Base64UrlHarness internal harness;

    function setUp() public {
        harness = new Base64UrlHarness();
    }

    /// [33] [44] the encoder agrees with OpenZeppelin's
    function testFuzz_agreesWithOpenZeppelin(bytes32 data) public view {
        assertEq(harness.encode(data), bytes(Base64.encodeURL(abi.encode(data))));
    }

    /// texts of any length, and nothing behind them
    function test_writesTextsOfEveryLength() public view {
        for (uint256 length = 0; length <= 100; ++length) {
            bytes memory data = new bytes(length);
            for (uint256 i = 0; i < length; ++i) data[i] = bytes1(uint8(uint256(keccak256(abi.encode(length, i)))));
            (bytes memory characters, bytes32 behind) = harness.text(data);
            assertEq(characters, bytes(Base64.encodeURL(data)));
            assertEq(behind, bytes32(type(uint256).max));
        }
    }

    /// [44] every character at every place
    function test_writesEveryCharacterAtEveryPlace() public view {
        for (uint256 place = 0; place < 43; ++place) {
            for (uint256 value = 0; value < 64; ++value) {
                // Place 42 holds the last four bits, and two zeros.
                uint256 bits = place == 42 ? value >> 2 : value << (250 - 6 * place);
                bytes32 data = bytes32(bits);
                assertEq(harness.encode(data), bytes(Base64.encodeURL(abi.encode(data))));
                assertEq(harness.encode(~data), bytes(Base64.encodeURL(abi.encode(~data))));
            }
        }
    }

    /// @dev RFC 4648 §5: neither padding nor the two characters that differ.
    function test_usesTheUrlAlphabet() public view {
        assertEq(harness.encode(bytes32(type(uint256).max)), "__________________________________________8");
        assertEq(harness.encode(bytes32(0)), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        bytes32 plus = 0xfbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbef;
        assertEq(harness.encode(plus), "------------------------------------------8");
    }
}
