// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice How holds and benches of several recoveries add up, and policies with more than one protected tier.
contract RecoveryHoldsTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    uint40 private nowAt;

    /// @dev Any two: 5 days, protected. Any three: 1 day, protected. All: at once, protected. One of them alone: never.
    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        Policy memory made = _usualPolicy();
        made.tiers = new Tier[](4);
        made.tiers[0] = Tier(3, 2, 1 days, true);
        made.tiers[1] = Tier(2, 1, 2 days, false);
        made.tiers[2] = Tier(4, 3, 0, true);
        made.tiers[3] = Tier(2, 1, 5 days, true);
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        skip(1 days);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    /// [74] of several protected tiers the fastest one counts, wherever it stands
    function test_fastestProtectedTier() public {
        Recovery memory request = _request(0);
        _start(request, policy, 3, fresh);
        assertEq(_record(request).readyAt, nowAt + 2 days);
        assertEq(_record(request).protectedAt, nowAt + 5 days);
        request = _request(1);
        _start(request, policy, 7, fresh);
        assertEq(_record(request).readyAt, nowAt + 1 days);
        assertEq(_record(request).protectedAt, nowAt + 1 days);
    }

    /// [74] [I12] a protected tier takes its kinds too, not its weight alone
    function test_protectedTierTakesKinds() public {
        Policy memory made = _usualPolicy();
        made.tiers[1] = Tier(3, 3, 3 days, true);
        account = _newAccount(owner, _encode(made), keccak256("kinds"));
        uint256 missing = 1 << _indexOf(made, SignsAs.Passkey);
        Recovery memory request = _recovery(account, _encode(made), fresh);
        _start(request, made, 15 ^ missing, fresh);
        assertEq(_record(request).protectedAt, 0, "three of two kinds");
        request.deadline += 1;
        _start(request, made, 15 ^ (1 << _indexOf(made, SignsAs.Eoa)), fresh);
        assertEq(_record(request).protectedAt, nowAt + 3 days, "three of three kinds");
    }

    /// [74] [I12] a heavy guardian counts with all his weight towards a protected tier
    function test_protectedTierCountsWeight() public {
        Policy memory made = _usualPolicy();
        made.guardians[0].weight = 2;
        made.tiers[1] = Tier(3, 1, 3 days, true);
        account = _newAccount(owner, _encode(made), keccak256("weight"));
        Recovery memory request = _recovery(account, _encode(made), fresh);
        _start(request, made, 6, fresh);
        assertEq(_record(request).protectedAt, 0, "one and one");
        request.deadline += 1;
        _start(request, made, 3, fresh);
        assertEq(_record(request).protectedAt, nowAt + 3 days, "two and one");
    }

    /// [73] the longest hold of all that wait counts; one recovery does not shorten another's
    function test_holdsAddUp() public {
        _start(_request(0), policy, 7, fresh);
        assertEq(_holdUntil(), nowAt + 3 days);
        _start(_request(1), policy, 3, fresh);
        assertEq(_holdUntil(), nowAt + 7 days);
        _start(_request(2), policy, 7, fresh);
        assertEq(_holdUntil(), nowAt + 7 days);
        _support(_request(1), policy, 4);
        assertEq(_holdUntil(), nowAt + 7 days);
    }

    /// [73] a vote that makes a recovery protected makes it hold
    function test_supportHolds() public {
        Policy memory made = _usualPolicy();
        account = _newAccount(owner, _encode(made), keccak256("usual"));
        Recovery memory request = _recovery(account, _encode(made), fresh);
        _start(request, made, 3, fresh);
        assertEq(_holdUntil(), 0);
        _support(request, made, 4);
        assertEq(_holdUntil(), nowAt + 5 days);
    }

    /// [73] a hold that died with its epoch does not stand in the way of a new one
    function test_holdAfterARecovery() public {
        _start(_request(0), policy, 3, fresh);
        _start(_request(1), policy, 15, fresh);
        assertEq(recovery.getHead(address(account)).epoch, 1);
        skip(1 hours);
        _start(_request(2), policy, 7, fresh);
        IRecoveryTypes.Aux memory aux = recovery.getAux(address(account));
        assertEq(aux.holdUntil, nowAt + 1 hours + 3 days);
        assertEq(aux.holdEpoch, 1);
    }

    /// [80] [74] a vetoed recovery that goes through at once under a protected tier leaves no record
    function test_atOnceAfterAVeto() public {
        Recovery memory request = _request(0);
        bytes32 digest = recovery.hashRecovery(request);
        _veto(digest);
        _start(request, policy, 15, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
        assertStatus(request, IRecoveryTypes.Status.None);
    }

    /// [75] a veto of what was never started benches nobody, and prolongs nobody's bench
    function test_vetoAheadProlongsNoBench() public {
        Policy memory made = _usualPolicy();
        account = _newAccount(owner, _encode(made), keccak256("usual"));
        Recovery memory request = _recovery(account, _encode(made), fresh);
        _veto(_start(request, made, 3, fresh));
        skip(6 days);
        _veto(keccak256("never started"));
        assertEq(recovery.getAux(address(account)).benchedUntil, nowAt + 7 days);
        assertEq(recovery.getAux(address(account)).benched, 3);
    }

    /// [75] whom a veto of an earlier epoch benched, a later veto of others does not bench again
    function test_benchOfAnEarlierEpoch() public {
        Policy memory made = _usualPolicy();
        account = _newAccount(owner, _encode(made), keccak256("usual"));
        _veto(_start(_recovery(account, _encode(made), fresh), made, 3, fresh));
        skip(7 days);
        _start(_recovery(account, _encode(made), fresh), made, 15, fresh);
        assertEq(recovery.getHead(address(account)).epoch, 1);
        skip(1);
        _veto(_start(_recovery(account, _encode(made), fresh), made, 12, fresh));
        assertEq(recovery.getAux(address(account)).benched, 12);
        assertEq(recovery.getAux(address(account)).benchEpoch, 1);
    }

    /// [75] a recovery ends the bench, in the same second too: whom the thief vetoed counts under the new passkey
    function test_benchEndsWithItsEpoch() public {
        Policy memory made = _usualPolicy();
        made.tiers[2] = Tier(4, 3, 0, true);
        account = _newAccount(owner, _encode(made), keccak256("usual"));
        Recovery memory request = _recovery(account, _encode(made), fresh);
        _veto(_start(request, made, 3, fresh));
        request.deadline += 1;
        _start(request, made, 15, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
        request.issuedAt += 1;
        _start(request, made, 3, fresh);
        assertEq(_record(request).votes, 3);
        _support(request, made, 4);
        assertEq(_record(request).votes, 7);
    }

    /// [74] [75] what cannot be vetoed does not end with the veto of another one either
    function test_protectedOutlivesTheBench() public {
        Policy memory made = _usualPolicy();
        account = _newAccount(owner, _encode(made), keccak256("usual"));
        Recovery memory honest = _recovery(account, _encode(made), fresh);
        Recovery memory other = _recovery(account, _encode(made), fresh);
        _start(honest, made, 7, fresh);
        other.deadline += 1;
        _veto(_start(other, made, 3, fresh));
        other.deadline += 1;
        _veto(_start(other, made, 12, fresh));
        assertEq(recovery.getAux(address(account)).benched, 15);
        skip(1 days);
        _execute(honest, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [75] benched votes are taken although they reach nothing by themselves: no time changes, and nothing is lost
    function test_supportByTheBenched() public {
        Policy memory made = _usualPolicy();
        made.tiers[1] = Tier(3, 2, 3 days, false);
        account = _newAccount(owner, _encode(made), keccak256("usual"));
        Recovery memory first = _recovery(account, _encode(made), fresh);
        Recovery memory second = _recovery(account, _encode(made), fresh);
        second.deadline += 1;
        _start(first, made, 3, fresh);
        _veto(_start(second, made, 6, fresh));
        _support(first, made, 4);
        assertEq(_record(first).votes, 7);
        assertEq(_record(first).readyAt, nowAt + 1 days);
        assertEq(_record(first).windowHours, 48);
    }

    /// [75] [76] what a veto ended with its guardians' other recoveries is supported by nobody any more
    function test_supportOfWhatAVetoEnded() public {
        Policy memory made = _usualPolicy();
        account = _newAccount(owner, _encode(made), keccak256("usual"));
        Recovery memory first = _recovery(account, _encode(made), fresh);
        Recovery memory second = _recovery(account, _encode(made), fresh);
        second.deadline += 1;
        bytes32 digest = _start(second, made, 3, fresh);
        _veto(_start(first, made, 3, fresh));
        bytes memory approvals = _approvals(made, 12, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Benched.selector, digest));
        recovery.support(second, _encode(made), approvals);
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev The same wish, once more: another deadline.
    function _request(uint40 more) private view returns (Recovery memory request) {
        request = _recovery(account, policyBytes, fresh);
        request.deadline += more;
    }

    function _holdUntil() private view returns (uint40) {
        return recovery.getAux(address(account)).holdUntil;
    }

    function _veto(bytes32 digest) private {
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
    }
}
