// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IAccountUnderTest} from "../../support/IAccountUnderTest.sol";
import {Chains} from "./Chains.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {ChangesModel} from "./ChangesModel.sol";

/// @notice What each call costs at most, from any state. Tried out, and undone.
abstract contract Costs is Chains {
    uint256 internal constant LARGEST = 4;

    // In gas, for 32 guardians and 32 passkeys, without what a transaction costs. A P-256 verification takes up to
    // 330,000 where the chain has no precompile for it; a start can take three, a recovery's end and a veto one.
    uint256 private constant START = 1_400_000;
    uint256 private constant EXECUTE = 700_000;
    uint256 private constant VETO = 400_000;
    uint256 private constant CANCEL = 700_000;
    uint256 private constant SET = 180_000;
    uint256 private constant APPLY = 150_000;
    uint256 private constant UNINSTALL = 60_000;

    /// @notice The first of start, execute, veto, guardianCancel, applyPolicy and uninstallation that fails or costs
    ///         more than its ceiling. The third account begins with the largest policy and as many passkeys as there
    ///         can be. Empty if there is none.
    function tooDear(uint256 i) external returns (string memory problem) {
        uint256 present = vm.snapshotState();
        skip(1);
        ChangesModel.Rules memory rules = model.rulesOf(i);
        if (rules.benchedUntil > vm.getBlockTimestamp()) vm.warp(rules.benchedUntil);
        if (rules.policy != 0) problem = _dearRecovery(i, rules.policy);
        if (bytes(problem).length == 0 && model.accountOf(i).code != model.SABOTAGE()) problem = _dearChange(i, rules);
        vm.revertToState(present);
    }

    function _dearRecovery(uint256 i, uint256 policy) private returns (string memory) {
        uint256 all = model.honest(policy);
        // All but two of the largest policy: the next tier below the one that executes at once.
        Quest memory quest = _quest(i, 7_001, 0, policy == LARGEST ? all & (all - 1) & ~uint256(2) : all);
        Quest memory instant = _quest(i, 7_002, 0, all);
        address account = quest.request.account;
        if (!_fits(address(recovery), address(this), instant.startCall, START, true)) return "start at once";
        if (!_fits(address(recovery), address(this), quest.startCall, START, false)) return "start";
        uint256 index = model.someKey(i, 0);
        Passkey memory by = _passkey(model.accountOf(i).keys[index]);
        bytes memory signature = _assertion(by, uint8(index), recovery.vetoDigest(account, quest.digest));
        bytes memory call = abi.encodeCall(
            recovery.veto,
            (account, quest.digest, abi.encodePacked(uint8(0), signature))
        );
        if (!_fits(address(recovery), address(this), call, VETO, true)) return "veto";
        bytes32 digest = recovery.guardianCancelDigest(account, _idOf(policy), quest.digest);
        bytes memory blob = _blob(policy, all, 0, digest, 0);
        call = abi.encodeCall(recovery.guardianCancel, (account, quest.digest, policyBytes[policy], blob));
        // Where the greatest tier takes more than those on whom one can rely, nobody has to be able to.
        bool canCancel = policy == LARGEST;
        if (canCancel && !_fits(address(recovery), address(this), call, CANCEL, true)) return "cancel";
        vm.warp(recovery.getRecord(account, quest.digest).readyAt);
        return _fits(address(recovery), address(this), quest.executeCall, EXECUTE, true) ? "" : "execute";
    }

    /// @dev The largest policy comes, then all of it goes. The account itself asks for both.
    function _dearChange(uint256 i, ChangesModel.Rules memory rules) private returns (string memory) {
        address account = address(accounts[i]);
        if (model.accountOf(i).frozenUntil >= vm.getBlockTimestamp()) vm.warp(model.accountOf(i).frozenUntil + 1);
        if (!model.accountOf(i).hasGuardians) return "";
        if (model.newest(i) >= vm.getBlockTimestamp()) vm.warp(model.newest(i) + 1);
        if (!_fits(address(recovery), account, _setting(account), SET, false)) return "setPolicy";
        if (rules.policy != 0) {
            _awaitRipeness(account);
            bytes memory call = abi.encodeCall(recovery.applyPolicy, (account, policyBytes[LARGEST]));
            if (!_fits(address(recovery), address(this), call, APPLY, false)) return "applyPolicy";
        }
        skip(1);
        bytes memory announcement = _announcement(i, model.UNINSTALL(), 0);
        if (!_fits(address(recovery), account, announcement, SET, false)) return "announce";
        _awaitRipeness(account);
        bytes memory farewell = abi.encodeCall(ACCOUNT.uninstallModule, (2, address(recovery), ""));
        return _fits(account, account, farewell, UNINSTALL, false) ? "" : "uninstall";
    }

    function _setting(address account) private view returns (bytes memory) {
        return abi.encodeCall(recovery.setPolicy, (account, policyBytes[LARGEST], uint40(vm.getBlockTimestamp()), ""));
    }

    function _awaitRipeness(address account) private {
        vm.warp(recovery.getChange(account).readyAt);
        uint256 heldUntil = recovery.getAux(account).holdUntil;
        if (heldUntil > vm.getBlockTimestamp()) vm.warp(heldUntil);
    }

    /// @dev Calls it, as `by`. `undone`: nothing of it remains.
    function _fits(address target, address by, bytes memory call, uint256 ceiling, bool undone) private returns (bool) {
        uint256 present = vm.snapshotState();
        vm.prank(by);
        uint256 before = gasleft();
        (bool success, ) = target.call(call);
        uint256 cost = before - gasleft();
        if (undone) vm.revertToState(present);
        return success && cost < ceiling;
    }
}
