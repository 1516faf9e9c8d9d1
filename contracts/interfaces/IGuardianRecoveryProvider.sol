// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryProvider} from "./IRecoveryProvider.sol";

/// @title IGuardianRecoveryProvider
/// @notice GuardianRecovery as an ERC-7947 recovery provider, and what it says where the ERC's words do not fit.
interface IGuardianRecoveryProvider is IRecoveryProvider {
    /// @notice Nothing here costs or keeps ETH.
    error ValueNotAccepted(uint256 value);

    /// @notice The account has another policy, and a policy is replaced only after a wait: announce it with
    ///         {IGuardianRecovery-setPolicy}.
    error SubscriptionTakesTime(address account, uint160 policyId);

    /// @notice The account has guardians, and they leave only after a wait: announce it with
    ///         {IGuardianRecovery-announce}, uninstall GuardianRecovery when the time has come, then call again.
    error UnsubscriptionTakesTime(address account, uint160 policyId);

    /// @notice A contract may deliver its own recovery only: it would take anybody's for a proof about itself.
    error NotTheAccount(address caller, address account);

    /// @notice The account has asked for its recovery now, and it has to wait. Somebody else may start it.
    error RecoveryWaits(bytes32 digest, uint256 readyAt);

    /// @notice The proof is empty, or its first byte is neither 0x00 (start) nor 0x01 (execute).
    error UnknownProof();

    /// @notice The module all of this goes to.
    function guardianRecovery() external view returns (address);
}
