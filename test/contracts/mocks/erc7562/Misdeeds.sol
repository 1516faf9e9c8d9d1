// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MisdeedLedger} from "./MisdeedLedger.sol";

/// @title Misdeeds
/// @notice One function per thing ERC-7562 forbids, and per neighbour it allows. Entities run them by delegatecall, so
/// the opcode, the storage access or the call is the entity's own.
contract Misdeeds {
    error UnknownOpcode(uint256 opcode);

    /// @notice Runs one opcode of OP-011 or OP-080 by its number.
    function opcode(uint256 op) external payable {
        uint256 seen;
        if (op == 0x31)
            assembly {
                seen := balance(caller())
            }
        else if (op == 0x32)
            assembly {
                seen := origin()
            }
        else if (op == 0x3a)
            assembly {
                seen := gasprice()
            }
        else if (op == 0x40)
            assembly {
                seen := blockhash(0)
            }
        else if (op == 0x41)
            assembly {
                seen := coinbase()
            }
        else if (op == 0x42)
            assembly {
                seen := timestamp()
            }
        else if (op == 0x43)
            assembly {
                seen := number()
            }
        else if (op == 0x44)
            assembly {
                seen := prevrandao()
            }
        else if (op == 0x45)
            assembly {
                seen := gaslimit()
            }
        else if (op == 0x47)
            assembly {
                seen := selfbalance()
            }
        else if (op == 0x48)
            assembly {
                seen := basefee()
            }
        else if (op == 0x49)
            assembly {
                seen := blobhash(0)
            }
        else if (op == 0x4a)
            assembly {
                seen := blobbasefee()
            }
        else if (op == 0xf0)
            assembly {
                seen := create(0, 0, 0)
            }
        else if (op == 0xfe)
            assembly {
                invalid()
            }
        else if (op == 0xff)
            assembly {
                selfdestruct(address())
            }
        else revert UnknownOpcode(op);
        assembly {
            mstore(0, seen)
            return(0, 32)
        }
    }

    /// @notice OP-012: GAS whose value the code can see.
    function gas() external view returns (uint256) {
        return gasleft();
    }

    /// @notice OP-020: a frame that runs out of gas while its caller lives on.
    function runOutOfGas() external view {
        assembly {
            pop(staticcall(50, address(), 0, 0, 0, 0))
        }
    }

    /// @notice OP-031: deploys an empty contract.
    function create2(bytes32 salt) external {
        assembly {
            pop(create2(0, 0, 0, salt))
        }
    }

    /// @notice A CALL with all gas; its outcome is ignored.
    function call(address target, uint256 value, bytes calldata data) external payable {
        assembly {
            let input := mload(0x40)
            calldatacopy(input, data.offset, data.length)
            pop(call(gas(), target, value, input, data.length, 0, 0))
        }
    }

    /// @notice A CALL with a little gas, for code that burns what it gets.
    function callWithGas(address target, uint256 limit) external {
        assembly {
            pop(call(limit, target, 0, 0, 0, 0, 0))
        }
    }

    /// @notice A STATICCALL; its outcome is ignored.
    function staticCall(address target, bytes calldata data) external view {
        assembly {
            let input := mload(0x40)
            calldatacopy(input, data.offset, data.length)
            pop(staticcall(gas(), target, input, data.length, 0, 0))
        }
    }

    /// @notice EXTCODESIZE followed by ISZERO, as before a call (OP-051).
    function hasNoCode(address target) external view returns (bool none) {
        assembly {
            none := iszero(extcodesize(target))
        }
    }

    /// @notice EXTCODESIZE whose value the code keeps.
    function codeSize(address target) external view returns (uint256 length) {
        assembly {
            length := extcodesize(target)
        }
    }

    /// @notice EXTCODEHASH.
    function codeHash(address target) external view returns (bytes32 hash) {
        assembly {
            hash := extcodehash(target)
        }
    }

    /// @notice Reads or writes a slot of the entity itself.
    function ownSlot(uint256 slot, bool write) external returns (uint256 value) {
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

    /// @notice Reads or writes a slot of `ledger` by its number.
    function plainSlot(MisdeedLedger ledger, uint256 slot, bool write) external returns (uint256) {
        return ledger.plain(slot, write);
    }

    /// @notice Reads or writes, in `ledger`, a slot `offset` behind the one of `owner` in a mapping.
    function mappedSlot(MisdeedLedger ledger, address owner, uint256 offset, bool write) external returns (uint256) {
        return ledger.mapped(owner, offset, write);
    }

    /// @notice Reads long bytes that `ledger` maps `owner` to.
    function mappedBytes(MisdeedLedger ledger, address owner) external view returns (uint256) {
        return ledger.mappedBytes(owner);
    }

    /// @notice Reads or writes a transient slot of `ledger` by its number.
    function transientSlot(MisdeedLedger ledger, uint256 slot, bool write) external returns (uint256) {
        return ledger.transientPlain(slot, write);
    }

    /// @notice Reads or writes, in `ledger`, the transient slot of `owner` in a mapping.
    function transientMappedSlot(MisdeedLedger ledger, address owner, bool write) external returns (uint256) {
        return ledger.transientMapped(owner, write);
    }
}
