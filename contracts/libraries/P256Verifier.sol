// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @title P256Verifier
/// @notice ECDSA on P-256, by the precompile of EIP-7951 / RIP-7212 or by OpenZeppelin's Solidity code.
/// @dev
/// *Trust*: none. Which of the two is used is settled by the deploying contract once, by {selfTest}; no input selects
/// it.
/// *Checks*: 0 < r < n, 0 < s ≤ n/2, x < p and y < p on both paths, because RIP-7212 chains differ in what they check.
/// *Not checked*: that (x, y) is on the curve where the precompile is used: keys are checked when they are registered,
/// and
/// the precompile itself refuses others (EIP-7951).
/// *Storage*: none.
library P256Verifier {
    /// @dev The gas the self-test needs on a chain without the precompile, with room to spare.
    uint256 internal constant SELF_TEST_GAS = 1_000_000;

    uint256 private constant P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;
    uint256 private constant N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;
    uint256 private constant HALF_N = 0x7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8;

    /// @notice Too little gas to tell whether the precompile exists.
    error SelfTestNeedsGas(uint256 seen, uint256 wanted);

    /// @notice Neither the precompile nor the Solidity code gives the right answers on this chain.
    error SelfTestFailed();

    /// @notice True if (r, s) is a low-s signature by (x, y) over `hash`.
    function verify(
        bytes32 hash,
        uint256 r,
        uint256 s,
        uint256 x,
        uint256 y,
        bool precompile
    ) internal view returns (bool) {
        if (r == 0 || r >= N || s == 0 || s > HALF_N || x >= P || y >= P) return false;
        if (precompile) return _native(hash, r, s, x, y);
        return P256.verifySolidity(hash, bytes32(r), bytes32(s), bytes32(x), bytes32(y));
    }

    /// @notice True if the precompile answers one good and one bad signature correctly; false if the Solidity code
    ///      does.
    /// @dev Reverts with {SelfTestNeedsGas} below SELF_TEST_GAS and with {SelfTestFailed} if neither works.
    function selfTest() internal view returns (bool precompile) {
        if (gasleft() < SELF_TEST_GAS) revert SelfTestNeedsGas(gasleft(), SELF_TEST_GAS);
        if (_answers(true)) return true;
        if (!_answers(false)) revert SelfTestFailed();
        return false;
    }

    /// @dev One signature by a key made for this test, and the same with another hash.
    function _answers(bool precompile) private view returns (bool) {
        bytes32 hash = 0x67ab04d2f72db4fb6e4679a41afe510d07289bc4c2c58c2b84e76945c0d543df;
        uint256 r = 0xe2da3e7bfdda22de549f23fba9d5724b1bcc679b72868a9f5223f0344fa6b5fe;
        uint256 s = 0x01f22d426b8c9d8e119bbc3b6ccb1bce6cff881ce6a53f4129a9dc5057287dec;
        uint256 x = 0xbcb19f0fd72435b41ee847a9365461d715908f48bd9dfa3ab88085c0e08b6bbd;
        uint256 y = 0x429e9b819a4c8e74c5acb9fd151f156027cf1209eeb76bda0c784bccd993deac;
        return verify(hash, r, s, x, y, precompile) && !verify(~hash, r, s, x, y, precompile);
    }

    /// @dev P256VERIFY answers 32 bytes holding 1 for a good signature and nothing for any other. Pseudocode:
    ///      return staticcall(0x100, hash ‖ r ‖ s ‖ x ‖ y) == uint256(1)
    ///      The scratch word is cleared first: an empty answer leaves it as it is.
    function _native(bytes32 hash, uint256 r, uint256 s, uint256 x, uint256 y) private view returns (bool valid) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, hash)
            mstore(add(input, 0x20), r)
            mstore(add(input, 0x40), s)
            mstore(add(input, 0x60), x)
            mstore(add(input, 0x80), y)
            mstore(0x00, 0)
            let success := staticcall(gas(), 0x100, input, 0xa0, 0x00, 0x20)
            valid := and(and(success, eq(returndatasize(), 0x20)), eq(mload(0x00), 1))
        }
    }
}
