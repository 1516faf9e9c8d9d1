// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Benches, and what guardians do besides starting a recovery: they call one off, freeze, and drill.
contract GuardianVotesTest is RecoveryFixture {
    bytes32 private constant CHALLENGE = keccak256("challenge");

    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;
    uint40 private nowAt;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        Policy memory made = _usualPolicy();
        made.freezeHours = 72;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        skip(1 days);
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    // ---------------------------------------------------------------- Benches

    /// [75] whose attempt was vetoed waits a week before his vote counts towards a vetoable tier again, to the second
    function test_benchAfterAVeto() public {
        _start(request, policy, 3, fresh);
        _veto(digest);
        IRecoveryTypes.Aux memory aux = recovery.getAux(address(account));
        assertEq(aux.benched, 3);
        assertEq(aux.benchedUntil, nowAt + 7 days);
        Recovery memory second = _again(1);
        _expectNoTier(second, 3, 0, 0);
        _expectNoTier(second, 6, 1, 1);
        _start(second, policy, 12, fresh);
        skip(7 days - 1);
        second = _again(2);
        _expectNoTier(second, 3, 0, 0);
        skip(1);
        second = _again(3);
        _start(second, policy, 3, fresh);
    }

    /// [74] [75] the bench weakens no protected tier: a thief who vetoes an honest quorum does not stop it
    function test_benchedVotesCountForProtectedTiers() public {
        _start(request, policy, 3, fresh);
        _veto(digest);
        Recovery memory second = _again(1);
        bytes32 other = _start(second, policy, 7, fresh);
        assertEq(_record(second).readyAt, nowAt + 3 days, "the protected tier alone");
        assertEq(_record(second).protectedAt, nowAt + 3 days);
        _veto(other);
        skip(3 days);
        _execute(second, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [75] two vetoed attempts bench all their voters, and whoever was benched once is benched again by a later veto
    function test_benchesAddUp() public {
        _start(request, policy, 3, fresh);
        _veto(digest);
        Recovery memory second = _again(1);
        _veto(_start(second, policy, 12, fresh));
        assertEq(recovery.getAux(address(account)).benched, 15);
        skip(7 days);
        Recovery memory third = _again(2);
        _veto(_start(third, policy, 3, fresh));
        assertEq(recovery.getAux(address(account)).benched, 15);
    }

    /// [75] a veto before the start benches nobody, a slowed down one neither, and another policy clears the bench
    function test_nobodyToBench() public {
        _veto(digest);
        assertEq(recovery.getAux(address(account)).benched, 0);
        Recovery memory second = _again(1);
        _veto(_start(second, policy, 7, fresh));
        assertEq(recovery.getAux(address(account)).benched, 0);
        Recovery memory third = _again(2);
        _veto(_start(third, policy, 3, fresh));
        assertEq(recovery.getAux(address(account)).benched, 3);
        Policy memory other = policy;
        other.salt = keccak256("other");
        vm.prank(address(account));
        recovery.setPolicy(address(account), _encode(other), nowAt + 1, "");
        skip(5 days);
        recovery.applyPolicy(address(account), _encode(other));
        policyBytes = _encode(other);
        policy.salt = other.salt;
        Recovery memory fourth = _again(3);
        _start(fourth, policy, 3, fresh);
    }

    // ---------------------------------------------------------------- Calling off

    /// guardians of the greatest tier call a recovery off for good, before or after it starts
    function testFuzz_guardianCancel(bool started, uint64 chainId) public {
        vm.chainId(bound(chainId, 1, type(uint64).max));
        if (started) _start(request, policy, 7, fresh);
        bytes memory approvals = _approvals(policy, 15, _cancelDigest());
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.RecoveryCancelled(address(account), digest);
        recovery.guardianCancel(address(account), digest, policyBytes, approvals);
        assertStatus(request, IRecoveryTypes.Status.Cancelled);
        skip(3 days);
        bytes memory possession = _possession(fresh, digest);
        _expectCancelled();
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        bytes memory votes = _approvals(policy, 15, digest);
        _expectCancelled();
        recovery.support(request, policyBytes, votes);
        _expectCancelled();
        recovery.start(request, policyBytes, votes, possession);
        _expectCancelled();
        recovery.guardianCancel(address(account), digest, policyBytes, approvals);
        vm.prank(address(account));
        _expectCancelled();
        recovery.veto(address(account), digest, "");
    }

    /// [75] fewer than the greatest tier takes, or benched ones, call nothing off
    function test_cancelTakesTheGreatestTier() public {
        _start(request, policy, 3, fresh);
        bytes memory three = _approvals(policy, 7, _cancelDigest());
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 3, _kinds(7)));
        recovery.guardianCancel(address(account), digest, policyBytes, three);
        bytes memory all = _approvals(policy, 15, _cancelDigest());
        _veto(digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 2, _kinds(12)));
        recovery.guardianCancel(address(account), digest, policyBytes, all);
        skip(7 days);
        recovery.guardianCancel(address(account), digest, policyBytes, all);
    }

    /// [68] approvals of the recovery, of another one, or under another policy call nothing off
    function test_cancelIsAMessageOfItsOwn() public {
        bytes memory votes = _approvals(policy, 15, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        recovery.guardianCancel(address(account), digest, policyBytes, votes);
        votes = _approvals(policy, 15, recovery.guardianCancelDigest(address(account), keccak256("x"), digest));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        recovery.guardianCancel(address(account), digest, policyBytes, votes);
        Policy memory other = policy;
        other.salt = keccak256("other");
        uint160 wanted = uint160(uint256(keccak256(policyBytes)));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.WrongPolicy.selector, keccak256(_encode(other)), wanted));
        recovery.guardianCancel(address(account), digest, _encode(other), votes);
    }

    // ---------------------------------------------------------------- Freezing

    /// one guardian stops the account, for as long as the policy allows, and a recovery starts it again
    function test_freeze() public {
        uint40 until = nowAt + 72 hours;
        bytes memory approval = _approvals(policy, 1, _freezeDigest(72 hours, nowAt));
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.FreezeSet(address(account), 1, until);
        recovery.freeze(address(account), policyBytes, 72 hours, nowAt, approval);
        assertEq(account.frozenUntil(), until);
        assertEq(recovery.getAux(address(account)).freezeReadyAt, until + 30 days);
        _start(request, policy, 15, fresh);
        assertEq(account.frozenUntil(), 0);
    }

    /// not longer than the policy allows, not again for thirty days, not by an old message
    function test_freezeLimits() public {
        bytes memory approval = _approvals(policy, 1, _freezeDigest(72 hours + 1, nowAt));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.FreezeTooLong.selector, 72 hours + 1, 72 hours));
        recovery.freeze(address(account), policyBytes, 72 hours + 1, nowAt, approval);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.FreezeTooLong.selector, 0, 72 hours));
        recovery.freeze(address(account), policyBytes, 0, nowAt, approval);

        approval = _approvals(policy, 1, _freezeDigest(1 hours, nowAt));
        skip(1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Expired.selector, nowAt + 1 days + 1, nowAt + 1 days));
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt, approval);
        vm.warp(nowAt + 1 days);
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt, approval);

        uint256 readyAt = nowAt + 1 days + 1 hours + 30 days;
        vm.warp(readyAt - 1);
        uint40 issuedAt = uint40(readyAt - 1);
        approval = _approvals(policy, 2, _freezeDigest(1 hours, issuedAt));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.FreezeNotReady.selector, readyAt - 1, readyAt));
        recovery.freeze(address(account), policyBytes, 1 hours, issuedAt, approval);
        vm.warp(readyAt);
        recovery.freeze(address(account), policyBytes, 1 hours, issuedAt, approval);
        assertEq(account.frozenUntil(), readyAt + 1 hours);
    }

    /// a stranger, a benched guardian, or a policy without freezes: refused
    function test_freezeByNobody() public {
        bytes32 message = _freezeDigest(1 hours, nowAt);
        bytes memory stranger = _item(_indexOf(policy, SignsAs.Eoa), signEoa(0x5742a27e, message));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt, stranger);
        _start(request, policy, 3, fresh);
        _veto(digest);
        bytes memory benched = _approvals(policy, 1, message);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt, benched);

        bytes memory without = _encode(_usualPolicy());
        account = _newAccount(owner, without, keccak256("without"));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.FreezeTooLong.selector, 1 hours, 0));
        recovery.freeze(address(account), without, 1 hours, nowAt, benched);
    }

    // ---------------------------------------------------------------- Drills

    /// a drill counts as a recovery would, says which tiers are reached, and changes nothing
    function testFuzz_drill(uint256 mask) public {
        mask = bound(mask, 0, 15);
        uint40 deadline = nowAt + 30 days;
        bytes32 message = recovery.drillDigest(address(account), keccak256(policyBytes), CHALLENGE, deadline);
        bytes memory approvals = _approvals(policy, mask, message);
        bytes32 before = keccak256(abi.encode(recovery.getHead(address(account)), recovery.getAux(address(account))));
        uint256 count = (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1);
        uint8 wanted = count >= 2 ? 1 : 0;
        if (count >= 3) wanted |= 2;
        if (count == 4) wanted |= 4;
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.GuardiansProven(address(account), keccak256(policyBytes), CHALLENGE, uint32(mask), wanted);
        (uint32 votes, uint8 tiers) = recovery.drill(address(account), policyBytes, CHALLENGE, deadline, approvals);
        assertEq(votes, mask);
        assertEq(tiers, wanted);
        assertEq(
            keccak256(abi.encode(recovery.getHead(address(account)), recovery.getAux(address(account)))),
            before,
            "unchanged"
        );
    }

    /// [68] what was signed in a drill is no approval, and a drill has its time
    function test_drillIsAMessageOfItsOwn() public {
        uint40 deadline = nowAt;
        bytes32 message = recovery.drillDigest(address(account), keccak256(policyBytes), CHALLENGE, deadline);
        bytes memory approvals = _approvals(policy, 15, message);
        _expectNoTier(request, approvals, 0, 0);
        (uint32 votes, ) = recovery.drill(address(account), policyBytes, CHALLENGE, deadline, approvals);
        assertEq(votes, 15);
        (votes, ) = recovery.drill(address(account), policyBytes, keccak256("other"), deadline, approvals);
        assertEq(votes, 0);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Expired.selector, nowAt + 1, nowAt));
        recovery.drill(address(account), policyBytes, CHALLENGE, deadline, approvals);
        deadline = nowAt + 1 + 30 days + 1;
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.LifetimeTooLong.selector, deadline, nowAt + 1 + 30 days));
        recovery.drill(address(account), policyBytes, CHALLENGE, deadline, approvals);
    }

    // ---------------------------------------------------------------- Helpers

    function _again(uint40 more) private view returns (Recovery memory next) {
        next = _recovery(account, policyBytes, fresh);
        next.deadline += more;
    }

    function _veto(bytes32 of_) private {
        vm.prank(address(account));
        recovery.veto(address(account), of_, "");
    }

    function _cancelDigest() private view returns (bytes32) {
        return recovery.guardianCancelDigest(address(account), keccak256(policyBytes), digest);
    }

    function _freezeDigest(uint32 duration, uint40 issuedAt) private view returns (bytes32) {
        return recovery.freezeDigest(address(account), keccak256(policyBytes), duration, issuedAt);
    }

    function _kinds(uint256 mask) private view returns (uint256 kinds) {
        uint256 seen;
        for (uint256 i = 0; i < 4; ++i) if ((mask >> i) & 1 != 0) seen |= 1 << policy.guardians[i].kind;
        for (; seen != 0; seen &= seen - 1) ++kinds;
    }

    function _expectNoTier(Recovery memory of_, uint256 mask, uint256 weight, uint256 kinds) private {
        _expectNoTier(of_, _approvals(policy, mask, recovery.hashRecovery(of_)), weight, kinds);
    }

    function _expectNoTier(Recovery memory of_, bytes memory approvals, uint256 weight, uint256 kinds) private {
        bytes memory possession = _possession(fresh, recovery.hashRecovery(of_));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, weight, kinds));
        recovery.start(of_, policyBytes, approvals, possession);
    }

    function _expectCancelled() private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Cancelled.selector, digest));
    }
}
