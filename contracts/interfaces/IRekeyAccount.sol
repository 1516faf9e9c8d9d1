// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Credential} from "../types/Credential.sol";

/// @title IRekeyAccount
/// @notice What a Rekey account adds to ERC-4337, ERC-7579 and ERC-1271.
interface IRekeyAccount {
    /// @notice The account has its first passkey and, if `policy` is not zero, its guardians.
    event AccountSetUp(bytes32 indexed handle, bytes32 credential, bytes32 policy);

    /// @notice A recovery threw out every module that is not part of the account.
    event ModulesPurged(uint16 generation);

    /// @notice Not possible before {setup}.
    error NotSetUp();

    /// @notice The account's address does not commit to these.
    error NotGenesis(bytes32 credential, bytes32 policy, bytes32 handle);

    /// @notice The module is part of the account: it cannot be installed twice, nor removed.
    error CoreModule(address module);

    /// @notice The module is installed already, or is not installed.
    error ModuleState(uint256 moduleTypeId, address module, bool installed);

    /// @notice Not a module of this type, not a contract, or a type this account does not take.
    error UnsupportedModule(uint256 moduleTypeId, address module);

    /// @notice Neither single nor batch, or neither reverting nor trying.
    error UnsupportedMode(bytes32 mode);

    /// @notice This caller may not do this.
    error Unauthorized(address caller);

    /// @notice No fallback handler for this selector.
    error UnknownSelector(bytes4 selector);

    /// @notice Writes the first passkey and policy that the account's address commits to. Anyone may call it.
    /// @dev Reverts with {NotGenesis} if the address commits to others. Returns without effect if it has been done, so
    ///      that a stranger who calls it first breaks nothing.
    /// @param credentialId Id of the passkey, for the event that lets it be found.
    /// @param policy Bytes of the guardians' policy, or empty.
    /// @param handle 32 random bytes: the user handle of the passkey.
    function setup(
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata policy,
        bytes32 handle
    ) external;

    /// @notice Puts a new passkey in and the rest out. Only GuardianRecovery calls it, at the end of a recovery.
    /// @param keep Bit 0 keeps the other passkeys, bit 3 the foreign modules; 0 throws everything out.
    /// @param digest The recovery.
    /// @param possession Signature of the new passkey over the recovery.
    function recover(Credential calldata credential, uint8 keep, bytes32 digest, bytes calldata possession) external;

    /// @notice True if the account's address commits to these: keccak256 of the first credential, of the policy bytes
    ///         (0 without a policy), and the handle.
    function genesis(bytes32 credential, bytes32 policy, bytes32 handle) external view returns (bool);

    /// @notice True once {setup} has run.
    function isSetUp() external view returns (bool);

    /// @notice Counts the recoveries that threw out foreign modules.
    function generation() external view returns (uint16);

    /// @notice True for the account itself and for every module it has, of whatever type.
    function isModule(address module) external view returns (bool);
}
