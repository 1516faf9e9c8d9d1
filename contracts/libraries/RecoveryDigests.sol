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
}
