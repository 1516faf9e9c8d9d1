// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {OidcRecoveryFixture} from "../support/OidcRecoveryFixture.sol";

/// @notice What happens to the issuer's key while a recovery waits, and what one hostile attester of three can do.
contract SignInKeysTest is OidcRecoveryFixture {
    /// [122] the issuer puts the key away and shows another: what it signed stands, and its age does not matter
    function test_rotatedMeanwhile() public {
        skip(MAX_AGE - DELAY);
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        _startBy(_byToken(_token(digest)));
        _observe("next", 2);
        skip(ALONE);
        assertEq(registry.usableKey(keyId), 0);
        // Nothing new is signed with it.
        bytes32 later = keccak256("another recovery");
        assertEq(signIn.verify(guardianKey(address(registry)), later, _token(later)), bytes4(0xffffffff));
        _executeWith(_keyEvidence());
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [123] [J63] a key revoked meanwhile costs the vote that rests on it, and no other
    function test_revokedMeanwhile() public {
        _startBy(_byToken(_token(digest)));
        recovery.support(request, policyBytes, _byFriend(digest));
        assertEq(_record(request).readyAt, uint40(vm.getBlockTimestamp()));
        _revokeKey();
        bytes memory failed = abi.encodeWithSelector(IRecoveryTypes.EvidenceFailed.selector, _signInIndex());
        _refuseExecution(_keyEvidence(), failed);
        uint40 startedAt = _record(request).startedAt;
        recovery.recount(request, policyBytes, _keyEvidence(), 0);
        assertEq(_record(request).votes, uint32(1 << (1 - _signInIndex())));
        assertEq(_record(request).readyAt, startedAt + ALONE);
        skip(ALONE);
        _executeWith(new IRecoveryTypes.Evidence[](0));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [123] [J63] a key that is revoked at the start is no vote
    function test_revokedBefore() public {
        bytes memory token = _token(digest);
        _revokeKey();
        _refuseStart(_byToken(token), _noTier(0));
    }

    /// [123] one hostile attester holds a recovery up for a week at most; the friend's vote he does not touch
    function test_oneAttesterSuspends() public {
        _startBy(_byToken(_token(digest)));
        _suspend(0);
        skip(ALONE);
        bytes memory failed = abi.encodeWithSelector(IRecoveryTypes.EvidenceFailed.selector, _signInIndex());
        _refuseExecution(_keyEvidence(), failed);
        uint256 suspended = vm.snapshotState();
        // The friend carries it alone.
        recovery.support(request, policyBytes, _byFriend(digest));
        recovery.recount(request, policyBytes, _keyEvidence(), 0);
        _executeWith(new IRecoveryTypes.Evidence[](0));
        assertTrue(_isOnlyPasskey(account, fresh));

        // Without him the recovery is as if it had not begun, and begins again when the week is over.
        vm.revertToState(suspended);
        recovery.recount(request, policyBytes, _keyEvidence(), 0);
        assertStatus(request, IRecoveryTypes.Status.None);
        _refuseStart(_byToken(_token(digest)), _noTier(0));
        skip(7 days - ALONE);
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        _startBy(_byToken(_token(digest)));
        skip(ALONE);
        _executeWith(_keyEvidence());
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [123] a suspension that ends within the recovery's window has cost nothing but time
    function test_suspensionEndsInTime() public {
        _suspend(0);
        skip(7 days - 1);
        _refuseStart(_byToken(_token(digest)), _noTier(0));
        skip(1);
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        _startBy(_byToken(_token(digest)));
        skip(ALONE);
        _executeWith(_keyEvidence());
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [121] one hostile attester brings in no key of his own, whatever he signs and how often
    function test_oneAttesterAddsNoKey() public {
        uint256 secret = uint256(keccak256("the attester's own key"));
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf("his", secret);
        bytes32 hash = registry.observationDigest(seen);
        bytes[] memory signatures = new bytes[](2);
        (signatures[0], signatures[1]) = (signEoa(attesterKeys[1], hash), signEoa(attesterKeys[1], hash));
        address hostile = vm.addr(attesterKeys[1]);
        vm.expectRevert(abi.encodeWithSelector(IOidcKeyRegistry.NotAnAttester.selector, hostile));
        registry.observe(seen, key, signatures);
        assertEq(registry.usableKey(keyIdOf(ISSUER, "his")), 0);
        // Two of them could, and then everyone who looks has the delay to name other keys or another registry.
        registry.observe(seen, key, signAs(3, hash));
        assertEq(registry.usableKey(keyIdOf(ISSUER, "his")), 0);
        skip(DELAY);
        assertEq(registry.usableKey(keyIdOf(ISSUER, "his")), seen.keyHash);
    }

    /// [122] [J68] no number of newer keys pushes an older one out
    function test_olderKeysStay() public {
        for (uint256 i = 0; i < 40; ++i) _observe(string.concat("newer-", vm.toString(i)), 100 + i);
        skip(DELAY);
        assertEq(registry.usableKey(keyId), keyHashOf(ES256, ecKey(ISSUER_KEY)));
        assertEq(registry.usableKey(keyIdOf(ISSUER, "newer-0")), keyHashOf(ES256, ecKey(100)));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        _startBy(_byToken(_token(digest)));
    }

    /// [J64] each guardian has his own registry: what another one says of the key does not matter
    function test_otherRegistriesDoNotMatter() public {
        OidcKeyRegistry other = deployRegistry(attesters(), QUORUM, DELAY, MAX_AGE);
        bytes32 revocation = other.revocationDigest(keyId);
        other.revoke(keyId, signAs(3, revocation));
        _startBy(_byToken(_token(digest)));
        skip(ALONE);
        bytes[] memory signatures = signAs(3, revocation);
        vm.expectRevert();
        registry.revoke(keyId, signatures);
        uint256 before = vm.snapshotState();
        _executeWith(_keyEvidence());
        vm.revertToState(before);
        _revokeKey();
        bytes memory failed = abi.encodeWithSelector(IRecoveryTypes.EvidenceFailed.selector, _signInIndex());
        _refuseExecution(_keyEvidence(), failed);
    }

    /// evidence of another key, of another guardian or of nobody executes nothing
    function test_wrongEvidence() public {
        _startBy(_byToken(_token(digest)));
        skip(ALONE);
        IRecoveryTypes.Evidence[] memory evidence = _keyEvidence();
        evidence[0].evidence = keyIdOf(ISSUER, "next");
        bytes memory possession = _possession(fresh, digest);
        vm.expectPartialRevert(IRecoveryTypes.WrongEvidence.selector);
        recovery.execute(request, possession, evidence);
        vm.expectPartialRevert(IRecoveryTypes.WrongEvidence.selector);
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        _executeWith(_keyEvidence());
    }
}
