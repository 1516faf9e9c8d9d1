// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IERC7484
/// @notice What is asked of an ERC-7484 module registry, in the form that the registry at
///         0x000000000069E2a187AEFFb852bF3cCdC95151B2 has.
interface IERC7484 {
    /// @notice Reverts unless `threshold` of `attesters` attest that `module` is of this type and good, and none of
    ///         them has withdrawn it.
    /// @param attesters Ascending, without duplicates.
    function check(address module, uint256 moduleTypeId, address[] calldata attesters, uint256 threshold) external view;
}
