// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryTypes} from "../../../../contracts/interfaces/IRecoveryTypes.sol";
import {IAccountUnderTest} from "../../support/IAccountUnderTest.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {ChangesModel} from "./ChangesModel.sol";
import {AccountModel} from "./AccountModel.sol";

/// @notice What whoever has a passkey of an account can do about its guardians and signers: its owner, and a thief.
abstract contract OwnerActions is HandlerBase {
    function veto(uint256 n, uint256 lane) external step {
        n = lane % 3 == 0 ? _overtaken(n) : _living(n);
        uint256 i = n % ACCOUNTS;
        bytes32 digest = recovery.vetoDigest(address(accounts[i]), digests[n]);
        _digest(digest, abi.encode("veto", i, digests[n]));
        (bytes memory signature, bool owns) = _signature(i, lane, digest);
        bytes memory call = abi.encodeCall(recovery.veto, (address(accounts[i]), digests[n], signature));
        _check("veto", _deliver(i, lane, call), model.veto(n, owns));
    }

    function setPolicy(uint256 i, uint256 policy, uint256 lane, uint256 when) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        // The largest one seldom, it takes time.
        policy = policy % 8 == 0 ? 4 : 1 + (policy % 3);
        uint256 issuedAt = _issue(i, when);
        bytes32 digest = recovery.setPolicyDigest(address(accounts[i]), _idOf(policy), uint40(issuedAt));
        _digest(digest, abi.encode("policy", i, policy, issuedAt));
        (bytes memory signature, bool owns) = _signature(i, lane, digest);
        bytes memory call = abi.encodeCall(
            recovery.setPolicy,
            (address(accounts[i]), policyBytes[policy], uint40(issuedAt), signature)
        );
        _check("setPolicy", _deliver(i, lane, call), model.setPolicy(i, policy, issuedAt, owns));
    }

    function announce(uint256 i, uint256 what, uint256 lane, uint256 when) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        bool isUpgrade = what % 2 == 0;
        uint256 code = isUpgrade ? ((what >> 1) % 8 == 0 ? model.SABOTAGE() : model.SECOND_CODE()) : 0;
        uint256 issuedAt = _issue(i, when);
        bytes32 digest =
            isUpgrade
                ? recovery.upgradeDigest(address(accounts[i]), codes[code], uint40(issuedAt))
                : recovery.uninstallDigest(address(accounts[i]), uint40(issuedAt));
        _digest(digest, abi.encode(isUpgrade ? "upgrade" : "uninstall", i, code, issuedAt));
        (bytes memory signature, bool owns) = _signature(i, lane, digest);
        uint256 kind = isUpgrade ? model.UPGRADE() : model.UNINSTALL();
        bytes memory call = abi.encodeCall(
            recovery.announce,
            (address(accounts[i]), _kind(kind), _target(code), uint40(issuedAt), signature)
        );
        _check("announce", _deliver(i, lane, call), model.announce(i, kind, code, issuedAt, owns));
    }

    function cancelChange(uint256 i, uint256 lane, uint256 pending) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        ChangesModel.Rules memory rules = model.rulesOf(i);
        // One that has not been announced here, or the one that has.
        (uint256 kind, uint256 next, uint256 issuedAt) = (model.UPGRADE(), model.SECOND_CODE(), _issue(i, lane >> 16));
        if (pending % 4 != 0) (kind, next, issuedAt) = (rules.nextKind, rules.next, rules.nextIssuedAt);
        uint160 value = _value(kind, next);
        bytes32 digest = recovery.cancelChangeDigest(address(accounts[i]), _kind(kind), value, uint40(issuedAt));
        _digest(digest, abi.encode("call off", i, kind, next, issuedAt));
        (bytes memory signature, bool owns) = _signature(i, lane, digest);
        bytes memory call = abi.encodeCall(
            recovery.cancelChange,
            (address(accounts[i]), _kind(kind), value, uint40(issuedAt), signature)
        );
        _check("cancelChange", _deliver(i, lane, call), model.cancelChange(i, kind, next, issuedAt, owns));
    }

    function applyPolicy(uint256 i, uint256 other, uint256 wait) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        _awaitChange(i, wait);
        ChangesModel.Rules memory rules = model.rulesOf(i);
        uint256 policy = rules.nextKind == model.POLICY() && other % 8 != 0 ? rules.next : 1 + (other % POLICIES);
        bytes memory call = abi.encodeCall(recovery.applyPolicy, (address(accounts[i]), policyBytes[policy]));
        _check("applyPolicy", _try(call), model.applyPolicy(i, policy));
    }

    /// @notice The account does what it has announced: other code, or no guardians.
    function carryOut(uint256 i, uint256 random, uint256 wait) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        _awaitChange(i, wait);
        ChangesModel.Rules memory rules = model.rulesOf(i);
        address account = address(accounts[i]);
        bool upgrades = rules.nextKind == model.UPGRADE() || (rules.nextKind == 0 && random % 2 == 0);
        if (upgrades) {
            uint256 code = rules.nextKind == model.UPGRADE() && random % 8 != 0 ? rules.next : 1;
            bytes memory call = abi.encodeCall(ACCOUNT.upgradeTo, (codes[code]));
            _check("upgrade", _command(i, account, call), model.upgrade(i, code));
        } else if (random % 4 == 3) {
            bytes memory call = abi.encodeCall(recovery.onUninstall, (""));
            _check("uninstall", _command(i, address(recovery), call), model.uninstall(i, true));
        } else {
            bytes memory call = abi.encodeCall(ACCOUNT.uninstallModule, (2, address(recovery), ""));
            _check("uninstall", _command(i, account, call), model.uninstall(i, false));
        }
    }

    /// @notice The guardians' module comes back, with a policy or without.
    function install(uint256 i, uint256 policy, uint256 itself) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        policy = policy % (POLICIES + 1);
        bytes memory data = policyBytes[policy];
        if (itself % 2 == 0) {
            bytes memory call = abi.encodeCall(recovery.onInstall, (data));
            _check("install", _command(i, address(recovery), call), model.install(i, policy, true));
        } else {
            bytes memory call = abi.encodeCall(ACCOUNT.installModule, (2, address(recovery), data));
            _check("install", _command(i, address(accounts[i]), call), model.install(i, policy, false));
        }
    }

    function signer(uint256 i, uint256 what) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        what = bound(what, 0, 3);
        bytes[] memory list = new bytes[](1);
        list[0] = abi.encodePacked(vm.addr(OWNERS_SIGNER));
        (address target, bytes memory call) = (address(signers), abi.encodeCall(signers.revokeAll, ()));
        if (what == 2) call = abi.encodeCall(signers.addSigner, (list[0]));
        if (what < 2) {
            target = address(accounts[i]);
            call =
                what == 0
                    ? abi.encodeCall(ACCOUNT.installModule, (1, address(signers), abi.encode(list)))
                    : abi.encodeCall(ACCOUNT.uninstallModule, (1, address(signers), ""));
        }
        _check("signer", _command(i, target, call), model.signer(i, what));
    }

    function spend(uint256 i, uint256 amount) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        amount = bound(amount, 0, FUNDS / 8);
        _check("spend", _command(i, address(0xcafe), amount, ""), model.spend(i, amount));
    }

    // ---------------------------------------------------------------- Internal

    /// @dev A recovery that waits though something newer has happened, if there is one from `n` on.
    function _overtaken(uint256 n) private view returns (uint256) {
        n = bound(n, 0, ENTRIES - 1);
        for (uint256 k = 0; k < ENTRIES; ++k) {
            uint256 candidate = (n + k) % ENTRIES;
            if (model.recordOf(candidate).status == model.SCHEDULED() && !model.isLive(candidate)) return candidate;
        }
        return n;
    }

    /// @dev Lanes: 0 and 1 a passkey, 2 a signer, 3 the account itself calls.
    function _signature(uint256 i, uint256 lane, bytes32 digest) private view returns (bytes memory, bool owns) {
        AccountModel.Account memory account = model.accountOf(i);
        if (lane % 4 == 3) return ("", model.obeys(i));
        if (lane % 4 == 2) {
            bytes memory by = abi.encodePacked(uint8(1), uint16(20), vm.addr(OWNERS_SIGNER));
            owns = account.hasSigners && account.signerLives;
            return (abi.encodePacked(uint8(1), by, signEoa(OWNERS_SIGNER, digest)), owns);
        }
        uint256 index = model.someKey(i, (lane >> 8) % 32);
        return (abi.encodePacked(uint8(0), _assertion(_passkey(account.keys[index]), uint8(index), digest)), true);
    }

    function _deliver(uint256 i, uint256 lane, bytes memory call) private returns (bool) {
        return lane % 4 == 3 ? _command(i, address(recovery), call) : _try(call);
    }

    /// @dev Now, a little ahead, too far ahead, or as old as what counts already.
    function _issue(uint256 i, uint256 when) private view returns (uint256) {
        uint256 nowAt = vm.getBlockTimestamp();
        when %= 16;
        if (when == 1) return nowAt + 10 minutes;
        if (when == 2) return nowAt + 16 minutes;
        if (when == 3) return model.newest(i);
        if (when == 4) return nowAt - 1 hours;
        return nowAt;
    }

    /// @dev For its time, or for the end of a hold, or not at all.
    function _awaitChange(uint256 i, uint256 wait) private {
        ChangesModel.Rules memory rules = model.rulesOf(i);
        if (wait % 4 == 0 || rules.nextKind == 0) return;
        bool isHeld = wait % 4 != 1 && rules.heldEpoch == rules.epoch && rules.heldUntil > rules.nextReadyAt;
        _until(isHeld ? rules.heldUntil : rules.nextReadyAt, wait >> 8);
        uint256 thawsAt = model.accountOf(i).frozenUntil + 1;
        if (thawsAt > vm.getBlockTimestamp()) vm.warp(thawsAt);
    }

    function _kind(uint256 kind) internal pure returns (IRecoveryTypes.ChangeKind) {
        return IRecoveryTypes.ChangeKind(kind);
    }

    /// @dev What an upgrade names; an uninstallation names nothing.
    function _target(uint256 code) internal view returns (address) {
        return code == 0 ? address(0) : codes[code];
    }

    /// @dev What stands in a change for `next`.
    function _value(uint256 kind, uint256 next) internal view returns (uint160) {
        if (kind == 1) return uint160(uint256(_idOf(next)));
        return kind == 3 ? uint160(codes[next]) : 0;
    }
}
