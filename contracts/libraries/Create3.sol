// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

/// @title Create3
/// @notice Contracts at addresses that follow from deployer and salt alone, not from their code.
/// @dev
/// CREATE2 puts a deployer with always the same code at an address that follows from the salt; its first CREATE makes
/// the contract, at an address that follows from the deployer's. Both happen in one call, so that nobody else can be
/// the first to call the deployer; whatever it creates for others later has another nonce and another address.
library Create3 {
    /// @dev Runs 16 bytes to deploy 8:
    ///   PUSH8 <runtime> PUSH0 MSTORE PUSH1 8 PUSH1 24 RETURN       the runtime, which MSTORE has put at 24
    /// runtime:
    ///   CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY                      memory := calldata
    ///   CALLDATASIZE PUSH0 PUSH0 CREATE                            create(value 0, offset 0, size)
    bytes internal constant DEPLOYER = hex"67365f5f37365f5ff05f5260086018f3";

    /// @notice Creates a contract from `initCode` at {addressOf}.
    /// @return True if it is there; false if the salt has been used, the constructor failed or gas ran out.
    function create(bytes32 salt, bytes memory initCode) internal returns (bool) {
        bytes memory code = DEPLOYER;
        address deployer;
        assembly ("memory-safe") {
            deployer := create2(0, add(code, 0x20), mload(code), salt)
        }
        if (deployer == address(0)) return false;
        // The call succeeds also when CREATE failed: only the code tells.
        (bool success, ) = deployer.call(initCode);
        return success && addressOf(salt).code.length != 0;
    }

    /// @notice Where this contract creates with `salt`.
    function addressOf(bytes32 salt) internal view returns (address) {
        address deployer = Create2.computeAddress(salt, keccak256(DEPLOYER));
        // RLP of the list [deployer, nonce 1]: 0xc0 + 22 bytes, 0x80 + 20 bytes, the address, 1.
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", deployer, hex"01")))));
    }
}
