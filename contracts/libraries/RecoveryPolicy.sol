// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title RecoveryPolicy
/// @notice Reads the bytes of a guardians' policy.
/// @dev
/// version 1(1) ‖ salt(32) ‖ options(1) ‖ window hours(2) ‖ freeze hours(1) ‖ tier count(1) ‖ tiers ‖ guardian count(1)
/// ‖ guardians
/// tier(8): weight(2) ‖ kinds(1) ‖ delay seconds(4) ‖ flags(1: bit 0 the owner cannot veto it)
/// guardian: kind(1, 1–31) ‖ weight(1) ‖ flags(1) ‖ valid until(5, 0 = for ever) ‖ length(2) ‖ signer (ERC-7913)
/// The readers trust the layout: {PolicyRules} has checked it, byte for byte, before its hash was stored.
library RecoveryPolicy {
    uint256 internal constant TIER_SIZE = 8;
    uint256 internal constant GUARDIAN_HEAD = 10;
    /// @dev Position of the first tier.
    uint256 internal constant TIERS = 38;

    uint256 internal constant OPTION_INSTANT_SINGLE = 1;
    uint256 internal constant TIER_PROTECTED = 1;

    /// @param weight Sum of guardians' weights it takes.
    /// @param kinds Number of different kinds of guardian it takes.
    /// @param delay Seconds from the start to the execution.
    /// @param isProtected The owner's veto does not stop it.
    struct Tier {
        uint256 weight;
        uint256 kinds;
        uint256 delay;
        bool isProtected;
    }

    /// @param signer Position of the signer's bytes in the policy.
    /// @param end Position after them: the next guardian.
    struct Guardian {
        uint256 kind;
        uint256 weight;
        uint256 flags;
        uint256 validUntil;
        uint256 signer;
        uint256 end;
    }

    function windowHours(bytes calldata policy) internal pure returns (uint256) {
        return uint16(bytes2(policy[34:36]));
    }

    function tierCount(bytes calldata policy) internal pure returns (uint256) {
        return uint8(policy[37]);
    }

    function tierAt(bytes calldata policy, uint256 index) internal pure returns (Tier memory tier) {
        uint256 pos = TIERS + TIER_SIZE * index;
        uint256 word = uint64(bytes8(policy[pos:pos + TIER_SIZE]));
        tier.weight = word >> 48;
        tier.kinds = (word >> 40) & 0xff;
        tier.delay = (word >> 8) & 0xffffffff;
        tier.isProtected = word & TIER_PROTECTED != 0;
    }

    /// @notice Number of guardians and the position of the first.
    function guardians(bytes calldata policy) internal pure returns (uint256 count, uint256 pos) {
        pos = TIERS + TIER_SIZE * tierCount(policy);
        return (uint8(policy[pos]), pos + 1);
    }

    function guardianAt(bytes calldata policy, uint256 pos) internal pure returns (Guardian memory guardian) {
        uint256 word = uint80(bytes10(policy[pos:pos + GUARDIAN_HEAD]));
        guardian.kind = word >> 72;
        guardian.weight = (word >> 64) & 0xff;
        guardian.flags = (word >> 56) & 0xff;
        guardian.validUntil = (word >> 16) & 0xffffffffff;
        guardian.signer = pos + GUARDIAN_HEAD;
        guardian.end = guardian.signer + (word & 0xffff);
    }

    /// @notice Number of bits set in `kinds`.
    function countKinds(uint256 kinds) internal pure returns (uint256 count) {
        for (; kinds != 0; kinds &= kinds - 1) ++count;
    }
}
