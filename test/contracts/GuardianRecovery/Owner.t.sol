// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice What an owner signs: the first policy, and vetoes.
contract RecoveryOwnerTest is RecoveryFixture {
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
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    // ---------------------------------------------------------------- First policy

    /// [60] the first policy takes effect at once, delivered by anyone, on whatever chain
    function testFuzz_firstPolicy(uint64 chainId, address relayer) public {
        vm.chainId(bound(chainId, 1, type(uint64).max));
        account = _newAccount(owner, "", keccak256("bare"));
        bytes memory signature = _policySignature(owner, nowAt);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.PolicySet(address(account), keccak256(policyBytes), policyBytes);
        vm.prank(relayer);
        recovery.setPolicy(address(account), policyBytes, nowAt, signature);
        IRecoveryTypes.Head memory head = recovery.getHead(address(account));
        assertEq(head.policyId, uint160(uint256(keccak256(policyBytes))));
        assertEq(head.setAt, nowAt);
        assertEq(head.floor, nowAt);
        assertEq(head.changeDays, 4);
    }

    /// a head is one word: policy, time, floor, epoch and days
    function test_headIsOneWord() public {
        bytes32 slot = keccak256(abi.encode(address(account), uint256(0)));
        assertEq(uint160(uint256(vm.load(address(recovery), slot))), uint160(uint256(keccak256(policyBytes))));
        assertEq(vm.load(address(recovery), bytes32(uint256(slot) + 1)), 0);
        _start(request, policy, 7, fresh);
        slot = keccak256(abi.encode(digest, keccak256(abi.encode(address(account), uint256(3)))));
        assertNotEq(vm.load(address(recovery), slot), 0);
        assertEq(vm.load(address(recovery), bytes32(uint256(slot) + 1)), 0);
    }

    /// [97] a stranger, an unframed or foreign signature, another policy, time or account: refused
    function test_policyByStranger() public {
        account = _newAccount(owner, "", keccak256("bare"));
        IAccountUnderTest other = _newAccount(owner, "", keccak256("other"));
        bytes32 good = recovery.setPolicyDigest(address(account), keccak256(policyBytes), nowAt);
        _expectBadPolicySignature("");
        _expectBadPolicySignature(_policySignature(fresh, nowAt));
        _expectBadPolicySignature(_assertion(owner, 0, good));
        _expectBadPolicySignature(abi.encodePacked(uint8(1), _assertion(owner, 0, good)));
        _expectBadPolicySignature(abi.encodePacked(uint8(0), _stateless(owner, good)));
        _expectBadPolicySignature(_policySignature(owner, nowAt - 1));
        _expectBadPolicySignature(
            _ownerSignature(owner, recovery.setPolicyDigest(address(other), keccak256(policyBytes), nowAt))
        );
        _expectBadPolicySignature(
            _ownerSignature(owner, recovery.setPolicyDigest(address(account), keccak256("x"), nowAt))
        );
        recovery.setPolicy(address(account), policyBytes, nowAt, _ownerSignature(owner, good));
    }

    /// [78] [69] [212] issued more than 15 minutes ahead, or not after the floor: refused
    function test_policyTimes() public {
        account = _newAccount(owner, "", keccak256("bare"));
        bytes memory signature = _policySignature(owner, nowAt + 15 minutes + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveryTypes.NotYetIssued.selector, nowAt + 15 minutes + 1, nowAt + 15 minutes)
        );
        recovery.setPolicy(address(account), policyBytes, nowAt + 15 minutes + 1, signature);
        signature = _policySignature(owner, 0);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, 0, 0));
        recovery.setPolicy(address(account), policyBytes, 0, signature);
        signature = _policySignature(owner, nowAt + 15 minutes);
        recovery.setPolicy(address(account), policyBytes, nowAt + 15 minutes, signature);
        assertEq(recovery.getHead(address(account)).floor, nowAt + 15 minutes);
    }

    /// [69] approvals issued before the policy took effect are dead
    function test_recoveryIssuedBeforeThePolicy() public {
        account = _newAccount(owner, "", keccak256("bare"));
        recovery.setPolicy(address(account), policyBytes, nowAt, _policySignature(owner, nowAt));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 3, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt));
        recovery.start(request, policyBytes, approvals, possession);
        request.issuedAt += 1;
        _start(request, policy, 3, fresh);
    }

    // ---------------------------------------------------------------- Veto

    /// [80] [I22] a veto ends a vetoable recovery, and the same approvals never bring it back
    function test_vetoEndsIt() public {
        _start(request, policy, 3, fresh);
        bytes memory signature = _vetoSignature(owner, address(account));
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.RecoveryVetoed(address(account), digest, true);
        recovery.veto(address(account), digest, signature);
        skip(1 days);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Vetoed.selector, digest));
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        bytes memory approvals = _approvals(policy, 3, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Vetoed.selector, digest));
        recovery.start(request, policyBytes, approvals, possession);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Vetoed.selector, digest));
        recovery.veto(address(account), digest, signature);
        assertTrue(_isOnlyPasskey(account, owner));
    }

    /// [76] more votes after the protected time do not move it
    function test_lateSupportDoesNotDelayTheProtectedTime() public {
        _start(request, policy, 7, fresh);
        recovery.veto(address(account), digest, _vetoSignature(owner, address(account)));
        skip(3 days + 1 hours);
        _support(request, policy, 15);
        assertEq(_record(request).readyAt, nowAt + 3 days);
        assertEq(_record(request).protectedAt, nowAt + 3 days);
    }

    /// [68] votes are added under the policy they were started under: a faster one of somebody's making is refused
    function test_supportUnderAnotherPolicy() public {
        _start(request, policy, 3, fresh);
        Policy memory faster = policy;
        for (uint256 i = 0; i < faster.tiers.length; ++i) faster.tiers[i].delay = 0;
        bytes memory forged = _encode(faster);
        bytes memory approvals = _approvals(policy, 7, digest);
        bytes32 wanted = keccak256(policyBytes);
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveryTypes.WrongPolicy.selector, keccak256(forged), uint160(uint256(wanted)))
        );
        recovery.support(request, forged, approvals);
    }

    /// [82] a veto that arrives before the recovery holds; the chain id is not in it
    function testFuzz_vetoBeforeStartOnAnyChain(uint64 chainId) public {
        bytes memory signature = _vetoSignature(owner, address(account));
        vm.chainId(bound(chainId, 1, type(uint64).max));
        recovery.veto(address(account), digest, signature);
        bytes memory approvals = _approvals(policy, 3, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Vetoed.selector, digest));
        recovery.start(request, policyBytes, approvals, possession);
    }

    /// [82] vetoing is no blanket: another digest is not touched, and a protected tier goes on
    function test_vetoNamesOneRecovery() public {
        recovery.veto(address(account), digest, _vetoSignature(owner, address(account)));
        Recovery memory second = request;
        second.deadline += 1;
        _start(second, policy, 3, fresh);
        _start(request, policy, 7, fresh);
        assertStatus(request, IRecoveryTypes.Status.Protected);
    }

    /// [82] a stranger, another account of the same key, the new passkey before it is in, an old one after it is out
    function test_vetoByTheWrongOne() public {
        _start(request, policy, 3, fresh);
        IAccountUnderTest other = _newAccount(owner, "", keccak256("other"));
        _expectBadVeto("");
        _expectBadVeto(_vetoSignature(fresh, address(account)));
        _expectBadVeto(_vetoSignature(owner, address(other)));
        _expectBadVeto(_ownerSignature(owner, digest));
        vm.prank(address(other));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.veto(address(account), digest, "");
        _support(request, policy, 15);
        _execute(request, fresh);
        _expectBadVeto(_vetoSignature(owner, address(account)));
    }

    /// [82] an account vetoes only its own: the same digest stays alive for the account it names
    function test_vetoOfAnotherAccountsDigest() public {
        IAccountUnderTest other = _newAccount(owner, "", keccak256("other"));
        _start(request, policy, 3, fresh);
        vm.prank(address(other));
        recovery.veto(address(other), digest, "");
        assertStatus(request, IRecoveryTypes.Status.Scheduled);
    }

    /// [74] a protected tier: a veto delays to its time, a second one is refused, then it executes
    function test_protectedTierSurvivesVetoes() public {
        _start(request, policy, 7, fresh);
        bytes memory signature = _vetoSignature(owner, address(account));
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.RecoveryVetoed(address(account), digest, false);
        recovery.veto(address(account), digest, signature);
        assertEq(_record(request).readyAt, nowAt + 3 days);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotVetoable.selector, digest));
        recovery.veto(address(account), digest, signature);
        skip(3 days - 1);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotReady.selector, nowAt + 3 days - 1, nowAt + 3 days));
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        skip(1);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [74] after a veto even all guardians wait for the protected tier: the immediate one can be vetoed
    function test_supportAfterVetoCountsProtectedTiersOnly() public {
        _start(request, policy, 7, fresh);
        recovery.veto(address(account), digest, _vetoSignature(owner, address(account)));
        _support(request, policy, 15);
        assertEq(_record(request).votes, 15);
        assertEq(_record(request).readyAt, nowAt + 3 days);
    }

    // ---------------------------------------------------------------- A thief with the passkey

    /// [73] [84] [85] [I20] [I23] nothing a thief does in the account's name stops a protected recovery, and nothing of him stays
    function test_thiefCannotStopAProtectedRecovery() public {
        _start(request, policy, 7, fresh);
        recovery.veto(address(account), digest, _vetoSignature(owner, address(account)));
        for (uint256 i = 0; i < 31; ++i) {
            Passkey memory own = i == 0 ? fresh : _passkey(1000 + i);
            _asAccount(
                account,
                address(passkeys),
                0,
                abi.encodeCall(passkeys.addCredential, (own.credential, own.id, ""))
            );
        }
        bytes[] memory tries = new bytes[](5);
        tries[0] = abi.encodeCall(account.uninstallModule, (2, address(recovery), ""));
        tries[1] = abi.encodeCall(account.uninstallModule, (1, address(passkeys), ""));
        tries[2] = abi.encodeCall(account.installModule, (4, address(this), ""));
        tries[3] = abi.encodeCall(account.recover, (owner.credential, 0, 0, ""));
        tries[4] = abi.encodeCall(account.setup, (owner.credential, owner.id, policyBytes, keccak256("other")));
        for (uint256 i = 0; i < tries.length; ++i) assertFalse(_tryAsAccount(account, address(account), tries[i]));
        assertFalse(_tryAsAccount(account, address(recovery), abi.encodeCall(recovery.onUninstall, (""))));
        skip(3 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [87] a thief who empties the passkey module as the account changes nothing for the guardians
    function test_emptiedPasskeysAreRecovered() public {
        _start(request, policy, 3, fresh);
        _asAccount(account, address(passkeys), 0, abi.encodeCall(passkeys.onUninstall, ("")));
        skip(1 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [84] the same with keep bit 0: a pre-registered or crowded table falls back to what works
    function test_keepWithAFullTable() public {
        request.keep = 1;
        digest = _start(request, policy, 3, fresh);
        for (uint256 i = 0; i < 31; ++i) {
            Passkey memory own = _passkey(1000 + i);
            _asAccount(
                account,
                address(passkeys),
                0,
                abi.encodeCall(passkeys.addCredential, (own.credential, own.id, ""))
            );
        }
        skip(1 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh), "replaced: there was no room");
    }

    // ---------------------------------------------------------------- Floor and order

    /// [76] [100] [212] [I17] an earlier issue is dead once a later one is executed, a later one lives on
    function test_lastIssueWins() public {
        Recovery memory later = request;
        later.issuedAt += 100;
        Passkey memory other = _passkey(3);
        later.credential = other.credential;
        uint256 snapshot = vm.snapshotState();
        _start(later, policy, 15, other);
        bytes memory approvals = _approvals(policy, 15, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt + 100));
        recovery.start(request, policyBytes, approvals, possession);
        vm.revertToState(snapshot);
        _start(request, policy, 15, fresh);
        _start(later, policy, 15, other);
        assertTrue(_isOnlyPasskey(account, other), "the newest on both chains");
        assertEq(recovery.getHead(address(account)).epoch, 2);
    }

    /// [79] the same approvals do not execute twice
    function test_executedOnce() public {
        _start(request, policy, 15, fresh);
        bytes memory approvals = _approvals(policy, 15, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt));
        recovery.start(request, policyBytes, approvals, possession);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotScheduled.selector, digest));
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
    }

    // ---------------------------------------------------------------- Helpers

    function _policySignature(Passkey memory signer, uint40 issuedAt) private view returns (bytes memory) {
        return _ownerSignature(signer, recovery.setPolicyDigest(address(account), keccak256(policyBytes), issuedAt));
    }

    function _vetoSignature(Passkey memory signer, address of_) private view returns (bytes memory) {
        return _ownerSignature(signer, recovery.vetoDigest(of_, digest));
    }

    function _expectBadPolicySignature(bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.setPolicy(address(account), policyBytes, nowAt, signature);
    }

    function _expectBadVeto(bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.veto(address(account), digest, signature);
    }
}
