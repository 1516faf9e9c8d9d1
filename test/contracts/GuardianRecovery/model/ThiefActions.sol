// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryTypes} from "../../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../../support/IAccountUnderTest.sol";
import {ForeignModule} from "../../support/Modules.sol";
import {OwnerActions} from "./OwnerActions.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {ChangesModel} from "./ChangesModel.sol";
import {AccountModel} from "./AccountModel.sol";

/// @notice What a thief plants with a passkey, and what strangers try without one.
abstract contract ThiefActions is OwnerActions {
    address private constant STRANGER = address(0xbad);

    // ---------------------------------------------------------------- With a passkey

    function plantKey(uint256 i, uint256 random) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        AccountModel.Account memory account = model.accountOf(i);
        bytes memory call;
        if (random % 3 == 0) {
            uint256 index = model.someKey(i, (random >> 8) % 32);
            call = abi.encodeCall(passkeys.removeCredential, (uint8(index), _commitment(account.keys[index])));
            bool done = _command(i, address(passkeys), call);
            _check("removeKey", done, model.removeKey(i, index));
            return;
        }
        bool proven = random % 3 == 1;
        Passkey memory own = _passkey(++seeds);
        bytes32 digest = passkeys.proveDigest(address(accounts[i]), own.credential.commitment());
        bytes memory proof = proven ? _stateless(own, digest) : bytes("");
        call = abi.encodeCall(passkeys.addCredential, (own.credential, own.id, proof));
        uint256 seed = seeds;
        bool added = _command(i, address(passkeys), call);
        _check("addKey", added, model.addKey(i, seed, proven));
    }

    /// @param what Installs, uninstalls or unlinks, as validator, executor or fallback handler.
    function plantModule(uint256 i, uint256 m, uint256 what) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        m = bound(m, 0, MODULES - 1);
        uint256 kind = 1 + ((what >> 8) % 3);
        // What is to be removed is there, if anything is.
        for (uint256 k = 0; k < 3 * MODULES && what % 4 > 1 && !model.isInstalled(i, m, kind); ++k) {
            (m, kind) = k % 3 == 2 ? ((m + 1) % MODULES, 1 + (kind % 3)) : (m, 1 + (kind % 3));
        }
        bytes memory data = kind == 3 ? abi.encodePacked(_selector(m)) : bytes("");
        address module = address(modules[m]);
        address account = address(accounts[i]);
        bool willing = modules[m].behaviour() == ForeignModule.Behaviour.Works;
        if (what % 4 < 2) {
            bytes memory call = abi.encodeCall(ACCOUNT.installModule, (kind, module, data));
            _check("installForeign", _command(i, account, call), model.install(i, m, kind, willing));
        } else if (what % 4 == 2) {
            bytes memory call = abi.encodeCall(ACCOUNT.uninstallModule, (kind, module, data));
            _check("uninstallForeign", _command(i, account, call), model.remove(i, m, kind, true, willing));
        } else {
            bytes memory call = abi.encodeCall(ACCOUNT.unlink, (kind, module, data));
            _check("unlink", _command(i, account, call), model.remove(i, m, kind, false, willing));
        }
    }

    function moduleBehaves(uint256 m, uint256 behaviour) external step {
        // Works most of the time, or reverts, or burns all gas.
        behaviour = bound(behaviour, 0, 7);
        modules[bound(m, 0, MODULES - 1)].behave(ForeignModule.Behaviour(behaviour < 3 ? behaviour : 0));
        _count("moduleBehaves", true);
    }

    /// @notice A foreign executor sends funds away, where it is installed.
    function moduleSpends(uint256 i, uint256 m, uint256 amount) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        m = bound(m, 0, MODULES - 1);
        // An account that a guardian has frozen, if there is one; and a module that is installed.
        for (uint256 k = 0; k < ACCOUNTS && model.accountOf(i).frozenUntil < vm.getBlockTimestamp(); ++k) {
            i = (i + 1) % ACCOUNTS;
        }
        for (uint256 k = 0; k < MODULES && !model.isInstalled(i, m, 2); ++k) m = (m + 1) % MODULES;
        amount = bound(amount, 0, FUNDS / 50);
        vm.prank(address(modules[m]));
        (bool success, ) = address(accounts[i]).call{gas: OWNERS_GAS}(
            abi.encodeCall(ACCOUNT.executeFromExecutor, (MODE_SINGLE, abi.encodePacked(address(0xcafe), amount, "")))
        );
        _check("moduleSpends", success, model.spendByExecutor(i, m, amount));
    }

    /// @notice The account uses its announcement up without doing what it announced.
    function consume(uint256 i, uint256 kind, uint256 code) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        ChangesModel.Rules memory rules = model.rulesOf(i);
        uint256 value = kind % 2 == 0 ? 1 + (code % 2) : 0;
        kind = kind % 2 == 0 ? model.UPGRADE() : model.UNINSTALL();
        if (code % 4 != 0 && rules.nextKind == kind) value = rules.next;
        bytes memory call = abi.encodeCall(recovery.consume, (_kind(kind), _target(value)));
        _check("consume", _command(i, address(recovery), call), model.consume(i, kind, value));
    }

    /// @notice What not even the account itself may do, whatever has been announced.
    function overreach(uint256 i, uint256 what) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        (address account, address target) = (address(accounts[i]), address(recovery));
        Passkey memory own = _passkey(type(uint256).max);
        bytes memory proof = _possession(own, bytes32(what));
        bytes memory call;
        what %= 7;
        if (what == 0) call = abi.encodeCall(recovery.consume, (IRecoveryTypes.ChangeKind.Policy, address(0)));
        if (what == 1)
            call = abi.encodeCall(recovery.announce, (account, IRecoveryTypes.ChangeKind.Policy, account, 1, ""));
        if (what > 1) target = account;
        if (what == 2) call = abi.encodeCall(ACCOUNT.recover, (own.credential, 0, bytes32(what), proof));
        if (what == 3) call = abi.encodeCall(ACCOUNT.freeze, (type(uint40).max));
        if (what == 4) call = abi.encodeCall(ACCOUNT.unlink, (2, address(recovery), ""));
        if (what == 5) call = abi.encodeCall(ACCOUNT.uninstallModule, (1, address(passkeys), ""));
        if (what == 6) call = abi.encodeCall(ACCOUNT.setup7702, (own.credential, own.id, ""));
        _check("overreach", _command(i, target, call), false);
    }

    /// @notice Policies that could not bring an account back, or too easily, or that name whom they must not.
    function badPolicy(uint256 i, uint256 what) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        what = bound(what, 0, 8);
        Policy memory policy = _usualBad(i, what);
        uint256 nowAt = vm.getBlockTimestamp();
        bytes memory call = abi.encodeCall(
            recovery.setPolicy,
            (address(accounts[i]), _encode(policy), uint40(nowAt > model.newest(i) ? nowAt : model.newest(i) + 1), "")
        );
        _check("badPolicy", _command(i, address(recovery), call), false);
    }

    // ---------------------------------------------------------------- Without one

    /// @notice Approvals for one account, delivered for the next.
    function replay(uint256 n, uint256 code) external step {
        n = bound(n, 0, ENTRIES - 1);
        uint256 policy = model.requestOf(n).policy;
        Recovery memory request = _request(n);
        request.account = address(accounts[(n + 1) % ACCOUNTS]);
        bytes memory possession = _possession(_passkey(model.requestOf(n).key), recovery.hashRecovery(request));
        bytes memory blob = _blob(policy, _voters(policy, type(uint256).max), 0, digests[n], code % CODES);
        _check("replay", _try(abi.encodeCall(recovery.start, (request, policyBytes[policy], blob, possession))), false);
    }

    /// @notice Signed by a key that the account never had, or by another account's.
    function forge(uint256 i, uint256 what, uint256 neighbour) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        address account = address(accounts[i]);
        uint256 other = (i + 1) % ACCOUNTS;
        uint256 index = model.someKey(other, 0);
        Passkey memory by = _passkey(neighbour % 2 == 0 ? model.accountOf(other).keys[index] : type(uint256).max);
        uint40 nowAt = uint40(vm.getBlockTimestamp());
        IRecoveryTypes.ChangeKind kind = IRecoveryTypes.ChangeKind.Uninstall;
        bytes32 id = bytes32(what);
        bytes32[4] memory wanted = [
            recovery.vetoDigest(account, id),
            recovery.setPolicyDigest(account, _idOf(1), nowAt),
            recovery.uninstallDigest(account, nowAt),
            recovery.cancelChangeDigest(account, kind, 0, nowAt)
        ];
        bytes memory by_ = abi.encodePacked(uint8(0), _assertion(by, uint8(index), wanted[what % 4]));
        bytes memory call = abi.encodeCall(recovery.veto, (account, id, by_));
        if (what % 4 == 1) call = abi.encodeCall(recovery.setPolicy, (account, policyBytes[1], nowAt, by_));
        if (what % 4 == 2) call = abi.encodeCall(recovery.announce, (account, kind, address(0), nowAt, by_));
        if (what % 4 == 3) call = abi.encodeCall(recovery.cancelChange, (account, kind, 0, nowAt, by_));
        _check("forge", _try(call), false);
    }

    /// @notice Somebody without any key calls what he can find.
    function intrude(uint256 i, uint256 what) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        (address account, address module) = (address(accounts[i]), address(modules[what % MODULES]));
        address target = account;
        Passkey memory own = _passkey(type(uint256).max);
        bytes memory spending = abi.encodePacked(STRANGER, uint256(1), "");
        bytes memory call;
        what %= 12;
        if (what == 0) call = abi.encodeCall(ACCOUNT.execute, (MODE_SINGLE, spending));
        if (what == 1) call = abi.encodeCall(ACCOUNT.installModule, (2, module, ""));
        if (what == 2) call = abi.encodeCall(ACCOUNT.uninstallModule, (2, address(recovery), ""));
        if (what == 3) call = abi.encodeCall(ACCOUNT.unlink, (2, module, ""));
        if (what == 4) call = abi.encodeCall(ACCOUNT.upgradeTo, (codes[1]));
        if (what == 5) call = abi.encodeCall(ACCOUNT.executeFromExecutor, (MODE_SINGLE, spending));
        if (what == 6) call = abi.encodeCall(ACCOUNT.freeze, (type(uint40).max));
        if (what == 7) call = abi.encodeCall(ACCOUNT.recover, (own.credential, 0, 0, _possession(own, 0)));
        if (what == 8) call = abi.encodeCall(ACCOUNT.setup7702, (own.credential, own.id, ""));
        if (what > 8) target = address(recovery);
        if (what == 9) call = abi.encodeCall(recovery.setPolicy, (account, policyBytes[1], 1, ""));
        if (what == 10) call = abi.encodeCall(recovery.veto, (account, digests[0], ""));
        // Own rules, not the account's: nothing to be had by it.
        if (what == 11) call = abi.encodeCall(recovery.onInstall, (policyBytes[1]));
        vm.prank(STRANGER);
        (bool success, ) = target.call(call);
        _check("intrude", success, false);
    }

    // ---------------------------------------------------------------- Internal

    /// @dev A sound policy with one fault.
    function _usualBad(uint256 i, uint256 what) private view returns (Policy memory policy) {
        policy.windowHours = 48;
        policy.tiers = new Tier[](1);
        policy.tiers[0] = Tier(2, 1, 1 days, false);
        policy.guardians = new Guardian[](2);
        policy.guardians[0] = _eoaGuardian(0xa11ce);
        policy.guardians[1] = _eoaGuardian(0xb0b);
        _sort(policy.guardians);
        if (what == 0) policy.tiers[0].weight = 3;
        if (what == 1) policy.tiers[0].kinds = 2;
        if (what == 2) policy.tiers[0].weight = 0;
        if (what == 3) policy.guardians[0].validUntil = 1;
        if (what == 4) policy.guardians[0] = policy.guardians[1];
        if (what == 5) (policy.guardians[0].signer, policy.tiers[0].weight) = (abi.encodePacked(accounts[i]), 1);
        if (what == 6) policy.guardians[0].signer = abi.encodePacked(address(recovery));
        if (what == 7) policy.guardians[0].signer = abi.encodePacked(address(0));
        if (what == 8) policy.tiers[0] = Tier(1, 1, 0, false);
        if (what > 4 && what < 8) _sort(policy.guardians);
    }
}
