// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryCodeVerifier} from "../../../contracts/interfaces/IRecoveryCodeVerifier.sol";
import {RecoveryCodeVerifier} from "../../../contracts/verifiers/RecoveryCodeVerifier.sol";
import {Test} from "../../utils/Test.sol";

/// @notice Sets of recovery codes, their trees built level by level as the interface describes them.
abstract contract RecoveryCodes is Test {
    struct CodeSet {
        bytes32 root;
        uint256[] privateKeys;
        bytes32[] leaves;
    }

    function deployRecoveryCodeVerifier() internal returns (IRecoveryCodeVerifier) {
        RecoveryCodeVerifier verifier = RecoveryCodeVerifier(
            deployCode("RecoveryCodeVerifier.sol:RecoveryCodeVerifier", "")
        );
        return verifier;
    }

    function codeSet(string memory name, uint256 count) internal pure returns (CodeSet memory set) {
        set.privateKeys = new uint256[](count);
        set.leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 privateKey = boundKey(uint256(keccak256(abi.encode(name, count, i))));
            set.privateKeys[i] = privateKey;
            set.leaves[i] = leafOf(i, vm.addr(privateKey));
        }
        set.root = rootOf(set.leaves);
    }

    /// @notice The set as a guardian's key.
    function keyOf(CodeSet memory set) internal pure returns (bytes memory) {
        return abi.encodePacked(set.root, uint8(set.leaves.length));
    }

    /// @notice A code's signature with everything that proves its place.
    function signCode(CodeSet memory set, uint256 index, bytes32 hash) internal pure returns (bytes memory) {
        return codeSignature(index, signEoa(set.privateKeys[index], hash), siblingsOf(set.leaves, index));
    }

    function codeSignature(
        uint256 index,
        bytes memory ecdsa,
        bytes memory siblings
    ) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(index), ecdsa, siblings);
    }

    function leafOf(uint256 index, address code) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"00", uint8(index), code));
    }

    function parentOf(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        (bytes32 low, bytes32 high) = a < b ? (a, b) : (b, a);
        return keccak256(abi.encodePacked(hex"01", low, high));
    }

    function rootOf(bytes32[] memory level) internal pure returns (bytes32) {
        return level.length == 1 ? level[0] : rootOf(levelAbove(level));
    }

    function siblingsOf(bytes32[] memory level, uint256 index) internal pure returns (bytes memory) {
        if (level.length == 1) return "";
        bool isLastAlone = index % 2 == 0 && index == level.length - 1;
        bytes32 sibling = isLastAlone ? bytes32(0) : level[index % 2 == 0 ? index + 1 : index - 1];
        bytes memory above = siblingsOf(levelAbove(level), index / 2);
        return isLastAlone ? above : abi.encodePacked(sibling, above);
    }

    function levelAbove(bytes32[] memory level) internal pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < level.length; i += 2) {
            above[i / 2] = i + 1 == level.length ? level[i] : parentOf(level[i], level[i + 1]);
        }
    }
}
