// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {IdToken} from "./IdToken.sol";
import {RsaVerifier} from "./RsaVerifier.sol";

/// @title OidcKey
/// @notice Keys that issuers sign with: their form and their names.
library OidcKey {
    /// @notice What stands for a key on chain. The algorithm is part of it: a key verifies one kind of signature.
    function hashOf(uint8 algorithm, bytes calldata key) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(algorithm, key));
    }

    /// @notice The name of an issuer's key; of hashes, so that no two pairs of strings are one.
    function idOf(bytes32 issuerHash, bytes32 kidHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(issuerHash, kidHash));
    }

    /// @notice Bytes that a key of this algorithm and its signature take together; `length` is what there is of them.
    /// @dev 0 if there is no such key.
    function keySize(uint8 algorithm, uint256 length) internal pure returns (uint256) {
        if (algorithm == IdToken.ES256) return length == 128 ? 64 : 0;
        return length % 2 == 0 && RsaVerifier.isSize(length / 2) ? length / 2 : 0;
    }

    /// @notice True if `key` may be registered.
    function isWellFormed(uint8 algorithm, bytes calldata key) internal pure returns (bool) {
        uint256 length = key.length;
        if (algorithm == IdToken.RS256) {
            return RsaVerifier.isSize(length) && key[0] >= 0x80 && uint8(key[length - 1]) & 1 == 1;
        }
        if (algorithm != IdToken.ES256 || length != 64) return false;
        return P256.isValidPublicKey(bytes32(key[:32]), bytes32(key[32:]));
    }
}
