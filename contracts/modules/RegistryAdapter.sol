// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7484} from "../interfaces/IERC7484.sol";
import {IRegistryAdapter} from "../interfaces/IRegistryAdapter.sol";

/// @title RegistryAdapter
/// @notice ERC-7484 for accounts without hooks: the first call of a batch whose second installs a module.
/// @dev
/// *Trust*: the registry and the attesters that the caller names, and nobody else. No registry is built in: which one
/// to believe is the account's choice, made anew each time.
/// *Checks*: that there is a registry, that the question can be answered with no, that each attester counts once, and
/// the registry's answer.
/// *Not checked*: what is at the registry's address: a contract that accepts any call vouches for everything. What
/// happens after the batch: an attestation withdrawn later removes no module. That anybody asks: this saves an owner
/// from a mistake, and a thief will not call it. In a batch of mode "try" a refusal does not stop the rest: use a
/// reverting one.
/// *Storage*: none.
contract RegistryAdapter is IRegistryAdapter {
    uint256 public constant MAX_ATTESTERS = 32;

    /// @inheritdoc IRegistryAdapter
    function requireAttested(
        IERC7484 registry,
        address module,
        uint256 moduleTypeId,
        address[] calldata attesters,
        uint256 threshold
    ) external view {
        _checkQuestion(registry, attesters, threshold);
        try registry.check(module, moduleTypeId, attesters, threshold) {} catch (bytes memory reason) {
            revert NotAttested(address(registry), module, moduleTypeId, reason);
        }
    }

    /// @inheritdoc IRegistryAdapter
    function isAttested(
        IERC7484 registry,
        address module,
        uint256 moduleTypeId,
        address[] calldata attesters,
        uint256 threshold
    ) external view returns (bool) {
        _checkQuestion(registry, attesters, threshold);
        try registry.check(module, moduleTypeId, attesters, threshold) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev A threshold of 0 means nobody to one registry and everybody to another.
    function _checkQuestion(IERC7484 registry, address[] calldata attesters, uint256 threshold) private view {
        if (address(registry).code.length == 0) revert NotARegistry(address(registry));
        uint256 count = attesters.length;
        if (threshold == 0 || threshold > count || count > MAX_ATTESTERS) {
            revert InvalidThreshold(threshold, count, MAX_ATTESTERS);
        }
        for (uint256 i = 1; i < count; ++i) {
            if (attesters[i] <= attesters[i - 1]) revert AttestersNotAscending(attesters[i - 1], attesters[i]);
        }
    }
}
