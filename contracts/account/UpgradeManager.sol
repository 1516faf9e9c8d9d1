// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IGuardianRecovery} from "../interfaces/IGuardianRecovery.sol";
import {IRecoveryTypes} from "../interfaces/IRecoveryTypes.sol";
import {IRekeyAccount} from "../interfaces/IRekeyAccount.sol";
import {AccountConfig} from "./AccountConfig.sol";

/// @title UpgradeManager
/// @notice The account's storage, which code it runs, and when it stands still.
/// @dev
/// *Trust*: callers (RekeyAccount) have checked who asks. Code that replaces this one is the account: it can do
/// anything, to this storage too, until a recovery in a transaction of its own brings this code back.
/// *Checks*: that other code exists and that GuardianRecovery lets it come.
/// *Not checked*: what other code does, and that it keeps this storage as it is.
/// *Storage*: ERC-7201 `rekey.account.config`: one word {AccountConfig}, then the foreign modules, see {ModuleManager}.
/// There is no proxy slot: every external function begins with the word, which it reads anyway, and passes the call on
/// if the word names other code. Some do not, so that other code cannot stand in the way of a recovery nor hide that it
/// is there: recover, freeze, setup, genesis, isSetUp, generation, implementation, frozenUntil, and
/// isModuleInstalled and isModule as far as the system's own modules go; nor does the receipt of ETH and tokens. One
/// transient word: the time of a recovery or freeze in this transaction.
abstract contract UpgradeManager is IRekeyAccount {
    /// @dev keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x25236106c3cc12c1546a5be656513cdda23006dd68aae2fd13f34c7aafa3cf00;
    address private immutable SELF = address(this);
    address internal immutable GUARDIAN_RECOVERY;

    uint256 private transient _haltedAt;

    /// @custom:storage-location erc7201:rekey.account.config
    struct AccountStorage {
        AccountConfig config;
        mapping(uint16 generation => mapping(uint256 moduleTypeId => mapping(address module => bool))) installed;
        mapping(uint16 generation => mapping(bytes4 selector => address handler)) handlers;
        mapping(uint16 generation => mapping(address handler => uint256 selectors)) handlerUses;
    }

    constructor(address guardianRecovery) {
        GUARDIAN_RECOVERY = guardianRecovery;
    }

    /// @inheritdoc IRekeyAccount
    function isSetUp() external view returns (bool) {
        return _config().isSetUp();
    }

    /// @inheritdoc IRekeyAccount
    function generation() external view returns (uint16) {
        return _config().generation();
    }

    /// @inheritdoc IRekeyAccount
    function implementation() external view returns (address) {
        address other = _config().implementation();
        return other == address(0) ? SELF : other;
    }

    /// @inheritdoc IRekeyAccount
    function frozenUntil() external view returns (uint40) {
        return uint40(_config().frozenUntil());
    }

    function _storage() internal pure returns (AccountStorage storage $) {
        bytes32 slot = STORAGE_SLOT;
        assembly ("memory-safe") {
            $.slot := slot
        }
    }

    function _config() internal view returns (AccountConfig) {
        return _storage().config;
    }

    function _setConfig(AccountConfig config) internal {
        _storage().config = config;
    }

    // ---------------------------------------------------------------- Other code

    /// @dev Every external function begins with this. It does not come back if the account runs other code: that code
    ///      has answered then. Other code made of this contract finds its own address there, and goes on.
    function _enter() internal returns (AccountConfig config) {
        config = _config();
        address other = config.implementation();
        if (other != address(0) && other != SELF) _passOn(other);
    }

    /// @dev {_enter} for view functions. The compiler knows no delegatecall that may not write; a caller's staticcall
    ///      does.
    function _enterView() internal view returns (AccountConfig) {
        function() internal returns (AccountConfig) enter = _enter;
        function() internal view returns (AccountConfig) enterView;
        assembly ("memory-safe") {
            enterView := enter
        }
        return enterView();
    }

    function _upgradeTo(AccountConfig config, address other) internal {
        if (!config.isSetUp()) revert NotSetUp();
        if (other.code.length == 0) revert NotAnImplementation(other);
        IGuardianRecovery(GUARDIAN_RECOVERY).consume(IRecoveryTypes.ChangeKind.Upgrade, other);
        _setConfig(config.withImplementation(other));
        emit Upgraded(other);
    }

    /// @dev Pseudocode: return or revert with the answer of delegatecall(other, msg.data)
    function _passOn(address other) private {
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, 0, calldatasize())
            let success := delegatecall(gas(), other, data, calldatasize(), 0x00, 0x00)
            returndatacopy(data, 0, returndatasize())
            if iszero(success) {
                revert(data, returndatasize())
            }
            return(data, returndatasize())
        }
    }

    // ---------------------------------------------------------------- Standing still

    /// @dev True up to and including the last second of a freeze, as the EntryPoint reads `validAfter`. Reads the clock
    ///      only if there ever was one.
    function _isFrozen(AccountConfig config) internal view returns (bool) {
        uint256 until = config.frozenUntil();
        return until != 0 && block.timestamp <= until;
    }

    /// @dev Whatever was allowed before a recovery or a freeze has no effect after it: neither the rest of a batch that
    ///      delivered it, nor another operation of the same bundle, which the EntryPoint validated before. All of these
    ///      are one transaction, and its time is the same throughout.
    function _halt() internal {
        _haltedAt = block.timestamp;
    }

    /// @dev Every command of the account ends with this.
    function _requireNotHalted() internal view {
        if (_haltedAt == block.timestamp) revert Halted();
    }
}
