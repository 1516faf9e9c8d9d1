// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {IPolicyStore} from "../interfaces/IPolicyStore.sol";
import {Create3} from "../libraries/Create3.sol";

/// @title PolicyStore
/// @notice Keeps policies readable on a chain where no event has told them yet.
/// @dev
/// *Trust*: none; no owner. Nothing on chain reads it: it is a notice board for whoever recovers an account.
/// *Checks*: the address follows from the hash of the very bytes that are stored, so that nobody can put others there.
/// *Not checked*: that the bytes are a policy, or anybody's. An id is 160 bits of a hash: who makes two policies with
/// one id himself (2⁸⁰) decides which of them is here; the account takes either for the one it knows, and what it acts
/// upon is passed to it and signed for by the full hash.
/// *Storage*: none; each policy is the code of a contract that cannot be called.
contract PolicyStore is IPolicyStore {
    uint256 internal constant MAX_POLICY = 4_096;

    /// @inheritdoc IPolicyStore
    function put(bytes calldata policy) external returns (address pointer) {
        if (policy.length == 0 || policy.length > MAX_POLICY) revert InvalidPolicySize(policy.length, MAX_POLICY);
        uint160 policyId = uint160(uint256(keccak256(policy)));
        pointer = addressOf(policyId);
        if (pointer.code.length != 0) return pointer;

        if (!Create3.create(_salt(policyId), _initCode(policy))) revert NotStored(policyId);
        emit PolicyStored(policyId, pointer);
    }

    /// @inheritdoc IPolicyStore
    function get(uint160 policyId) external view returns (bytes memory policy) {
        return Bytes.slice(addressOf(policyId).code, 1);
    }

    /// @inheritdoc IPolicyStore
    function addressOf(uint160 policyId) public view returns (address) {
        return Create3.addressOf(_salt(policyId));
    }

    function _salt(uint160 policyId) private pure returns (bytes32) {
        return bytes32(uint256(policyId));
    }

    /// @dev Ten bytes that return what follows them, as code: STOP, so that a call does nothing, and the policy.
    ///   PUSH2 size DUP1 PUSH1 10 PUSH0 CODECOPY PUSH0 RETURN
    function _initCode(bytes calldata policy) private pure returns (bytes memory) {
        uint16 size = uint16(policy.length + 1);
        return abi.encodePacked(hex"61", size, hex"80600a5f395ff3", bytes1(0x00), policy);
    }
}
