// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Json} from "./Json.sol";

/// @title OidcProof
/// @notice The bytes of an identity's approval, and the identity they are for; {IOidcRecoveryValidator} has the layout.
/// @dev
/// *Trust*: none.
/// *Checks*: every length; caps on all of them.
/// *Storage*: none.
library OidcProof {
    uint256 internal constant MAX_AUDIENCES = 4;
    uint256 internal constant MAX_KEYS = 8;
    uint256 internal constant MAX_HEADER = 512;
    uint256 internal constant MAX_PAYLOAD = 2_048;

    bytes32 private constant IDENTITY_TYPEHASH = keccak256(
        "OidcIdentity(string issuer,string[] audiences,string subject,bytes32 salt)"
    );
    bytes32 private constant PINNED_TYPEHASH = keccak256(
        "PinnedOidcIdentity(string issuer,string[] audiences,string subject,bytes32 salt,bytes32[] keys)"
    );

    /// @param audiences keccak256 of each.
    /// @param header Where it begins in memory, see {Json-load}.
    /// @param keys keyHashes; none unless they are pinned.
    struct Proof {
        bytes32 salt;
        bytes32[] audiences;
        uint256 header;
        uint256 headerEnd;
        uint256 payload;
        uint256 payloadEnd;
        bytes32[] keys;
    }

    /// @notice Reads the proof up to the key, where `rest` begins.
    function read(
        bytes calldata data,
        bool isPinned
    ) internal pure returns (bool ok, Proof memory proof, bytes calldata rest) {
        rest = data[:0];
        if (data.length < 33) return (false, proof, rest);
        proof.salt = bytes32(data);
        uint256 count = uint8(data[32]);
        if (count == 0 || count > MAX_AUDIENCES) return (false, proof, rest);
        proof.audiences = new bytes32[](count);
        rest = data[33:];
        bytes calldata item;
        for (uint256 i = 0; i < count; ++i) {
            (ok, item, rest) = _item(rest, 1, type(uint8).max);
            if (!ok) return (false, proof, rest);
            proof.audiences[i] = keccak256(item);
        }
        (ok, item, rest) = _item(rest, 2, MAX_HEADER);
        if (!ok) return (false, proof, rest);
        (proof.header, proof.headerEnd) = Json.load(item);
        (ok, item, rest) = _item(rest, 2, MAX_PAYLOAD);
        if (!ok) return (false, proof, rest);
        (proof.payload, proof.payloadEnd) = Json.load(item);
        if (isPinned) (ok, proof.keys, rest) = _keys(rest);
    }

    /// @notice The EIP-712 hashStruct of an identity.
    function identityOf(
        Proof memory proof,
        bytes32 issuer,
        bytes32 subject,
        bool isPinned
    ) internal pure returns (bytes32) {
        bytes32 audiences = keccak256(abi.encodePacked(proof.audiences));
        if (!isPinned) return keccak256(abi.encode(IDENTITY_TYPEHASH, issuer, audiences, subject, proof.salt));
        bytes32 keys = keccak256(abi.encodePacked(proof.keys));
        return keccak256(abi.encode(PINNED_TYPEHASH, issuer, audiences, subject, proof.salt, keys));
    }

    /// @notice True if `item` is in `list`.
    function contains(bytes32[] memory list, bytes32 item) internal pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == item) return true;
        }
        return false;
    }

    /// @dev A length of `head` bytes and as many bytes, and what follows them.
    function _item(
        bytes calldata data,
        uint256 head,
        uint256 most
    ) private pure returns (bool, bytes calldata item, bytes calldata rest) {
        (item, rest) = (data[:0], data);
        if (data.length < head) return (false, item, rest);
        uint256 length = head == 1 ? uint8(data[0]) : uint16(bytes2(data));
        if (length == 0 || length > most || data.length < head + length) return (false, item, rest);
        return (true, data[head:head + length], data[head + length:]);
    }

    function _keys(bytes calldata data) private pure returns (bool, bytes32[] memory keys, bytes calldata rest) {
        rest = data;
        if (data.length == 0) return (false, keys, rest);
        uint256 count = uint8(data[0]);
        if (count == 0 || count > MAX_KEYS || data.length < 1 + 32 * count) return (false, keys, rest);
        keys = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) keys[i] = bytes32(data[1 + 32 * i:33 + 32 * i]);
        return (true, keys, data[1 + 32 * count:]);
    }
}
