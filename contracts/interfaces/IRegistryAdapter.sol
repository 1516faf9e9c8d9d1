// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7484} from "./IERC7484.sol";

/// @title IRegistryAdapter
/// @notice Asks a module registry (ERC-7484) before a module is installed.
interface IRegistryAdapter {
    /// @notice There is no contract at the registry's address on this chain.
    error NotARegistry(address registry);

    /// @notice The threshold is 0, or more than there are attesters, or there are more than `most` of them.
    error InvalidThreshold(uint256 threshold, uint256 attesters, uint256 most);

    /// @notice Attesters have to be ascending, each of them once.
    error AttestersNotAscending(address previous, address next);

    /// @notice The registry does not vouch for the module. `reason` is its own answer.
    error NotAttested(address registry, address module, uint256 moduleTypeId, bytes reason);

    /// @notice Reverts unless at least `threshold` of `attesters` vouch for `module` as a module of this type, now.
    /// @param registry Whom to ask. Its word is believed.
    /// @param attesters Whose word counts there, ascending, 1 to 32.
    function requireAttested(
        IERC7484 registry,
        address module,
        uint256 moduleTypeId,
        address[] calldata attesters,
        uint256 threshold
    ) external view;

    /// @notice Answers what {requireAttested} requires. Reverts only if the question makes no sense.
    function isAttested(
        IERC7484 registry,
        address module,
        uint256 moduleTypeId,
        address[] calldata attesters,
        uint256 threshold
    ) external view returns (bool);
}
