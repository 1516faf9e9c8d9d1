// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @dev One word: everything an account knows about itself. From the lowest bit: `implementation` (160), `frozenUntil`
///      (40), `generation` (16), `core` (8), `state` (8); the rest is 0.
type AccountConfig is uint256;

using AccountConfigs for AccountConfig global;

/// @title AccountConfigs
/// @notice Reads and changes the fields of an {AccountConfig}.
/// @dev
/// *Trust*: none.
/// *Checks*: nothing: no field reaches into another.
/// *Not checked*: what a value means.
/// *Storage*: none.
library AccountConfigs {
    /// @dev Bits of `core`: which modules that are part of the system are installed. Bit 2 is reserved for sessions.
    uint256 internal constant PASSKEY_VALIDATOR = 1 << 0;
    uint256 internal constant GUARDIAN_RECOVERY = 1 << 1;
    uint256 internal constant SIGNER_VALIDATOR = 1 << 3;

    /// @dev Bits of `state`: the account is set up; foreign modules were installed in this generation; the account is
    ///      an EOA that delegates its code (EIP-7702).
    uint256 internal constant SET_UP = 1 << 0;
    uint256 internal constant FOREIGN = 1 << 1;
    uint256 internal constant DELEGATED_EOA = 1 << 2;

    uint256 private constant FROZEN_SHIFT = 160;
    uint256 private constant GENERATION_SHIFT = 200;
    uint256 private constant CORE_SHIFT = 216;
    uint256 private constant STATE_SHIFT = 224;

    uint256 private constant FROZEN_MASK = uint256(type(uint40).max) << FROZEN_SHIFT;
    uint256 private constant GENERATION_MASK = uint256(type(uint16).max) << GENERATION_SHIFT;

    /// @notice Code that runs in place of the one the account was created with; 0 = none.
    function implementation(AccountConfig config) internal pure returns (address) {
        return address(uint160(AccountConfig.unwrap(config)));
    }

    /// @notice The account does nothing up to and including this second; 0 = never frozen.
    function frozenUntil(AccountConfig config) internal pure returns (uint256) {
        return (AccountConfig.unwrap(config) & FROZEN_MASK) >> FROZEN_SHIFT;
    }

    /// @notice Foreign modules of other generations have no rights.
    function generation(AccountConfig config) internal pure returns (uint16) {
        return uint16(AccountConfig.unwrap(config) >> GENERATION_SHIFT);
    }

    /// @notice True if the core module with this bit is installed.
    function hasCore(AccountConfig config, uint256 bit) internal pure returns (bool) {
        return (AccountConfig.unwrap(config) >> CORE_SHIFT) & bit != 0;
    }

    function isSetUp(AccountConfig config) internal pure returns (bool) {
        return (AccountConfig.unwrap(config) >> STATE_SHIFT) & SET_UP != 0;
    }

    function hasForeign(AccountConfig config) internal pure returns (bool) {
        return (AccountConfig.unwrap(config) >> STATE_SHIFT) & FOREIGN != 0;
    }

    function withImplementation(AccountConfig config, address value) internal pure returns (AccountConfig) {
        uint256 rest = AccountConfig.unwrap(config) & ~uint256(type(uint160).max);
        return AccountConfig.wrap(rest | uint160(value));
    }

    function withFrozenUntil(AccountConfig config, uint40 value) internal pure returns (AccountConfig) {
        uint256 rest = AccountConfig.unwrap(config) & ~FROZEN_MASK;
        return AccountConfig.wrap(rest | (uint256(value) << FROZEN_SHIFT));
    }

    /// @dev Starts again at 0 after 65,535: a recovery must never fail, and nobody recovers so often.
    function withNextGeneration(AccountConfig config) internal pure returns (AccountConfig) {
        uint256 rest = AccountConfig.unwrap(config) & ~GENERATION_MASK;
        uint256 next = (uint256(config.generation()) + 1) & type(uint16).max;
        return AccountConfig.wrap(rest | (next << GENERATION_SHIFT));
    }

    function withCore(AccountConfig config, uint256 bits) internal pure returns (AccountConfig) {
        return AccountConfig.wrap(AccountConfig.unwrap(config) | (bits << CORE_SHIFT));
    }

    function withoutCore(AccountConfig config, uint256 bits) internal pure returns (AccountConfig) {
        return AccountConfig.wrap(AccountConfig.unwrap(config) & ~(bits << CORE_SHIFT));
    }

    function withState(AccountConfig config, uint256 bits) internal pure returns (AccountConfig) {
        return AccountConfig.wrap(AccountConfig.unwrap(config) | (bits << STATE_SHIFT));
    }

    function withoutState(AccountConfig config, uint256 bits) internal pure returns (AccountConfig) {
        return AccountConfig.wrap(AccountConfig.unwrap(config) & ~(bits << STATE_SHIFT));
    }
}
