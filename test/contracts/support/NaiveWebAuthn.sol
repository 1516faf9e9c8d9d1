// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {Test} from "../../utils/Test.sol";

/// @notice What the WebAuthn library does, written a second time for plainness: slices, string.concat, a JSON parser
///         that is not ours, and P-256 in Solidity whatever the chain has.
/// @dev The parser takes the last of two equal keys where the library refuses both; differential tests leave those out.
contract NaiveWebAuthn is Test {
    /// @dev Reads a blob from the front.
    struct Reader {
        bytes blob;
        uint256 pos;
        bool isShort;
    }

    struct Blob {
        uint8 head;
        uint8 flags;
        bytes32 r;
        bytes32 s;
        bytes32 x;
        bytes32 y;
        bytes others;
        uint256 used;
        bytes32[] siblings;
        bytes authData;
        string json;
        string origin;
        bool crossOrigin;
    }

    function verify(
        bytes32 hash,
        bytes memory blob,
        bytes32 merkleDomain
    ) external view returns (bool ok, bytes32 commitment) {
        Blob memory b;
        (ok, b) = _read(hash, blob, merkleDomain);
        if (!ok) return (false, 0);
        uint8 rules = b.flags & 0x3f;
        uint8 authFlags = uint8(b.authData[32]);
        bool isPresent = authFlags & 0x01 != 0;
        bool isVerified = authFlags & 0x04 != 0;
        bool isEligible = authFlags & 0x08 != 0;
        bool isBackedUp = authFlags & 0x10 != 0;
        if (!isPresent) return (false, 0);
        if (rules & 1 != 0 && !isVerified) return (false, 0);
        if (isBackedUp && !isEligible) return (false, 0);
        if (b.crossOrigin && rules & 2 == 0) return (false, 0);

        bytes32 signed = sha256(abi.encodePacked(b.authData, sha256(bytes(b.json))));
        if (!P256.verifySolidity(signed, b.r, b.s, b.x, b.y)) return (false, 0);
        bytes memory hashes;
        for (uint256 i = 0; i <= b.others.length / 32; ++i) {
            if (i == b.used) {
                hashes = abi.encodePacked(hashes, keccak256(bytes(b.origin)));
            }
            if (i < b.others.length / 32) hashes = abi.encodePacked(hashes, _slice(b.others, 32 * i, 32));
        }
        bytes32 rpIdHash = bytes32(_slice(b.authData, 0, 32));
        return (true, keccak256(abi.encodePacked(b.x, b.y, rpIdHash, keccak256(hashes), rules)));
    }

    function _read(bytes32 hash, bytes memory blob, bytes32 merkleDomain) private pure returns (bool, Blob memory b) {
        if (blob.length > 4_096) return (false, b);
        Reader memory reader = Reader(blob, 0, false);
        b.head = uint8(bytes1(_take(reader, 1)));
        b.flags = uint8(bytes1(_take(reader, 1)));
        (b.r, b.s) = (bytes32(_take(reader, 32)), bytes32(_take(reader, 32)));
        (b.x, b.y) = (bytes32(_take(reader, 32)), bytes32(_take(reader, 32)));
        uint256 others = b.flags >> 6;
        if (others != 0) {
            b.others = _take(reader, 32 * others);
            b.used = uint8(bytes1(_take(reader, 1)));
            if (b.used > others) return (false, b);
        }
        if (b.head & 0x80 != 0) {
            uint256 depth = uint8(bytes1(_take(reader, 1)));
            if (merkleDomain == 0 || depth > 8) return (false, b);
            for (uint256 i = 0; i < depth; ++i) {
                bytes32 sibling = bytes32(_take(reader, 32));
                hash = hash < sibling ? keccak256(bytes.concat(hash, sibling)) : keccak256(bytes.concat(sibling, hash));
            }
            hash = keccak256(
                bytes.concat(
                    hex"1901",
                    merkleDomain,
                    keccak256(bytes.concat(keccak256("MultiChain(bytes32 root)"), hash))
                )
            );
        }
        string memory challenge = Base64.encodeURL(bytes.concat(hash));
        if (b.head & 0x40 != 0) {
            b.authData = _take(reader, uint16(bytes2(_take(reader, 2))));
            b.json = string(_take(reader, blob.length - _least(reader.pos, blob.length)));
            if (reader.isShort || b.authData.length < 37 || !_parse(b, challenge)) return (false, b);
            return (true, b);
        }
        b.authData = _take(reader, 37);
        uint8 length = uint8(bytes1(_take(reader, 1)));
        b.crossOrigin = length >= 0x80;
        b.origin = string(_take(reader, length & 0x7f));
        bytes memory rest = _take(reader, blob.length - _least(reader.pos, blob.length));
        if (reader.isShort || rest.length == 0) return (false, b);
        if (rest[0] != "}" && rest[0] != ",") return (false, b);
        if (rest[rest.length - 1] != "}") return (false, b);
        b.json = string.concat(
            string.concat('{"type":"webauthn.get","challenge":"', challenge, '","origin":"', b.origin),
            string.concat('","crossOrigin":', b.crossOrigin ? "true" : "false", string(rest))
        );
        return (true, b);
    }

    function _parse(Blob memory b, string memory challenge) private pure returns (bool) {
        if (!_isText(b.json, ".type", "webauthn.get") || !_isText(b.json, ".challenge", challenge)) return false;
        b.origin = vm.parseJsonString(b.json, ".origin");
        b.crossOrigin = vm.keyExistsJson(b.json, ".crossOrigin") && vm.parseJsonBool(b.json, ".crossOrigin");
        return true;
    }

    function _isText(string memory json, string memory key, string memory wanted) private pure returns (bool) {
        return keccak256(bytes(vm.parseJsonString(json, key))) == keccak256(bytes(wanted));
    }

    function _take(Reader memory reader, uint256 length) private pure returns (bytes memory) {
        uint256 start = reader.pos;
        reader.pos += length;
        if (reader.pos > reader.blob.length) {
            reader.isShort = true;
            return new bytes(length);
        }
        return _slice(reader.blob, start, length);
    }

    function _slice(bytes memory data, uint256 start, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = data[start + i];
    }

    function _least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
