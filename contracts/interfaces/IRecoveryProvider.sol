// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IRecoveryProvider
/// @notice The provider's side of ERC-7947 (draft). Interface id 0x47510661.
interface IRecoveryProvider {
    /// @notice `account` can be recovered through this provider.
    event AccountSubscribed(address indexed account);

    /// @notice `account` can no longer be recovered through this provider.
    event AccountUnsubscribed(address indexed account);

    /// @notice The calling account gives the provider what later proofs are checked against.
    function subscribe(bytes calldata recoveryData) external payable;

    /// @notice The calling account takes that back.
    function unsubscribe() external payable;

    /// @notice Recovers the calling account's access. To an account a normal return is the proof that it may.
    /// @param object Who gets access.
    /// @param proof Why.
    function recover(bytes calldata object, bytes calldata proof) external;

    /// @notice What proofs for `account` are checked against; empty if it is not subscribed.
    function getRecoveryData(address account) external view returns (bytes memory);
}
