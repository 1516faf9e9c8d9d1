// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Credential, FLAG_USER_VERIFICATION} from "../../../contracts/types/Credential.sol";
import {Test} from "../../utils/Test.sol";

/// @notice A passkey, and how its authenticator and browser behave. Every field may be overridden by a test.
/// @param rpId Relying party id; its SHA-256 is in the authenticator data.
/// @param origins Registered origins, 1–4.
/// @param usedOrigin Which of them makes the assertion.
/// @param flags Rules of the credential (FLAG_*).
/// @param authFlags Flag byte of the authenticator data.
/// @param authTail Bytes after the 37 fixed ones; they need the full form.
/// @param clientType `type` of clientDataJSON.
/// @param challenge Text of the challenge; empty = base64url of what is signed.
/// @param signedOrigin Origin in clientDataJSON; empty = the used one.
/// @param rest What follows crossOrigin, closing brace included.
/// @param clientDataJSON The whole text; empty = in the order browsers write it. Full form only.
/// @param siblings With `isMerkle`: hashes next to the path from the signed hash to the root.
/// @param merkleDomain With `isMerkle`: domain separator of the contract that verifies.
struct PasskeyConfig {
    string rpId;
    string[] origins;
    uint256 usedOrigin;
    uint8 flags;
    uint8 authFlags;
    uint32 signCount;
    bytes authTail;
    bool isFull;
    string clientType;
    string challenge;
    string signedOrigin;
    bool crossOrigin;
    string rest;
    string clientDataJSON;
    bool isMerkle;
    bytes32[] siblings;
    bytes32 merkleDomain;
}

/// @notice The parts of an assertion blob before they are packed, for tests that change one of them.
struct Assertion {
    uint8 head;
    uint8 flags;
    bytes32 r;
    bytes32 s;
    bytes32 x;
    bytes32 y;
    bytes origins;
    bytes merkle;
    bytes authData;
    bytes clientData;
}

