// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @notice A passkey as the contracts know it: everything an assertion is checked against.
/// @param x Public key, affine x, below the field prime of P-256.
/// @param y Public key, affine y.
/// @param rpIdHash SHA-256 of the relying party id the passkey belongs to.
/// @param originsHash keccak256 of the concatenated keccak256 hashes of the 1–4 allowed origins, in the order given.
/// @param flags Rules, see FLAG_*; other bits are zero.
/// @param idHash keccak256 of the credential id. For look-up only: it is not part of the commitment.
struct Credential {
    uint256 x;
    uint256 y;
    bytes32 rpIdHash;
    bytes32 originsHash;
    uint8 flags;
    bytes32 idHash;
}

/// @dev User verification (biometrics, PIN) is required, not only user presence.
uint8 constant FLAG_USER_VERIFICATION = 1;
/// @dev Assertions made inside a cross-origin frame are accepted.
uint8 constant FLAG_CROSS_ORIGIN = 2;

using CredentialLib for Credential global;

/// @title CredentialLib
/// @notice The two things one does with a credential before it is stored: check it and commit to it.
library CredentialLib {
    /// @dev keccak256("Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32
    ///      idHash)")
    bytes32 internal constant TYPEHASH = keccak256(
        "Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)"
    );

    /// @notice True when a key could sign for it: on the curve, bound to a relying party and origins, known flags only.
    function isWellFormed(Credential memory credential) internal pure returns (bool) {
        return
            credential.rpIdHash != 0 &&
            credential.originsHash != 0 &&
            credential.flags <= (FLAG_USER_VERIFICATION | FLAG_CROSS_ORIGIN) &&
            P256.isValidPublicKey(bytes32(credential.x), bytes32(credential.y));
    }

    /// @notice keccak256(x ‖ y ‖ rpIdHash ‖ originsHash ‖ flags), 129 bytes hashed.
    function commitment(Credential memory credential) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encodePacked(
                    credential.x,
                    credential.y,
                    credential.rpIdHash,
                    credential.originsHash,
                    credential.flags
                )
            );
    }

    /// @notice EIP-712 struct hash.
    function structHash(Credential memory credential) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    TYPEHASH,
                    credential.x,
                    credential.y,
                    credential.rpIdHash,
                    credential.originsHash,
                    credential.flags,
                    credential.idHash
                )
            );
    }
}
