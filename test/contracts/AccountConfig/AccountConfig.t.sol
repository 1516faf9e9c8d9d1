// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountConfig, AccountConfigs} from "../../../contracts/account/AccountConfig.sol";
import {Test} from "../../utils/Test.sol";

/// @notice The fields of the word lie where they should, and none reaches into another.
contract AccountConfigTest is Test {
    /// [193] every field against a struct that the compiler packs
    function testFuzz_fields(uint256 word) public pure {
        AccountConfig config = AccountConfig.wrap(word);
        assertEq(config.implementation(), address(uint160(word)));
        assertEq(config.frozenUntil(), uint40(word >> 160));
        assertEq(uint256(config.generation()), uint16(word >> 200));
        uint256 core = uint8(word >> 216);
        assertEq(config.hasCore(AccountConfigs.PASSKEY_VALIDATOR), core & 1 != 0);
        assertEq(config.hasCore(AccountConfigs.GUARDIAN_RECOVERY), core & 2 != 0);
        assertEq(config.hasCore(AccountConfigs.SIGNER_VALIDATOR), core & 8 != 0);
        uint256 state = uint8(word >> 224);
        assertEq(config.isSetUp(), state & 1 != 0);
        assertEq(config.hasForeign(), state & 2 != 0);
    }

    /// [193] writing one field leaves all other bits, whatever was there
    function testFuzz_writes(uint256 word, address other, uint40 until, uint8 bits) public pure {
        AccountConfig config = AccountConfig.wrap(word);
        _expect(word, config.withImplementation(other), 0, 160, uint160(other));
        _expect(word, config.withFrozenUntil(until), 160, 40, until);
        _expect(word, config.withNextGeneration(), 200, 16, uint16((word >> 200) + 1));
        _expect(word, config.withCore(bits), 216, 8, uint8(word >> 216) | bits);
        _expect(word, config.withoutCore(bits), 216, 8, uint8(word >> 216) & ~bits);
        _expect(word, config.withState(bits), 224, 8, uint8(word >> 224) | bits);
        _expect(word, config.withoutState(bits), 224, 8, uint8(word >> 224) & ~bits);
    }

    /// a recovery never fails for the number of those before it
    function test_generationsStartAgain() public pure {
        AccountConfig last = AccountConfig.wrap(type(uint256).max);
        assertEq(uint256(last.withNextGeneration().generation()), 0);
    }

    function _expect(uint256 before, AccountConfig seen, uint256 from, uint256 size, uint256 value) private pure {
        uint256 mask = ((1 << size) - 1) << from;
        assertEq(AccountConfig.unwrap(seen), (before & ~mask) | (value << from));
    }
}
