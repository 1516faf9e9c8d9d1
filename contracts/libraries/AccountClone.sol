// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title AccountClone
/// @notice The 44-byte clone (ERC-7511) that every account is, and its address.
library AccountClone {
    /// @notice Code that deploys a clone of `implementation`. The clone delegates every call and returns what comes
    ///      back.
    function initCode(address implementation) internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                hex"602c8060095f395ff3365f5f375f5f365f73",
                implementation,
                hex"5af43d5f5f3e5f3d91602a57fd5bf3"
            );
    }

    /// @notice Salt that binds an address to its first passkey, policy and handle.
    function salt(bytes32 credential, bytes32 policy, bytes32 handle) internal pure returns (bytes32) {
        return keccak256(abi.encode(credential, policy, handle));
    }

    /// @notice CREATE2 address of a clone with this hash of its init code.
    function addressOf(address factory, bytes32 initCodeHash, bytes32 salt_) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", factory, salt_, initCodeHash)))));
    }
}
