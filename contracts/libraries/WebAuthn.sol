// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Base64Url} from "./Base64Url.sol";
import {ClientData} from "./ClientData.sol";
import {P256Verifier} from "./P256Verifier.sol";

/// @title WebAuthn
/// @notice Verifies an assertion blob and returns the commitment of the credential that made it.
/// @dev
/// *Trust*: the caller compares the returned commitment with the one it stores. Everything that decides who may sign
/// (key, relying party, origins, rules) is in that commitment, so nothing in the blob is believed.
/// *Checks* (WebAuthn Level 3 §7.2): type, challenge and origin (steps 11–13), cross-origin by rule, rpIdHash (step
/// 15),
/// user presence (16), user verification by rule (17), backup state implies backup eligibility (18), low s, exact
/// length.
/// *Not checked*: signature counter and attestation (synced passkeys have neither), a change of backup eligibility (a
/// provider that corrects it must not brick the key), extension contents, topOrigin, tokenBinding, the rest of
/// clientDataJSON after crossOrigin in the compact form.
/// *Storage*: none.
///
/// Blob:
///   head(1): bits 0–5 index (63 = stateless), bit 6 full form, bit 7 Merkle part present
///   flags(1): the credential's flags; bits 6–7 = number of origins − 1
///   r(32) s(32) x(32) y(32)
///   if more than one origin: hashes of the others (32 each), position of the used one (1)
///   if bit 7: depth(1), siblings (32 each)
///   compact: authenticatorData(37), cross-origin bit and origin length(1), origin, rest of clientDataJSON
///   full: length(2), authenticatorData, clientDataJSON
library WebAuthn {
    /// @dev Index of an assertion that belongs to no stored credential.
    uint256 internal constant STATELESS = 63;
    uint256 internal constant MAX_MERKLE_DEPTH = 8;
    /// @dev A real blob has about 200 bytes; the cap bounds the work of a hostile one.
    uint256 internal constant MAX_BLOB = 4_096;

    /// @dev keccak256("MultiChain(bytes32 root)")
    bytes32 internal constant MULTI_CHAIN_TYPEHASH = keccak256("MultiChain(bytes32 root)");

    uint256 private constant HEAD_FULL = 0x40;
    uint256 private constant HEAD_MERKLE = 0x80;
    uint256 private constant FLAGS_MASK = 0x3f;
    uint256 private constant FIXED = 130;
    uint256 private constant AUTH_DATA = 37;

    uint256 private constant COMMA = 0x2c;
    uint256 private constant CLOSING_BRACE = 0x7d;

    uint256 private constant UP = 0x01;
    uint256 private constant UV = 0x04;
    uint256 private constant BE = 0x08;
    uint256 private constant BS = 0x10;

    uint256 private constant USER_VERIFICATION = 1;
    uint256 private constant CROSS_ORIGIN = 2;

    /// @dev Where the parts of a blob begin, and what has been read of them.
    struct Parts {
        uint256 flags; // byte 1 as it is, number of other origins included
        uint256 others; // position of the hashes of the unused origins
        uint256 used; // position of the used origin among all
        uint256 authData;
        uint256 authDataLength;
        bytes32 challenge;
    }

    /// @notice Verifies `blob` as an assertion over `hash`.
    /// @dev Never reverts on a bad blob. Runs out of gas rather than decide on a hash it could not compute.
    /// @param merkleDomain EIP-712 domain separator under which a root of many hashes may be signed; 0 refuses that.
    /// @param precompile Which P-256 implementation the calling contract settled on.
    /// @return ok True if the signature and all rules hold for the credential with this commitment.
    /// @return index Index named by the blob, 0–63.
    /// @return commitment Commitment recomputed from the blob; meaningless unless `ok`.
    function verify(
        bytes32 hash,
        bytes calldata blob,
        bytes32 merkleDomain,
        bool precompile
    ) internal view returns (bool ok, uint256 index, bytes32 commitment) {
        unchecked {
            if (blob.length < FIXED || blob.length > MAX_BLOB) return (false, 0, 0);
            uint256 head = _byte(blob, 0);
            index = head & 0x3f;

            Parts memory parts = _parts(hash, blob, head, merkleDomain);
            if (parts.authDataLength == 0) return (false, index, 0);

            bytes32 clientDataHash;
            bytes32 originHash;
            (ok, clientDataHash, originHash) = head & HEAD_FULL == 0 ? _compact(blob, parts) : _full(blob, parts);
            if (!ok || !_rules(_byte(blob, parts.authData + 32), parts.flags)) return (false, index, 0);

            commitment = _commitment(blob, parts, _originsHash(blob, parts, originHash));
            ok = P256Verifier.verify(
                _signedHash(blob, parts, clientDataHash),
                uint256(_word(blob, 2)),
                uint256(_word(blob, 34)),
                uint256(_word(blob, 66)),
                uint256(_word(blob, 98)),
                precompile
            );
        }
    }

    /// @dev Steps 16–18: user present, user verified if required, backed up only if it may be.
    function _rules(uint256 authFlags, uint256 flags) private pure returns (bool) {
        return
            authFlags & UP != 0 &&
            (flags & USER_VERIFICATION == 0 || authFlags & UV != 0) &&
            (authFlags & BS == 0 || authFlags & BE != 0);
    }

    /// @dev Finds the parts; `authDataLength` stays 0 if one does not fit. From here on every position up to
    ///      `authData + authDataLength` lies inside the blob.
    function _parts(
        bytes32 hash,
        bytes calldata blob,
        uint256 head,
        bytes32 merkleDomain
    ) private pure returns (Parts memory parts) {
        unchecked {
            uint256 pos = FIXED;
            uint256 flags = _byte(blob, 1);
            parts.flags = flags;
            parts.others = pos;
            parts.challenge = hash;
            uint256 others = flags >> 6;
            if (others != 0) {
                pos += 32 * others + 1;
                if (pos > blob.length) return parts;
                parts.used = _byte(blob, pos - 1);
                if (parts.used > others) return parts;
            }
            if (head & HEAD_MERKLE != 0) {
                if (merkleDomain == 0 || pos >= blob.length) return parts;
                uint256 depth = _byte(blob, pos);
                uint256 end = pos + 1 + (depth << 5);
                if (depth > MAX_MERKLE_DEPTH || end > blob.length) return parts;
                parts.challenge = _rootChallenge(hash, blob, pos + 1, end, merkleDomain);
                pos = end;
            }
            uint256 length = AUTH_DATA;
            if (head & HEAD_FULL != 0) {
                if (pos + 2 > blob.length) return parts;
                length = uint256(_word(blob, pos)) >> 240;
                pos += 2;
            }
            if (length < AUTH_DATA || pos + length >= blob.length) return parts;
            parts.authData = pos;
            parts.authDataLength = length;
        }
    }

    /// @dev Root of `hash` and its siblings with sorted pairs, wrapped so that a root is never a hash that is signed
    ///      alone.
    function _rootChallenge(
        bytes32 hash,
        bytes calldata blob,
        uint256 pos,
        uint256 end,
        bytes32 domainSeparator
    ) private pure returns (bytes32) {
        bytes32 node = hash;
        unchecked {
            for (; pos != end; pos += 32) {
                bytes32 sibling = _word(blob, pos);
                node = node < sibling ? _pair(node, sibling) : _pair(sibling, node);
            }
        }
        return MessageHashUtils.toTypedDataHash(domainSeparator, _pair(MULTI_CHAIN_TYPEHASH, node));
    }

    /// @dev Compact form: clientDataJSON is rebuilt from the challenge and the origin in the order in which WebAuthn's
    ///      serialisation (§5.8.1.1) writes it; what comes after crossOrigin is appended unread.
    ///      Pseudocode:
    ///        json :=
    ///        {"type":"webauthn.get","challenge":"‖base64url(challenge)‖","origin":"‖origin‖","crossOrigin":‖bool‖rest
    ///        return (sha256(json), keccak256(origin))
    ///      The JSON is written above the free memory pointer, which does not move: nothing is allocated in between.
    function _compact(
        bytes calldata blob,
        Parts memory parts
    ) private view returns (bool ok, bytes32 clientDataHash, bytes32 originHash) {
        unchecked {
            uint256 pos = parts.authData + AUTH_DATA;
            uint256 originLength = _byte(blob, pos);
            bool crossOrigin = originLength & 0x80 != 0;
            originLength &= 0x7f;
            ++pos;
            uint256 restAt = pos + originLength;
            // `rest` is at least the closing brace.
            if (restAt >= blob.length || (crossOrigin && parts.flags & CROSS_ORIGIN == 0)) return (false, 0, 0);
            uint256 first = _byte(blob, restAt);
            if ((first != CLOSING_BRACE && first != COMMA) || _byte(blob, blob.length - 1) != CLOSING_BRACE) {
                return (false, 0, 0);
            }

            (bytes32 head, bytes32 tail) = Base64Url.encode(parts.challenge);
            uint256 rest = blob.length - restAt;
            assembly ("memory-safe") {
                let json := mload(0x40)
                mstore(json, '{"type":"webauthn.get","challeng')
                mstore(add(json, 32), 'e":"')
                mstore(add(json, 36), head)
                mstore(add(json, 68), tail)
                mstore(add(json, 79), '","origin":"')
                let end := add(json, 91)
                calldatacopy(end, add(blob.offset, pos), originLength)
                originHash := keccak256(end, originLength)
                end := add(end, originLength)
                mstore(end, '","crossOrigin":false')
                end := add(end, 21)
                if crossOrigin {
                    mstore(sub(end, 5), "true")
                    end := sub(end, 1)
                }
                calldatacopy(end, add(blob.offset, restAt), rest)
                end := add(end, rest)
                // Fails only for want of gas.
                if iszero(staticcall(gas(), 2, json, sub(end, json), 0x00, 0x20)) {
                    revert(0, 0)
                }
                clientDataHash := mload(0x00)
            }
            return (true, clientDataHash, originHash);
        }
    }

    /// @dev Full form: clientDataJSON as the client wrote it, fields in any order.
    function _full(
        bytes calldata blob,
        Parts memory parts
    ) private pure returns (bool ok, bytes32 clientDataHash, bytes32 originHash) {
        bytes memory json = blob[parts.authData + parts.authDataLength:];
        ClientData.Fields memory fields;
        (ok, fields) = ClientData.scan(json);
        if (!ok || (fields.crossOrigin && parts.flags & CROSS_ORIGIN == 0)) return (false, 0, 0);
        if (fields.challengeEnd - fields.challengeStart != 43) return (false, 0, 0);
        (bytes32 head, bytes32 tail) = Base64Url.encode(parts.challenge);
        uint256 challengeAt = fields.challengeStart;
        uint256 originAt = fields.originStart;
        uint256 originLength = fields.originEnd - fields.originStart;
        // Pseudocode: ok := json[challenge] == base64url(challenge); originHash := keccak256(json[origin])
        assembly ("memory-safe") {
            let text := add(json, 0x20)
            let pos := add(text, challengeAt)
            // 11 characters of the tail: drop the other 21 bytes.
            ok := and(eq(mload(pos), head), iszero(shr(168, xor(mload(add(pos, 32)), tail))))
            originHash := keccak256(add(text, originAt), originLength)
        }
        return (ok, sha256(json), originHash);
    }

    /// @dev keccak256 of the hashes of all origins in the order they were registered in.
    function _originsHash(
        bytes calldata blob,
        Parts memory parts,
        bytes32 originHash
    ) private pure returns (bytes32 digest) {
        unchecked {
            uint256 others = parts.flags >> 6;
            if (others == 0) {
                assembly ("memory-safe") {
                    mstore(0x00, originHash)
                    digest := keccak256(0x00, 0x20)
                }
                return digest;
            }
            uint256 split = parts.others + 32 * parts.used;
            bytes calldata before = blob[parts.others:split];
            return keccak256(abi.encodePacked(before, originHash, blob[split:parts.others + 32 * others]));
        }
    }

    /// @dev keccak256(x ‖ y ‖ rpIdHash ‖ originsHash ‖ flags), as CredentialLib computes it. Written above the free
    ///      memory pointer, as in {_compact}.
    function _commitment(
        bytes calldata blob,
        Parts memory parts,
        bytes32 originsHash
    ) private pure returns (bytes32 digest) {
        uint256 flags = parts.flags & FLAGS_MASK;
        uint256 authData = parts.authData;
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, add(blob.offset, 66), 64)
            calldatacopy(add(data, 64), add(blob.offset, authData), 32)
            mstore(add(data, 96), originsHash)
            mstore8(add(data, 128), flags)
            digest := keccak256(data, 129)
        }
    }

    /// @dev sha256(authenticatorData ‖ clientDataHash), step 21. Written above the free memory pointer, as in
    ///      {_compact}.
    function _signedHash(
        bytes calldata blob,
        Parts memory parts,
        bytes32 clientDataHash
    ) private view returns (bytes32 signed) {
        uint256 pos = parts.authData;
        uint256 length = parts.authDataLength;
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, add(blob.offset, pos), length)
            mstore(add(data, length), clientDataHash)
            if iszero(staticcall(gas(), 2, data, add(length, 0x20), 0x00, 0x20)) {
                revert(0, 0)
            }
            signed := mload(0x00)
        }
    }

    /// @dev The word at `at`. Callers have checked that it lies inside the blob; calldata past its end reads as zero.
    function _word(bytes calldata blob, uint256 pos) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(blob.offset, pos))
        }
    }

    /// @dev The byte at `pos`, under the same condition.
    function _byte(bytes calldata blob, uint256 pos) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(0, calldataload(add(blob.offset, pos)))
        }
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(0x00, a)
            mstore(0x20, b)
            digest := keccak256(0x00, 0x40)
        }
    }
}
