// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IdToken} from "../../../contracts/libraries/IdToken.sol";
import {Json} from "../../../contracts/libraries/Json.sol";

/// @notice Internal functions of {IdToken}, callable from outside.
contract IdTokenHarness {
    function header(bytes calldata text) external pure returns (bool, IdToken.Header memory) {
        (uint256 start, uint256 end) = Json.load(text);
        return IdToken.readHeader(start, end);
    }

    function claims(bytes calldata text, bytes32 nonce) external pure returns (bool, IdToken.Claims memory) {
        (uint256 start, uint256 end) = Json.load(text);
        return IdToken.readClaims(start, end, nonce);
    }

    function signedHash(bytes calldata head, bytes calldata payload) external pure returns (bytes32) {
        (uint256 headStart, uint256 headEnd) = Json.load(head);
        (uint256 start, uint256 end) = Json.load(payload);
        return IdToken.signedHash(headStart, headEnd, start, end);
    }
}
