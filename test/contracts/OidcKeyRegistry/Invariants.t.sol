// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {OidcAttesters} from "../support/OidcAttesters.sol";

/// @notice Three attesters, any of whom may sign anything, while time passes; keeps a model of what each key should be.
contract RegistryHandler is OidcAttesters {
    uint256 public constant KEYS = 3;

    struct Model {
        bytes32 keyHash;
        uint256 activeFrom;
        uint256 lastSeen;
        uint256 suspendedUntil;
        bool revoked;
    }

    OidcKeyRegistry internal immutable REGISTRY;
    Model[KEYS] internal models;
    uint256[ATTESTERS] internal lastSuspension;

    error WrongOutcome(bool seen, bool wanted);

    constructor() {
        vm.warp(1_800_000_000);
        REGISTRY = deployRegistry();
    }

    /// @dev `who` is a bitmap of signers; the key is the one the kid has, or now and then another.
    function observe(uint256 index, uint256 who, uint256 secret, uint256 age) external {
        index %= KEYS;
        who %= 8;
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(
            vm.toString(index),
            secret % 4 == 0 ? 2 : 1
        );
        seen.observedAt -= uint40(bound(age, 0, 2 days));
        Model storage model = models[index];
        bool isGood = _count(who) >= QUORUM && !model.revoked && seen.observedAt > model.lastSeen;
        isGood = isGood && seen.observedAt + 1 days >= vm.getBlockTimestamp();
        isGood = isGood && (model.keyHash == 0 || model.keyHash == seen.keyHash);
        bytes[] memory signatures = signAs(who, REGISTRY.observationDigest(seen));
        try REGISTRY.observe(seen, key, signatures) {
            if (!isGood) revert WrongOutcome(true, false);
            if (model.keyHash == 0 || vm.getBlockTimestamp() > model.lastSeen + MAX_AGE) {
                model.activeFrom = vm.getBlockTimestamp() + DELAY;
            }
            (model.keyHash, model.lastSeen) = (seen.keyHash, seen.observedAt);
        } catch {
            if (isGood) revert WrongOutcome(false, true);
        }
    }

    function suspend(uint256 index, uint256 who) external {
        index %= KEYS;
        who %= ATTESTERS;
        uint256 last = lastSuspension[who];
        bool isGood = last == 0 || vm.getBlockTimestamp() >= last + 30 days;
        bytes32 keyId = idAt(index);
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        bytes memory signature = signEoa(attesterKeys[who], REGISTRY.suspensionDigest(keyId, issuedAt));
        try REGISTRY.suspend(keyId, issuedAt, signature) {
            if (!isGood) revert WrongOutcome(true, false);
            lastSuspension[who] = vm.getBlockTimestamp();
            models[index].suspendedUntil = vm.getBlockTimestamp() + 7 days;
        } catch {
            if (isGood) revert WrongOutcome(false, true);
        }
    }

    function revoke(uint256 index, uint256 who, uint256 luck) external {
        index %= KEYS;
        who %= 8;
        // Seldom by a quorum: the keys would soon be gone.
        if (luck % 16 != 0 && _count(who) >= QUORUM) who = 1;
        bool isGood = _count(who) >= QUORUM && !models[index].revoked;
        bytes[] memory signatures = signAs(who, REGISTRY.revocationDigest(idAt(index)));
        try REGISTRY.revoke(idAt(index), signatures) {
            if (!isGood) revert WrongOutcome(true, false);
            models[index].revoked = true;
        } catch {
            if (isGood) revert WrongOutcome(false, true);
        }
    }

    function wait(uint256 time) external {
        skip(bound(time, 1, 20 days));
    }

    function registry() external view returns (OidcKeyRegistry) {
        return REGISTRY;
    }

    function modelAt(uint256 index) external view returns (Model memory) {
        return models[index];
    }

    function idAt(uint256 index) public pure returns (bytes32) {
        return keyIdOf(ISSUER, vm.toString(index));
    }

    function _count(uint256 who) private pure returns (uint256 count) {
        for (; who != 0; who &= who - 1) ++count;
    }
}

contract OidcKeyRegistryInvariantsTest is OidcAttesters {
    RegistryHandler internal handler;
    address[] private _targets;

    function setUp() public {
        handler = new RegistryHandler();
        _targets.push(address(handler));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// Only keys that a quorum observed, older than the delay, younger than the age, neither suspended nor revoked.
    function invariant_29_onlyKeysOlderThanTheDelayVerify() public view {
        OidcKeyRegistry registry = handler.registry();
        uint256 time = vm.getBlockTimestamp();
        for (uint256 i = 0; i < handler.KEYS(); ++i) {
            RegistryHandler.Model memory model = handler.modelAt(i);
            bytes32 id = handler.idAt(i);
            bool isTrusted = model.keyHash != 0 && !model.revoked && time >= model.suspendedUntil;
            assertEq(registry.isTrusted(id), isTrusted);
            bool isUsable = isTrusted && time >= model.activeFrom && time <= model.lastSeen + MAX_AGE;
            assertEq(registry.usableKey(id), isUsable ? model.keyHash : bytes32(0));
            IOidcKeyRegistry.KeyState memory state = registry.keyState(id);
            assertEq(state.keyHash, model.keyHash);
            assertEq(state.revoked, model.revoked);
        }
    }
}
