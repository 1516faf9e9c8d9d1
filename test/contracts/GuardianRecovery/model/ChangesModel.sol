// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {VotesModel} from "./VotesModel.sol";

/// @notice How an account's guardians come, change and go, and how one of them freezes it.
abstract contract ChangesModel is VotesModel {
    uint256 internal constant SKEW = 900;
    uint256 internal constant CHANGE_OPEN = 14 days;
    uint256 internal constant FREEZE_REST = 30 days;
    uint256 internal constant FREEZE_SIGNED = 1 days;

    uint256 public constant POLICY = 1;
    uint256 public constant UNINSTALL = 2;
    uint256 public constant UPGRADE = 3;

    /// @param policy Number of the policy, 0 for none.
    /// @param nextKind POLICY, UNINSTALL, UPGRADE, or 0: nothing is announced.
    /// @param next Number of a policy, or of code.
    /// @param nextIssuedAt Also of what was called off.
    struct Rules {
        uint256 policy;
        uint256 setAt;
        uint256 floor;
        uint256 epoch;
        uint256 nextKind;
        uint256 next;
        uint256 nextReadyAt;
        uint256 nextIssuedAt;
        uint256 nextEpoch;
        uint256 heldUntil;
        uint256 heldEpoch;
        uint256 benched;
        uint256 benchedUntil;
        uint256 benchEpoch;
        uint256 freezableAt;
    }

    Rules[3] internal _rules;

    function rulesOf(uint256 i) external view returns (Rules memory) {
        return _rules[i];
    }

    function changeDelay(uint256 i) external view returns (uint256) {
        return _rules[i].policy == 0 ? 0 : _changeDelay(_rules[i].policy);
    }

    /// @notice The newest time of issue that counts for changes.
    function newest(uint256 i) public view returns (uint256) {
        Rules storage r = _rules[i];
        return r.nextIssuedAt > r.floor ? r.nextIssuedAt : r.floor;
    }

    /// @notice True if the announced change may happen now.
    function isRipe(uint256 i, uint256 kind, uint256 value) public view returns (bool) {
        Rules storage r = _rules[i];
        if (kind == 0 || r.nextKind != kind || r.next != value || r.nextEpoch != r.epoch) return false;
        if (r.heldEpoch == r.epoch && block.timestamp < r.heldUntil) return false;
        return block.timestamp >= r.nextReadyAt && block.timestamp < r.nextReadyAt + CHANGE_OPEN;
    }

    // ---------------------------------------------------------------- Actions

    /// @notice At genesis.
    function begin(uint256 i, uint256 policy) external {
        (_rules[i].policy, _rules[i].setAt) = (policy, block.timestamp);
    }

    /// @param owns Owner's signature or call.
    function setPolicy(uint256 i, uint256 policy, uint256 issuedAt, bool owns) external returns (bool) {
        Rules storage r = _rules[i];
        if (!owns || issuedAt > block.timestamp + SKEW || issuedAt <= newest(i)) return false;
        if (r.policy != 0) {
            _announce(i, POLICY, policy, issuedAt);
            return true;
        }
        if (!_accounts[i].hasGuardians || _accounts[i].code == SABOTAGE) return false;
        (r.policy, r.setAt, r.floor) = (policy, block.timestamp, issuedAt);
        return true;
    }

    function announce(uint256 i, uint256 kind, uint256 value, uint256 issuedAt, bool owns) external returns (bool) {
        if (!owns || _rules[i].policy == 0) return false;
        if (issuedAt > block.timestamp + SKEW || issuedAt <= newest(i)) return false;
        _announce(i, kind, value, issuedAt);
        return true;
    }

    function applyPolicy(uint256 i, uint256 policy) external returns (bool) {
        Rules storage r = _rules[i];
        if (!isRipe(i, POLICY, policy) || _accounts[i].code == SABOTAGE) return false;
        _use(i);
        ++r.epoch;
        (r.policy, r.setAt) = (policy, block.timestamp);
        return true;
    }

    function cancelChange(uint256 i, uint256 kind, uint256 value, uint256 issuedAt, bool owns) external returns (bool) {
        Rules storage r = _rules[i];
        bool isThis = r.nextKind == kind && r.next == value && r.nextIssuedAt == issuedAt;
        if (!owns || kind == 0) return false;
        if (!isThis && (issuedAt > block.timestamp + SKEW || issuedAt <= newest(i))) return false;
        (r.nextKind, r.next, r.nextReadyAt, r.nextEpoch, r.nextIssuedAt) = (0, 0, 0, 0, issuedAt);
        return true;
    }

    /// @notice The account tells the module itself, and does nothing about it.
    function consume(uint256 i, uint256 kind, uint256 value) external returns (bool) {
        if (!obeys(i)) return false;
        if (_rules[i].policy == 0) return true;
        if (!isRipe(i, kind, value)) return false;
        _use(i);
        return true;
    }

    function upgrade(uint256 i, uint256 code) external returns (bool) {
        if (!obeys(i)) return false;
        if (_rules[i].policy != 0) {
            if (!isRipe(i, UPGRADE, code)) return false;
            _use(i);
        }
        _accounts[i].code = code;
        return true;
    }

    /// @param keepsModule The account calls the module's onUninstall itself, so that the module stays.
    function uninstall(uint256 i, bool keepsModule) external returns (bool) {
        Rules storage r = _rules[i];
        if (!obeys(i) || (!keepsModule && !_accounts[i].hasGuardians)) return false;
        uint256 floor = newest(i);
        uint256 epoch = r.epoch;
        if (r.policy != 0) {
            if (!isRipe(i, UNINSTALL, 0)) return false;
            ++epoch;
        }
        delete _rules[i];
        (r.floor, r.epoch) = (floor, epoch);
        if (!keepsModule) _accounts[i].hasGuardians = false;
        return true;
    }

    /// @param policy 0: without one.
    /// @param keepsModule The account calls the module's onInstall itself.
    function install(uint256 i, uint256 policy, bool keepsModule) external returns (bool) {
        Rules storage r = _rules[i];
        if (!obeys(i)) return false;
        if (keepsModule ? policy != 0 && !_accounts[i].hasGuardians : _accounts[i].hasGuardians) return false;
        if (policy != 0) {
            if (r.policy != 0) return false;
            (r.policy, r.setAt) = (policy, block.timestamp);
        }
        if (!keepsModule) _accounts[i].hasGuardians = true;
        return true;
    }

    function freeze(
        uint256 i,
        uint256 policy,
        uint256 signed,
        uint256 code,
        uint256 duration,
        uint256 issuedAt
    ) external returns (bool) {
        Rules storage r = _rules[i];
        if (r.policy == 0 || policy != r.policy) return false;
        if (duration == 0 || duration > _policies[policy].longestFreeze) return false;
        if (issuedAt > block.timestamp + SKEW || issuedAt <= r.floor) return false;
        if (block.timestamp > issuedAt + FREEZE_SIGNED || block.timestamp < r.freezableAt) return false;
        if (_fresh(i, policy, signed, code, 0) & ~_benched(i) == 0) return false;
        uint256 until = block.timestamp + duration;
        (r.freezableAt, _accounts[i].frozenUntil) = (until + FREEZE_REST, until);
        return true;
    }

    // ---------------------------------------------------------------- Internal

    function _announce(uint256 i, uint256 kind, uint256 value, uint256 issuedAt) private {
        Rules storage r = _rules[i];
        (r.nextKind, r.next, r.nextIssuedAt, r.nextEpoch) = (kind, value, issuedAt, r.epoch);
        r.nextReadyAt = block.timestamp + _changeDelay(r.policy);
    }

    function _use(uint256 i) private {
        Rules storage r = _rules[i];
        r.floor = newest(i);
        (r.nextKind, r.next, r.nextReadyAt, r.nextEpoch) = (0, 0, 0, 0);
    }

    function _benched(uint256 i) internal view returns (uint256) {
        Rules storage r = _rules[i];
        return block.timestamp < r.benchedUntil && r.benchEpoch == r.epoch ? r.benched : 0;
    }
}
