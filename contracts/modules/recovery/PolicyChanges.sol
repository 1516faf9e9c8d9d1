// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPasskeyValidator} from "../../interfaces/IPasskeyValidator.sol";
import {ISignerValidator} from "../../interfaces/ISignerValidator.sol";
import {PolicyRules} from "../../libraries/PolicyRules.sol";
import {RecoveryDigests} from "../../libraries/RecoveryDigests.sol";
import {RecoveryBase} from "./RecoveryBase.sol";
import {RecoveryPart} from "./RecoveryPart.sol";

/// @title PolicyChanges
/// @notice Part of GuardianRecovery. The account's policy: set at once the first time, changed only after a wait that
/// everyone can see.
/// @dev
/// *Trust*: the owner, but never at once: whoever holds a passkey could be a thief. A change waits longer than any
/// recovery, so that guardians can always be faster.
/// *Checks*: rules of policies when they are announced and again when they take effect; order of issue; that no
/// recovery which cannot be vetoed is waiting.
/// *Not checked*: that guardians exist and can sign.
/// *Storage*: GuardianRecovery's `head` and `change`, see {IRecoveryTypes}. One change at a time:
/// a newer one replaces it and waits anew. A change called off leaves its time of issue, so that it cannot come back.
contract PolicyChanges is RecoveryPart {
    /// @notice How long an announced change can take effect, seconds.
    uint256 public constant CHANGE_WINDOW = 14 days;

    constructor(
        IPasskeyValidator passkeyValidator,
        ISignerValidator signerValidator,
        address codeVerifier
    ) RecoveryBase(passkeyValidator, signerValidator, codeVerifier) {}

    // ---------------------------------------------------------------- Changes

    /// @notice See {IGuardianRecovery-setPolicy}.
    function setPolicy(
        address account,
        bytes calldata policy,
        uint40 issuedAt,
        bytes calldata ownerSignature
    ) external {
        bytes32 policyHash = keccak256(policy);
        _checkOwner(account, RecoveryDigests.setPolicy(account, policyHash, issuedAt), ownerSignature);
        StoredHead storage head = _heads[account];
        _checkIssue(issuedAt, _newest(account));
        if (head.policyId == 0) {
            _writePolicy(account, policy, issuedAt);
        } else {
            PolicyRules.check(policy, account, _core());
            uint40 readyAt = _schedule(account, ChangeKind.Policy, uint160(uint256(policyHash)), issuedAt);
            emit PolicyScheduled(account, policyHash, policy, readyAt);
        }
    }

    /// @notice See {IGuardianRecovery-announce}.
    function announce(
        address account,
        ChangeKind kind,
        address value,
        uint40 issuedAt,
        bytes calldata ownerSignature
    ) external {
        bytes32 structHash;
        if (kind == ChangeKind.Uninstall && value == address(0)) {
            structHash = RecoveryDigests.uninstall(account, issuedAt);
        } else if (kind == ChangeKind.Upgrade && value != address(0)) {
            structHash = RecoveryDigests.upgrade(account, value, issuedAt);
        } else {
            revert UnknownChange(kind, uint160(value));
        }
        _checkOwner(account, structHash, ownerSignature);
        if (_heads[account].policyId == 0) revert NoPolicy(account);
        _checkIssue(issuedAt, _newest(account));
        _schedule(account, kind, uint160(value), issuedAt);
    }

    /// @notice See {IGuardianRecovery-applyPolicy}.
    function applyPolicy(address account, bytes calldata policy) external {
        uint40 floor = _take(account, ChangeKind.Policy, uint160(uint256(keccak256(policy))));
        _endEpoch(account);
        _writePolicy(account, policy, floor);
    }

    /// @notice See {IGuardianRecovery-cancelChange}.
    function cancelChange(
        address account,
        ChangeKind kind,
        uint160 value,
        uint40 issuedAt,
        bytes calldata ownerSignature
    ) external {
        if (kind == ChangeKind.None) revert UnknownChange(kind, value);
        bytes32 change = RecoveryDigests.changeId(uint8(kind), value, issuedAt);
        _checkOwner(account, RecoveryDigests.cancelChange(account, change), ownerSignature);
        Change memory pending = _changes[account];
        // The one that is announced, or one that has not arrived here yet. An older one is dead already.
        bool announced = issuedAt == pending.issuedAt && kind == pending.kind && value == pending.value;
        if (!announced) _checkIssue(issuedAt, _newest(account));
        _changes[account] = Change(0, 0, issuedAt, ChangeKind.None, 0);
        emit ChangeCancelled(account, kind, value, issuedAt);
    }

    /// @notice See {IGuardianRecovery-consume}.
    function consume(ChangeKind kind, address value) external {
        if (kind != ChangeKind.Uninstall && kind != ChangeKind.Upgrade) revert UnknownChange(kind, uint160(value));
        if (_heads[msg.sender].policyId == 0) return;
        _heads[msg.sender].floor = _take(msg.sender, kind, uint160(value));
    }

    // ---------------------------------------------------------------- Installing and leaving

    /// @notice See ERC-7579.
    /// @param policy The account's first policy, or empty.
    function onInstall(bytes calldata policy) external {
        if (policy.length == 0) return;
        StoredHead storage head = _heads[msg.sender];
        if (head.policyId != 0) revert PolicyExists(msg.sender, head.policyId);
        _writePolicy(msg.sender, policy, head.floor);
    }

    /// @notice See ERC-7579.
    /// @dev The module stays as long as there is a policy and no ripe announcement: else whoever holds a passkey could
    ///      remove the guardians. What has been issued stays dead: `floor` and `epoch` remain.
    function onUninstall(bytes calldata) external {
        StoredHead storage head = _heads[msg.sender];
        uint40 floor = _newest(msg.sender);
        if (head.policyId != 0) {
            floor = _take(msg.sender, ChangeKind.Uninstall, 0);
            _endEpoch(msg.sender);
        }
        _heads[msg.sender] = StoredHead(0, 0, floor, head.epoch, 0);
        delete _changes[msg.sender];
        delete _aux[msg.sender];
    }

    /// @notice See {IGuardianRecovery-checkPolicy}.
    function checkPolicy(address account, bytes calldata policy) external view returns (bytes32 policyHash) {
        PolicyRules.check(policy, account, _core());
        return keccak256(policy);
    }

    // ---------------------------------------------------------------- Internal

    function _schedule(
        address account,
        ChangeKind kind,
        uint160 value,
        uint40 issuedAt
    ) private returns (uint40 readyAt) {
        StoredHead storage head = _heads[account];
        readyAt = uint40(block.timestamp + (head.rules & ~NATIVE) * uint256(1 days));
        _changes[account] = Change(value, readyAt, issuedAt, kind, head.epoch);
        emit ChangeScheduled(account, kind, value, issuedAt, readyAt);
    }

    /// @dev Uses the announced change up, if it is this one and its time has come. Returns the account's new floor.
    function _take(address account, ChangeKind kind, uint160 value) private returns (uint40 floor) {
        Change memory change = _changes[account];
        StoredHead memory head = _heads[account];
        if (change.kind != kind || change.value != value) revert UnknownChange(kind, value);
        if (change.epoch != head.epoch) revert Superseded(change.epoch, head.epoch);
        if (block.timestamp < change.readyAt) revert ChangeNotReady(block.timestamp, change.readyAt);
        uint256 closedAt = change.readyAt + CHANGE_WINDOW;
        if (block.timestamp >= closedAt) revert WindowClosed(block.timestamp, closedAt);
        Aux memory aux = _aux[account];
        if (aux.holdEpoch == head.epoch && block.timestamp < aux.holdUntil) {
            revert Held(block.timestamp, aux.holdUntil);
        }
        floor = _newest(account);
        _changes[account] = Change(0, 0, change.issuedAt, ChangeKind.None, 0);
        emit ChangeApplied(account, kind, value);
    }

    /// @dev Recoveries, holds and benches under the policy that ends now are over.
    function _endEpoch(address account) private {
        unchecked {
            ++_heads[account].epoch; // wraps: the floor keeps what is 256 epochs old dead
        }
    }

    /// @dev The newest time of issue that this account has taken notice of.
    function _newest(address account) private view returns (uint40) {
        uint40 floor = _heads[account].floor;
        uint40 issuedAt = _changes[account].issuedAt;
        return issuedAt > floor ? issuedAt : floor;
    }

    function _writePolicy(address account, bytes calldata policy, uint40 floor) private {
        bool native = _isNative(account);
        // A Rekey account that is not set up yet can call too: a policy now would bar the one its address commits to.
        // Another account calls from within its installation, before it counts as installed.
        if ((native || msg.sender != account) && !_hasThis(account)) revert NotInstalled(account);
        uint256 changeDays = PolicyRules.check(policy, account, _core());
        bytes32 policyHash = keccak256(policy);
        _heads[account] = StoredHead({
            policyId: uint160(uint256(policyHash)),
            setAt: uint40(block.timestamp),
            floor: floor,
            epoch: _heads[account].epoch,
            rules: uint8(changeDays) | (native ? NATIVE : 0)
        });
        emit PolicySet(account, policyHash, policy);
    }
}
