// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A tier as it stands in the policy: the top 8 bytes of the word.
type Tier is uint256;

/// @notice The head of a guardian as it stands in the policy: the top 10 bytes of the word; the signer follows.
type Guardian is uint256;

using RecoveryPolicy for Tier global;
using RecoveryPolicy for Guardian global;

/// @title RecoveryPolicy
/// @notice Reads the bytes of a guardians' policy.
/// @dev
/// version 1(1) ‖ salt(32) ‖ options(1) ‖ window hours(2) ‖ freeze hours(1) ‖ tier count(1) ‖ tiers ‖ guardian count(1)
/// ‖ guardians
/// tier(8): weight(2) ‖ kinds(1) ‖ delay seconds(4) ‖ flags(1: bit 0 the owner cannot veto it)
/// guardian: kind(1, 1–31) ‖ weight(1) ‖ flags(1: bit 0 hidden, bit 1 its vote rests on evidence) ‖ valid until(5,
/// 0 = for ever) ‖ length(2) ‖ signer (ERC-7913; of a hidden one 32 bytes, keccak256(its own salt ‖ signer))
/// The readers trust the layout: {PolicyRules} has checked it, byte for byte, before its hash was stored.
library RecoveryPolicy {
    uint256 internal constant TIER_SIZE = 8;
    uint256 internal constant GUARDIAN_HEAD = 10;
    /// @dev Position of the first tier.
    uint256 internal constant TIERS = 38;

    uint256 internal constant OPTION_INSTANT_SINGLE = 1;
    uint256 internal constant TIER_PROTECTED = 1;
    uint256 internal constant GUARDIAN_HIDDEN = 1;
    uint256 internal constant GUARDIAN_EVIDENCE = 2;

    function windowHours(bytes calldata policy) internal pure returns (uint256) {
        return uint16(bytes2(policy[34:36]));
    }

    function freezeHours(bytes calldata policy) internal pure returns (uint256) {
        return uint8(policy[36]);
    }

    function tierCount(bytes calldata policy) internal pure returns (uint256) {
        return uint8(policy[37]);
    }

    function tierAt(bytes calldata policy, uint256 index) internal pure returns (Tier) {
        return Tier.wrap(_word(policy, TIERS + TIER_SIZE * index));
    }

    /// @notice Sum of guardians' weights it takes.
    function weight(Tier tier) internal pure returns (uint256) {
        return Tier.unwrap(tier) >> 240;
    }

    /// @notice Number of different kinds of guardian it takes.
    function kinds(Tier tier) internal pure returns (uint256) {
        return (Tier.unwrap(tier) >> 232) & 0xff;
    }

    /// @notice Seconds from the start to the execution.
    function delay(Tier tier) internal pure returns (uint256) {
        return (Tier.unwrap(tier) >> 200) & 0xffffffff;
    }

    function flags(Tier tier) internal pure returns (uint256) {
        return (Tier.unwrap(tier) >> 192) & 0xff;
    }

    /// @notice True if the owner's veto does not stop it.
    function isProtected(Tier tier) internal pure returns (bool) {
        return tier.flags() & TIER_PROTECTED != 0;
    }

    /// @notice Number of guardians and the position of the first.
    function guardians(bytes calldata policy) internal pure returns (uint256 count, uint256 pos) {
        pos = TIERS + TIER_SIZE * tierCount(policy);
        return (uint8(policy[pos]), pos + 1);
    }

    function guardianAt(bytes calldata policy, uint256 pos) internal pure returns (Guardian) {
        return Guardian.wrap(_word(policy, pos));
    }

    function kind(Guardian guardian) internal pure returns (uint256) {
        return Guardian.unwrap(guardian) >> 248;
    }

    function weight(Guardian guardian) internal pure returns (uint256) {
        return (Guardian.unwrap(guardian) >> 240) & 0xff;
    }

    function flags(Guardian guardian) internal pure returns (uint256) {
        return (Guardian.unwrap(guardian) >> 232) & 0xff;
    }

    /// @notice True if the policy has only a commitment to the signer.
    function isHidden(Guardian guardian) internal pure returns (bool) {
        return guardian.flags() & GUARDIAN_HIDDEN != 0;
    }

    /// @notice True if its vote counts only as long as what it rests on holds, see {IEvidenceVerifier}.
    function givesEvidence(Guardian guardian) internal pure returns (bool) {
        return guardian.flags() & GUARDIAN_EVIDENCE != 0;
    }

    /// @notice Seconds since 1970 after which it does not count any more; 0 = for ever.
    function validUntil(Guardian guardian) internal pure returns (uint256) {
        return (Guardian.unwrap(guardian) >> 192) & 0xffffffffff;
    }

    /// @notice Bytes from the guardian's first to the one after its signer.
    function size(Guardian guardian) internal pure returns (uint256) {
        return GUARDIAN_HEAD + ((Guardian.unwrap(guardian) >> 176) & 0xffff);
    }

    /// @notice Number of bits set in `bitmap`.
    function countKinds(uint256 bitmap) internal pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }

    /// @dev The word at `pos`; what lies past the end of the policy is not looked at by callers.
    function _word(bytes calldata policy, uint256 pos) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(policy.offset, pos))
        }
    }
}
