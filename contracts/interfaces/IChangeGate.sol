// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IChangeGate
/// @notice What an account asks GuardianRecovery before it does something that guardians protect it from.
interface IChangeGate {
    /// @notice Uses up a change that the calling account has announced and waited for. Reverts if it has not; returns
    ///         at once if the account has no policy.
    /// @param kind 2 = uninstall the module, 3 = upgrade the account.
    /// @param value The implementation; 0 for an uninstall.
    function consume(uint8 kind, address value) external;
}
