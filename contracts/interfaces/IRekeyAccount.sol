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

    /// @notice The account runs this code from now on; zero: the code it was created with.
    event Upgraded(address implementation);

    /// @notice The account does nothing up to and including this second.
    event Frozen(uint40 until);

    /// @notice A module was removed without being asked. `clean` is false if its own clean-up failed.
    event ModuleUnlinked(uint256 moduleTypeId, address module, bool clean);

    /// @notice Not possible before {setup} or {setup7702}.
    error NotSetUp();

    /// @notice The account is set up already.
    error AlreadySetUp();

    /// @notice Not an EOA that delegates its code (EIP-7702).
    error NotDelegated(address account);

    /// @notice The account's address does not commit to these.
    error NotGenesis(bytes32 credential, bytes32 policy, bytes32 handle);

    /// @notice The module is part of the account: it cannot be installed, removed, or removed in this way.
    error CoreModule(address module);

    /// @notice The module is installed already, or is not installed.
    error ModuleState(uint256 moduleTypeId, address module, bool installed);

    /// @notice Not a module of this type, not a contract, or a type this account does not take.
    error UnsupportedModule(uint256 moduleTypeId, address module);

    /// @notice Neither single nor batch, or neither reverting nor trying.
    error UnsupportedMode(bytes32 mode);

    /// @notice This caller may not do this.
    error Unauthorized(address caller);

    /// @notice No contract at this address.
    error NotAnImplementation(address implementation);

    /// @notice A guardian froze the account until then; that second is the last.
    error FrozenAccount(uint256 until);

    /// @notice The account was recovered or frozen in this transaction: what was allowed before has no effect after.
    error Halted();

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

    /// @notice As {setup}, for an EOA that delegates its code to an account (EIP-7702). Only the account itself calls
    ///         it, so nobody can be first. The EOA's key stays above all passkeys: no recovery takes it away.
    /// @dev Reverts with {NotDelegated} and {AlreadySetUp}: what an earlier delegation left stays as it is.
    function setup7702(Credential calldata credential, bytes calldata credentialId, bytes calldata policy) external;

    /// @notice Removes a module that may refuse to leave: it is told, with limited gas, and its answer is ignored.
    /// @dev Reverts with {NotSetUp}, {ModuleState}, and {CoreModule} for PasskeyValidator and GuardianRecovery.
    /// @param data As for uninstallModule.
    function unlink(uint256 moduleTypeId, address module, bytes calldata data) external;

    /// @notice Lets the account run other code, if it has no policy or has announced this and waited. A recovery brings
    ///         the code back that it was created with.
    /// @dev Reverts with {NotSetUp}, {NotAnImplementation}, and what GuardianRecovery says.
    function upgradeTo(address implementation) external;

    /// @notice Stops the account up to and including that second. Only GuardianRecovery calls it; a recovery ends it.
    function freeze(uint40 until) external;

    /// @notice Puts a new passkey in and the rest out, with the code the account was created with. Only
    ///         GuardianRecovery calls it, at the end of a recovery. The account does nothing more in this transaction.
    /// @param keep Bit 0 keeps the other passkeys, bit 1 the signers, bit 3 the foreign modules and other code; 0
    ///        throws everything out.
    /// @param digest The recovery.
    /// @param possession Signature of the new passkey over the recovery.
    function recover(Credential calldata credential, uint8 keep, bytes32 digest, bytes calldata possession) external;

    /// @notice True if the account's address commits to these: keccak256 of the first credential, of the policy bytes
    ///         (0 without a policy), and the handle.
    function genesis(bytes32 credential, bytes32 policy, bytes32 handle) external view returns (bool);

    /// @notice True once {setup} or {setup7702} has run.
    function isSetUp() external view returns (bool);

    /// @notice Counts the recoveries that threw out foreign modules or other code.
    function generation() external view returns (uint16);

    /// @notice The code the account runs.
    function implementation() external view returns (address);

    /// @notice The last second of the last freeze, 0 if there was none since the last recovery.
    function frozenUntil() external view returns (uint40);

    /// @notice True for the account itself and for every module it has, of whatever type.
    function isModule(address module) external view returns (bool);
}
