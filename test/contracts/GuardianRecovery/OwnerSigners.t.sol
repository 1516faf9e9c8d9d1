// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice An owner who signs by SignerValidator, and everyone who is no owner.
contract OwnerSignersTest is RecoveryFixture {
    uint256 private constant KEY = 0x5161;

    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        if (!account.isModuleInstalled(1, address(signers), "")) {
            vm.prank(address(ENTRY_POINT));
            account.installModule(1, address(signers), "");
        }
        _asAccount(account, address(signers), 0, abi.encodeCall(signers.addSigner, (abi.encodePacked(vm.addr(KEY)))));
        request = _recovery(account, policyBytes, fresh);
        digest = _start(request, policy, 3, fresh);
    }

    /// [82] a live signer vetoes like a passkey does
    function test_vetoBySigner() public {
        recovery.veto(address(account), digest, _signed(0x01, KEY));
        assertStatus(request, IRecoveryTypes.Status.Vetoed);
    }

    /// [82] not by another key, not by a signer under another frame, not without one
    function testFuzz_strangers(uint8 frame) public {
        vm.assume(frame != 1);
        _expectBadVeto(_signed(frame, KEY));
        _expectBadVeto(_signed(0x01, KEY + 1));
        _expectBadVeto(hex"01");
        _expectBadVeto("");
        bytes memory assertion = _ownerSignature(owner, _vetoDigest());
        assertion[0] = bytes1(frame == 0 ? 0x01 : frame);
        _expectBadVeto(assertion);
    }

    /// [82] [174] keys that a SignerValidator left behind, when it was thrown out unheard, speak for the account no more
    function test_leftOverSigners() public {
        bytes memory veto = _signed(0x01, KEY);
        vm.record();
        signers.getSigners(address(account));
        (bytes32[] memory slots, ) = vm.accesses(address(signers));
        bytes32[] memory words = new bytes32[](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) words[i] = vm.load(address(signers), slots[i]);
        vm.prank(address(ENTRY_POINT));
        account.uninstallModule(1, address(signers), "");
        for (uint256 i = 0; i < slots.length; ++i) vm.store(address(signers), slots[i], words[i]);
        assertTrue(signers.verifyOwner(address(account), _vetoDigest(), _frame(KEY)), "still there");
        _expectBadVeto(veto);
    }

    /// [82] where there is no account there is no owner
    function testFuzz_noAccount(address nobody, bool passkey) public {
        vm.assume(nobody.code.length == 0 && nobody != address(this));
        bytes memory signature = passkey ? _ownerSignature(owner, digest) : _signed(0x01, KEY);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, nobody));
        recovery.veto(nobody, digest, signature);
    }

    // ---------------------------------------------------------------- Helpers

    function _signed(uint8 frame, uint256 key) private view returns (bytes memory) {
        return abi.encodePacked(frame, _frame(key));
    }

    /// @dev The signer at index 1, and a signature by `key`.
    function _frame(uint256 key) private view returns (bytes memory) {
        return abi.encodePacked(uint8(1), uint16(20), vm.addr(KEY), signEoa(key, _vetoDigest()));
    }

    function _vetoDigest() private view returns (bytes32) {
        return recovery.vetoDigest(address(account), digest);
    }

    function _expectBadVeto(bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.veto(address(account), digest, signature);
    }
}
