// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Json
/// @notice Reads a JSON object (RFC 8259) member by member, in one pass and with nothing to tell it where things are.
/// @dev
/// *Trust*: none.
/// *Checks*: the whole grammar, also of values that nobody asks for; brackets nest at most 8 deep; keys are ASCII
/// without escapes, so that each can be written in one way only.
/// *Not checked*: that keys differ: {IdToken} counts those it wants. That text outside ASCII is UTF-8.
/// *Storage*: none.
///
/// Places are addresses in memory, and 0 stands for "malformed". A text comes from {load}, which puts a word of zeros
/// behind it: no token of JSON contains a zero, so whatever looks for an end finds it there at the latest, and no place
/// that comes out of these functions is behind the text's end. 32 characters are looked at together where that is
/// cheaper.
library Json {
    /// @dev What {next} answers after the last member.
    uint256 internal constant END = type(uint256).max;
    uint256 internal constant MAX_DEPTH = 8;

    uint256 private constant QUOTE = 0x22;
    uint256 private constant BACKSLASH = 0x5c;

    /// @dev 0x7f, 0x80, `"`, `\` and 0xe0 in every byte.
    uint256 private constant LOW_BITS = 0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f;
    uint256 private constant HIGH_BITS = 0x8080808080808080808080808080808080808080808080808080808080808080;
    uint256 private constant QUOTES = 0x2222222222222222222222222222222222222222222222222222222222222222;
    uint256 private constant BACKSLASHES = 0x5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c;
    uint256 private constant NOT_CONTROL = 0xe0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0;
    /// @dev `0`, and 0x80 − 10, in every byte; the lower half of every 16, 32 and 64 bits that matter.
    uint256 private constant ZEROS = 0x3030303030303030303030303030303030303030303030303030303030303030;
    uint256 private constant NOT_DIGIT = 0x7676767676767676767676767676767676767676767676767676767676767676;
    uint256 private constant LANES_16 = 0x00ff00ff00ff00ff00ff00ff00ff00ff;
    uint256 private constant LANES_32 = 0x0000ffff0000ffff0000ffff0000ffff;
    uint256 private constant LANES_64 = 0x00000000ffffffff00000000ffffffff;

    /// @notice A copy of `data` that the other functions can read; `end` is the place behind its last character.
    function load(bytes calldata data) internal pure returns (uint256 start, uint256 end) {
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, data.length)
            calldatacopy(start, data.offset, data.length)
            mstore(end, 0)
            // The word of zeros, and the rest of the one in which the text ends.
            mstore(0x40, and(add(end, 0x3f), not(0x1f)))
        }
    }

    /// @notice Place of the first key of an object that has members.
    function first(uint256 start) internal pure returns (uint256) {
        unchecked {
            return charAt(start) == 0x7b ? skipSpace(start + 1) : 0;
        }
    }

    /// @notice What follows the value that ends before `place`: the place of the next key, or {END}.
    function next(uint256 place, uint256 end) internal pure returns (uint256) {
        unchecked {
            uint256 c = charAt(place);
            if (c <= 0x20) {
                place = skipSpace(place);
                c = charAt(place);
            }
            if (c == 0x2c) return charAt(place + 1) > 0x20 ? place + 1 : skipSpace(place + 1);
            return c == 0x7d && place + 1 == end ? END : 0;
        }
    }

    /// @notice The key at `place`, with its quotes, and the place behind it. One of more than 30 characters is 0.
    function key(uint256 place) internal pure returns (bytes32 name, uint256 end) {
        unchecked {
            bool isPlain;
            (end, isPlain) = skipString(place);
            if (end == 0 || !isPlain) return (0, 0);
            uint256 length = end - place;
            // Characters are not zero: padded with zeros, keys of different lengths differ.
            if (length <= 32) name = wordAt(place) & ~bytes32(type(uint256).max >> (8 * length));
        }
    }

    /// @notice The place of the value whose key ends before `place`.
    function value(uint256 place) internal pure returns (uint256) {
        unchecked {
            if (charAt(place) != 0x3a) {
                place = skipSpace(place);
                if (charAt(place) != 0x3a) return 0;
            }
            return charAt(place + 1) > 0x20 ? place + 1 : skipSpace(place + 1);
        }
    }

    /// @notice The string at `place`: keccak256 of what is between its quotes, and the place behind it.
    /// @dev `end` is 0 if it is none, or has an escape or a character that is not ASCII.
    function plainString(uint256 place) internal pure returns (bytes32 hash, uint256 end) {
        bool isPlain;
        (end, isPlain) = skipString(place);
        if (!isPlain) return (0, 0);
        assembly ("memory-safe") {
            hash := keccak256(add(place, 1), sub(sub(end, place), 2))
        }
    }

    /// @notice The whole number at `place`, of at most 11 digits, and the place behind it.
    /// @dev `end` is 0 if there is none. What follows is for {next} to judge: neither a dot nor an exponent passes.
    ///      Digits are added up in neighbours: by two, four, eight and sixteen.
    function integer(uint256 place) internal pure returns (uint256 amount, uint256 end) {
        unchecked {
            uint256 digits = uint256(wordAt(place)) ^ ZEROS;
            // 0x80 in every byte above 9, which no byte carries into another.
            uint256 count = 32 - _countFrom((((digits & LOW_BITS) + NOT_DIGIT) | digits) & HIGH_BITS);
            if (count == 0 || count > 11 || (count > 1 && charAt(place) == 0x30)) return (0, 0);
            amount = digits >> (256 - 8 * count);
            amount = ((amount >> 8) & LANES_16) * 10 + (amount & LANES_16);
            amount = ((amount >> 16) & LANES_32) * 100 + (amount & LANES_32);
            amount = ((amount >> 32) & LANES_64) * 1e4 + (amount & LANES_64);
            amount = (amount >> 64) * 1e8 + (amount & type(uint64).max);
            end = place + count;
        }
    }

    /// @notice The place behind the value at `place`, whatever it is.
    /// @dev The open brackets are the bits of `open` below its first 1; of these, 1 is an object and 0 an array.
    function skipValue(uint256 place) internal pure returns (uint256 end) {
        unchecked {
            uint256 open = 1;
            while (true) {
                uint256 c = charAt(place);
                bool isOver = true;
                // An object or an array.
                if (c == 0x7b || c == 0x5b) {
                    if (open >> MAX_DEPTH != 0) return 0;
                    open = (open << 1) | (c == 0x7b ? 1 : 0);
                    place = skipSpace(place + 1);
                    isOver = charAt(place) == _closing(open);
                    if (isOver) (open, place) = (open >> 1, place + 1);
                } else {
                    place = _skipScalar(place);
                    if (place == 0) return 0;
                }
                if (isOver) {
                    (open, place) = _close(open, place);
                    if (open == 1) return place;
                    if (charAt(place) != 0x2c) return 0;
                    place = skipSpace(place + 1);
                }
                if (open & 1 == 1) {
                    (place, ) = skipString(place);
                    if (place == 0) return 0;
                    place = value(place);
                    if (place == 0) return 0;
                }
            }
        }
    }

    /// @notice The place behind the string at `place`.
    /// @return end 0 if there is none.
    /// @return isPlain True if it has neither escapes nor characters outside ASCII; false if there is no string.
    function skipString(uint256 place) internal pure returns (uint256 end, bool isPlain) {
        if (charAt(place) != QUOTE) return (0, false);
        isPlain = true;
        unchecked {
            end = place + 1;
            while (true) {
                uint256 found;
                bool isAscii;
                (end, found, isAscii) = _run(end);
                if (!isAscii) isPlain = false;
                if (found == QUOTE) return (end + 1, isPlain);
                end = found == BACKSLASH ? _skipEscape(end) : 0;
                if (end == 0) return (0, false);
                isPlain = false;
            }
        }
    }

    /// @notice The first place from `place` on that is not white space.
    function skipSpace(uint256 place) internal pure returns (uint256 end) {
        unchecked {
            while (true) {
                uint256 c = charAt(place);
                if (c != 0x20 && c != 0x0a && c != 0x0d && c != 0x09) return place;
                ++place;
            }
        }
    }

    /// @notice The character at `place`.
    function charAt(uint256 place) internal pure returns (uint256 c) {
        assembly ("memory-safe") {
            c := byte(0, mload(place))
        }
    }

    /// @notice The 32 characters from `place` on.
    function wordAt(uint256 place) internal pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }

    // ---------------------------------------------------------------- Internal

    /// @dev The first place from `place` on with a quote, a backslash or a character below 0x20, that character, and
    ///      whether all before it are ASCII. Pseudocode:
    ///
    ///      until stops != 0, 32 characters at a time:
    ///          stops = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | zeros(word & NOT_CONTROL)
    ///      zeros(x): 0x80 in every byte of x that is 0, else 0; = ~(((x & LOW_BITS) + LOW_BITS) | x | LOW_BITS), in
    ///      which no byte carries into another. The three have the outer part in common.
    function _run(uint256 place) private pure returns (uint256 end, uint256 found, bool isAscii) {
        uint256 word;
        uint256 stops;
        uint256 others;
        assembly ("memory-safe") {
            for {} 1 {} {
                word := mload(place)
                let x := xor(word, QUOTES)
                let y := xor(word, BACKSLASHES)
                let z := and(word, NOT_CONTROL)
                stops := and(or(add(and(x, LOW_BITS), LOW_BITS), x), or(add(and(y, LOW_BITS), LOW_BITS), y))
                stops := and(stops, or(add(and(z, LOW_BITS), LOW_BITS), z))
                stops := not(or(stops, LOW_BITS))
                if stops {
                    break
                }
                others := or(others, word)
                place := add(place, 32)
            }
            end := place
        }
        unchecked {
            uint256 length = 32 - _countFrom(stops);
            isAscii = (others | (word >> (256 - 8 * length))) & HIGH_BITS == 0;
            end += length;
            found = charAt(end);
        }
    }

    /// @dev Number of bytes from the first that is not 0 to the last, in a word whose bytes are 0x80 or 0. The first
    /// bit runs down into all bytes behind it, which the product then adds up in its highest.
    function _countFrom(uint256 word) private pure returns (uint256) {
        unchecked {
            word |= word >> 8;
            word |= word >> 16;
            word |= word >> 32;
            word |= word >> 64;
            word |= word >> 128;
            return ((word >> 7) * (LOW_BITS / 0x7f)) >> 248;
        }
    }

    /// @dev Closes what is closed at `place`; what is found there then is no bracket that fits.
    function _close(uint256 open, uint256 place) private pure returns (uint256, uint256) {
        unchecked {
            while (open != 1) {
                place = skipSpace(place);
                if (charAt(place) != _closing(open)) break;
                (open, place) = (open >> 1, place + 1);
            }
        }
        return (open, place);
    }

    /// @dev `}` or `]`.
    function _closing(uint256 open) private pure returns (uint256) {
        return open & 1 == 1 ? 0x7d : 0x5d;
    }

    /// @dev The place behind a string, a number or a literal.
    function _skipScalar(uint256 place) private pure returns (uint256 end) {
        unchecked {
            bytes32 word = wordAt(place);
            if (charAt(place) == QUOTE) (end, ) = skipString(place);
            else if (bytes4(word) == "true" || bytes4(word) == "null") end = place + 4;
            else if (bytes5(word) == "false") end = place + 5;
            else end = _skipNumber(place);
        }
    }

    function _skipNumber(uint256 place) private pure returns (uint256) {
        unchecked {
            if (bytes1(wordAt(place)) == "-") ++place;
            uint256 end = _skipDigits(place);
            if (end == place || (end - place > 1 && charAt(place) == 0x30)) return 0;
            if (bytes1(wordAt(end)) == ".") {
                place = end + 1;
                end = _skipDigits(place);
                if (end == place) return 0;
            }
            if (bytes1(wordAt(end)) == "e" || bytes1(wordAt(end)) == "E") {
                place = end + 1;
                bytes1 sign = bytes1(wordAt(place));
                if (sign == "+" || sign == "-") ++place;
                end = _skipDigits(place);
                if (end == place) return 0;
            }
            return end;
        }
    }

    function _skipDigits(uint256 place) private pure returns (uint256) {
        unchecked {
            while (_isDigit(charAt(place))) ++place;
        }
        return place;
    }

    /// @dev The place behind the escape whose backslash is at `place`.
    function _skipEscape(uint256 place) private pure returns (uint256) {
        unchecked {
            bytes1 c = bytes1(wordAt(place + 1));
            if (c == '"' || c == "\\" || c == "/" || c == "b" || c == "f" || c == "n" || c == "r" || c == "t") {
                return place + 2;
            }
            if (c != "u") return 0;
            // Stops at the zeros behind the text.
            for (uint256 i = place + 2; i < place + 6; ++i) {
                uint256 letter = charAt(i) | 0x20;
                if (!_isDigit(charAt(i)) && (letter < 0x61 || letter > 0x66)) return 0;
            }
            return place + 6;
        }
    }

    function _isDigit(uint256 c) private pure returns (bool) {
        return c >= 0x30 && c <= 0x39;
    }
}
