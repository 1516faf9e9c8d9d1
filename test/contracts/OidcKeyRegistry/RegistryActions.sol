// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {IOidcRecoveryValidator} from "../../../contracts/interfaces/IOidcRecoveryValidator.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {IdTokens} from "../support/IdTokens.sol";

/// @notice Three attesters, one of them hostile, an issuer and two people who sign in, while time passes; and a model of
///         what each key should be. An action that does not end as the model says fails the run.
abstract contract RegistryActions is IdTokens {
    uint256 public constant KEYS = 3;
    uint256 public constant PEOPLE = 2;
    /// @dev The last tokens that were issued.
    uint256 public constant TOKENS = 2;
    /// @dev The honest two, by their bits, and the third.
    uint256 internal constant HONEST = 3;
    uint256 internal constant HOSTILE = 2;

    /// @param kept A quorum's signatures over what was observed last.
    struct Model {
        bytes32 keyHash;
        uint256 activeFrom;
        uint256 lastSeen;
        uint256 suspendedUntil;
        bool revoked;
        IOidcKeyRegistry.JwksObservation observation;
        bytes[] kept;
    }

    struct Token {
        bytes proof;
        uint256 person;
        bytes32 hash;
        uint256 index;
        uint256 expiresAt;
    }

    OidcKeyRegistry internal immutable REGISTRY;
    IOidcRecoveryValidator internal immutable VALIDATOR;
    Model[KEYS] private _models;
    uint256[ATTESTERS] private _lastSuspension;
    Token[TOKENS] private _tokens;
    uint256 private _issued;

    bytes32[] public actions;
    mapping(bytes32 action => uint256) public calls;
    mapping(bytes32 action => uint256) public successes;

    error WrongOutcome(bytes32 action, bool seen, bool wanted);

    constructor() {
        vm.warp(1_800_000_000);
        REGISTRY = deployRegistry();
        VALIDATOR = deployValidator();
    }

    // ---------------------------------------------------------------- The honest two

    /// @dev They sign what the issuer shows: one key for each kid, always the same; sometimes late or early.
    function observe(uint256 index, uint256 age) external {
        index %= KEYS;
        Model storage model = _models[index];
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(_kid(index), _secret(index));
        seen.observedAt -= uint40(bound(age, 0, 26 hours));
        bool isGood = !model.revoked && seen.observedAt > model.lastSeen;
        isGood = isGood && seen.observedAt + 1 days >= vm.getBlockTimestamp();
        bytes[] memory signatures = signAs(HONEST, REGISTRY.observationDigest(seen));
        if (!_outcome("observe", isGood, abi.encodeCall(REGISTRY.observe, (seen, key, signatures)))) return;
        if (model.keyHash == 0 || vm.getBlockTimestamp() > model.lastSeen + MAX_AGE) {
            model.activeFrom = vm.getBlockTimestamp() + DELAY;
        }
        (model.keyHash, model.lastSeen) = (seen.keyHash, seen.observedAt);
        (model.observation, model.kept) = (seen, signatures);
    }

    /// @dev A quorum sees another key behind a kid that is known, for whatever reason.
    function observeAnother(uint256 index, uint256 secret) external {
        index %= KEYS;
        if (_models[index].keyHash == 0) return;
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(
            _kid(index),
            bound(secret, KEYS + 1, type(uint128).max)
        );
        bytes[] memory signatures = signAs(7, REGISTRY.observationDigest(seen));
        _outcome("observeAnother", false, abi.encodeCall(REGISTRY.observe, (seen, key, signatures)));
    }

    /// @dev Seldom: the keys would soon be gone.
    function revoke(uint256 index, uint256 luck) external {
        if (luck % 8 != 0) return;
        index %= KEYS;
        bytes[] memory signatures = signAs(HONEST, REGISTRY.revocationDigest(idAt(index)));
        bytes memory call = abi.encodeCall(REGISTRY.revoke, (idAt(index), signatures));
        if (_outcome("revoke", !_models[index].revoked, call)) _models[index].revoked = true;
    }

    /// @dev Any of the three.
    function suspend(uint256 index, uint256 who) external {
        index %= KEYS;
        who %= ATTESTERS;
        uint256 last = _lastSuspension[who];
        bool isGood = last == 0 || vm.getBlockTimestamp() >= last + 30 days;
        bytes32 keyId = idAt(index);
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        bytes memory signature = signEoa(attesterKeys[who], REGISTRY.suspensionDigest(keyId, issuedAt));
        if (!_outcome("suspend", isGood, abi.encodeCall(REGISTRY.suspend, (keyId, issuedAt, signature)))) return;
        _lastSuspension[who] = vm.getBlockTimestamp();
        _models[index].suspendedUntil = vm.getBlockTimestamp() + 7 days;
    }

    // ---------------------------------------------------------------- The hostile one

    /// @dev A key of his own, under a new kid or a known one, with his signature alone, twice, or with what the honest
    ///      ones signed for another observation.
    function hostileKey(uint256 index, uint256 way) external {
        index %= KEYS;
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(
            way % 2 == 0 ? _kid(index) : "his",
            uint256(keccak256("his key"))
        );
        bytes[] memory signatures = new bytes[](2);
        bytes32 digest = REGISTRY.observationDigest(seen);
        signatures[1] = signEoa(attesterKeys[HOSTILE], digest);
        signatures[0] = signatures[1];
        if (way % 3 == 0) {
            (, uint256 stranger) = makeAddrAndKey("stranger");
            signatures[0] = signEoa(stranger, digest);
        } else if (way % 3 == 1 && _models[index].kept.length != 0) {
            signatures[0] = _models[index].kept[0];
        }
        _outcome("hostileKey", false, abi.encodeCall(REGISTRY.observe, (seen, key, signatures)));
    }

    /// @dev What a quorum signed once, again.
    function replay(uint256 index) external {
        index %= KEYS;
        Model storage model = _models[index];
        if (model.kept.length == 0) return;
        bytes memory key = ecKey(_secret(index));
        _outcome("replay", false, abi.encodeCall(REGISTRY.observe, (model.observation, key, model.kept)));
    }

    function hostileRevocation(uint256 index, bool twice) external {
        index %= KEYS;
        bytes[] memory signatures = new bytes[](twice ? 2 : 1);
        bytes32 digest = REGISTRY.revocationDigest(idAt(index));
        for (uint256 i = 0; i < signatures.length; ++i) signatures[i] = signEoa(attesterKeys[HOSTILE], digest);
        _outcome("hostileRevocation", false, abi.encodeCall(REGISTRY.revoke, (idAt(index), signatures)));
    }

    // ---------------------------------------------------------------- People, and time

    /// @dev Somebody signs in for something new: it counts if the key does.
    function signIn(uint256 index, uint256 person, uint256 life) external {
        index %= KEYS;
        Token storage token = _tokens[_issued++ % TOKENS];
        token.person = person % PEOPLE;
        token.hash = keccak256(abi.encode("recovery", _issued));
        token.index = index;
        Says memory says = good();
        says.subject = _subject(token.person);
        says.expiresAt = int256(bound(life, 0, 1 days));
        token.expiresAt = vm.getBlockTimestamp() + uint256(says.expiresAt);
        string memory header = string.concat('{"alg":"ES256","kid":"', _kid(index), '"}');
        string memory payload = claimsOf(says, token.hash);
        bytes memory signature = signTokenAs(_secret(index), header, payload);
        token.proof = abi.encodePacked(shown(CLIENT, header, payload), ecKey(_secret(index)), signature);
        ++calls["signIn"];
        if (calls["signIn"] == 1) actions.push("signIn");
        bool seen = approves(_issued - 1, token.person, token.hash);
        if (seen != isUsable(index)) revert WrongOutcome("signIn", seen, !seen);
        if (seen) ++successes["signIn"];
    }

    function wait(uint256 time) external {
        ++calls["wait"];
        skip(bound(time, 1, 4 days));
    }

    function waitLong(uint256 luck) external {
        if (luck % 8 == 0) skip(MAX_AGE);
    }

    // ---------------------------------------------------------------- Questions

    /// @notice Whether a token counts for this person's guardian and this hash.
    function approves(uint256 token, uint256 person, bytes32 hash) public view returns (bool) {
        bytes memory key = abi.encodePacked(REGISTRY, identityOf(ISSUER, CLIENT, _subject(person), SALT));
        (IOidcRecoveryValidator.Problem problem, ) = VALIDATOR.check(key, hash, _tokens[token % TOKENS].proof);
        return problem == IOidcRecoveryValidator.Problem.None;
    }

    function tokenAt(uint256 i) external view returns (Token memory) {
        return _tokens[i];
    }

    function issued() external view returns (uint256) {
        return _issued;
    }

    function registry() external view returns (OidcKeyRegistry) {
        return REGISTRY;
    }

    function modelAt(uint256 index) external view returns (Model memory) {
        return _models[index];
    }

    function isTrusted(uint256 index) public view returns (bool) {
        Model storage model = _models[index];
        return model.keyHash != 0 && !model.revoked && vm.getBlockTimestamp() >= model.suspendedUntil;
    }

    function isUsable(uint256 index) public view returns (bool) {
        Model storage model = _models[index];
        uint256 time = vm.getBlockTimestamp();
        return isTrusted(index) && time >= model.activeFrom && time <= model.lastSeen + MAX_AGE;
    }

    function idAt(uint256 index) public pure returns (bytes32) {
        return keyIdOf(ISSUER, _kid(index));
    }

    function actionCount() external view returns (uint256) {
        return actions.length;
    }

    // ---------------------------------------------------------------- Internal

    function _outcome(bytes32 action, bool wanted, bytes memory call) private returns (bool seen) {
        if (calls[action]++ == 0) actions.push(action);
        (seen, ) = address(REGISTRY).call(call);
        if (seen != wanted) revert WrongOutcome(action, seen, wanted);
        if (seen) ++successes[action];
    }

    function _kid(uint256 index) private pure returns (string memory) {
        return vm.toString(index);
    }

    function _secret(uint256 index) private pure returns (uint256) {
        return index + 1;
    }

    function _subject(uint256 person) private pure returns (string memory) {
        return person == 0 ? "1101694" : "1101695";
    }
}
