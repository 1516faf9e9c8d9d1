// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Boundaries of every time a recovery has, one second to either side.
contract RecoveryTimingTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    IAccountUnderTest private account;
    Recovery private request;
    uint256 private startedAt;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        account = _newAccount(owner, _encode(policy), keccak256("handle"));
        request = _recovery(account, _encode(policy), fresh);
        startedAt = vm.getBlockTimestamp();
    }

    /// [77] [78] execute one second early is refused
    function test_executeOneSecondEarly() public {
        _start(request, policy, 3, fresh);
        vm.warp(startedAt + 1 days - 1);
        _expectExecute(
            abi.encodeWithSelector(IRecoveryTypes.NotReady.selector, startedAt + 1 days - 1, startedAt + 1 days)
        );
    }

    /// [77] execute at exactly the delay works
    function test_executeAtExactlyTheDelay() public {
        _start(request, policy, 3, fresh);
        vm.warp(startedAt + 1 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [77] execute in the last second of the window works
    function test_executeInTheLastSecond() public {
        _start(request, policy, 3, fresh);
        vm.warp(startedAt + 1 days + 48 hours - 1);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [77] [81] execute when the window has closed is refused, and so is any more support
    function test_executeAtTheEndOfTheWindow() public {
        _start(request, policy, 3, fresh);
        uint256 closedAt = startedAt + 1 days + 48 hours;
        vm.warp(closedAt);
        bytes memory closed = abi.encodeWithSelector(IRecoveryTypes.WindowClosed.selector, closedAt, closedAt);
        _expectExecute(closed);
        bytes memory approvals = _approvals(policy, 15, recovery.hashRecovery(request));
        vm.expectRevert(closed);
        recovery.support(request, _encode(policy), approvals);
    }

    /// [78] issued up to 15 minutes ahead of this chain's clock, not one second more
    function test_issuedInTheFuture() public {
        request.issuedAt = uint40(startedAt + 15 minutes);
        uint256 snapshot = vm.snapshotState();
        _start(request, policy, 3, fresh);
        vm.revertToState(snapshot);
        request.issuedAt += 1;
        _expectStart(
            abi.encodeWithSelector(
                IRecoveryTypes.NotYetIssued.selector,
                startedAt + 15 minutes + 1,
                startedAt + 15 minutes
            )
        );
    }

    /// [216] the chain's own clock counts: blocks without time, and time without blocks
    function test_onlyTimePasses() public {
        _start(request, policy, 3, fresh);
        vm.roll(vm.getBlockNumber() + 1_000_000);
        _expectExecute(abi.encodeWithSelector(IRecoveryTypes.NotReady.selector, startedAt, startedAt + 1 days));
        vm.warp(startedAt + 1 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    function test_deadlineBounds() public {
        request.deadline = request.issuedAt + 30 days;
        uint256 snapshot = vm.snapshotState();
        vm.warp(request.deadline);
        _start(request, policy, 3, fresh);
        vm.revertToState(snapshot);
        vm.warp(uint256(request.deadline) + 1);
        _expectStart(
            abi.encodeWithSelector(IRecoveryTypes.Expired.selector, uint256(request.deadline) + 1, request.deadline)
        );
        vm.revertToState(snapshot);
        vm.warp(startedAt);
        request.deadline += 1;
        _expectStart(
            abi.encodeWithSelector(
                IRecoveryTypes.LifetimeTooLong.selector,
                request.deadline,
                uint256(request.issuedAt) + 30 days
            )
        );
    }

    /// [78] extreme numbers in the signed times are refused without an overflow
    function testFuzz_anyTimes(uint40 issuedAt, uint40 deadline) public {
        request.issuedAt = issuedAt;
        request.deadline = deadline;
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 3, digest);
        bytes memory possession = _possession(fresh, digest);
        bool fine =
            issuedAt != 0 &&
                issuedAt <= startedAt + 15 minutes &&
                deadline >= startedAt &&
                deadline <= uint256(issuedAt) + 30 days;
        (bool success, ) = address(recovery).call(
            abi.encodeCall(recovery.start, (request, _encode(policy), approvals, possession))
        );
        assertEq(success, fine);
    }

    /// [76] support makes it faster, counted from the start, never slower
    function test_supportShortensFromTheStart() public {
        _start(request, policy, 3, fresh);
        skip(1 hours);
        _support(request, policy, 12);
        IRecoveryTypes.Record memory record = _record(request);
        assertEq(record.readyAt, startedAt + 1 hours, "immediate tier: now");
        assertEq(record.protectedAt, startedAt + 3 days, "protected tier: counted from the start");
        assertEq(record.votes, 15);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [76] support that reaches a slower tier does not slow it down
    function test_supportNeverSlowsDown() public {
        _start(request, policy, 3, fresh);
        skip(25 hours);
        _support(request, policy, 4);
        assertEq(_record(request).readyAt, startedAt + 1 days);
        _execute(request, fresh);
    }

    /// [75] a late vote that reaches a shorter delay opens the window now: it must not end the recovery
    function test_lateSupportDoesNotExpireTheRecovery() public {
        policy.tiers[0].delay = 30 days;
        policy.salt = keccak256("slow");
        account = _newAccount(owner, _encode(policy), keccak256("slow"));
        request = _recovery(account, _encode(policy), fresh);
        _start(request, policy, 3, fresh);
        skip(20 days);
        _support(request, policy, 4);
        IRecoveryTypes.Record memory record = _record(request);
        assertEq(record.readyAt, startedAt + 20 days, "ready");
        assertEq(record.protectedAt, startedAt + 20 days, "protected");
        skip(48 hours - 1);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [75] a veto after such a late vote slows down to the protected time, which is not over either
    function test_vetoAfterLateSupport() public {
        policy.tiers[0].delay = 30 days;
        policy.salt = keccak256("slow");
        account = _newAccount(owner, _encode(policy), keccak256("slow"));
        request = _recovery(account, _encode(policy), fresh);
        _start(request, policy, 3, fresh);
        skip(20 days);
        _support(request, policy, 4);
        bytes32 digest = recovery.hashRecovery(request);
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [81] a veto that comes when the window has closed does not open another one for a protected tier
    function test_lateVetoDoesNotReviveAnExpiredRecovery() public {
        policy.tiers[1].delay = 30 days;
        policy.salt = keccak256("long");
        account = _newAccount(owner, _encode(policy), keccak256("long"));
        request = _recovery(account, _encode(policy), fresh);
        bytes32 digest = _start(request, policy, 7, fresh);
        uint256 closedAt = startedAt + 3 days;
        vm.warp(closedAt);
        vm.prank(address(account));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.WindowClosed.selector, closedAt, closedAt));
        recovery.veto(address(account), digest, "");
        vm.warp(startedAt + 30 days);
        _expectExecute(abi.encodeWithSelector(IRecoveryTypes.WindowClosed.selector, startedAt + 30 days, closedAt));
    }

    /// [I14] [I15] whatever guardians support and when, it executes only within [readyAt, readyAt + window), and nobody is late who was told a time
    function testFuzz_executionOnlyInTheWindow(uint256 wait, uint256 more, uint256 mask) public {
        _start(request, policy, 3, fresh);
        wait = bound(wait, 0, 2 days);
        skip(wait);
        _support(request, policy, bound(mask, 0, 15));
        IRecoveryTypes.Record memory record = _record(request);
        assertLe(record.readyAt, startedAt + 1 days, "never later");
        uint256 closesAt = uint256(record.readyAt) + uint256(record.windowHours) * 1 hours;
        assertGe(closesAt, startedAt + 1 days + 48 hours, "never closes earlier");
        assertLt(closesAt, startedAt + 1 days + 49 hours, "nor an hour later");
        skip(bound(more, 0, 4 days));
        uint256 nowAt = vm.getBlockTimestamp();
        bytes memory call = abi.encodeCall(
            recovery.execute,
            (request, _possession(fresh, recovery.hashRecovery(request)), new IRecoveryTypes.Evidence[](0))
        );
        (bool success, ) = address(recovery).call(call);
        assertEq(success, nowAt >= record.readyAt && nowAt < closesAt);
    }

    function _expectStart(bytes memory problem) private {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 3, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(problem);
        recovery.start(request, _encode(policy), approvals, possession);
    }

    function _expectExecute(bytes memory problem) private {
        bytes memory possession = _possession(fresh, recovery.hashRecovery(request));
        vm.expectRevert(problem);
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
    }
}
