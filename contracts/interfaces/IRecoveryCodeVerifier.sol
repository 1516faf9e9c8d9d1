// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

/// @title IRecoveryCodeVerifier
/// @notice A set of one-time recovery codes as one guardian.
/// @dev Each code is a secp256k1 key; the set is the Merkle root over the keys' addresses.
///
/// key (33 bytes):  root(32) ‖ count(1, 1–16)
/// signature:       index(1, below count) ‖ r(32) ‖ s(32) ‖ v(1) ‖ siblings(32 each)
///
/// leaf = keccak256(0x00 ‖ index(1) ‖ address(20)), node = keccak256(0x01 ‖ lower child(32) ‖ higher child(32)).
/// Level 0 holds the `count` leaves in order of their indexes. The next level pairs neighbours from the left; a last
/// one without a partner moves up unchanged. The level with one entry is the root. A signature carries a sibling for
/// every level where its entry has a partner, from the leaves upwards, and nothing else:
///
/// count 1: none · 2: 1 · 3: 2, index 2: 1 · 5: 3, index 4: 1 · 10: 4, indexes 8 and 9: 2 · 16: 4
interface IRecoveryCodeVerifier is IERC7913SignatureVerifier {
    /// @notice A code of `account` is used up where `module` counts it; the set has `left` codes left there.
    event CodeSpent(address indexed account, address indexed module, bytes32 indexed root, uint8 index, uint8 left);

    /// @notice As ERC-7913's `verify`, and also 0xffffffff if `module` has spent the code for `account`.
    function verifyFor(
        address module,
        address account,
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4);

    /// @notice As {verifyFor} for the caller as module, and spends the code if it is good.
    /// @dev Never reverts on bad input: a bad code loses a vote, not the transaction.
    function consume(
        address account,
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external returns (bytes4);

    /// @notice The codes that `module` has spent for `account`: bit i is the code with index i.
    function spentOf(address module, address account, bytes32 root) external view returns (uint256);
}
