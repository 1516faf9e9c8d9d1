// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryTypes} from "../../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../../support/IAccountUnderTest.sol";
import {ForeignModule} from "../../support/Modules.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {ThiefActions} from "./ThiefActions.sol";
import {ChangesModel} from "./ChangesModel.sol";
import {AccountModel} from "./AccountModel.sol";

/// @notice What must be possible from any state: tried out, and undone.
abstract contract Liveness is ThiefActions {
    /// @dev Longest time a quorum of honest guardians needs under each policy, see {Catalogue}.
    uint256[POLICIES + 1] internal longestWait = [0, 3 days, 6 hours, 2 days, 3 days];
    uint256 private constant NEW_KEY = type(uint256).max - 1;

    /// @dev A recovery that a quorum of honest guardians asks for now.
    struct Quest {
        uint256 i;
        uint256 policy;
        Recovery request;
        bytes32 digest;
        bytes possession;
        bytes startCall;
        bytes executeCall;
    }

    /// @notice Honest guardians alone give the account a new passkey within the time of their tier. Whoever else holds
    ///         a passkey vetoes, changes policies, leaves, upgrades, and has tried to beforehand; where the owner can
    ///         veto everything, he does not, and benches have run out. Empty if they do.
    function quorumFails(uint256 i) external returns (string memory problem) {
        uint256 policy = model.rulesOf(i).policy;
        if (policy == 0) return "";
        uint256 snapshot = vm.snapshotState();
        skip(1);
        bool canBeVetoed = policy == 2;
        if (canBeVetoed && model.rulesOf(i).benchedUntil > vm.getBlockTimestamp())
            vm.warp(model.rulesOf(i).benchedUntil);
        Quest memory quest = _quest(i, NEW_KEY, 0, _quorum(policy));
        if (!canBeVetoed) _obstruct(quest);
        if (!_try(quest.startCall)) problem = "start";
        uint256 end = vm.getBlockTimestamp() + longestWait[policy];
        // A veto in the last second may delay it, once. A change that is ripe ends what could be vetoed all the same.
        for (uint256 k = 0; k < 2 && !canBeVetoed; ++k) {
            _obstruct(quest);
            _untilReady(quest, 1);
            _obstruct(quest);
        }
        _untilReady(quest, 0);
        if (vm.getBlockTimestamp() > end) problem = "in time";
        if (!canBeVetoed) _grind(quest);
        if (bytes(problem).length == 0 && !_try(quest.executeCall)) problem = "execute";
        if (bytes(problem).length == 0) problem = _isRid(i);
        vm.revertToState(snapshot);
    }

    /// @notice Whoever holds a live passkey stops each recovery that rests on vetoable tiers alone, and slows down the
    ///         others, with one call; also while he cannot command his account. Empty if so.
    function vetoFails() external returns (string memory problem) {
        for (uint256 n = 0; n < ENTRIES && bytes(problem).length == 0; ++n) {
            if (!model.isLive(n) || !model.isAlive(n) || model.recordOf(n).status != model.SCHEDULED()) continue;
            uint256 snapshot = vm.snapshotState();
            address account = address(accounts[n % ACCOUNTS]);
            uint256 index = model.someKey(n % ACCOUNTS, n);
            Passkey memory by = _passkey(model.accountOf(n % ACCOUNTS).keys[index]);
            bytes memory signature = _assertion(by, uint8(index), recovery.vetoDigest(account, digests[n]));
            bytes memory call = abi.encodeCall(
                recovery.veto,
                (account, digests[n], abi.encodePacked(uint8(0), signature))
            );
            if (!_try(call)) problem = "veto";
            uint256 wanted = model.recordOf(n).guardedAt == 0 ? model.VETOED() : model.PROTECTED();
            if (uint256(_record(n).status) != wanted) problem = "what a veto leads to";
            vm.revertToState(snapshot);
        }
    }

    /// @notice An account that obeys gets rid of every foreign module, each of which now burns all the gas it is given,
    ///         of its signers, and, after the wait it has to announce, of its guardians. Empty if so.
    function removalFails(uint256 i) external returns (string memory problem) {
        uint256 snapshot = vm.snapshotState();
        skip(1);
        AccountModel.Account memory account = model.accountOf(i);
        if (account.frozenUntil >= vm.getBlockTimestamp()) vm.warp(account.frozenUntil + 1);
        if (account.code != model.SABOTAGE()) problem = _removeAll(i, account);
        vm.revertToState(snapshot);
    }

    function _removeAll(uint256 i, AccountModel.Account memory account) private returns (string memory) {
        address self = address(accounts[i]);
        for (uint256 m = 0; m < MODULES; ++m) {
            modules[m].behave(ForeignModule.Behaviour.BurnsGas);
            for (uint256 kind = 1; kind < 4; ++kind) {
                if (!model.isInstalled(i, m, kind)) continue;
                bytes memory data = kind == 3 ? abi.encodePacked(_selector(m)) : bytes("");
                if (!_command(i, self, abi.encodeCall(ACCOUNT.unlink, (kind, address(modules[m]), data)))) {
                    return "unlink";
                }
            }
            if (accounts[i].isModule(address(modules[m]))) return "a module is left";
        }
        bytes memory farewell = abi.encodeCall(ACCOUNT.uninstallModule, (1, address(signers), ""));
        if (account.hasSigners && !_command(i, self, farewell)) return "uninstall of SignerValidator";
        if (!account.hasGuardians) return "";
        if (!_removeGuardians(i)) return "uninstall of GuardianRecovery";
        return accounts[i].isModuleInstalled(2, address(recovery), "") ? "GuardianRecovery is left" : "";
    }

    function _removeGuardians(uint256 i) private returns (bool) {
        ChangesModel.Rules memory rules = model.rulesOf(i);
        if (rules.policy != 0) {
            if (model.newest(i) >= vm.getBlockTimestamp()) vm.warp(model.newest(i) + 1);
            bytes memory call = _announcement(i, model.UNINSTALL(), 0);
            if (!_command(i, address(recovery), call)) return false;
            skip(model.changeDelay(i));
            if (rules.heldEpoch == rules.epoch && rules.heldUntil > vm.getBlockTimestamp()) vm.warp(rules.heldUntil);
            // A hold may outlast the announcement, which is made anew then.
            uint256 closesAt = recovery.getChange(address(accounts[i])).readyAt + 14 days;
            if (vm.getBlockTimestamp() >= closesAt) {
                if (!_command(i, address(recovery), _announcement(i, model.UNINSTALL(), 0))) return false;
                skip(model.changeDelay(i));
            }
        }
        bytes memory farewell = abi.encodeCall(ACCOUNT.uninstallModule, (2, address(recovery), ""));
        return _command(i, address(accounts[i]), farewell);
    }

    // ---------------------------------------------------------------- Parts

    /// @dev Enough of those on whom one can rely, not all.
    function _quorum(uint256 policy) internal view returns (uint256) {
        return model.honest(policy) & 0xffff;
    }

    /// @param ahead Seconds by which it is newer than it must be.
    /// @param votes Those who approve.
    function _quest(uint256 i, uint256 key, uint256 ahead, uint256 votes) internal view returns (Quest memory quest) {
        (quest.i, quest.policy) = (i, model.rulesOf(i).policy);
        Passkey memory fresh = _passkey(key);
        quest.request = _recovery(accounts[i], policyBytes[quest.policy], fresh);
        uint256 floor = model.rulesOf(i).floor;
        if (quest.request.issuedAt <= floor) quest.request.issuedAt = uint40(floor + 1);
        quest.request.issuedAt += uint40(ahead);
        quest.request.deadline = quest.request.issuedAt + 14 days;
        quest.digest = recovery.hashRecovery(quest.request);
        quest.possession = _possession(fresh, quest.digest);
        bytes memory blob = _blob(quest.policy, votes, 0, quest.digest, 0);
        quest.startCall = abi.encodeCall(
            recovery.start,
            (quest.request, policyBytes[quest.policy], blob, quest.possession)
        );
        IRecoveryTypes.Evidence[] memory none = new IRecoveryTypes.Evidence[](0);
        quest.executeCall = abi.encodeCall(recovery.execute, (quest.request, quest.possession, none));
    }

    function _untilReady(Quest memory quest, uint256 early) private {
        uint256 readyAt = recovery.getRecord(quest.request.account, quest.digest).readyAt;
        if (readyAt > vm.getBlockTimestamp() + early) vm.warp(readyAt - early);
    }

    /// @dev A thief with a passkey, and hostile guardians, do what they can against it.
    function _obstruct(Quest memory quest) private {
        uint256 i = quest.i;
        address account = address(accounts[i]);
        _command(i, address(recovery), abi.encodeCall(recovery.veto, (account, quest.digest, "")));
        _grind(quest);
        bytes32 digest = recovery.guardianCancelDigest(account, _idOf(quest.policy), quest.digest);
        uint256 few = ~model.honest(quest.policy) & ((1 << model.seatsOf(quest.policy)) - 1);
        bytes memory blob = _blob(quest.policy, few, 0, digest, 0);
        _try(abi.encodeCall(recovery.guardianCancel, (account, quest.digest, policyBytes[quest.policy], blob)));
        _try(
            abi.encodeCall(
                recovery.recount,
                (quest.request, policyBytes[quest.policy], new IRecoveryTypes.Evidence[](0), 0)
            )
        );
    }

    /// @dev Whatever he has announced, the thief does, if it is possible.
    function _grind(Quest memory quest) private {
        uint256 i = quest.i;
        ChangesModel.Rules memory rules = model.rulesOf(i);
        // Without a recovery in the way this would be his right.
        if (recovery.getRecord(address(accounts[i]), quest.digest).startedAt == 0) return;
        address account = address(accounts[i]);
        if (rules.nextKind == 1) _try(abi.encodeCall(recovery.applyPolicy, (account, policyBytes[rules.next])));
        if (rules.nextKind == 3) _command(i, account, abi.encodeCall(ACCOUNT.upgradeTo, (codes[rules.next])));
        if (rules.nextKind == 2) {
            _command(i, account, abi.encodeCall(ACCOUNT.uninstallModule, (2, address(recovery), "")));
            _command(i, address(recovery), abi.encodeCall(recovery.onUninstall, ("")));
        }
        if (rules.nextKind > 1) {
            address target = _target(rules.next);
            _command(i, address(recovery), abi.encodeCall(recovery.consume, (_kind(rules.nextKind), target)));
        }
    }

    /// @dev Empty if nothing is left of what was there before.
    function _isRid(uint256 i) private view returns (string memory) {
        IAccountUnderTest account = accounts[i];
        if (!_isOnlyPasskey(account, _passkey(NEW_KEY))) return "passkeys";
        if (account.implementation() != implementation) return "code";
        if (account.frozenUntil() != 0) return "still frozen";
        (, bytes32[] memory left) = signers.getSigners(address(account));
        if (model.accountOf(i).hasSigners && left.length != 0) return "signers";
        for (uint256 m = 0; m < MODULES; ++m) if (account.isModule(address(modules[m]))) return "modules";
        return "";
    }

    function _announcement(uint256 i, uint256 kind, uint256 code) internal view returns (bytes memory) {
        uint40 nowAt = uint40(vm.getBlockTimestamp());
        return abi.encodeCall(recovery.announce, (address(accounts[i]), _kind(kind), _target(code), nowAt, ""));
    }
}