/// @notice Builds credentials and assertion blobs as an authenticator, a browser and the SDK would.
abstract contract PasskeyHelper is Test {
    /// @dev Index of an assertion that belongs to no stored credential.
    uint8 internal constant STATELESS = 63;

    uint8 internal constant HEAD_FULL = 0x40;
    uint8 internal constant HEAD_MERKLE = 0x80;

    uint8 internal constant UP = 0x01;
    uint8 internal constant UV = 0x04;
    uint8 internal constant BE = 0x08;
    uint8 internal constant BS = 0x10;

    /// @notice A synced passkey with user verification on one origin; compact form.
    function passkey() internal pure returns (PasskeyConfig memory config) {
        config.rpId = "rekey.example";
        config.origins = new string[](1);
        config.origins[0] = "https://rekey.example";
        config.flags = FLAG_USER_VERIFICATION;
        config.authFlags = UP | UV | BE | BS;
        config.clientType = "webauthn.get";
        config.rest = "}";
    }

    /// @notice The same passkey as the authenticator of another relying party holds it.
    function passkeyOf(string memory rpId) internal pure returns (PasskeyConfig memory config) {
        config = passkey();
        config.rpId = rpId;
        config.origins[0] = string.concat("https://", rpId);
    }

    /// @notice `config` with `count` registered origins, the `used` one making assertions.
    function withOrigins(
        PasskeyConfig memory config,
        uint256 count,
        uint256 used
    ) internal pure returns (PasskeyConfig memory) {
        config.origins = new string[](count);
        for (uint256 i = 0; i < count; ++i) {
            config.origins[i] = string.concat("https://", vm.toString(i), ".", config.rpId);
        }
        config.usedOrigin = used;
        return config;
    }

    /// @notice `config` signing the root of a tree in which the hash has these siblings.
    function withMerkle(
        PasskeyConfig memory config,
        bytes32[] memory siblings,
        bytes32 merkleDomain
    ) internal pure returns (PasskeyConfig memory) {
        (config.isMerkle, config.siblings, config.merkleDomain) = (true, siblings, merkleDomain);
        return config;
    }

    /// @notice The credential id of a key, 32 bytes.
    function credentialIdOf(uint256 privateKey) internal pure returns (bytes memory) {
        return abi.encode(keccak256(abi.encode("credential id", privateKey)));
    }

    function credentialOf(
        uint256 privateKey,
        PasskeyConfig memory config
    ) internal pure returns (Credential memory credential) {
        (credential.x, credential.y) = vm.publicKeyP256(privateKey);
        credential.rpIdHash = sha256(bytes(config.rpId));
        bytes memory hashes;
        for (uint256 i = 0; i < config.origins.length; ++i) {
            hashes = abi.encodePacked(hashes, keccak256(bytes(config.origins[i])));
        }
        credential.originsHash = keccak256(hashes);
        credential.flags = config.flags;
        credential.idHash = keccak256(credentialIdOf(privateKey));
    }

    /// @notice Assertion blob over `hash` by the passkey that the account stores at `index`.
    function assertion(
        uint256 privateKey,
        PasskeyConfig memory config,
        bytes32 hash,
        uint8 index
    ) internal pure returns (bytes memory) {
        return encodeAssertion(assertionParts(privateKey, config, hash, index));
    }

    /// @notice Assertion blob over `hash` that names no stored credential.
    function statelessAssertion(
        uint256 privateKey,
        PasskeyConfig memory config,
        bytes32 hash
    ) internal pure returns (bytes memory) {
        return assertion(privateKey, config, hash, STATELESS);
    }

    function assertionParts(
        uint256 privateKey,
        PasskeyConfig memory config,
        bytes32 hash,
        uint8 index
    ) internal pure returns (Assertion memory parts) {
        parts.head = index | (config.isFull ? HEAD_FULL : 0) | (config.isMerkle ? HEAD_MERKLE : 0);
        parts.flags = config.flags | uint8((config.origins.length - 1) << 6);
        (uint256 x, uint256 y) = vm.publicKeyP256(privateKey);
        (parts.x, parts.y) = (bytes32(x), bytes32(y));
        parts.origins = _otherOrigins(config);
        if (config.isMerkle) {
            parts.merkle = abi.encodePacked(uint8(config.siblings.length), config.siblings);
        }
        bytes memory authData = authDataOf(config);
        string memory json = clientDataOf(config, hash);
        if (config.isFull) {
            parts.authData = abi.encodePacked(uint16(authData.length), authData);
            parts.clientData = bytes(json);
        } else {
            string memory origin = _signedOrigin(config);
            parts.authData = authData;
            uint8 length = uint8(bytes(origin).length) | (config.crossOrigin ? 0x80 : 0);
            parts.clientData = abi.encodePacked(length, origin, config.rest);
        }
        (parts.r, parts.s) = signAssertion(privateKey, authData, json);
    }

    function encodeAssertion(Assertion memory parts) internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                abi.encodePacked(parts.head, parts.flags, parts.r, parts.s, parts.x, parts.y),
                abi.encodePacked(parts.origins, parts.merkle, parts.authData, parts.clientData)
            );
    }

    /// @notice Signature of an authenticator over what it and the browser say, s in the lower half of the order.
    function signAssertion(
        uint256 privateKey,
        bytes memory authData,
        string memory json
    ) internal pure returns (bytes32 r, bytes32 s) {
        return signP256LowS(privateKey, sha256(abi.encodePacked(authData, sha256(bytes(json)))));
    }

    function authDataOf(PasskeyConfig memory config) internal pure returns (bytes memory) {
        return abi.encodePacked(sha256(bytes(config.rpId)), config.authFlags, config.signCount, config.authTail);
    }

    function clientDataOf(PasskeyConfig memory config, bytes32 hash) internal pure returns (string memory) {
        if (bytes(config.clientDataJSON).length != 0) return config.clientDataJSON;
        return
            string.concat(
                string.concat('{"type":"', config.clientType, '","challenge":"', challengeOf(config, hash)),
                string.concat('","origin":"', _signedOrigin(config), '","crossOrigin":'),
                string.concat(config.crossOrigin ? "true" : "false", config.rest)
            );
    }

    /// @notice Text of the challenge under which the passkey signs `hash`.
    function challengeOf(PasskeyConfig memory config, bytes32 hash) internal pure returns (string memory) {
        if (bytes(config.challenge).length != 0) return config.challenge;
        if (config.isMerkle) hash = multiChainDigest(config.merkleDomain, merkleRoot(hash, config.siblings));
        return base64Url(abi.encode(hash));
    }

    /// @notice RFC 4648 §5 without padding, by OpenZeppelin's encoder: not the one under test.
    function base64Url(bytes memory data) internal pure returns (string memory) {
        return Base64.encodeURL(data);
    }

    /// @notice Root over `leaf` and its siblings, each pair hashed smaller first.
    function merkleRoot(bytes32 leaf, bytes32[] memory siblings) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 i = 0; i < siblings.length; ++i) {
            (bytes32 a, bytes32 b) = node < siblings[i] ? (node, siblings[i]) : (siblings[i], node);
            node = keccak256(abi.encode(a, b));
        }
    }

    /// @notice What a passkey signs for a tree of hashes.
    function multiChainDigest(bytes32 merkleDomain, bytes32 root) internal pure returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(keccak256("MultiChain(bytes32 root)"), root));
        return keccak256(abi.encodePacked(hex"1901", merkleDomain, structHash));
    }

    function _signedOrigin(PasskeyConfig memory config) private pure returns (string memory) {
        return bytes(config.signedOrigin).length != 0 ? config.signedOrigin : config.origins[config.usedOrigin];
    }

    function _otherOrigins(PasskeyConfig memory config) private pure returns (bytes memory hashes) {
        if (config.origins.length == 1) return "";
        for (uint256 i = 0; i < config.origins.length; ++i) {
            if (i != config.usedOrigin) hashes = abi.encodePacked(hashes, keccak256(bytes(config.origins[i])));
        }
        return abi.encodePacked(hashes, uint8(config.usedOrigin));
    }
}
