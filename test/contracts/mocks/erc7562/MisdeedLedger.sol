// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MisdeedLedger
/// @notice A contract that is no entity of any userOp: storage of every kind, for the storage rules of ERC-7562.
/// What is read is returned, or the compiler would drop the read.
contract MisdeedLedger {
    /// @notice Reads or writes a slot by its number.
    function plain(uint256 slot, bool write) external returns (uint256) {
        return _access(slot, write);
    }

    /// @notice Reads or writes `keccak256(owner ‖ 0) + offset`.
    function mapped(address owner, uint256 offset, bool write) external returns (uint256) {
        return _access(_slotOf(owner) + offset, write);
    }

    /// @notice Reads the first word of long bytes that `mapping(address => bytes)` in slot 0 would hold for `owner`.
    function mappedBytes(address owner) external view returns (uint256 value) {
        uint256 slot = uint256(keccak256(abi.encode(_slotOf(owner))));
        assembly {
            value := sload(slot)
        }
    }

    /// @notice Reads or writes a transient slot by its number.
    function transientPlain(uint256 slot, bool write) external returns (uint256) {
        return _transientAccess(slot, write);
    }

    /// @notice Reads or writes the transient slot `keccak256(owner ‖ 0)`.
    function transientMapped(address owner, bool write) external returns (uint256) {
        return _transientAccess(_slotOf(owner), write);
    }

    function _slotOf(address owner) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(owner, uint256(0))));
    }

    function _access(uint256 slot, bool write) private returns (uint256 value) {
        assembly {
            switch write
            case 0 {
                value := sload(slot)
            }
            default {
                sstore(slot, 1)
            }
        }
    }

    function _transientAccess(uint256 slot, bool write) private returns (uint256 value) {
        assembly {
            switch write
            case 0 {
                value := tload(slot)
            }
            default {
                tstore(slot, 1)
            }
        }
    }
}
