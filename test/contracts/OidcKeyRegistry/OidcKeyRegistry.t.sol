// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {OidcAttesters} from "../support/OidcAttesters.sol";

/// @notice Who can add keys, when they count, and who can take that back.
contract OidcKeyRegistryTest is OidcAttesters {
    OidcKeyRegistry internal registry;
    bytes32 internal keyId;

    uint256 private constant BOTH = 3;
    uint256 private constant ALL = 7;
    string private constant KID = "91413cf4";

    function setUp() public {
        vm.warp(1_800_000_000);
        registry = deployRegistry();
        keyId = keyIdOf(ISSUER, KID);
    }

    // ---------------------------------------------------------------- Adding

    /// [121] a key that attesters add does not count before its delay is over
    function test_aKeyCountsAfterTheDelay() public {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        uint40 activeFrom = uint40(vm.getBlockTimestamp() + DELAY);
        vm.expectEmit(address(registry));
        emit IOidcKeyRegistry.KeyAdded(keyId, keccak256(bytes(ISSUER)), ISSUER, KID, ES256, key, activeFrom);
        _observe(seen, key, BOTH);
        assertEq(registry.usableKey(keyId), 0);
        assertEq(registry.isTrusted(keyId), true);
        skip(DELAY - 1);
        assertEq(registry.usableKey(keyId), 0);
        skip(1);
        assertEq(registry.usableKey(keyId), seen.keyHash);

        IOidcKeyRegistry.KeyState memory state = registry.keyState(keyId);
        assertEq(state.keyHash, seen.keyHash);
        assertEq(state.activeFrom, activeFrom);
        assertEq(state.lastSeen, seen.observedAt);
        assertEq(state.suspendedUntil, 0);
        assertEq(state.algorithm, ES256);
        assertEq(state.revoked, false);
    }

    function test_everySizeOfRsaKey() public {
        uint256[3] memory sizes = [uint256(256), 384, 512];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory key = _rsaKey(sizes[i]);
            (IOidcKeyRegistry.JwksObservation memory seen, ) = observationOf(vm.toString(i), 1);
            (seen.algorithm, seen.keyHash) = (RS256, keyHashOf(RS256, key));
            _observe(seen, key, BOTH);
            skip(DELAY);
            assertEq(registry.usableKey(keyIdOf(ISSUER, seen.kid)), seen.keyHash);
        }
    }

    /// [106] [J32] [J65] keys that no issuer should have
    function test_refusesMalformedKeys() public {
        bytes memory key = _rsaKey(256);
        key[0] = 0x7f;
        _refuses(RS256, key, "top bit");
        key = _rsaKey(256);
        key[255] = 0x02;
        _refuses(RS256, key, "even");
        _refuses(RS256, new bytes(256), "zero");
        _refuses(RS256, _rsaKey(128), "1024 bits");
        _refuses(RS256, _rsaKey(255), "2040 bits");
        _refuses(RS256, _rsaKey(257), "2056 bits");
        _refuses(RS256, _rsaKey(1024), "8192 bits");
        _refuses(RS256, "", "nothing");
        _refuses(RS256, ecKey(1), "the other algorithm");
        _refuses(ES256, _rsaKey(256), "the other algorithm");
        _refuses(0, ecKey(1), "no algorithm");
        _refuses(3, ecKey(1), "unknown algorithm");
        key = ecKey(1);
        key[63] ^= 0x01;
        _refuses(ES256, key, "not on the curve");
        _refuses(ES256, new bytes(64), "no point");
        _refuses(ES256, abi.encodePacked(ecKey(1), hex"00"), "too long");
    }

    /// [J22] [J66] names that could not stand in a token
    function test_refusesNames() public {
        string[6] memory bad = ["", "a b", 'a"b', "a\\b", unicode"gоogle", string(new bytes(1))];
        for (uint256 i = 0; i < bad.length; ++i) {
            (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(bad[i], 1);
            _expectObserve(seen, key, BOTH, _invalidName(bytes(bad[i]).length, 128));
            (seen, key) = observationOf(KID, 1);
            seen.issuer = bad[i];
            _expectObserve(seen, key, BOTH, _invalidName(bytes(bad[i]).length, 256));
        }
        (IOidcKeyRegistry.JwksObservation memory observation, bytes memory ec) = observationOf(_text(129), 1);
        _expectObserve(observation, ec, BOTH, _invalidName(129, 128));
        (observation, ec) = observationOf(_text(128), 1);
        _observe(observation, ec, BOTH);
        observation.issuer = _text(257);
        _expectObserve(observation, ec, BOTH, _invalidName(257, 256));
        observation.issuer = _text(256);
        _observe(observation, ec, BOTH);
    }

    /// [J66] no two pairs of issuer and kid are one key
    function testFuzz_idsOfDifferentNamesDiffer(string memory a, string memory b, uint256 cut) public pure {
        bytes memory joined = abi.encodePacked(a, b);
        vm.assume(joined.length != 0);
        cut = bound(cut, 0, joined.length);
        vm.assume(cut != bytes(a).length);
        bytes memory left = new bytes(cut);
        bytes memory right = new bytes(joined.length - cut);
        for (uint256 i = 0; i < joined.length; ++i) {
            if (i < cut) left[i] = joined[i];
            else right[i - cut] = joined[i];
        }
        assertNotEq(uint256(keyIdOf(a, b)), uint256(keyIdOf(string(left), string(right))));
    }

    /// [J60] too few, the same twice, not in order, strangers, other registries
    function test_refusesWhoDoesNotMakeAQuorum() public {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        bytes32 digest = registry.observationDigest(seen);
        bytes memory tooFew = abi.encodeWithSelector(IOidcKeyRegistry.TooFewAttesters.selector, 1, QUORUM);
        _expectObserve(seen, key, 1, tooFew);
        _expectObserve(seen, key, 0, abi.encodeWithSelector(IOidcKeyRegistry.TooFewAttesters.selector, 0, QUORUM));

        bytes[] memory signatures = signAs(BOTH, digest);
        address second = vm.addr(attesterKeys[1]);
        address first = vm.addr(attesterKeys[0]);
        (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        _expect(seen, key, signatures, _notAnAttester(first));
        signatures[1] = signatures[0];
        _expect(seen, key, signatures, _notAnAttester(second));
        signatures = signAs(BOTH, digest);
        (address stranger, uint256 strangerKey) = makeAddrAndKey("stranger");
        signatures[1] = signEoa(strangerKey, digest);
        _expect(seen, key, signatures, _notAnAttester(stranger));
        signatures[1] = hex"1234";
        _expect(seen, key, signatures, _notAnAttester(address(0)));

        OidcKeyRegistry other = deployRegistry(attesters(), QUORUM, DELAY, MAX_AGE);
        signatures = signAs(BOTH, other.observationDigest(seen));
        vm.expectRevert();
        registry.observe(seen, key, signatures);
        other.observe(seen, key, signatures);
        assertEq(registry.keyState(keyId).keyHash, 0);
    }

    /// [J60] an observation counts for a day, not from the future, and each only once
    function test_observationsAreFresh() public {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        uint256 time = vm.getBlockTimestamp();
        seen.observedAt = uint40(time - 1 days - 1);
        _expectObserve(seen, key, BOTH, _outOfTime(seen.observedAt, time - 1 days, time + 15 minutes));
        seen.observedAt = uint40(time + 15 minutes + 1);
        _expectObserve(seen, key, BOTH, _outOfTime(seen.observedAt, time - 1 days, time + 15 minutes));
        seen.observedAt = uint40(time - 1 days);
        _observe(seen, key, BOTH);
        _expectObserve(seen, key, BOTH, _outOfTime(seen.observedAt, seen.observedAt + 1, time + 15 minutes));
        seen.observedAt = uint40(time + 15 minutes);
        vm.expectEmit(address(registry));
        emit IOidcKeyRegistry.KeySeen(keyId, seen.observedAt);
        _observe(seen, key, ALL);
        assertEq(registry.keyState(keyId).activeFrom, time + DELAY);
    }

    /// [105] [J61] a kid keeps its key, whoever says otherwise
    function test_aKidKeepsItsKey() public {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        _observe(seen, key, BOTH);
        skip(1);
        (IOidcKeyRegistry.JwksObservation memory changed, bytes memory otherKey) = observationOf(KID, 2);
        bytes memory error_ = abi.encodeWithSelector(
            IOidcKeyRegistry.KeyChanged.selector,
            keyId,
            changed.keyHash,
            seen.keyHash
        );
        _expectObserve(changed, otherKey, ALL, error_);
        skip(MAX_AGE + 1);
        changed.observedAt = uint40(vm.getBlockTimestamp());
        _expectObserve(changed, otherKey, ALL, error_);
    }

    function test_attestersSignForOneKey() public {
        (IOidcKeyRegistry.JwksObservation memory seen, ) = observationOf(KID, 1);
        bytes memory other = ecKey(2);
        bytes memory error_ = abi.encodeWithSelector(
            IOidcKeyRegistry.WrongKey.selector,
            keyHashOf(ES256, other),
            seen.keyHash
        );
        _expectObserve(seen, other, BOTH, error_);
    }

    // ---------------------------------------------------------------- Ageing

    /// [122] a key that is no more seen verifies no new token, and what it verified stands
    function test_keysAge() public {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        _observe(seen, key, BOTH);
        vm.warp(seen.observedAt + MAX_AGE);
        assertEq(registry.usableKey(keyId), seen.keyHash);
        skip(1);
        assertEq(registry.usableKey(keyId), 0);
        assertEq(registry.isTrusted(keyId), true);

        // Seen again it waits again.
        seen.observedAt = uint40(vm.getBlockTimestamp());
        _observe(seen, key, BOTH);
        assertEq(registry.usableKey(keyId), 0);
        skip(DELAY);
        assertEq(registry.usableKey(keyId), seen.keyHash);
    }

    function test_observationsKeepAKeyYoung() public {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        _observe(seen, key, BOTH);
        for (uint256 i = 0; i < 5; ++i) {
            skip(MAX_AGE);
            seen.observedAt = uint40(vm.getBlockTimestamp());
            _observe(seen, key, BOTH);
            assertEq(registry.usableKey(keyId), seen.keyHash);
        }
    }

    // ---------------------------------------------------------------- Suspending

    function test_oneAttesterSuspendsForAWeek() public {
        bytes32 keyHash = _activeKey();
        uint40 until = uint40(vm.getBlockTimestamp() + 7 days);
        vm.expectEmit(address(registry));
        emit IOidcKeyRegistry.KeySuspended(keyId, vm.addr(attesterKeys[2]), until);
        _suspend(2);
        assertEq(registry.usableKey(keyId), 0);
        assertEq(registry.isTrusted(keyId), false);
        skip(7 days - 1);
        assertEq(registry.isTrusted(keyId), false);
        skip(1);
        assertEq(registry.usableKey(keyId), keyHash);
        assertEq(registry.isTrusted(keyId), true);
    }

    function test_eachAttesterSuspendsOnceAMonth() public {
        _activeKey();
        _suspend(0);
        uint256 next = vm.getBlockTimestamp() + 30 days;
        _suspend(1);
        skip(30 days - 1);
        address attester = vm.addr(attesterKeys[0]);
        bytes memory error_ = abi.encodeWithSelector(IOidcKeyRegistry.SuspendedTooOften.selector, attester, next);
        _expectSuspend(0, uint40(vm.getBlockTimestamp()), error_);
        skip(1);
        _suspend(0);
    }

    /// [J60] a suspension is fresh, an attester's, and counts once
    function test_refusesOtherSuspensions() public {
        _activeKey();
        uint256 time = vm.getBlockTimestamp();
        uint40 old = uint40(time - 1 days - 1);
        _expectSuspend(0, old, _outOfTime(old, time - 1 days, time + 15 minutes));
        uint40 early = uint40(time + 15 minutes + 1);
        _expectSuspend(0, early, _outOfTime(early, time - 1 days, time + 15 minutes));

        (address stranger, uint256 strangerKey) = makeAddrAndKey("stranger");
        bytes32 digest = registry.suspensionDigest(keyId, uint40(time));
        bytes memory signature = signEoa(strangerKey, digest);
        vm.expectRevert(_notAnAttester(stranger));
        registry.suspend(keyId, uint40(time), signature);

        bytes memory good = signEoa(attesterKeys[0], digest);
        registry.suspend(keyId, uint40(time), good);
        vm.expectRevert();
        registry.suspend(keyId, uint40(time), good);
        // The signature is for one key.
        bytes32 other = keyIdOf(ISSUER, "other");
        vm.expectRevert();
        registry.suspend(other, uint40(time), good);
    }

    // ---------------------------------------------------------------- Revoking

    /// [123] [J63] a quorum takes the trust from a key for ever
    function test_aQuorumRevokesForEver() public {
        _activeKey();
        vm.expectEmit(address(registry));
        emit IOidcKeyRegistry.KeyRevoked(keyId);
        registry.revoke(keyId, signAs(5, registry.revocationDigest(keyId)));
        assertEq(registry.usableKey(keyId), 0);
        assertEq(registry.isTrusted(keyId), false);
        skip(365 days);
        assertEq(registry.isTrusted(keyId), false);

        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        bytes memory error_ = abi.encodeWithSelector(IOidcKeyRegistry.Revoked.selector, keyId);
        _expectObserve(seen, key, ALL, error_);
        bytes[] memory signatures = signAs(ALL, registry.revocationDigest(keyId));
        vm.expectRevert(error_);
        registry.revoke(keyId, signatures);
    }

    function test_aKeyIsRevokedBeforeItIsSeen() public {
        registry.revoke(keyId, signAs(BOTH, registry.revocationDigest(keyId)));
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        _expectObserve(seen, key, ALL, abi.encodeWithSelector(IOidcKeyRegistry.Revoked.selector, keyId));
    }

    /// [J60] one attester does not revoke, and signatures for something else are none
    function test_oneAttesterDoesNotRevoke() public {
        _activeKey();
        bytes[] memory signatures = signAs(4, registry.revocationDigest(keyId));
        vm.expectRevert(abi.encodeWithSelector(IOidcKeyRegistry.TooFewAttesters.selector, 1, QUORUM));
        registry.revoke(keyId, signatures);
        signatures = signAs(BOTH, registry.suspensionDigest(keyId, uint40(vm.getBlockTimestamp())));
        vm.expectRevert();
        registry.revoke(keyId, signatures);
        signatures = signAs(BOTH, registry.revocationDigest(keyIdOf(ISSUER, "other")));
        vm.expectRevert();
        registry.revoke(keyId, signatures);
    }

    /// A revoked key stays so, whatever is said of it later.
    function test_suspendingARevokedKeyChangesNothing() public {
        _activeKey();
        registry.revoke(keyId, signAs(BOTH, registry.revocationDigest(keyId)));
        _suspend(0);
        skip(7 days);
        assertEq(registry.isTrusted(keyId), false);
        assertEq(registry.keyState(keyId).revoked, true);
    }

    // ---------------------------------------------------------------- Deployment

    function test_whoAttestsIsFixed() public view {
        assertEq(abi.encode(registry.attesters()), abi.encode(attesters()));
        assertEq(registry.QUORUM(), QUORUM);
        assertEq(registry.DELAY(), DELAY);
        assertEq(registry.MAX_AGE(), MAX_AGE);
    }

    function test_refusesAttestersWhoCouldNotDecide() public {
        address[] memory list = attesters();
        _refusesDeployment(list, 0, DELAY, MAX_AGE);
        _refusesDeployment(list, 4, DELAY, MAX_AGE);
        _refusesDeployment(new address[](0), 0, DELAY, MAX_AGE);
        _refusesDeployment(list, 2, 1 hours - 1, MAX_AGE);
        _refusesDeployment(list, 2, 14 days + 1, MAX_AGE);
        _refusesDeployment(list, 2, DELAY, 2 days - 1);
        _refusesDeployment(list, 2, DELAY, 180 days + 1);
        (list[0], list[1]) = (list[1], list[0]);
        _refusesDeployment(list, 2, DELAY, MAX_AGE);
        list[1] = list[0];
        _refusesDeployment(list, 2, DELAY, MAX_AGE);
        list = attesters();
        list[0] = address(0);
        _refusesDeployment(list, 2, DELAY, MAX_AGE);
        _refusesDeployment(_many(17), 2, DELAY, MAX_AGE);
        deployRegistry(_many(16), 16, 1 hours, 2 days);
        deployRegistry(_many(1), 1, 14 days, 180 days);
    }

    // ---------------------------------------------------------------- Helpers

    function deployOutside(address[] memory list, uint256 quorum, uint256 delay, uint256 maxAge) external {
        deployRegistry(list, quorum, delay, maxAge);
    }

    function _refusesDeployment(address[] memory list, uint256 quorum, uint256 delay, uint256 maxAge) private {
        vm.expectRevert();
        this.deployOutside(list, quorum, delay, maxAge);
    }

    function _many(uint256 count) private pure returns (address[] memory list) {
        list = new address[](count);
        for (uint256 i = 0; i < count; ++i) list[i] = address(uint160(i + 1));
    }

    function _activeKey() private returns (bytes32) {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(KID, 1);
        _observe(seen, key, BOTH);
        skip(DELAY);
        return seen.keyHash;
    }

    function _observe(IOidcKeyRegistry.JwksObservation memory seen, bytes memory key, uint256 who) private {
        registry.observe(seen, key, signAs(who, registry.observationDigest(seen)));
    }

    function _expectObserve(
        IOidcKeyRegistry.JwksObservation memory seen,
        bytes memory key,
        uint256 who,
        bytes memory error_
    ) private {
        _expect(seen, key, signAs(who, registry.observationDigest(seen)), error_);
    }

    function _expect(
        IOidcKeyRegistry.JwksObservation memory seen,
        bytes memory key,
        bytes[] memory signatures,
        bytes memory error_
    ) private {
        vm.expectRevert(error_);
        registry.observe(seen, key, signatures);
    }

    function _refuses(uint8 algorithm, bytes memory key, string memory kid) private {
        (IOidcKeyRegistry.JwksObservation memory seen, ) = observationOf("kid", 1);
        (seen.algorithm, seen.keyHash) = (algorithm, keyHashOf(algorithm, key));
        bytes[] memory signatures = signAs(BOTH, registry.observationDigest(seen));
        vm.expectRevert(abi.encodeWithSelector(IOidcKeyRegistry.InvalidKey.selector, algorithm, key.length));
        registry.observe(seen, key, signatures);
        assertEq(registry.keyState(keyIdOf(ISSUER, "kid")).keyHash, 0, kid);
    }

    function _suspend(uint256 who) private {
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        registry.suspend(keyId, issuedAt, signEoa(attesterKeys[who], registry.suspensionDigest(keyId, issuedAt)));
    }

    function _expectSuspend(uint256 who, uint40 issuedAt, bytes memory error_) private {
        bytes memory signature = signEoa(attesterKeys[who], registry.suspensionDigest(keyId, issuedAt));
        vm.expectRevert(error_);
        registry.suspend(keyId, issuedAt, signature);
    }

    function _rsaKey(uint256 length) private pure returns (bytes memory key) {
        key = new bytes(length);
        key[0] = 0x80;
        key[length - 1] = 0x01;
    }

    function _text(uint256 length) private pure returns (string memory) {
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) text[i] = "k";
        return string(text);
    }

    function _invalidName(uint256 length, uint256 most) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IOidcKeyRegistry.InvalidName.selector, length, most);
    }

    function _notAnAttester(address who) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IOidcKeyRegistry.NotAnAttester.selector, who);
    }

    function _outOfTime(uint256 seen, uint256 earliest, uint256 latest) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IOidcKeyRegistry.OutOfTime.selector, seen, earliest, latest);
    }
}
