// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A contract wallet of one EOA.
contract WalletGuardian is IERC1271 {
    address private immutable SIGNER;

    constructor(address signer) {
        SIGNER = signer;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(hash, signature);
        bool valid = problem == ECDSA.RecoverError.NoError && signer == SIGNER;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice A contract wallet, or an ERC-7913 verifier, that misbehaves in the way it is told.
contract HostileGuardian {
    enum Behaviour {
        Reverts,
        RevertsWithBomb,
        ReturnsBomb,
        BurnsGas,
        ReturnsNothing,
        ReturnsShort,
        ReturnsTrue,
        ReturnsMagicWithDirt,
        Writes,
        SaysYes
    }

    Behaviour public behaviour;
    uint256 public written;

    function behave(Behaviour behaviour_) external {
        behaviour = behaviour_;
    }

    /// @dev Answers isValidSignature and verify alike with the selector that was called.
    fallback() external {
        Behaviour current = behaviour;
        bytes4 magic = msg.sig;
        if (current == Behaviour.Writes) written = 1;
        assembly ("memory-safe") {
            mstore(0x00, magic)
            switch current
            case 0 {
                revert(0, 0)
            }
            case 1 {
                revert(0, 1000000)
            }
            case 2 {
                return(0, 1000000)
            }
            case 3 {
                invalid()
            }
            case 4 {
                return(0, 0)
            }
            case 5 {
                return(0, 4)
            }
            case 6 {
                mstore(0x00, 1)
                return(0, 32)
            }
            case 7 {
                mstore(0x00, or(magic, 1))
                return(0, 32)
            }
            default {
                return(0, 32)
            }
        }
    }
}

/// @notice A contract wallet that needs much gas for its yes.
contract SlowGuardian is IERC1271 {
    uint256 public immutable COST;

    constructor(uint256 cost) {
        COST = cost;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        uint256 until = gasleft() - COST;
        uint256 work;
        while (gasleft() > until) {
            work = uint256(keccak256(abi.encode(work)));
        }
        return IERC1271.isValidSignature.selector;
    }
}

/// @notice A contract wallet that calls something before it says yes.
contract ReenteringGuardian is IERC1271 {
    address private target;
    bytes private data;

    function prepare(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        // A static frame: the call compiles, and any write in it fails.
        (bool success, ) = target.staticcall(data);
        return success ? bytes4(0xdeadbeef) : IERC1271.isValidSignature.selector;
    }
}
