// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Every state a recovery can be in, times every event that can hit it, as one table.
contract RecoveryTransitionsTest is RecoveryFixture {
    enum State {
        None,
        Tombstone, // vetoed before its start
        Waiting, // vetoable tier only
        WaitingBoth, // protected tier reached too
        Ready,
        Protected, // vetoed, goes on under the protected tier
        ProtectedReady,
        Vetoed,
        Expired,
        Superseded,
        Stale, // an earlier issue, of an executed one
        Executed,
        Cancelled
    }

    enum Event {
        StartTwo, // a vetoable tier
        StartThree, // and the protected one
        StartAll, // and the immediate one
        SupportThree,
        Veto,
        Execute,
        Cancel
    }

    bytes4 private constant OK = bytes4(0);

    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    IAccountUnderTest private account;
    Recovery private request;

    /// @dev What an event in a state leads to: the problem, or OK and the status after it.
    struct Row {
        State state;
        Event happens;
        bytes4 problem;
        IRecoveryTypes.Status status;
    }

    Row[] private rows;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        account = _newAccount(owner, _encode(policy), keccak256("handle"));
        request = _recovery(account, _encode(policy), fresh);
        _fillTable();
    }

    /// [77] [79] [80] [81] [I13] every state × every event
    function test_everyTransition() public {
        assertEq(rows.length, 13 * 7, "the table is complete");
        for (uint256 i = 0; i < rows.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            this.tryRow(i);
            vm.revertToState(snapshot);
        }
    }

    /// @dev A call of its own, so that its memory does not add up with that of the other rows.
    function tryRow(uint256 i) external {
        Row memory row = rows[i];
        _enter(row.state);
        string memory name = string.concat("row ", vm.toString(i));
        (bool success, bytes memory answer) = _fire(row.happens);
        if (row.problem == OK) {
            assertTrue(success, name);
            assertEq(uint256(_status(request)), uint256(row.status), name);
        } else {
            assertFalse(success, name);
            assertEq(bytes32(bytes4(answer)), bytes32(row.problem), name);
        }
    }

    function _fillTable() private {
        IRecoveryTypes.Status none = IRecoveryTypes.Status.None;
        IRecoveryTypes.Status scheduled = IRecoveryTypes.Status.Scheduled;
        IRecoveryTypes.Status protected = IRecoveryTypes.Status.Protected;
        IRecoveryTypes.Status vetoed = IRecoveryTypes.Status.Vetoed;
        bytes4 started = IRecoveryTypes.AlreadyStarted.selector;
        bytes4 notScheduled = IRecoveryTypes.NotScheduled.selector;
        bytes4 isVetoed = IRecoveryTypes.Vetoed.selector;
        bytes4 notReady = IRecoveryTypes.NotReady.selector;
        bytes4 closed = IRecoveryTypes.WindowClosed.selector;
        bytes4 fixed_ = IRecoveryTypes.NotVetoable.selector;
        bytes4 superseded = IRecoveryTypes.Superseded.selector;
        bytes4 stale = IRecoveryTypes.Stale.selector;
        bytes4 gone = IRecoveryTypes.Cancelled.selector;
        bytes4 noTier = IRecoveryTypes.NoTier.selector; // whose votes were vetoed are benched
        IRecoveryTypes.Status cancelled = IRecoveryTypes.Status.Cancelled;

        _rows(
            State.None,
            [OK, OK, OK, notScheduled, OK, notScheduled, OK],
            [scheduled, scheduled, none, none, vetoed, none, cancelled]
        );
        _rows(
            State.Tombstone,
            [isVetoed, OK, OK, isVetoed, isVetoed, isVetoed, OK],
            [none, protected, protected, none, none, none, cancelled]
        );
        _rows(
            State.Waiting,
            [started, started, started, OK, OK, notReady, OK],
            [none, none, none, scheduled, vetoed, none, cancelled]
        );
        _rows(
            State.WaitingBoth,
            [started, started, started, OK, OK, notReady, OK],
            [none, none, none, scheduled, protected, none, cancelled]
        );
        _rows(
            State.Ready,
            [started, started, started, OK, OK, OK, OK],
            [none, none, none, scheduled, vetoed, none, cancelled]
        );
        _rows(
            State.Protected,
            [started, started, started, OK, fixed_, notReady, OK],
            [none, none, none, protected, none, none, cancelled]
        );
        _rows(
            State.ProtectedReady,
            [started, started, started, OK, fixed_, OK, OK],
            [none, none, none, protected, none, none, cancelled]
        );
        _rows(
            State.Vetoed,
            [isVetoed, OK, OK, isVetoed, isVetoed, isVetoed, noTier],
            [none, protected, protected, none, none, none, none]
        );
        _rows(
            State.Expired,
            [started, started, started, closed, closed, closed, OK],
            [none, none, none, none, none, none, cancelled]
        );
        _rows(
            State.Superseded,
            [started, started, started, superseded, superseded, superseded, OK],
            [none, none, none, none, none, none, cancelled]
        );
        _rows(
            State.Stale,
            [stale, stale, stale, superseded, superseded, superseded, OK],
            [none, none, none, none, none, none, cancelled]
        );
        _rows(
            State.Executed,
            [stale, stale, stale, notScheduled, OK, notScheduled, OK],
            [none, none, none, none, vetoed, none, cancelled]
        );
        _rows(State.Cancelled, [gone, gone, gone, gone, gone, gone, gone], [none, none, none, none, none, none, none]);
    }

    function _rows(State state, bytes4[7] memory errors, IRecoveryTypes.Status[7] memory statuses) private {
        for (uint256 i = 0; i < 7; ++i) rows.push(Row(state, Event(i), errors[i], statuses[i]));
    }

    /// @dev Brings the recovery into a state, from a fresh account.
    function _enter(State state) private {
        if (state == State.None) return;
        if (state == State.Tombstone) return _veto();
        if (state == State.Cancelled) return _cancel();
        if (state == State.Superseded || state == State.Stale) return _supersede(state == State.Stale);
        if (state == State.Executed) {
            _start(request, policy, 15, fresh);
            return;
        }
        bool both = state == State.WaitingBoth || state == State.Protected || state == State.ProtectedReady;
        _start(request, policy, both ? 7 : 3, fresh);
        if (state == State.Ready) skip(1 days);
        if (state == State.Protected || state == State.ProtectedReady || state == State.Vetoed) _veto();
        if (state == State.ProtectedReady) skip(3 days);
        if (state == State.Expired) skip(3 days);
    }

    /// @dev Another recovery, issued before or after this one, is executed while this one waits.
    function _supersede(bool newer) private {
        Recovery memory other = request;
        other.keep = 1; // the owner can still veto
        other.issuedAt = newer ? request.issuedAt + 1 : request.issuedAt - 1;
        _start(request, policy, 3, fresh);
        _start(other, policy, 15, fresh);
    }

    function _veto() private {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory signature = _ownerSignature(owner, recovery.vetoDigest(address(account), digest));
        recovery.veto(address(account), digest, signature);
    }

    function _cancel() private {
        (bool success, ) = _fire(Event.Cancel);
        assertTrue(success);
    }

    function _fire(Event happens) private returns (bool, bytes memory) {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory possession = _possession(fresh, digest);
        bytes memory call;
        if (happens == Event.Execute) {
            call = abi.encodeCall(recovery.execute, (request, possession, new IRecoveryTypes.Evidence[](0)));
        } else if (happens == Event.Veto) {
            // By the account itself: also once the owner's passkey has been replaced.
            vm.prank(address(account));
            return address(recovery).call(abi.encodeCall(recovery.veto, (address(account), digest, "")));
        } else if (happens == Event.Cancel) {
            bytes memory encoded = _encode(policy);
            bytes32 message = recovery.guardianCancelDigest(address(account), keccak256(encoded), digest);
            call = abi.encodeCall(
                recovery.guardianCancel,
                (address(account), digest, encoded, _approvals(policy, 15, message))
            );
        } else if (happens == Event.SupportThree) {
            call = abi.encodeCall(recovery.support, (request, _encode(policy), _approvals(policy, 7, digest)));
        } else {
            uint256 mask =
                happens == Event.StartTwo
                    ? 3
                    : happens == Event.StartThree
                        ? 7
                        : 15;
            call = abi.encodeCall(
                recovery.start,
                (request, _encode(policy), _approvals(policy, mask, digest), possession)
            );
        }
        return address(recovery).call(call);
    }
}
