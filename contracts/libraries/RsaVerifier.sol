// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title RsaVerifier
/// @notice RSASSA-PKCS1-v1_5 with SHA-256 and exponent 65537 (RFC 8017 §8.2.2; RS256 of RFC 7518), by the precompile
///         MODEXP.
/// @dev
/// *Trust*: MODEXP at 0x05, which {selfTest} tries once, at deployment.
/// *Checks*: a modulus of 2048, 3072 or 4096 bits; signature as long as the modulus and below it; the whole encoded
/// message, which has one form only: parameters NULL present, padding as long as there is room.
/// *Not checked*: that the modulus is odd and a product of two primes: whoever registers a key looks at it.
/// *Storage*: none.
library RsaVerifier {
    /// @dev 00 01 and padding.
    bytes32 private constant FIRST = 0x0001ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff;
    bytes32 private constant PADDING = bytes32(type(uint256).max);
    /// @dev Padding, a zero, and SEQUENCE { SEQUENCE { OID sha256, NULL }, OCTET STRING (32) } up to the hash.
    bytes32 private constant LAST_BUT_ONE = 0xffffffffffffffffffffffff003031300d060960864801650304020105000420;

    /// @notice This chain has no MODEXP.
    error ModexpMissing();

    /// @notice True if a modulus may have this many bytes.
    function isSize(uint256 length) internal pure returns (bool) {
        return length == 256 || length == 384 || length == 512;
    }

    /// @notice True if `signature` is one over `hash` by the key with modulus `n`.
    function verify(bytes32 hash, bytes calldata signature, bytes calldata n) internal view returns (bool) {
        if (!isSize(n.length) || signature.length != n.length || !_isBelow(signature, n)) return false;
        bytes32[] memory message = _power(signature, n);
        uint256 words = n.length / 32;
        if (message.length != words) return false;
        if (message[0] != FIRST || message[words - 2] != LAST_BUT_ONE || message[words - 1] != hash) return false;
        for (uint256 i = 1; i < words - 2; ++i) {
            if (message[i] != PADDING) return false;
        }
        return true;
    }

    /// @notice Reverts with {ModexpMissing} on a chain where {computes} is false.
    function selfTest() internal view {
        if (!computes(address(0x05))) revert ModexpMissing();
    }

    /// @notice True if what is at `modexp` finds that 2^65537 mod 2^2047 − 1 is 2^33.
    function computes(address modexp) internal view returns (bool) {
        bytes memory input = abi.encodePacked(
            abi.encode(256, 3, 256),
            new bytes(255),
            bytes1(0x02),
            hex"010001",
            bytes32(type(uint256).max >> 1),
            abi.encode(PADDING, PADDING, PADDING, PADDING, PADDING, PADDING, PADDING)
        );
        (bool success, bytes memory answer) = modexp.staticcall(input);
        return success && keccak256(answer) == keccak256(abi.encodePacked(new bytes(224), uint256(1) << 33));
    }

    /// @dev Compares two numbers of one length.
    function _isBelow(bytes calldata a, bytes calldata b) private pure returns (bool) {
        for (uint256 i = 0; i < a.length; i += 32) {
            bytes32 left = bytes32(a[i:i + 32]);
            bytes32 right = bytes32(b[i:i + 32]);
            if (left != right) return left < right;
        }
        return false;
    }

    /// @dev base^65537 mod n in words; none if the precompile does not answer with as many bytes as `n` has.
    ///      The exponent takes three bytes: MODEXP's price grows with its length, leading zeros included (EIP-7883).
    function _power(bytes calldata base, bytes calldata n) private view returns (bytes32[] memory words) {
        assembly ("memory-safe") {
            let size := n.length
            words := mload(0x40)
            let result := add(words, 0x20)
            // The input goes where the result will be and further; both are behind the free memory pointer.
            mstore(result, size)
            mstore(add(result, 0x20), 3)
            mstore(add(result, 0x40), size)
            let cursor := add(result, 0x60)
            calldatacopy(cursor, base.offset, size)
            cursor := add(cursor, size)
            mstore(cursor, shl(232, 0x010001))
            cursor := add(cursor, 3)
            calldatacopy(cursor, n.offset, size)
            let success := staticcall(gas(), 0x05, result, add(0x63, add(size, size)), result, size)
            success := and(success, eq(returndatasize(), size))
            mstore(words, mul(success, shr(5, size)))
            mstore(0x40, add(result, size))
        }
    }
}
