// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {WebAuthn} from "../../../contracts/libraries/WebAuthn.sol";

/// @notice The WebAuthn library as a contract.
contract WebAuthnHarness {
    function verify(
        bytes32 hash,
        bytes calldata blob,
        bytes32 merkleDomain,
        bool precompile
    ) external view returns (bool ok, uint256 index, bytes32 commitment) {
        return WebAuthn.verify(hash, blob, merkleDomain, precompile);
    }

    /// @dev As {verify}, with the memory that the library will use filled with `dirt` before.
    function verifyInDirtyMemory(
        bytes32 hash,
        bytes calldata blob,
        bytes32 merkleDomain,
        bool precompile,
        bytes32 dirt
    ) external view returns (bool ok, uint256 index, bytes32 commitment) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(0x00, dirt)
            mstore(0x20, dirt)
            for {
                let pos := free
            } lt(pos, add(free, 0x2000)) {
                pos := add(pos, 0x20)
            } {
                mstore(pos, dirt)
            }
        }
        return WebAuthn.verify(hash, blob, merkleDomain, precompile);
    }
}
