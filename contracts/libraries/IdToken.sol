// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Base64Url} from "./Base64Url.sol";
import {Json} from "./Json.sol";

/// @title IdToken
/// @notice Header and claims of an OpenID Connect ID token, and the text that its issuer signed.
/// @dev
/// *Trust*: none.
/// *Checks*: both are JSON objects; each wanted member is there once, at the top, with a value that can be written in
/// one way only; nothing in them says that this is another kind of token.
/// *Not checked*: signature, times, identity: {OidcRecoveryValidator} does.
/// *Storage*: none.
///
/// What was signed is made anew from the two texts, encode, don't decode: so there are no dots to be found, no paddings
/// and no spare bits, and one token has one form.
library IdToken {
    uint8 internal constant RS256 = 1;
    uint8 internal constant ES256 = 2;

    /// @dev keccak256 of the strings' characters, 0 where absent.
    struct Header {
        uint8 algorithm;
        bytes32 kid;
    }

    /// @dev keccak256 of the strings' characters, 0 where absent; times in seconds since 1970.
    struct Claims {
        bytes32 issuer;
        bytes32 audience;
        bytes32 authorizedParty;
        bytes32 subject;
        bool hasNonce;
        uint256 issuedAt;
        uint256 notBefore;
        uint256 expiresAt;
    }

    uint256 private constant ISS = 1;
    uint256 private constant AUD = 2;
    uint256 private constant SUB = 4;
    uint256 private constant NONCE = 8;
    uint256 private constant IAT = 16;
    uint256 private constant EXP = 32;
    uint256 private constant ALL_CLAIMS = 63;
    uint256 private constant AZP = 64;
    uint256 private constant NBF = 128;

    uint256 private constant ALG = 1;
    uint256 private constant KID = 2;
    uint256 private constant TYP = 4;

    bytes32 private constant EMPTY = keccak256("");
    bytes32 private constant RS256_HASH = keccak256("RS256");
    bytes32 private constant ES256_HASH = keccak256("ES256");
    bytes32 private constant JWT_HASH = keccak256("JWT");
    bytes32 private constant ID_HASH = keccak256("id");

    /// @notice Reads the header between two places in memory. `kid` may be absent; who needs it looks.
    /// @dev An extension that changes what is signed or that must be understood (`b64`, `crit`, `enc`, `zip`) is
    /// refused, and so is a `typ` other than JWT. Keys that a token brings along (`jwk`, `jku`, `x5c`, `x5u`) mean
    /// nothing.
    function readHeader(uint256 start, uint256 end) internal pure returns (bool, Header memory header) {
        uint256 seen;
        uint256 place = Json.first(start);
        while (place != Json.END) {
            if (place == 0) return (false, header);
            bytes5 name = bytes5(Json.wordAt(place));
            uint256 bit = _memberOf(name);
            if (seen & bit != 0) return (false, header);
            seen |= bit;
            place = bit == 0 ? _skipMember(place, true) : _takeOfHeader(place + 5, bit, header);
            if (place == 0) return (false, header);
            place = Json.next(place, end);
        }
        return (header.algorithm != 0 && header.kid != EMPTY, header);
    }

    /// @notice Reads the claims between two places in memory, of a token whose nonce should be `nonce` in base64url.
    /// @dev A claim of logout tokens (`events`) is refused, and a `token_use` other than "id".
    function readClaims(uint256 start, uint256 end, bytes32 nonce) internal pure returns (bool, Claims memory claims) {
        uint256 seen;
        uint256 place = Json.first(start);
        while (place != Json.END) {
            if (place == 0) return (false, claims);
            (uint256 bit, uint256 value) = _claimAt(place);
            if (bit == 0) {
                place = _skipMember(place, false);
            } else {
                value = Json.value(value);
                if (value == 0 || seen & bit != 0) return (false, claims);
                seen |= bit;
                place = _take(value, bit, nonce, claims);
            }
            if (place == 0) return (false, claims);
            place = Json.next(place, end);
        }
        return (seen & ALL_CLAIMS == ALL_CLAIMS && claims.subject != EMPTY, claims);
    }

    /// @notice SHA-256 of what the issuer signed (RFC 7515 §5.1).
    function signedHash(
        uint256 headerStart,
        uint256 headerEnd,
        uint256 payloadStart,
        uint256 payloadEnd
    ) internal pure returns (bytes32) {
        unchecked {
            uint256 headerSize = Base64Url.sizeOf(headerEnd - headerStart);
            uint256 size = headerSize + 1 + Base64Url.sizeOf(payloadEnd - payloadStart);
            // {Base64Url-write} may write a word more.
            bytes memory text = new bytes(size + 32);
            uint256 to;
            assembly ("memory-safe") {
                to := add(text, 0x20)
                mstore(text, size)
            }
            Base64Url.write(headerStart, headerEnd, to);
            to += headerSize;
            assembly ("memory-safe") {
                mstore8(to, 0x2e)
            }
            Base64Url.write(payloadStart, payloadEnd, to + 1);
            return sha256(text);
        }
    }

    // ---------------------------------------------------------------- Internal

    /// @dev Which of the wanted members of a header has this key; 0 if none has.
    function _memberOf(bytes5 name) private pure returns (uint256) {
        if (name == '"alg"') return ALG;
        if (name == '"kid"') return KID;
        return name == '"typ"' ? TYP : 0;
    }

    function _algorithmOf(bytes32 hash) private pure returns (uint8) {
        if (hash == RS256_HASH) return RS256;
        return hash == ES256_HASH ? ES256 : 0;
    }

    /// @dev Notes the value whose key ends before `place`; the place behind it, 0 if it has the wrong form.
    function _takeOfHeader(uint256 place, uint256 bit, Header memory header) private pure returns (uint256 end) {
        uint256 value = Json.value(place);
        if (value == 0) return 0;
        bytes32 hash;
        (hash, end) = Json.plainString(value);
        if (bit == KID) header.kid = hash;
        else if (bit == ALG) header.algorithm = _algorithmOf(hash);
        else if (hash != JWT_HASH) return 0;
    }

    /// @dev Which of the wanted claims has its key at `place`, and the place behind it; 0 if none has.
    function _claimAt(uint256 place) private pure returns (uint256, uint256) {
        unchecked {
            bytes32 word = Json.wordAt(place);
            bytes5 name = bytes5(word);
            if (name == '"iss"') return (ISS, place + 5);
            if (name == '"aud"') return (AUD, place + 5);
            if (name == '"azp"') return (AZP, place + 5);
            if (name == '"sub"') return (SUB, place + 5);
            if (name == '"iat"') return (IAT, place + 5);
            if (name == '"exp"') return (EXP, place + 5);
            if (name == '"nbf"') return (NBF, place + 5);
            return bytes7(word) == '"nonce"' ? (NONCE, place + 7) : (0, 0);
        }
    }

    /// @dev Notes the value of a claim; the place behind it, 0 if it has the wrong form.
    function _take(uint256 value, uint256 bit, bytes32 nonce, Claims memory claims) private pure returns (uint256 end) {
        if (bit == ISS) (claims.issuer, end) = _issuer(value);
        else if (bit == AUD) (claims.audience, end) = Json.plainString(value);
        else if (bit == AZP) (claims.authorizedParty, end) = Json.plainString(value);
        else if (bit == SUB) (claims.subject, end) = Json.plainString(value);
        else if (bit == NONCE) (claims.hasNonce, end) = _nonce(value, nonce);
        else if (bit == IAT) (claims.issuedAt, end) = Json.integer(value);
        else if (bit == EXP) (claims.expiresAt, end) = Json.integer(value);
        else (claims.notBefore, end) = Json.integer(value);
    }

    /// @dev The place behind a member that nobody asked for; 0 if it is malformed or may not be there.
    function _skipMember(uint256 place, bool isHeader) private pure returns (uint256) {
        (bytes32 name, uint256 value) = Json.key(place);
        value = value == 0 ? 0 : Json.value(value);
        if (value == 0) return 0;
        if (isHeader) {
            if (name == '"b64"' || name == '"crit"' || name == '"enc"' || name == '"zip"') return 0;
        } else if (name == '"events"') {
            return 0;
        } else if (name == '"token_use"') {
            (bytes32 hash, uint256 end) = Json.plainString(value);
            return hash == ID_HASH ? end : 0;
        }
        return Json.skipValue(value);
    }

    /// @dev True if the string at `value` is `nonce` in 43 characters.
    function _nonce(uint256 value, bytes32 nonce) private pure returns (bool isEqual, uint256 end) {
        (bytes32 head, bytes32 tail) = Base64Url.encode(nonce);
        unchecked {
            bytes32 rest = Json.wordAt(value + 33);
            isEqual =
                Json.charAt(value) == 0x22 &&
                Json.wordAt(value + 1) == head &&
                bytes11(rest) == bytes11(tail) &&
                bytes1(rest << 88) == '"';
            if (isEqual) return (true, value + 45);
        }
        (, end) = Json.plainString(value);
    }

    /// @dev The issuer is a URL, and some write it with `\/` for each slash, as JSON allows: both forms are one issuer.
    function _issuer(uint256 value) private pure returns (bytes32 hash, uint256 end) {
        bool isPlain;
        (end, isPlain) = Json.skipString(value);
        if (end == 0) return (0, 0);
        if (isPlain) return Json.plainString(value);
        bytes memory plain = new bytes(end - value);
        uint256 length;
        for (uint256 i = value + 1; i < end - 1; ++i) {
            bytes1 c = bytes1(Json.wordAt(i));
            if (c == "\\") c = bytes1(Json.wordAt(++i)) == "/" ? bytes1("/") : bytes1(0);
            if (c == 0 || c >= 0x80) return (0, 0);
            plain[length++] = c;
        }
        assembly ("memory-safe") {
            hash := keccak256(add(plain, 0x20), length)
        }
    }
}
