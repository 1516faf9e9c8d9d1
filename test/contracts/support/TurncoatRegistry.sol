// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOidcKeys} from "../../../contracts/interfaces/IOidcKeys.sol";

/// @notice A registry of somebody's own: one key for every name, trusted for as long as it is told, and a call of its own
///         before each answer.
contract TurncoatRegistry is IOidcKeys {
    bytes32 private keyHash;
    bool private trusted = true;
    address private target;
    bytes private data;

    error CallWorked();

    function use(bytes32 keyHash_, bool trusted_) external {
        (keyHash, trusted) = (keyHash_, trusted_);
    }

    /// @notice From now on it calls this first, and does not answer if the call works.
    function prepare(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
    }

    function usableKey(bytes32) external view returns (bytes32) {
        _call();
        return keyHash;
    }

    function isTrusted(bytes32) external view returns (bool) {
        _call();
        return trusted;
    }

    /// @dev A static frame: the call compiles, and any write in it fails.
    function _call() private view {
        if (target == address(0)) return;
        (bool success, ) = target.staticcall(data);
        if (success) revert CallWorked();
    }
}
