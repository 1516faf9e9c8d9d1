// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Recovery} from "../types/Recovery.sol";

/// @title RecoveryDigests
/// @notice EIP-712 struct hashes of the messages under the chain-free domain `Rekey Recovery`.
library RecoveryDigests {
    /// @dev Followed by the definition of Credential, as EIP-712 orders it.
    bytes32 internal constant RECOVERY_TYPEHASH = keccak256(
        "Recovery(address account,bytes32 policy,Credential credential,uint8 keep,"
        "uint256[] chainIds,uint40 issuedAt,uint40 deadline)"
        "Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)"
    );
    /// @dev keccak256("Veto(address account,bytes32 recovery)")
    bytes32 internal constant VETO_TYPEHASH = keccak256("Veto(address account,bytes32 recovery)");
    /// @dev keccak256("SetPolicy(address account,bytes32 policy,uint40 issuedAt)")
    bytes32 internal constant SET_POLICY_TYPEHASH = keccak256(
        "SetPolicy(address account,bytes32 policy,uint40 issuedAt)"
    );

    /// @dev keccak256("GuardianCancel(address account,bytes32 policy,bytes32 recovery)")
    bytes32 internal constant GUARDIAN_CANCEL_TYPEHASH = keccak256(
        "GuardianCancel(address account,bytes32 policy,bytes32 recovery)"
    );
    /// @dev keccak256("Uninstall(address account,uint40 issuedAt)")
    bytes32 internal constant UNINSTALL_TYPEHASH = keccak256("Uninstall(address account,uint40 issuedAt)");
    /// @dev keccak256("Upgrade(address account,address implementation,uint40 issuedAt)")
    bytes32 internal constant UPGRADE_TYPEHASH = keccak256(
        "Upgrade(address account,address implementation,uint40 issuedAt)"
    );
    /// @dev keccak256("CancelChange(address account,bytes32 change)")
    bytes32 internal constant CANCEL_CHANGE_TYPEHASH = keccak256("CancelChange(address account,bytes32 change)");
    /// @dev keccak256("Freeze(address account,bytes32 policy,uint32 duration,uint40 issuedAt)")
    bytes32 internal constant FREEZE_TYPEHASH = keccak256(
        "Freeze(address account,bytes32 policy,uint32 duration,uint40 issuedAt)"
    );
    /// @dev keccak256("Drill(address account,bytes32 policy,bytes32 challenge,uint40 deadline)")
    bytes32 internal constant DRILL_TYPEHASH = keccak256(
        "Drill(address account,bytes32 policy,bytes32 challenge,uint40 deadline)"
    );

    /// @notice What guardians sign, without the domain.
    function recovery(Recovery calldata r) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    RECOVERY_TYPEHASH,
                    r.account,
                    r.policy,
                    r.credential.structHash(),
                    r.keep,
                    keccak256(abi.encodePacked(r.chainIds)),
                    r.issuedAt,
                    r.deadline
                )
            );
    }

    /// @notice What the owner signs to stop the recovery with this digest.
    function veto(address account, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encode(VETO_TYPEHASH, account, digest));
    }

    /// @notice What the owner signs to set a policy.
    function setPolicy(address account, bytes32 policyHash, uint40 issuedAt) internal pure returns (bytes32) {
        return keccak256(abi.encode(SET_POLICY_TYPEHASH, account, policyHash, issuedAt));
    }

    /// @notice What guardians sign to call off the recovery with this digest.
    function guardianCancel(address account, bytes32 policyHash, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encode(GUARDIAN_CANCEL_TYPEHASH, account, policyHash, digest));
    }

    /// @notice What the owner signs to announce that the module will leave.
    function uninstall(address account, uint40 issuedAt) internal pure returns (bytes32) {
        return keccak256(abi.encode(UNINSTALL_TYPEHASH, account, issuedAt));
    }

    /// @notice What the owner signs to announce another implementation of the account.
    function upgrade(address account, address implementation, uint40 issuedAt) internal pure returns (bytes32) {
        return keccak256(abi.encode(UPGRADE_TYPEHASH, account, implementation, issuedAt));
    }

    /// @notice Names a change, the same on every chain.
    function changeId(uint8 kind, uint160 value, uint40 issuedAt) internal pure returns (bytes32) {
        return keccak256(abi.encode(kind, value, issuedAt));
    }

    /// @notice What the owner signs to call off a change, named by {changeId}.
    function cancelChange(address account, bytes32 change) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCEL_CHANGE_TYPEHASH, account, change));
    }

    /// @notice What a guardian signs to stop the account for `duration` seconds.
    function freeze(
        address account,
        bytes32 policyHash,
        uint32 duration,
        uint40 issuedAt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(FREEZE_TYPEHASH, account, policyHash, duration, issuedAt));
    }

    /// @notice What a guardian signs in a drill.
    function drill(
        address account,
        bytes32 policyHash,
        bytes32 challenge,
        uint40 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(DRILL_TYPEHASH, account, policyHash, challenge, deadline));
    }
}
