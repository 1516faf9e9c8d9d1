// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRekeyAccount} from "../interfaces/IRekeyAccount.sol";
import {IRekeyAccountFactory} from "../interfaces/IRekeyAccountFactory.sol";
import {AccountClone} from "../libraries/AccountClone.sol";
import {Credential} from "../types/Credential.sol";

/// @title RekeyAccountFactory
/// @notice Creates accounts. Whoever creates one, on whatever chain, it is the same account at the same address.
/// @dev
/// *Trust*: none; no owner, no storage, not staked.
/// *Checks*: the implementation has code.
/// *Not checked*: that the implementation is a RekeyAccount: the address commits to it, and so does whoever uses the
/// address.
/// *Storage*: none.
contract RekeyAccountFactory is IRekeyAccountFactory {
    /// @inheritdoc IRekeyAccountFactory
    function createAccount(
        address implementation,
        bytes32 credential,
        bytes32 policy,
        bytes32 handle
    ) public returns (address account) {
        bytes memory initCode = AccountClone.initCode(implementation);
        bytes32 salt = AccountClone.salt(credential, policy, handle);
        account = AccountClone.addressOf(address(this), keccak256(initCode), salt);
        if (account.code.length != 0) return account;
        if (implementation.code.length == 0) revert NotAnImplementation(implementation);

        address created;
        assembly ("memory-safe") {
            created := create2(0, add(initCode, 0x20), mload(initCode), salt)
        }
        if (created != account) revert CreationFailed(account);
        emit AccountCreated(account, handle, credential, policy, implementation);
    }

    /// @inheritdoc IRekeyAccountFactory
    function createAndSetup(
        address implementation,
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata policy,
        bytes32 handle
    ) external returns (address account) {
        bytes32 policyHash = policy.length == 0 ? bytes32(0) : keccak256(policy);
        account = createAccount(implementation, credential.commitment(), policyHash, handle);
        IRekeyAccount(account).setup(credential, credentialId, policy, handle);
    }

    /// @inheritdoc IRekeyAccountFactory
    function accountAddress(
        address implementation,
        bytes32 credential,
        bytes32 policy,
        bytes32 handle
    ) external view returns (address) {
        bytes32 initCodeHash = keccak256(AccountClone.initCode(implementation));
        return AccountClone.addressOf(address(this), initCodeHash, AccountClone.salt(credential, policy, handle));
    }
}
