// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice What an owner announces: another policy, an uninstall, an upgrade; and what keeps a thief from doing so.
contract PolicyChangesTest is RecoveryFixture {
    IRecoveryTypes.ChangeKind private constant POLICY = IRecoveryTypes.ChangeKind.Policy;
    IRecoveryTypes.ChangeKind private constant UNINSTALL = IRecoveryTypes.ChangeKind.Uninstall;
    IRecoveryTypes.ChangeKind private constant UPGRADE = IRecoveryTypes.ChangeKind.Upgrade;
    IRecoveryTypes.ChangeKind private constant NONE = IRecoveryTypes.ChangeKind.None;
    uint256 private constant WAIT = 4 days; // the longest delay is three
    uint256 private constant WINDOW = 14 days;

    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    Policy private other;
    bytes private policyBytes;
    bytes private otherBytes;
    IAccountUnderTest private account;
    uint40 private nowAt;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        Policy memory second = _usualPolicy();
        second.salt = keccak256("second");
        second.tiers[0].delay = 10 days;
        _store(other, second);
        otherBytes = _encode(other);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        skip(1 days);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    // ---------------------------------------------------------------- A policy

    /// [73] [97] another policy waits longer than any recovery, in the open, and takes effect when anyone says so
    function testFuzz_announcedPolicy(address relayer, uint64 chainId) public {
        vm.chainId(bound(chainId, 1, type(uint64).max));
        bytes memory signature = _policySignature(otherBytes, nowAt);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.ChangeScheduled(address(account), POLICY, _id(otherBytes), nowAt, nowAt + uint40(WAIT));
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.PolicyScheduled(address(account), keccak256(otherBytes), otherBytes, nowAt + uint40(WAIT));
        vm.prank(relayer);
        recovery.setPolicy(address(account), otherBytes, nowAt, signature);
        assertEq(recovery.getHead(address(account)).policyId, _id(policyBytes), "not yet");

        skip(WAIT - 1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.ChangeNotReady.selector, nowAt + WAIT - 1, nowAt + WAIT));
        recovery.applyPolicy(address(account), otherBytes);
        skip(1);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.PolicySet(address(account), keccak256(otherBytes), otherBytes);
        vm.prank(relayer);
        recovery.applyPolicy(address(account), otherBytes);
        IRecoveryTypes.Head memory head = recovery.getHead(address(account));
        assertEq(head.policyId, _id(otherBytes));
        assertEq(head.setAt, nowAt + WAIT);
        assertEq(head.floor, nowAt);
        assertEq(head.changeDays, 11, "ten days and one");
        assertEq(head.epoch, 1, "recoveries under the old policy are dead");
        assertTrue(head.native);
    }

    /// it can take effect for fourteen days, to the second
    function test_changeWindow() public {
        recovery.setPolicy(address(account), otherBytes, nowAt, _policySignature(otherBytes, nowAt));
        uint256 closedAt = nowAt + WAIT + WINDOW;
        vm.warp(closedAt);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.WindowClosed.selector, closedAt, closedAt));
        recovery.applyPolicy(address(account), otherBytes);
        vm.warp(closedAt - 1);
        recovery.applyPolicy(address(account), otherBytes);
    }

    /// [73] only what was announced takes effect, and once
    function test_onlyWhatWasAnnounced() public {
        _expectUnknown(POLICY, _id(otherBytes));
        recovery.applyPolicy(address(account), otherBytes);
        recovery.setPolicy(address(account), otherBytes, nowAt, _policySignature(otherBytes, nowAt));
        skip(WAIT);
        Policy memory third = other;
        third.salt = keccak256("third");
        _expectUnknown(POLICY, _id(_encode(third)));
        recovery.applyPolicy(address(account), _encode(third));
        recovery.applyPolicy(address(account), otherBytes);
        _expectUnknown(POLICY, _id(otherBytes));
        recovery.applyPolicy(address(account), otherBytes);
    }

    /// [61] a policy that breaks a rule is refused when it is announced, not days later
    function test_badPolicyIsRefusedAtOnce() public {
        Policy memory bad = other;
        bad.tiers[0].weight = 0;
        bytes memory badBytes = _encode(bad);
        bytes memory signature = _policySignature(badBytes, nowAt);
        vm.expectRevert(abi.encodeWithSignature("BadPolicy(uint8)", 8));
        recovery.setPolicy(address(account), badBytes, nowAt, signature);
    }

    /// [97] a newer announcement replaces the one that waits, and waits anew; an older one is refused
    function test_newerAnnouncementReplaces() public {
        recovery.setPolicy(address(account), otherBytes, nowAt, _policySignature(otherBytes, nowAt));
        skip(WAIT - 1);
        Policy memory third = other;
        third.salt = keccak256("third");
        bytes memory thirdBytes = _encode(third);
        uint40 later = uint40(vm.getBlockTimestamp());
        recovery.setPolicy(address(account), thirdBytes, later, _policySignature(thirdBytes, later));
        assertEq(recovery.getChange(address(account)).readyAt, later + WAIT);
        skip(1);
        _expectUnknown(POLICY, _id(otherBytes));
        recovery.applyPolicy(address(account), otherBytes);
        bytes memory old = _policySignature(otherBytes, nowAt);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, later));
        recovery.setPolicy(address(account), otherBytes, nowAt, old);
    }

    /// [78] the future is refused, so nobody can announce something that no later message beats
    function test_announcementFromTheFuture() public {
        uint40 ahead = nowAt + 15 minutes + 1;
        bytes memory signature = _policySignature(otherBytes, ahead);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotYetIssued.selector, ahead, nowAt + 15 minutes));
        recovery.setPolicy(address(account), otherBytes, ahead, signature);
    }

    /// [73] at least two days, whatever the delays
    function test_atLeastTwoDays() public {
        Policy memory fast = _usualPolicy();
        for (uint256 i = 0; i < 3; ++i) fast.tiers[i].delay = 0;
        bytes memory fastBytes = _encode(fast);
        account = _newAccount(owner, fastBytes, keccak256("fast"));
        recovery.setPolicy(address(account), otherBytes, nowAt, _policySignature(otherBytes, nowAt));
        assertEq(recovery.getChange(address(account)).readyAt, nowAt + 2 days);
    }

    // ---------------------------------------------------------------- Calling off

    /// [97] what is called off never comes back, on this chain or on one it had not reached
    function testFuzz_cancelledChange(bool announcedHere) public {
        if (announcedHere) {
            recovery.setPolicy(address(account), otherBytes, nowAt, _policySignature(otherBytes, nowAt));
        }
        bytes memory signature = _cancelSignature(POLICY, _id(otherBytes), nowAt);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.ChangeCancelled(address(account), POLICY, _id(otherBytes), nowAt);
        recovery.cancelChange(address(account), POLICY, _id(otherBytes), nowAt, signature);
        bytes memory again = _policySignature(otherBytes, nowAt);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt));
        recovery.setPolicy(address(account), otherBytes, nowAt, again);
        skip(WAIT);
        _expectUnknown(POLICY, _id(otherBytes));
        recovery.applyPolicy(address(account), otherBytes);
        _expectUnknown(NONE, 0);
        recovery.cancelChange(address(account), NONE, 0, nowAt, "");
    }

    /// calling off names one change: it stops no newer one
    function test_cancelNamesOneChange() public {
        bytes memory signature = _cancelSignature(POLICY, _id(otherBytes), nowAt);
        skip(1 hours);
        uint40 later = nowAt + 1 hours;
        recovery.setPolicy(address(account), otherBytes, later, _policySignature(otherBytes, later));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, later));
        recovery.cancelChange(address(account), POLICY, _id(otherBytes), nowAt, signature);
        // The time of the one that waits, with another content, is not newer either.
        signature = _cancelSignature(UPGRADE, 5, later);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, later, later));
        recovery.cancelChange(address(account), UPGRADE, 5, later, signature);
        skip(WAIT);
        recovery.applyPolicy(address(account), otherBytes);
    }

    /// [97] strangers announce and call off nothing
    function test_onlyTheOwner() public {
        bytes memory bad = _policySignature(otherBytes, nowAt - 1);
        _expectBadOwner();
        recovery.setPolicy(address(account), otherBytes, nowAt, bad);
        _expectBadOwner();
        recovery.announce(address(account), UNINSTALL, address(0), nowAt, bad);
        _expectBadOwner();
        recovery.announce(address(account), UPGRADE, address(this), nowAt, bad);
        _expectBadOwner();
        recovery.cancelChange(address(account), POLICY, _id(otherBytes), nowAt, bad);
        bytes memory good = _ownerSignature(owner, recovery.uninstallDigest(address(account), nowAt));
        recovery.announce(address(account), UNINSTALL, address(0), nowAt, good);
    }

    /// [176] nothing is announced before there is a policy, and only what there is
    function test_announceOnlyWhatThereIs() public {
        _expectUnknown(POLICY, uint160(address(this)));
        recovery.announce(address(account), POLICY, address(this), nowAt, "");
        _expectUnknown(UNINSTALL, 1);
        recovery.announce(address(account), UNINSTALL, address(1), nowAt, "");
        _expectUnknown(UPGRADE, 0);
        recovery.announce(address(account), UPGRADE, address(0), nowAt, "");
        _expectUnknown(NONE, 0);
        recovery.announce(address(account), NONE, address(0), nowAt, "");
        account = _newAccount(owner, "", keccak256("bare"));
        bytes memory signature = _ownerSignature(owner, recovery.uninstallDigest(address(account), nowAt));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoPolicy.selector, address(account)));
        recovery.announce(address(account), UNINSTALL, address(0), nowAt, signature);
    }

    // ---------------------------------------------------------------- Uninstall and upgrade

    /// [87] [88] the module leaves only after its announcement; what was issued before stays dead, what comes after is new
    function test_uninstallAndReinstall() public {
        Recovery memory pending = _recovery(account, policyBytes, fresh);
        _start(pending, policy, 3, fresh);
        vm.startPrank(address(account));
        _expectUnknown(UNINSTALL, 0);
        recovery.onUninstall("");
        recovery.announce(address(account), UNINSTALL, address(0), nowAt, "");
        skip(WAIT - 1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.ChangeNotReady.selector, nowAt + WAIT - 1, nowAt + WAIT));
        recovery.onUninstall("");
        skip(1);
        recovery.onUninstall("");
        IRecoveryTypes.Head memory head = recovery.getHead(address(account));
        assertEq(head.policyId, 0);
        assertEq(head.setAt, 0);
        assertEq(head.changeDays, 0);
        assertEq(head.floor, nowAt);
        assertEq(head.epoch, 1);
        assertEq(recovery.getChange(address(account)).issuedAt, 0);
        recovery.onInstall(otherBytes);
        vm.stopPrank();
        head = recovery.getHead(address(account));
        assertEq(head.policyId, _id(otherBytes), "the first policy is immediate again");
        assertEq(head.floor, nowAt, "what was issued before stays dead");
        bytes memory possession = _possession(fresh, recovery.hashRecovery(pending));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Superseded.selector, 0, 1));
        recovery.execute(pending, possession, new IRecoveryTypes.Evidence[](0));
    }

    /// [87] without a policy the module leaves at once, and takes the time of what was called off with it
    function test_uninstallWithoutPolicy() public {
        account = _newAccount(owner, "", keccak256("bare"));
        bytes memory signature = _cancelSignature(POLICY, _id(policyBytes), nowAt);
        recovery.cancelChange(address(account), POLICY, _id(policyBytes), nowAt, signature);
        vm.prank(address(account));
        recovery.onUninstall("");
        assertEq(recovery.getHead(address(account)).floor, nowAt);
        signature = _policySignature(policyBytes, nowAt);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt));
        recovery.setPolicy(address(account), policyBytes, nowAt, signature);
    }

    /// [214] an account uses up the upgrade it announced, nothing else, and without a policy it need not ask
    function test_consume() public {
        vm.startPrank(address(account));
        _expectUnknown(UPGRADE, uint160(address(this)));
        recovery.consume(UPGRADE, address(this));
        recovery.announce(address(account), UPGRADE, address(this), nowAt, "");
        skip(WAIT);
        _expectUnknown(UPGRADE, uint160(address(recovery)));
        recovery.consume(UPGRADE, address(recovery));
        _expectUnknown(UNINSTALL, 0);
        recovery.onUninstall("");
        _expectUnknown(NONE, 0);
        recovery.consume(NONE, address(0));
        _expectUnknown(POLICY, _id(otherBytes));
        recovery.consume(POLICY, address(_id(otherBytes)));
        recovery.consume(UPGRADE, address(this));
        _expectUnknown(UPGRADE, uint160(address(this)));
        recovery.consume(UPGRADE, address(this));
        assertEq(recovery.getHead(address(account)).floor, nowAt);
        vm.stopPrank();
        account = _newAccount(owner, "", keccak256("bare"));
        vm.prank(address(account));
        recovery.consume(UPGRADE, address(this));
    }

    // ---------------------------------------------------------------- A thief and the guardians

    /// [73] [70] [I18] a thief announces the moment he has the passkey: the guardians, a day later, are still faster
    function test_guardiansAreFasterThanAChange() public {
        vm.prank(address(account));
        recovery.setPolicy(address(account), otherBytes, nowAt, "");
        skip(1 days - 1);
        Recovery memory request = _recovery(account, policyBytes, fresh);
        bytes32 digest = _start(request, policy, 7, fresh);
        skip(1 days);
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
        skip(2 days);
        _execute(request, fresh);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Superseded.selector, 0, 1));
        recovery.applyPolicy(address(account), otherBytes);
    }

    /// [72] [73] while a recovery that cannot be vetoed waits, nothing takes effect: no policy, no uninstall, no upgrade
    function testFuzz_held(uint8 which) public {
        which %= 3;
        vm.startPrank(address(account));
        if (which == 0) recovery.setPolicy(address(account), otherBytes, nowAt, "");
        if (which == 1) recovery.announce(address(account), UNINSTALL, address(0), nowAt, "");
        if (which == 2) recovery.announce(address(account), UPGRADE, address(this), nowAt, "");
        vm.stopPrank();
        skip(WAIT - 1);
        Recovery memory request = _recovery(account, policyBytes, fresh);
        _start(request, policy, 7, fresh);
        skip(1);
        uint256 holdUntil = nowAt + WAIT - 1 + 3 days + 48 hours;
        assertEq(recovery.getAux(address(account)).holdUntil, holdUntil);
        _expectHeld(which, vm.getBlockTimestamp(), holdUntil);
        vm.warp(holdUntil - 1);
        _expectHeld(which, holdUntil - 1, holdUntil);
        vm.warp(holdUntil);
        vm.startPrank(address(account));
        if (which == 0) recovery.applyPolicy(address(account), otherBytes);
        if (which == 1) recovery.onUninstall("");
        if (which == 2) recovery.consume(UPGRADE, address(this));
    }

    /// [73] a recovery that can be vetoed holds nothing, and a hold ends with the recovery that made it
    function test_noHoldWithoutAProtectedTier() public {
        Recovery memory request = _recovery(account, policyBytes, fresh);
        _start(request, policy, 3, fresh);
        assertEq(recovery.getAux(address(account)).holdUntil, 0);
        request.deadline += 1;
        _start(request, policy, 7, fresh);
        assertEq(recovery.getAux(address(account)).holdUntil, nowAt + 5 days);
        _support(request, policy, 15);
        _execute(request, fresh);
        vm.prank(address(account));
        recovery.setPolicy(address(account), otherBytes, nowAt + 1, "");
        skip(WAIT);
        recovery.applyPolicy(address(account), otherBytes);
    }

    /// [70] [71] [69] recoveries die with the policy they were started under
    function test_recoveriesDieWithTheirPolicy() public {
        recovery.setPolicy(address(account), otherBytes, nowAt, _policySignature(otherBytes, nowAt));
        skip(WAIT - 1);
        Recovery memory request = _recovery(account, policyBytes, fresh);
        bytes32 digest = _start(request, policy, 3, fresh);
        skip(1);
        recovery.applyPolicy(address(account), otherBytes);
        skip(1 days);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Superseded.selector, 0, 1));
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        bytes memory approvals = _approvals(policy, 7, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Superseded.selector, 0, 1));
        recovery.support(request, policyBytes, approvals);
        vm.prank(address(account));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Superseded.selector, 0, 1));
        recovery.veto(address(account), digest, "");
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveryTypes.WrongPolicy.selector, keccak256(policyBytes), _id(otherBytes))
        );
        recovery.start(request, policyBytes, approvals, possession);
    }

    // ---------------------------------------------------------------- Helpers

    function _id(bytes memory encoded) private pure returns (uint160) {
        return uint160(uint256(keccak256(encoded)));
    }

    function _policySignature(bytes memory encoded, uint40 issuedAt) private view returns (bytes memory) {
        return _ownerSignature(owner, recovery.setPolicyDigest(address(account), keccak256(encoded), issuedAt));
    }

    function _cancelSignature(
        IRecoveryTypes.ChangeKind kind,
        uint160 value,
        uint40 issuedAt
    ) private view returns (bytes memory) {
        return _ownerSignature(owner, recovery.cancelChangeDigest(address(account), kind, value, issuedAt));
    }

    function _expectUnknown(IRecoveryTypes.ChangeKind kind, uint160 value) private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.UnknownChange.selector, kind, value));
    }

    function _expectBadOwner() private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
    }

    function _expectHeld(uint256 which, uint256 nowAt_, uint256 holdUntil) private {
        vm.startPrank(address(account));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Held.selector, nowAt_, holdUntil));
        if (which == 0) recovery.applyPolicy(address(account), otherBytes);
        if (which == 1) recovery.onUninstall("");
        if (which == 2) recovery.consume(UPGRADE, address(this));
        vm.stopPrank();
    }
}
