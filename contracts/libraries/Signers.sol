// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Signers
/// @notice Which ERC-7913 signers can be guardians.
library Signers {
    uint256 internal constant MAX_SIGNER = 256;

    /// @notice True if the length is one of an address (20) or of a verifier and its key (21–256).
    function isLength(bytes calldata signer) internal pure returns (bool) {
        return signer.length >= 20 && signer.length <= MAX_SIGNER;
    }

    /// @notice True if `signer` can be a guardian of `account`.
    /// @dev Precompiles and the zero address can neither sign nor verify. The account is not its own guardian, nor the
    ///      verifier of a key: it would answer with whatever fallback handler it has. Contracts of the system are none
    ///      either, except the last of `core`, RecoveryCodeVerifier, as the verifier of a key.
    function isAllowed(bytes calldata signer, address account, address[] memory core) internal pure returns (bool) {
        if (!isLength(signer)) return false;
        address first = address(bytes20(signer));
        if (uint160(first) <= 0xffff || first == account) return false;
        uint256 last = core.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (first == core[i]) return false;
        }
        return first != core[last] || signer.length > 20;
    }
}
