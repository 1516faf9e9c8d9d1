// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title ClientData
/// @notice One strict pass over a clientDataJSON whose fields come in any order.
/// @dev
/// *Trust*: none.
/// *Checks*: a JSON object whose top-level keys `type`, `challenge` and `origin` occur exactly once and `crossOrigin`
/// at
/// most once; `type` is "webauthn.get" (WebAuthn §7.2 step 11); no backslash and no control character in any string, so
/// that a key or value can be written in one way only; other values are skipped, nested at most 8 deep.
/// *Not checked*: the grammar inside skipped values; other top-level keys may repeat.
/// *Storage*: none.
library ClientData {
    /// @dev What the pass found: positions of the values in the JSON, without their quotes.
    struct Fields {
        uint256 challengeStart;
        uint256 challengeEnd;
        uint256 originStart;
        uint256 originEnd;
        bool crossOrigin;
        uint256 seen;
    }

    uint256 private constant SEEN_TYPE = 1;
    uint256 private constant SEEN_CHALLENGE = 2;
    uint256 private constant SEEN_ORIGIN = 4;
    uint256 private constant SEEN_CROSS_ORIGIN = 8;
    uint256 private constant SEEN_ALL = SEEN_TYPE | SEEN_CHALLENGE | SEEN_ORIGIN;
    uint256 private constant MAX_DEPTH = 8;

    bytes32 private constant KEY_TYPE = keccak256("type");
    bytes32 private constant KEY_CHALLENGE = keccak256("challenge");
    bytes32 private constant KEY_ORIGIN = keccak256("origin");
    bytes32 private constant KEY_CROSS_ORIGIN = keccak256("crossOrigin");
    bytes32 private constant WEBAUTHN_GET = keccak256("webauthn.get");
    bytes32 private constant TRUE = keccak256("true");
    bytes32 private constant FALSE = keccak256("false");

    /// @notice Reads `json` once; `ok` is false at the first deviation.
    function scan(bytes memory json) internal pure returns (bool ok, Fields memory fields) {
        uint256 pos = _skipSpace(json, 0);
        if (_byteAt(json, pos) != "{") return (false, fields);
        unchecked {
            do {
                uint256 end;
                uint256 start;
                // Key
                pos = _skipSpace(json, pos + 1);
                (ok, end) = _string(json, pos);
                if (!ok) return (false, fields);
                bytes32 key = _hash(json, pos + 1, end);
                pos = _skipSpace(json, end + 1);
                if (_byteAt(json, pos) != ":") return (false, fields);
                // Value
                start = _skipSpace(json, pos + 1);
                (ok, end) = _value(json, start);
                if (!ok || !_take(json, fields, key, start, end)) return (false, fields);
                pos = _skipSpace(json, end);
            } while (_byteAt(json, pos) == ",");
            ok =
                _byteAt(json, pos) == "}" &&
                _skipSpace(json, pos + 1) == json.length &&
                (fields.seen & SEEN_ALL) == SEEN_ALL;
        }
    }

    /// @dev Notes the value of a wanted key; false when it repeats or has the wrong form. Strings are noted without
    ///      quotes.
    function _take(
        bytes memory json,
        Fields memory fields,
        bytes32 key,
        uint256 start,
        uint256 end
    ) private pure returns (bool) {
        uint256 bit = _bitOf(key);
        if (bit == 0) return true;
        if (fields.seen & bit != 0) return false;
        fields.seen |= bit;
        if (bit == SEEN_CROSS_ORIGIN) {
            bytes32 literal = _hash(json, start, end);
            fields.crossOrigin = literal == TRUE;
            return literal == TRUE || literal == FALSE;
        }
        if (_byteAt(json, start) != '"') return false;
        unchecked {
            if (bit == SEEN_TYPE) return _hash(json, start + 1, end - 1) == WEBAUTHN_GET;
            if (bit == SEEN_CHALLENGE) (fields.challengeStart, fields.challengeEnd) = (start + 1, end - 1);
            else (fields.originStart, fields.originEnd) = (start + 1, end - 1);
        }
        return true;
    }

    function _bitOf(bytes32 key) private pure returns (uint256) {
        if (key == KEY_TYPE) return SEEN_TYPE;
        if (key == KEY_CHALLENGE) return SEEN_CHALLENGE;
        if (key == KEY_ORIGIN) return SEEN_ORIGIN;
        if (key == KEY_CROSS_ORIGIN) return SEEN_CROSS_ORIGIN;
        return 0;
    }

    /// @dev From the first character of a value to one past its last.
    function _value(bytes memory json, uint256 pos) private pure returns (bool ok, uint256 end) {
        bytes1 c = _byteAt(json, pos);
        unchecked {
            if (c == '"') {
                (ok, end) = _string(json, pos);
                return (ok, end + 1);
            }
            if (c == "{" || c == "[") return _nested(json, pos);
            end = pos;
            while (_isScalar(_byteAt(json, end))) ++end;
            return (end != pos, end);
        }
    }

    /// @dev Skips an object or array, matching its brackets. The open ones are the bits of `open`, 1 for an object.
    function _nested(bytes memory json, uint256 pos) private pure returns (bool, uint256) {
        uint256 depth;
        uint256 open;
        unchecked {
            for (uint256 i = pos; i < json.length; ++i) {
                bytes1 c = json[i];
                if (c == '"') {
                    bool ok;
                    (ok, i) = _string(json, i);
                    if (!ok) return (false, i);
                } else if (c == "{" || c == "[") {
                    if (++depth > MAX_DEPTH) return (false, i);
                    open = (open << 1) | (c == "{" ? 1 : 0);
                } else if (c == "}" || c == "]") {
                    if (open & 1 != (c == "}" ? 1 : 0)) return (false, i);
                    open >>= 1;
                    if (--depth == 0) return (true, i + 1);
                } else if (c != "," && c != ":" && !_isSpace(c) && !_isScalar(c)) {
                    return (false, i);
                }
            }
        }
        return (false, pos);
    }

    /// @dev From the opening quote at `at` to the closing one.
    function _string(bytes memory json, uint256 pos) private pure returns (bool, uint256) {
        if (_byteAt(json, pos) != '"') return (false, pos);
        unchecked {
            for (uint256 i = pos + 1; i < json.length; ++i) {
                bytes1 c = json[i];
                if (c == '"') return (true, i);
                if (c == "\\" || uint8(c) < 0x20) return (false, i);
            }
        }
        return (false, pos);
    }

    /// @dev Letters, digits and signs: true, false, null and numbers.
    function _isScalar(bytes1 c) private pure returns (bool) {
        return (c >= "0" && c <= "9") || (c >= "a" && c <= "z") || c == "E" || c == "+" || c == "-" || c == ".";
    }

    function _isSpace(bytes1 c) private pure returns (bool) {
        return c == " " || c == "\t" || c == "\n" || c == "\r";
    }

    function _skipSpace(bytes memory json, uint256 pos) private pure returns (uint256) {
        unchecked {
            while (_isSpace(_byteAt(json, pos))) ++pos;
        }
        return pos;
    }

    /// @dev The byte at `at`, zero past the end.
    function _byteAt(bytes memory json, uint256 pos) private pure returns (bytes1) {
        return pos < json.length ? json[pos] : bytes1(0);
    }

    /// @dev keccak256 of json[start:end]; callers pass positions inside `json`.
    function _hash(bytes memory json, uint256 start, uint256 end) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(add(add(json, 0x20), start), sub(end, start))
        }
    }
}
