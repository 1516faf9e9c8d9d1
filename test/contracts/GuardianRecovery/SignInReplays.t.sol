// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {OidcRecoveryFixture} from "../support/OidcRecoveryFixture.sol";

/// @notice One sign-in delivered again: to the same recovery, another one, another account, another chain.
contract SignInReplaysTest is OidcRecoveryFixture {
    /// [118] [J69] a token starts its recovery once, and a newer token for it does no more
    function test_startsOnce() public {
        bytes memory token = _token(digest);
        _startBy(_byToken(token));
        IRecoveryTypes.Record memory record = _record(request);
        bytes memory error_ = abi.encodeWithSelector(IRecoveryTypes.AlreadyStarted.selector, digest);
        _refuseStart(_byToken(token), error_);
        skip(1 hours);
        _refuseStart(_byToken(_token(digest)), error_);
        // Delivered as support it counts once, too.
        recovery.support(request, policyBytes, _byToken(token));
        assertEq(abi.encode(_record(request)), abi.encode(record));
        skip(ALONE);
        _executeWith(_keyEvidence());
        assertTrue(_isOnlyPasskey(account, fresh));
        error_ = abi.encodeWithSelector(IRecoveryTypes.Stale.selector, request.issuedAt, request.issuedAt);
        _refuseStart(_byToken(token), error_);
        _refuseExecution(_keyEvidence(), abi.encodeWithSelector(IRecoveryTypes.NotScheduled.selector, digest));
    }

    /// [118] [J69] nor after the owner's veto or the guardians' own word
    function test_notAfterItWasCalledOff() public {
        bytes memory token = _token(digest);
        _startBy(_byToken(token));
        uint256 started = vm.snapshotState();
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
        bytes memory vetoed = abi.encodeWithSelector(IRecoveryTypes.Vetoed.selector, digest);
        _refuseStart(_byToken(token), vetoed);
        _refuseStart(_byBoth(token, digest), vetoed);

        vm.revertToState(started);
        bytes32 message = recovery.guardianCancelDigest(address(account), keccak256(policyBytes), digest);
        recovery.guardianCancel(address(account), digest, policyBytes, _byBoth(_token(message), message));
        _refuseStart(_byBoth(token, digest), abi.encodeWithSelector(IRecoveryTypes.Cancelled.selector, digest));
    }

    /// [J70] one token recovers on every chain, on each of them once
    function test_onEachChainOnce() public {
        bytes memory approvals = _byBoth(_token(digest), digest);
        bytes memory stale = abi.encodeWithSelector(IRecoveryTypes.Stale.selector, request.issuedAt, request.issuedAt);
        uint256 before = vm.snapshotState();
        for (uint256 chainId = 1; chainId < 4; ++chainId) {
            vm.chainId(chainId);
            _startBy(approvals);
            assertTrue(_isOnlyPasskey(account, fresh));
            _refuseStart(approvals, stale);
            vm.revertToState(before);
        }
        // Unless the recovery is for some of them only, and then the token is for that one.
        request.chainIds = new uint256[](1);
        request.chainIds[0] = block.chainid + 1;
        digest = recovery.hashRecovery(request);
        _refuseStart(
            _byBoth(_token(digest), digest),
            abi.encodeWithSelector(IRecoveryTypes.WrongChain.selector, block.chainid)
        );
    }

    /// [125] [J71] a token from before the guardian was removed and added again is dead, though nobody has used it
    function test_notAfterThePolicyCameBack() public {
        bytes memory token = _token(digest);
        Policy memory other = _policyOf(_passkeyGuardian(9));
        _change(_encode(other));
        _change(policyBytes);
        assertEq(recovery.getHead(address(account)).policyId, uint160(uint256(keccak256(policyBytes))));
        uint40 floor = recovery.getHead(address(account)).floor;
        assertGt(floor, request.issuedAt);
        bytes memory error_ = abi.encodeWithSelector(IRecoveryTypes.Stale.selector, request.issuedAt, floor);
        _refuseStart(_byToken(token), error_);
    }

    /// [J72] an account that has no policy, one without this guardian, and a guardian who is nobody
    function test_notWithoutALink() public {
        bytes memory token = _token(digest);
        IAccountUnderTest bare = _newAccount(owner, "", keccak256("no policy"));
        Recovery memory none = _recovery(bare, policyBytes, fresh);
        bytes memory approvals = _byToken(_token(recovery.hashRecovery(none)));
        bytes memory possession = _possession(fresh, recovery.hashRecovery(none));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoPolicy.selector, bare));
        recovery.start(none, policyBytes, approvals, possession);
        // The module has never heard of this one.
        none.account = address(0xdead);
        possession = _possession(fresh, recovery.hashRecovery(none));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoPolicy.selector, address(0xdead)));
        recovery.start(none, policyBytes, approvals, possession);

        for (uint256 i = 0; i < 2; ++i) {
            bytes memory signer = abi.encodePacked(signIn, i == 0 ? address(registry) : address(0), bytes32(0));
            _useAccountWith(signer);
            token = _token(digest);
            _refuseStart(_byToken(token), _noTier(0));
        }
    }

    /// [119] [J73] [30] whoever copies an identity has a guardian of his own account, and nothing of another's
    function test_copiedIdentity() public {
        // The thief has the victim for a guardian; the victim has signed in for himself.
        IAccountUnderTest thief = _newAccount(_passkey(7), policyBytes, keccak256("thief"));
        Recovery memory stolen = _recovery(thief, policyBytes, fresh);
        bytes32 stolenDigest = recovery.hashRecovery(stolen);
        bytes memory approvals = _byToken(_token(digest));
        bytes memory possession = _possession(fresh, stolenDigest);
        vm.expectRevert(_noTier(0));
        recovery.start(stolen, policyBytes, approvals, possession);
        // A sign-in of the thief is no approval of the victim's recovery, nor does his account occupy anything.
        Says memory says = good();
        says.subject = "666";
        _refuseStart(_byToken(approvalOf(says, digest)), _noTier(0));
        _startBy(approvals);
    }

    /// [J99] [113] who delivers a token can change nothing of what was approved, and nothing in the proof
    function test_nothingToChangeOnTheWay() public {
        bytes memory token = _token(digest);
        uint256[6] memory places = [uint256(0), 32, 34, 60, token.length - 64 - 64, token.length - 1];
        for (uint256 i = 0; i < places.length; ++i) {
            bytes memory changed = bytes.concat(token);
            changed[places[i]] ^= 0x01;
            _refuseStart(_byToken(changed), _noTier(0));
        }
        Recovery memory other = request;
        other.credential = _passkey(3).credential;
        _refuseOther(other, token);
        other = _recovery(account, policyBytes, fresh);
        other.deadline += 1;
        _refuseOther(other, token);
        other = _recovery(account, policyBytes, fresh);
        other.keep = 1;
        _refuseOther(other, token);
        _startBy(_byToken(token));
    }

    /// [J53] [J54] a recovery lasts thirty days at most, however old or new the token is
    function test_deadlines() public {
        request.deadline = request.issuedAt + 30 days + 1;
        digest = recovery.hashRecovery(request);
        bytes memory error_ = abi.encodeWithSelector(
            IRecoveryTypes.LifetimeTooLong.selector,
            request.deadline,
            request.issuedAt + 30 days
        );
        _refuseStart(_byToken(_token(digest)), error_);
        request.deadline -= 1;
        digest = recovery.hashRecovery(request);
        vm.warp(request.deadline + 1);
        error_ = abi.encodeWithSelector(IRecoveryTypes.Expired.selector, request.deadline + 1, request.deadline);
        _refuseStart(_byToken(_token(digest)), error_);
        vm.warp(request.deadline);
        _startBy(_byToken(_token(digest)));
    }

    // ---------------------------------------------------------------- Helpers

    function _change(bytes memory next) private {
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        vm.prank(address(account));
        recovery.setPolicy(address(account), next, issuedAt, "");
        vm.warp(recovery.getChange(address(account)).readyAt);
        recovery.applyPolicy(address(account), next);
    }

    /// @dev Another account, with this signer in place of the sign-in.
    function _useAccountWith(bytes memory signer) private {
        Policy memory made = _policyOf(Guardian(KIND_OIDC, 1, 0, signer, SignsAs.Verifier, 0, 2, 0));
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256(signer));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    function _refuseOther(Recovery memory other, bytes memory token) private {
        bytes32 hash = recovery.hashRecovery(other);
        assertNotEq(uint256(hash), uint256(digest));
        bytes memory approvals = _byToken(token);
        bytes memory possession = _possession(fresh, hash);
        vm.expectRevert(_noTier(0));
        recovery.start(other, policyBytes, approvals, possession);
    }
}
