// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Credential} from "../types/Credential.sol";

/// @title IRekeyAccountFactory
/// @notice Accounts at addresses that commit to their first passkey, policy and handle.
interface IRekeyAccountFactory {
    /// @notice An account exists at `account`.
    event AccountCreated(
        address indexed account,
        bytes32 indexed handle,
        bytes32 indexed credential,
        bytes32 policy,
        address implementation
    );

    /// @notice The implementation has no code, so that the account would be dead.
    error NotAnImplementation(address implementation);

    /// @notice The account could not be created.
    error CreationFailed(address account);

    /// @notice Creates the account, without initialising it, or returns the existing one.
    /// @param implementation RekeyAccount whose code the account runs.
    /// @param credential Commitment of the first passkey.
    /// @param policy keccak256 of the policy bytes, or 0 without a policy.
    /// @param handle 32 random bytes: the user handle of the passkey.
    function createAccount(
        address implementation,
        bytes32 credential,
        bytes32 policy,
        bytes32 handle
    ) external returns (address account);

    /// @notice {createAccount}, then the account's setup. For relayers and ERC-6492.
    function createAndSetup(
        address implementation,
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata policy,
        bytes32 handle
    ) external returns (address account);

    /// @notice Where the account is or would be; the same on every chain.
    function accountAddress(
        address implementation,
        bytes32 credential,
        bytes32 policy,
        bytes32 handle
    ) external view returns (address);
}
