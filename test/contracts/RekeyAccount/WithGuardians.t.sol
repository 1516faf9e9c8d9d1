// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {SabotageCode} from "../support/OtherCode.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice The account and GuardianRecovery together: what each asks of the other.
contract RekeyAccountWithGuardiansTest is RecoveryFixture {
    uint256 private constant KEY = 0xa11ce5;
    uint256 private constant ALL = 15;

    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    IAccountUnderTest private account;
    address private other;

    function setUp() public {
        _deploySystem();
        (owner, fresh) = (_passkey(1), _passkey(2));
        Policy memory usual = _usualPolicy();
        usual.freezeHours = 24;
        _store(policy, usual);
        account = _newAccount(owner, _encode(policy), keccak256("handle"));
        other = address(new SabotageCode());
    }

    /// [214] an upgrade waits for as long as the policy says, is the one announced, and happens once
    function test_upgradeWaits() public {
        bytes memory upgrade = abi.encodeCall(account.upgradeTo, (other));
        assertFalse(_tryAsAccount(account, address(account), upgrade), "not announced");
        _announce(IRecoveryTypes.ChangeKind.Upgrade, other);
        uint256 readyAt = recovery.getChange(address(account)).readyAt;
        vm.warp(readyAt - 1);
        assertFalse(_tryAsAccount(account, address(account), upgrade), "one second early");
        vm.warp(readyAt);
        bytes memory another = abi.encodeCall(account.upgradeTo, (address(factory)));
        assertFalse(_tryAsAccount(account, address(account), another), "another one");
        uint256 snapshot = vm.snapshotState();
        assertTrue(_tryAsAccount(account, address(account), upgrade), "ripe");
        assertEq(account.implementation(), other);
        vm.revertToState(snapshot);
        // A recovery in the meantime makes it void.
        _recoverNow();
        vm.warp(readyAt + 1);
        assertFalse(_tryAsAccount(account, address(account), upgrade), "void");
        assertEq(account.implementation(), implementation);
    }

    /// [214] [95] code that denies everything does not stop the guardians, and is gone after them
    function test_recoveryThroughOtherCode() public {
        _announce(IRecoveryTypes.ChangeKind.Upgrade, other);
        vm.warp(recovery.getChange(address(account)).readyAt);
        assertTrue(_tryAsAccount(account, address(account), abi.encodeCall(account.upgradeTo, (other))));
        _recoverNow();
        assertEq(account.implementation(), implementation);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [87] [176] the module leaves once that was announced and has waited, and comes back with a policy
    function test_recoveryModuleLeavesAndComesBack() public {
        bytes memory uninstall = abi.encodeCall(account.uninstallModule, (2, address(recovery), ""));
        _announce(IRecoveryTypes.ChangeKind.Uninstall, address(0));
        assertFalse(_tryAsAccount(account, address(account), uninstall), "early");
        vm.warp(recovery.getChange(address(account)).readyAt);
        assertTrue(_tryAsAccount(account, address(account), uninstall), "ripe");
        assertFalse(account.isModuleInstalled(2, address(recovery), ""));
        assertEq(recovery.getHead(address(account)).policyId, 0);
        Policy memory later = policy;
        later.salt = keccak256("later");
        bytes memory install = abi.encodeCall(account.installModule, (2, address(recovery), _encode(later)));
        assertTrue(_tryAsAccount(account, address(account), install));
        assertTrue(account.isModuleInstalled(2, address(recovery), ""));
        assertEq(recovery.getHead(address(account)).policyId, uint160(uint256(keccak256(_encode(later)))));
        assertFalse(_tryAsAccount(account, address(account), uninstall), "guarded again");
    }

    /// a bad policy does not come in with the module
    function test_recoveryModuleRefusesABadPolicy() public {
        _announce(IRecoveryTypes.ChangeKind.Uninstall, address(0));
        vm.warp(recovery.getChange(address(account)).readyAt);
        bytes memory uninstall = abi.encodeCall(account.uninstallModule, (2, address(recovery), ""));
        assertTrue(_tryAsAccount(account, address(account), uninstall));
        bytes memory install = abi.encodeCall(account.installModule, (2, address(recovery), hex"01"));
        assertFalse(_tryAsAccount(account, address(account), install));
        assertFalse(account.isModuleInstalled(2, address(recovery), ""));
    }

    /// [95] the thief delivers the guardians' recovery himself, at the head of a batch that brings his passkey back
    function test_thiefDeliversTheRecovery() public {
        Passkey memory own = _passkey(666);
        bytes memory start = _startCall();
        bytes memory plant = abi.encodeCall(passkeys.addCredential, (own.credential, own.id, ""));
        bytes memory calls = _batch(Execution(address(recovery), 0, start), Execution(address(passkeys), 0, plant));
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(IRekeyAccount.Halted.selector);
        account.execute(MODE_BATCH, calls);
        assertTrue(_isOnlyPasskey(account, owner), "as if nothing had been");
        _recoverNow();
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [95] signers of a thief go with a recovery, while their votes as an owner count before
    function test_signersAreOwnersUntilARecovery() public {
        bytes[] memory list = new bytes[](1);
        list[0] = abi.encodePacked(vm.addr(KEY));
        bytes memory install = abi.encodeCall(account.installModule, (1, address(signers), abi.encode(list)));
        assertTrue(_tryAsAccount(account, address(account), install));
        recovery.veto(address(account), keccak256("one"), _signerVeto(keccak256("one")));
        _recoverNow();
        bytes memory later = _signerVeto(keccak256("two"));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.veto(address(account), keccak256("two"), later);
        assertFalse(signers.isInitialized(address(account)));
    }

    /// one guardian freezes the account, the owner cannot lift it, a recovery does
    function test_freezeByAGuardian() public {
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        bytes32 digest = recovery.freezeDigest(address(account), keccak256(_encode(policy)), 12 hours, issuedAt);
        recovery.freeze(address(account), _encode(policy), 12 hours, issuedAt, _approvals(policy, 1, digest));
        assertEq(account.frozenUntil(), vm.getBlockTimestamp() + 12 hours);
        skip(1);
        _recoverNow();
        assertEq(account.frozenUntil(), 0);
    }

    function _announce(IRecoveryTypes.ChangeKind kind, address value) private {
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        vm.prank(address(account));
        recovery.announce(address(account), kind, value, issuedAt, "");
    }

    function _startCall() private view returns (bytes memory) {
        Recovery memory request = _recovery(account, _encode(policy), fresh);
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, ALL, digest);
        return abi.encodeCall(recovery.start, (request, _encode(policy), approvals, _possession(fresh, digest)));
    }

    function _recoverNow() private {
        (bool success, ) = address(recovery).call(_startCall());
        assertTrue(success, "recovered");
        skip(1);
    }

    function _signerVeto(bytes32 digest) private view returns (bytes memory) {
        bytes memory own = signEoa(KEY, recovery.vetoDigest(address(account), digest));
        return abi.encodePacked(uint8(1), uint8(1), uint16(20), vm.addr(KEY), own);
    }
}
