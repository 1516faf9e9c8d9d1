// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISignerValidator} from "../../../contracts/interfaces/ISignerValidator.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule} from "../support/Modules.sol";
import {SignerFixture} from "./SignerFixture.sol";

/// @notice Which signers an account has, and what is left of them.
contract SignerRegistryTest is SignerFixture {
    function test_installWithAList() public {
        IAccountUnderTest fresh = _newAccount(owner, "", keccak256("fresh"));
        bytes[] memory list = new bytes[](2);
        (list[0], list[1]) = (_eoa(KEY), _webAuthn(_passkey(7)));
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit(address(signers));
            emit ISignerValidator.SignerAdded(address(fresh), uint8(i + 1), list[i]);
        }
        _install(fresh, abi.encode(list));
        (uint8[] memory indexes, bytes32[] memory hashes) = signers.getSigners(address(fresh));
        assertEq(indexes.length, 2);
        for (uint256 i = 0; i < 2; ++i) {
            assertEq(indexes[i], i + 1);
            assertEq(hashes[i], keccak256(list[i]));
        }
        assertTrue(signers.isInitialized(address(fresh)));
        assertFalse(signers.isInitialized(address(account)), "installed without any");
    }

    function test_isAValidatorAndNothingElse() public view {
        for (uint256 i = 0; i < 10; ++i) assertEq(signers.isModuleType(i), i == 1);
    }

    function test_addTakesTheLowestFreePlace() public {
        for (uint256 i = 1; i <= 4; ++i) _add(_eoa(i));
        _remove(2, keccak256(_eoa(2)));
        vm.expectEmit(address(signers));
        emit ISignerValidator.SignerAdded(address(account), 2, _eoa(99));
        _add(_eoa(99));
        (uint8[] memory indexes, bytes32[] memory hashes) = signers.getSigners(address(account));
        assertEq(indexes.length, 4);
        assertEq(hashes[1], keccak256(_eoa(99)));
    }

    /// the same signer twice is refused, at whatever place, and welcome again once it is gone
    function test_duplicatesAreRefused() public {
        for (uint256 i = 1; i <= MAX_SIGNERS; ++i) _add(_eoa(i));
        for (uint256 i = 1; i <= MAX_SIGNERS; ++i) {
            _expectRevertOfAdd(_eoa(i), abi.encodeWithSelector(ISignerValidator.DuplicateSigner.selector, uint8(i)));
        }
        _remove(3, keccak256(_eoa(3)));
        _expectRevertOfAdd(_eoa(16), abi.encodeWithSelector(ISignerValidator.DuplicateSigner.selector, uint8(16)));
        _add(_eoa(3));
    }

    function test_sixteenAtMost() public {
        bytes memory tooMany = abi.encodeWithSelector(ISignerValidator.TooManySigners.selector, MAX_SIGNERS);
        bytes[] memory list = new bytes[](17);
        for (uint256 i = 0; i < 17; ++i) list[i] = _eoa(i + 1);
        IAccountUnderTest fresh = _newAccount(owner, "", keccak256("fresh"));
        vm.expectRevert(tooMany);
        _install(fresh, abi.encode(list));
        assertFalse(fresh.isModuleInstalled(1, address(signers), ""));
        for (uint256 i = 1; i <= MAX_SIGNERS; ++i) _add(_eoa(i));
        _expectRevertOfAdd(_eoa(17), tooMany);
        assertTrue(_validates(_signed(16, 16, HASH)), "the last one signs");
    }

    /// a removal names the signer by its content; it never hits another one, and no index leads elsewhere
    function testFuzz_removalNamesTheSigner(uint8 index, bytes32 expected) public {
        index = uint8(bound(index, 0, 2 * MAX_SIGNERS)) % 3 == 0 ? 1 : index;
        _add(_eoa(KEY));
        vm.assume(index != 1 || expected != keccak256(_eoa(KEY)));
        bytes32 seen = index == 1 ? keccak256(_eoa(KEY)) : bytes32(0);
        vm.expectRevert(abi.encodeWithSelector(ISignerValidator.UnknownSigner.selector, index, seen, expected));
        _remove(index, expected);
        vm.expectRevert(abi.encodeWithSelector(ISignerValidator.UnknownSigner.selector, index, seen, bytes32(0)));
        _remove(index, 0);
        vm.expectEmit(address(signers));
        emit ISignerValidator.SignerRemoved(address(account), 1, keccak256(_eoa(KEY)));
        _remove(1, keccak256(_eoa(KEY)));
        assertFalse(signers.isInitialized(address(account)));
        assertFalse(_validates(_signed(1, KEY, HASH)));
    }

    /// nobody who cannot sign for the account, or who would be asked in a circle
    function test_forbiddenSigners() public {
        ForeignModule validator = new ForeignModule();
        ForeignModule executor = new ForeignModule();
        vm.startPrank(address(ENTRY_POINT));
        account.installModule(1, address(validator), "");
        account.installModule(2, address(executor), "");
        vm.stopPrank();
        address[10] memory forbidden = [
            address(0),
            address(1),
            address(0x100),
            address(0xffff),
            address(account),
            address(signers),
            address(passkeys),
            address(recovery),
            address(validator),
            address(executor)
        ];
        for (uint256 i = 0; i < forbidden.length; ++i) {
            _expectInvalid(abi.encodePacked(forbidden[i]));
            _expectInvalid(abi.encodePacked(forbidden[i], keccak256("key")));
        }
        _expectInvalid("");
        _expectInvalid(abi.encodePacked(bytes19(keccak256("one byte short"))));
        _expectInvalid(abi.encodePacked(_eoa(KEY), new bytes(237)));
        _expectInvalid(abi.encodePacked(webAuthnVerifier));
        _expectInvalid(abi.encodePacked(webAuthnVerifier, bytes31(keccak256("short"))));
        _expectInvalid(abi.encodePacked(webAuthnVerifier, keccak256("long"), uint8(0)));
        _add(abi.encodePacked(address(0x10000)));
        _add(abi.encodePacked(_eoa(KEY), new bytes(236)));
        _add(abi.encodePacked(_eoa(KEY), uint8(0)));
    }

    /// this module is none whatever the account says
    function test_notThisModule() public {
        bytes memory isInstalled = abi.encodeWithSelector(account.isModuleInstalled.selector);
        vm.mockCall(address(account), isInstalled, abi.encode(false));
        _expectInvalid(abi.encodePacked(signers));
        _add(abi.encodePacked(passkeys));
        vm.clearMockedCalls();
    }

    /// the rules hold for the list given at install too
    function test_forbiddenSignersInTheFirstList() public {
        IAccountUnderTest fresh = _newAccount(owner, "", keccak256("fresh"));
        bytes[] memory list = new bytes[](2);
        (list[0], list[1]) = (_eoa(KEY), abi.encodePacked(fresh));
        vm.expectRevert(abi.encodeWithSelector(ISignerValidator.InvalidSigner.selector, list[1]));
        _install(fresh, abi.encode(list));
        list[1] = list[0];
        vm.expectRevert(abi.encodeWithSelector(ISignerValidator.DuplicateSigner.selector, uint8(1)));
        _install(fresh, abi.encode(list));
        assertFalse(signers.isInitialized(address(fresh)));
    }

    /// [193] an account's calls change its own 17 words and no other, and nobody can call for it
    function testFuzz_writesItsOwnWordsOnly(address stranger, bytes32 noise) public {
        vm.assume(stranger != address(account) && uint160(stranger) > 0xffff && stranger.code.length == 0);
        _add(_eoa(KEY));
        vm.prank(stranger);
        (bool success, ) = address(signers).call(abi.encodeCall(signers.addSigner, (abi.encodePacked(noise))));
        assertFalse(success, "no account");
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerValidator.UnknownSigner.selector, uint8(1), bytes32(0), keccak256(_eoa(KEY)))
        );
        signers.removeSigner(1, keccak256(_eoa(KEY)));
        signers.revokeAll();
        signers.onUninstall("");
        vm.stopPrank();
        assertTrue(_validates(_signed(1, KEY, HASH)));
        vm.record();
        _add(_eoa(OTHER_KEY));
        (, bytes32[] memory writes) = vm.accesses(address(signers));
        assertEq(writes.length, 2);
        assertEq(writes[0], keccak256(abi.encode(address(account), uint256(0))));
        assertEq(uint256(writes[1]), uint256(writes[0]) + 2);
    }

    // ---------------------------------------------------------------- All at once

    /// after revokeAll no signer signs, and what is left in their words means nothing
    function test_revokeAll() public {
        for (uint256 i = 1; i <= MAX_SIGNERS; ++i) _add(_eoa(i));
        vm.record();
        vm.expectEmit(address(signers));
        emit ISignerValidator.SignersRevoked(address(account), 16);
        _asAccount(account, address(signers), 0, abi.encodeCall(signers.revokeAll, ()));
        (, bytes32[] memory writes) = vm.accesses(address(signers));
        assertEq(writes.length, 1, "one word");
        for (uint256 i = 1; i <= MAX_SIGNERS; ++i) {
            assertFalse(_validates(_signed(uint8(i), i, HASH)));
            assertFalse(_isOwner(_signed(uint8(i), i, HASH)));
        }
        (uint8[] memory indexes, ) = signers.getSigners(address(account));
        assertEq(indexes.length, 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerValidator.UnknownSigner.selector, uint8(5), bytes32(0), keccak256(_eoa(5)))
        );
        _remove(5, keccak256(_eoa(5)));
        _add(_eoa(5));
        assertTrue(_validates(_signed(1, 5, HASH)));
        assertFalse(_validates(_signed(5, 5, HASH)), "its old place");
    }

    /// nothing to revoke: nothing happens
    function test_revokeNothing() public {
        vm.recordLogs();
        _asAccount(account, address(signers), 0, abi.encodeCall(signers.revokeAll, ()));
        assertEq(vm.getRecordedLogs().length, 0);
    }

    /// it leaves whatever the data says, and leaves nothing alive behind
    function testFuzz_uninstall(bytes calldata data, uint8 count) public {
        count = uint8(bound(count, 0, MAX_SIGNERS));
        for (uint256 i = 1; i <= count; ++i) _add(_eoa(i));
        vm.prank(address(ENTRY_POINT));
        account.uninstallModule(1, address(signers), data);
        assertFalse(account.isModuleInstalled(1, address(signers), ""));
        uint256 base = uint256(keccak256(abi.encode(address(account), uint256(0))));
        for (uint256 i = 0; i <= MAX_SIGNERS; ++i) {
            assertEq(vm.load(address(signers), bytes32(base + i)), bytes32(0), "cleared");
        }
        assertFalse(_validates(_signed(1, 1, HASH)));
    }

    /// signers planted before the module is installed, by a call of the account, are not there when it is
    function test_installStartsFromNothing() public {
        IAccountUnderTest fresh = _newAccount(owner, "", keccak256("fresh"));
        bytes[] memory planted = new bytes[](1);
        planted[0] = _eoa(666);
        _asAccount(fresh, address(signers), 0, abi.encodeCall(signers.onInstall, (abi.encode(planted))));
        _asAccount(fresh, address(signers), 0, abi.encodeCall(signers.addSigner, (_eoa(667))));
        assertFalse(_validates(fresh, _signed(1, 666, HASH)), "not installed");
        bytes[] memory wanted = new bytes[](1);
        wanted[0] = _eoa(KEY);
        _install(fresh, abi.encode(wanted));
        (uint8[] memory indexes, bytes32[] memory hashes) = signers.getSigners(address(fresh));
        assertEq(indexes.length, 1);
        assertEq(hashes[0], keccak256(_eoa(KEY)));
        assertFalse(_validates(fresh, _signed(1, 666, HASH)));
        assertFalse(_validates(fresh, _signed(2, 667, HASH)));
        assertTrue(_validates(fresh, _signed(1, KEY, HASH)));
    }

    // ---------------------------------------------------------------- Against a model

    /// any history of additions, removals and revocations leaves what a plain list would hold
    function testFuzz_historyMatchesAModel(uint256[24] calldata steps) public {
        uint256[17] memory model;
        for (uint256 i = 0; i < steps.length; ++i) {
            uint256 key = 1 + ((steps[i] >> 8) % 20);
            uint256 place = _find(model, key);
            if (steps[i] % 8 == 0) {
                _asAccount(account, address(signers), 0, abi.encodeCall(signers.revokeAll, ()));
                delete model;
            } else if (place != 0) {
                _remove(uint8(place), keccak256(_eoa(key)));
                model[place] = 0;
            } else if (_find(model, 0) != 0) {
                _add(_eoa(key));
                model[_find(model, 0)] = key;
            }
        }
        (uint8[] memory indexes, bytes32[] memory hashes) = signers.getSigners(address(account));
        uint256 pos;
        for (uint256 i = 1; i < model.length; ++i) {
            if (model[i] == 0) continue;
            assertEq(indexes[pos], i);
            assertEq(hashes[pos], keccak256(_eoa(model[i])));
            ++pos;
        }
        assertEq(indexes.length, pos);
    }

    function _find(uint256[17] memory model, uint256 key) private pure returns (uint256) {
        for (uint256 i = 1; i < model.length; ++i) {
            if (model[i] == key) return i;
        }
        return 0;
    }

    function _expectInvalid(bytes memory signer) private {
        _expectRevertOfAdd(signer, abi.encodeWithSelector(ISignerValidator.InvalidSigner.selector, signer));
    }
}
