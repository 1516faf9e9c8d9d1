// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title ChainFreeDomain
/// @notice EIP-712 domains without a chain id: a message under one holds on every chain on which the contract has this
///      address.
library ChainFreeDomain {
    /// @dev keccak256("EIP712Domain(string name,string version,address verifyingContract)")
    bytes32 internal constant TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,address verifyingContract)"
    );

    /// @notice Separator for `name`, version 1 and `verifyingContract`.
    function separator(string memory name, address verifyingContract) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, keccak256(bytes(name)), keccak256("1"), verifyingContract));
    }
}
