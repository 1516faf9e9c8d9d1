// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice What a start refuses, so that nothing is left for the execution to refuse.
contract RecoveryStartTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
    }

    function test_startWritesOneRecordAndSaysSo() public {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 7, digest);
        uint40 nowAt = uint40(vm.getBlockTimestamp());
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.RecoveryStarted(address(account), digest, request, 7, nowAt + 1 days, nowAt + 3 days);
        recovery.start(request, policyBytes, approvals, _possession(fresh, digest));
        IRecoveryTypes.Record memory record = recovery.getRecord(address(account), digest);
        assertEq(record.startedAt, nowAt);
        assertEq(record.readyAt, nowAt + 1 days);
        assertEq(record.protectedAt, nowAt + 3 days);
        assertEq(record.windowHours, 48);
        assertEq(record.votes, 7);
        assertEq(record.epoch, 0);
        assertTrue(_isOnlyPasskey(account, owner), "nothing changed yet");
    }

    /// the immediate tier executes at once and leaves no record
    function test_immediateTierExecutesAtOnce() public {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 15, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.RecoveryExecuted(address(account), digest, fresh.credential.idHash);
        recovery.start(request, policyBytes, approvals, possession);
        assertTrue(_isOnlyPasskey(account, fresh));
        assertStatus(request, IRecoveryTypes.Status.None);
        assertEq(recovery.getHead(address(account)).floor, request.issuedAt);
        assertEq(recovery.getHead(address(account)).epoch, 1);
    }

    /// [59] [96] an account that never named guardians has no recovery
    function test_accountWithoutPolicy() public {
        assertTrue(recovery.isInitialized(address(account)));
        account = _newAccount(owner, "", keccak256("bare"));
        assertFalse(recovery.isInitialized(address(account)));
        request = _recovery(account, policyBytes, fresh);
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.NoPolicy.selector, address(account)), policyBytes, 15);
        request.account = address(0xdead);
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.NoPolicy.selector, address(0xdead)), policyBytes, 15);
    }

    /// [69] [100] approvals under another policy are worth nothing, even if this policy's bytes are delivered
    function test_otherPolicy() public {
        Policy memory other = policy;
        other.salt = keccak256("other");
        bytes memory otherBytes = _encode(other);
        bytes32 otherHash = keccak256(otherBytes);
        uint160 wanted = uint160(uint256(keccak256(policyBytes)));
        request.policy = otherHash;
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.WrongPolicy.selector, otherHash, wanted), otherBytes, 3);
        _expectRefused(
            abi.encodeWithSelector(IRecoveryTypes.WrongPolicy.selector, keccak256(policyBytes), wanted),
            policyBytes,
            3
        );
    }

    /// [100] a policy hash that agrees in the stored 160 bits only is refused
    function test_policyHashAgreesInItsLowBitsOnly() public {
        request.policy = keccak256(policyBytes) ^ bytes32(uint256(1) << 255);
        _expectRefused(
            abi.encodeWithSelector(
                IRecoveryTypes.WrongPolicy.selector,
                keccak256(policyBytes),
                uint160(uint256(keccak256(policyBytes)))
            ),
            policyBytes,
            3
        );
    }

    /// [59] [I21] no votes, or too few, reach nothing
    function test_tooFewVotes() public {
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0), policyBytes, 0);
        for (uint256 i = 0; i < 4; ++i) {
            _expectRefused(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 1, 1), policyBytes, 1 << i);
        }
    }

    /// [84] off the curve, zero, without relying party or origins, unknown flags: refused at the start
    function test_malformedNewCredential() public {
        bytes memory problem = abi.encodeWithSelector(
            IRecoveryTypes.InvalidNewCredential.selector,
            request.credential.idHash
        );
        Recovery memory good = request;
        request.credential.y ^= 1;
        _expectRefused(problem, policyBytes, 3);
        request = good;
        (request.credential.x, request.credential.y) = (0, 0);
        _expectRefused(problem, policyBytes, 3);
        request = good;
        request.credential.x = type(uint256).max;
        _expectRefused(problem, policyBytes, 3);
        request = good;
        request.credential.rpIdHash = 0;
        _expectRefused(problem, policyBytes, 3);
        request = good;
        request.credential.originsHash = 0;
        _expectRefused(problem, policyBytes, 3);
        request = good;
        request.credential.flags = 4;
        _expectRefused(problem, policyBytes, 3);
    }

    /// [84] possession by another key, over another digest, with a stored index, or none: refused at the start
    function test_possessionIsCheckedAtTheStart() public {
        bytes32 digest = recovery.hashRecovery(request);
        bytes32 challenge = passkeys.possessionDigest(digest);
        _expectNotPossessed(_stateless(owner, challenge));
        _expectNotPossessed(_stateless(_passkey(3), challenge));
        _expectNotPossessed(_stateless(fresh, digest));
        _expectNotPossessed(_stateless(fresh, passkeys.possessionDigest(keccak256("other"))));
        _expectNotPossessed(_assertion(fresh, 0, challenge));
        _expectNotPossessed("");
        // The right key for another relying party than the one the guardians approved.
        request.credential.rpIdHash = sha256("other.example");
        digest = recovery.hashRecovery(request);
        _expectNotPossessed(_stateless(fresh, passkeys.possessionDigest(digest)));
    }

    /// [84] the same holds for the immediate tier, inside PasskeyValidator
    function test_immediateTierNeedsPossessionToo() public {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 15, digest);
        bytes memory possession = _stateless(owner, passkeys.possessionDigest(digest));
        vm.expectRevert();
        recovery.start(request, policyBytes, approvals, possession);
        assertEq(recovery.getHead(address(account)).epoch, 0, "nothing happened");
    }

    function test_unknownKeepBits() public {
        request.keep = 15;
        uint256 snapshot = vm.snapshotState();
        _start(request, policy, 3, fresh);
        vm.revertToState(snapshot);
        request.keep = 16;
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.UnknownKeep.selector, 16), policyBytes, 3);
    }

    // ---------------------------------------------------------------- Chains

    /// [102] [I43] empty list: every chain
    function testFuzz_emptyChainListHoldsEverywhere(uint64 chainId) public {
        vm.chainId(bound(chainId, 1, type(uint64).max));
        _start(request, policy, 3, fresh);
    }

    function test_chainList() public {
        vm.chainId(10);
        request.chainIds = _chains(1, 10, 8453);
        uint256 snapshot = vm.snapshotState();
        _start(request, policy, 3, fresh);
        vm.revertToState(snapshot);
        request.chainIds = _chains(1, 9, 8453);
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.WrongChain.selector, 10), policyBytes, 3);
        request.chainIds = _chains(10, 1, 8453);
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.WrongChain.selector, 1), policyBytes, 3);
        request.chainIds = _chains(10, 10, 8453);
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.WrongChain.selector, 10), policyBytes, 3);
    }

    function test_chainListHasSixteenAtMost() public {
        request.chainIds = new uint256[](16);
        for (uint256 i = 0; i < 16; ++i) request.chainIds[i] = block.chainid + i;
        uint256 snapshot = vm.snapshotState();
        _start(request, policy, 3, fresh);
        vm.revertToState(snapshot);
        request.chainIds.push(block.chainid + 16);
        _expectRefused(abi.encodeWithSelector(IRecoveryTypes.WrongChain.selector, block.chainid), policyBytes, 3);
    }

    // ---------------------------------------------------------------- Front-running and repetition

    /// [75] [76] a stranger who starts it with fewer votes cannot hold it back: the rest is added by support
    function test_startedWithFewerVotesByAStranger() public {
        vm.prank(address(0xbad));
        _start(request, policy, 3, fresh);
        _expectRefused(
            abi.encodeWithSelector(IRecoveryTypes.AlreadyStarted.selector, recovery.hashRecovery(request)),
            policyBytes,
            15
        );
        _support(request, policy, 12);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [75] one guardian's junk does not get in the way of the others, not even as part of the same blob
    function test_junkVotesBesideHonestOnes() public {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = abi.encodePacked(
            _item(0, _approval(policy.guardians[0], digest)),
            _item(1, hex"deadbeef"),
            _item(2, ""),
            _item(3, _approval(policy.guardians[3], digest))
        );
        recovery.start(request, policyBytes, approvals, _possession(fresh, digest));
        assertEq(_record(request).votes, 9);
    }

    /// [76] two recoveries to different keys wait side by side; the one that executes ends the other
    function test_twoRecoveriesAtOnce() public {
        Passkey memory other = _passkey(4);
        Recovery memory second = _recovery(account, policyBytes, other);
        second.issuedAt -= 5;
        _start(request, policy, 3, fresh);
        _start(second, policy, 12, other);
        skip(1 days);
        _execute(second, other);
        bytes memory possession = _possession(fresh, recovery.hashRecovery(request));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Superseded.selector, 0, 1));
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        assertTrue(_isOnlyPasskey(account, other));
    }

    /// [81] a recovery that expired is done again with a new issue, for the same passkey
    function test_samepasskeyAgainAfterExpiry() public {
        _start(request, policy, 3, fresh);
        skip(3 days);
        request = _recovery(account, policyBytes, fresh);
        _start(request, policy, 3, fresh);
        skip(1 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [25] [68] one passkey, two accounts with the same guardians: what is approved for one is nothing for the other
    function test_replayOnAnotherAccount() public {
        IAccountUnderTest other = _newAccount(owner, policyBytes, keccak256("second"));
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 15, digest);
        bytes memory possession = _possession(fresh, digest);
        Recovery memory replay = request;
        replay.account = address(other);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        recovery.start(replay, policyBytes, approvals, possession);
    }

    function _expectRefused(bytes memory problem, bytes memory delivered, uint256 mask) private {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, mask, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(problem);
        recovery.start(request, delivered, approvals, possession);
    }

    function _expectNotPossessed(bytes memory possession) private {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 3, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NewPasskeyNotPossessed.selector, digest));
        recovery.start(request, policyBytes, approvals, possession);
    }

    function _chains(uint256 a, uint256 b, uint256 c) private pure returns (uint256[] memory chainIds) {
        chainIds = new uint256[](3);
        (chainIds[0], chainIds[1], chainIds[2]) = (a, b, c);
    }
}
