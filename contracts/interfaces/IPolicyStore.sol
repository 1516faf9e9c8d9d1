// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IPolicyStore
/// @notice Policies as code, at addresses that follow from the 160 bits an account keeps of their hash.
/// @dev policyId = low 160 bits of keccak256(policy). The code at {addressOf} is 0x00 (STOP) ‖ policy.
interface IPolicyStore {
    /// @notice A policy can be read at `pointer` from now on.
    event PolicyStored(uint160 indexed policyId, address pointer);

    /// @notice A policy has 1 to `most` bytes.
    error InvalidPolicySize(uint256 seen, uint256 most);

    /// @notice The chain did not take the code, most likely for lack of gas.
    error NotStored(uint160 policyId);

    /// @notice Stores `policy`, unless it is there already. Anyone may.
    /// @return pointer {addressOf} its id.
    function put(bytes calldata policy) external returns (address pointer);

    /// @notice The policy with this id, or nothing if it is not stored on this chain.
    function get(uint160 policyId) external view returns (bytes memory policy);

    /// @notice Where the policy with this id is or would be; the same on every chain.
    function addressOf(uint160 policyId) external view returns (address);
}
