// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Base64Url
/// @notice RFC 4648 §5 without padding: the challenge of a WebAuthn assertion, the parts of a token.
/// @dev Works on all lanes of a word at once instead of looping over 43 characters; compared with OpenZeppelin's
///      encoder
///      by differential fuzzing.
library Base64Url {
    /// @dev 1 in every byte.
    uint256 private constant ONES = 0x0101010101010101010101010101010101010101010101010101010101010101;

    /// @notice 43 characters: 32 in `head`, 11 at the start of `tail`, whose other bytes mean nothing.
    function encode(bytes32 data) internal pure returns (bytes32 head, bytes32 tail) {
        uint256 bits = uint256(data);
        head = _characters(bits >> 64);
        // The last 64 bits at the top of the 192 that fill a word: 10 characters, and 4 bits that two zeros complete.
        tail = _characters((bits & type(uint64).max) << 128);
    }

    /// @notice Writes the bytes in memory from `start` to before `end` to the place `to`.
    /// @dev 24 zeros follow them, and 31 bytes behind what is written are free to be used: it is written in words of 32
    ///      characters, of which the last may hold more than what is left.
    function write(uint256 start, uint256 end, uint256 to) internal pure {
        unchecked {
            for (; start < end; start += 24) {
                uint256 bits;
                assembly ("memory-safe") {
                    bits := shr(64, mload(start))
                }
                bytes32 characters = _characters(bits);
                assembly ("memory-safe") {
                    mstore(to, characters)
                }
                to += 32;
            }
        }
    }

    /// @notice Number of characters that `length` bytes take.
    function sizeOf(uint256 length) internal pure returns (uint256) {
        unchecked {
            return (4 * length + 2) / 3;
        }
    }

    /// @dev 192 bits → 32 characters.
    function _characters(uint256 v) private pure returns (bytes32) {
        unchecked {
            // Spread 192 bits over 32 bytes, six in each, by halving the lanes five times.
            // prettier-ignore
            {
                v = ((v & 0x0000000000000000ffffffffffffffffffffffff000000000000000000000000) << 32)
                  |  (v & 0x0000000000000000000000000000000000000000ffffffffffffffffffffffff);
                v = ((v & 0x00000000ffffffffffff00000000000000000000ffffffffffff000000000000) << 16)
                  |  (v & 0x00000000000000000000ffffffffffff00000000000000000000ffffffffffff);
                v = ((v & 0x0000ffffff0000000000ffffff0000000000ffffff0000000000ffffff000000) << 8)
                  |  (v & 0x0000000000ffffff0000000000ffffff0000000000ffffff0000000000ffffff);
                v = ((v & 0x00fff00000fff00000fff00000fff00000fff00000fff00000fff00000fff000) << 4)
                  |  (v & 0x00000fff00000fff00000fff00000fff00000fff00000fff00000fff00000fff);
                v = ((v & 0x0fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc0) << 2)
                  |  (v & 0x003f003f003f003f003f003f003f003f003f003f003f003f003f003f003f003f);
            }
            // 0–25 'A'…, 26–51 'a'…, 52–61 '0'…, 62 '-', 63 '_'. Every lane stays within 0–127, so none borrows or
            // carries.
            uint256 c = v + 65 * ONES + 6 * _atLeast(v, 26) + 49 * _atLeast(v, 63);
            return bytes32(c - 75 * _atLeast(v, 52) - 13 * _atLeast(v, 62));
        }
    }

    /// @dev 1 in every byte of `v` that is at least `bound`; bytes of `v` are below 64.
    function _atLeast(uint256 v, uint256 bound) private pure returns (uint256) {
        unchecked {
            return ((v + (128 - bound) * ONES) >> 7) & ONES;
        }
    }
}
