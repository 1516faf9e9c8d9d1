// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IGuardianRecovery} from "../../interfaces/IGuardianRecovery.sol";
import {RecoveryDigests} from "../../libraries/RecoveryDigests.sol";
import {Recovery} from "../../types/Recovery.sol";
import {RecoveryBase} from "./RecoveryBase.sol";

/// @title RecoveryViews
/// @notice What owners and guardians sign, and what is stored.
/// @dev
/// *Trust*, *Checks*, *Not checked*: none, it only tells.
/// *Storage*: reads only, see {RecoveryBase}.
abstract contract RecoveryViews is RecoveryBase, IGuardianRecovery {
    using MessageHashUtils for bytes32;

    // ---------------------------------------------------------------- What is signed

    /// @inheritdoc IGuardianRecovery
    function hashRecovery(Recovery calldata recovery) public view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.recovery(recovery));
    }

    /// @inheritdoc IGuardianRecovery
    function guardianCancelDigest(address account, bytes32 policyHash, bytes32 digest) public view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.guardianCancel(account, policyHash, digest));
    }

    /// @inheritdoc IGuardianRecovery
    function vetoDigest(address account, bytes32 digest) external view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.veto(account, digest));
    }

    /// @inheritdoc IGuardianRecovery
    function setPolicyDigest(address account, bytes32 policyHash, uint40 issuedAt) external view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.setPolicy(account, policyHash, issuedAt));
    }

    /// @inheritdoc IGuardianRecovery
    function uninstallDigest(address account, uint40 issuedAt) external view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.uninstall(account, issuedAt));
    }

    /// @inheritdoc IGuardianRecovery
    function upgradeDigest(address account, address implementation, uint40 issuedAt) external view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.upgrade(account, implementation, issuedAt));
    }

    /// @inheritdoc IGuardianRecovery
    function cancelChangeDigest(
        address account,
        ChangeKind kind,
        uint160 value,
        uint40 issuedAt
    ) external view returns (bytes32) {
        bytes32 change = RecoveryDigests.changeId(uint8(kind), value, issuedAt);
        return _domain().toTypedDataHash(RecoveryDigests.cancelChange(account, change));
    }

    /// @inheritdoc IGuardianRecovery
    function freezeDigest(
        address account,
        bytes32 policyHash,
        uint32 duration,
        uint40 issuedAt
    ) external view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.freeze(account, policyHash, duration, issuedAt));
    }

    /// @inheritdoc IGuardianRecovery
    function drillDigest(
        address account,
        bytes32 policyHash,
        bytes32 challenge,
        uint40 deadline
    ) external view returns (bytes32) {
        return _domain().toTypedDataHash(RecoveryDigests.drill(account, policyHash, challenge, deadline));
    }

    /// @inheritdoc IGuardianRecovery
    function domainSeparator() external view returns (bytes32) {
        return _domain();
    }

    // ---------------------------------------------------------------- What is stored

    /// @inheritdoc IGuardianRecovery
    function getHead(address account) external view returns (Head memory) {
        StoredHead memory head = _heads[account];
        return
            Head({
                policyId: head.policyId,
                setAt: head.setAt,
                floor: head.floor,
                epoch: head.epoch,
                changeDays: head.rules & ~NATIVE,
                native: head.rules & NATIVE != 0
            });
    }

    /// @inheritdoc IGuardianRecovery
    function getRecord(address account, bytes32 digest) external view returns (Record memory) {
        return _records[account][digest];
    }

    /// @inheritdoc IGuardianRecovery
    function getChange(address account) external view returns (Change memory) {
        return _changes[account];
    }

    /// @inheritdoc IGuardianRecovery
    function getAux(address account) external view returns (Aux memory) {
        return _aux[account];
    }

    /// @notice True if `account` has a policy.
    function isInitialized(address account) external view returns (bool) {
        return _heads[account].policyId != 0;
    }
}
