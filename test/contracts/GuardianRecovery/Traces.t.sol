// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice What support, changes and vetoes leave behind: events, what is stored, and guardians who wait on the bench.
contract TracesTest is RecoveryFixture {
    IRecoveryTypes.ChangeKind private constant POLICY = IRecoveryTypes.ChangeKind.Policy;
    IRecoveryTypes.ChangeKind private constant UPGRADE = IRecoveryTypes.ChangeKind.Upgrade;

    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    uint40 private nowAt;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _use(_usualPolicy());
        nowAt = uint40(vm.getBlockTimestamp());
    }

    /// whoever watches an account is told of votes that come later, and of the times they move
    function test_supportIsAnnounced() public {
        Recovery memory request = _recovery(account, policyBytes, fresh);
        bytes32 digest = _start(request, policy, 3, fresh);
        bytes memory approvals = _approvals(policy, 4, digest);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.RecoverySupported(address(account), digest, 7, nowAt + 1 days, nowAt + 3 days);
        recovery.support(request, policyBytes, approvals);
    }

    /// [214] an upgrade is announced with the owner's signature over it, by whoever delivers it
    function test_signedUpgrade() public {
        address value = address(0xbeef);
        bytes memory signature = _ownerSignature(owner, recovery.upgradeDigest(address(account), value, nowAt));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.announce(address(account), UPGRADE, address(0xbeee), nowAt, signature);
        recovery.announce(address(account), UPGRADE, value, nowAt, signature);
        assertEq(recovery.getChange(address(account)).value, uint160(value));
    }

    /// of a change that took effect only its time of issue is left, and everyone is told which it was
    function test_appliedChange() public {
        Policy memory second = _usualPolicy();
        second.salt = keccak256("second");
        bytes memory secondBytes = _encode(second);
        uint160 value = uint160(uint256(keccak256(secondBytes)));
        vm.prank(address(account));
        recovery.setPolicy(address(account), secondBytes, nowAt, "");
        skip(4 days);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.ChangeApplied(address(account), POLICY, value);
        recovery.applyPolicy(address(account), secondBytes);
        _expectOnlyIssue(nowAt);

        vm.startPrank(address(account));
        recovery.announce(address(account), UPGRADE, address(0xbeef), nowAt + 1, "");
        skip(4 days);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.ChangeApplied(address(account), UPGRADE, 0xbeef);
        recovery.consume(UPGRADE, address(0xbeef));
        _expectOnlyIssue(nowAt + 1);
    }

    /// [75] without a protected tier guardians call off too, and the benched among them do not count
    function test_benchedDoNotCallOff() public {
        Policy memory made = _usualPolicy();
        made.tiers[1].isProtected = false;
        _use(made);
        bytes32 vetoed = _start(_recovery(account, policyBytes, fresh), policy, 3, fresh);
        vm.prank(address(account));
        recovery.veto(address(account), vetoed, "");

        bytes32 digest = keccak256("any recovery");
        bytes32 message = recovery.guardianCancelDigest(address(account), keccak256(policyBytes), digest);
        bytes memory approvals = _approvals(policy, 15, message);
        uint256 kinds = policy.guardians[2].kind == policy.guardians[3].kind ? 1 : 2;
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 2, kinds));
        recovery.guardianCancel(address(account), digest, policyBytes, approvals);
        skip(7 days);
        recovery.guardianCancel(address(account), digest, policyBytes, approvals);
        IRecoveryTypes.Status status = recovery.getRecord(address(account), digest).status;
        assertEq(uint256(status), uint256(IRecoveryTypes.Status.Cancelled));
    }

    // ---------------------------------------------------------------- Helpers

    function _use(Policy memory made) private {
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256(policyBytes));
    }

    function _expectOnlyIssue(uint40 issuedAt) private view {
        bytes memory wanted = abi.encode(
            IRecoveryTypes.Change({
                value: 0,
                readyAt: 0,
                issuedAt: issuedAt,
                kind: IRecoveryTypes.ChangeKind.None,
                epoch: 0
            })
        );
        assertEq(abi.encode(recovery.getChange(address(account))), wanted);
    }
}
