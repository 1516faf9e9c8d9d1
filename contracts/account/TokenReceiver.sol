// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

/// @title TokenReceiver
/// @notice Accepts ETH, ERC-721 and ERC-1155 tokens, whatever code the account runs.
/// @dev
/// *Trust*: none.
/// *Checks*: nothing.
/// *Not checked*: who sends what.
/// *Storage*: none.
abstract contract TokenReceiver {
    receive() external payable {}

    /// @notice See {IERC721Receiver}.
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return IERC721Receiver.onERC721Received.selector;
    }

    /// @notice See {IERC1155Receiver}.
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return IERC1155Receiver.onERC1155Received.selector;
    }

    /// @notice See {IERC1155Receiver}.
    function onERC1155BatchReceived(
        address,
        address,
        uint256[] calldata,
        uint256[] calldata,
        bytes calldata
    ) external pure returns (bytes4) {
        return IERC1155Receiver.onERC1155BatchReceived.selector;
    }
}
