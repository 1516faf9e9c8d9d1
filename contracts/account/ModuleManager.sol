// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC7579Module, IERC7579ModuleConfig} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRekeyAccount} from "../interfaces/IRekeyAccount.sol";

/// @title ModuleManager
/// @notice The modules of an account: two that are part of it, and foreign ones of the current generation.
/// @dev
/// *Trust*: callers (RekeyAccount) have checked who asks.
/// *Checks*: type and code of a module, that it is not there yet or is there.
/// *Not checked*: what a module does.
/// *Storage*: ERC-7201 `rekey.account.config`: `implementation` (160, reserved for upgrades) | `frozenUntil` (40,
/// reserved)
/// | `generation` (16) | `setUp` (8) | `foreign` (8); then the foreign modules by generation, so that a recovery throws
/// all
/// of them out by counting up, without calling any.
abstract contract ModuleManager is IRekeyAccount, IERC7579ModuleConfig {
    uint256 internal constant TYPE_VALIDATOR = 1;
    uint256 internal constant TYPE_EXECUTOR = 2;
    uint256 internal constant TYPE_FALLBACK = 3;

    /// @dev keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant CONFIG_SLOT =
        keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff));

    address internal immutable PASSKEY_VALIDATOR;
    address internal immutable GUARDIAN_RECOVERY;

    /// @custom:storage-location erc7201:rekey.account.config
    struct Config {
        address implementation;
        uint40 frozenUntil;
        uint16 generation;
        bool setUp;
        bool foreign; // foreign modules were installed in this generation
        mapping(uint16 generation => mapping(uint256 moduleTypeId => mapping(address module => bool))) installed;
        mapping(uint16 generation => mapping(bytes4 selector => address handler)) handlers;
        mapping(uint16 generation => mapping(address handler => uint256 selectors)) handlerUses;
    }

    constructor(address passkeyValidator, address guardianRecovery) {
        PASSKEY_VALIDATOR = passkeyValidator;
        GUARDIAN_RECOVERY = guardianRecovery;
    }

    /// @inheritdoc IRekeyAccount
    function isSetUp() external view returns (bool) {
        return _config().setUp;
    }

    /// @inheritdoc IRekeyAccount
    function generation() external view returns (uint16) {
        return _config().generation;
    }

    /// @inheritdoc IRekeyAccount
    function isModule(address module) external view returns (bool) {
        return
            module == address(this) ||
            module == PASSKEY_VALIDATOR ||
            module == GUARDIAN_RECOVERY ||
            _isForeign(TYPE_VALIDATOR, module) ||
            _isForeign(TYPE_EXECUTOR, module) ||
            _config().handlerUses[_config().generation][module] != 0;
    }

    /// @inheritdoc IERC7579ModuleConfig
    /// @param additionalContext For a fallback handler: the selector (4 bytes).
    function isModuleInstalled(
        uint256 moduleTypeId,
        address module,
        bytes calldata additionalContext
    ) external view returns (bool) {
        if (moduleTypeId != TYPE_FALLBACK) return _isInstalled(moduleTypeId, module);
        return additionalContext.length == 4 && module != address(0) && _handler(bytes4(additionalContext)) == module;
    }

    /// @notice Accepts ERC-721 and ERC-1155 tokens.
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return IERC721Receiver.onERC721Received.selector;
    }

    /// @notice See {onERC721Received}.
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return IERC1155Receiver.onERC1155Received.selector;
    }

    /// @notice See {onERC721Received}.
    function onERC1155BatchReceived(
        address,
        address,
        uint256[] calldata,
        uint256[] calldata,
        bytes calldata
    ) external pure returns (bytes4) {
        return IERC1155Receiver.onERC1155BatchReceived.selector;
    }

    function _config() internal pure returns (Config storage $) {
        bytes32 slot = CONFIG_SLOT;
        assembly ("memory-safe") {
            $.slot := slot
        }
    }

    /// @dev Validators and executors.
    function _isInstalled(uint256 moduleTypeId, address module) internal view returns (bool) {
        if (moduleTypeId == TYPE_VALIDATOR && module == PASSKEY_VALIDATOR) return _config().setUp;
        if (moduleTypeId == TYPE_EXECUTOR && module == GUARDIAN_RECOVERY) return _config().setUp;
        return _isForeign(moduleTypeId, module);
    }

    /// @dev The module is called first and written last, so that it has its rights only when it is complete. One that
    ///      is there already, before or after the call, is refused.
    function _installModule(uint256 moduleTypeId, address module, bytes calldata initData) internal {
        Config storage config = _config();
        if (!config.setUp) revert NotSetUp();
        if (module == PASSKEY_VALIDATOR || module == GUARDIAN_RECOVERY) revert CoreModule(module);
        if (!_takes(moduleTypeId, module)) revert UnsupportedModule(moduleTypeId, module);
        if (moduleTypeId == TYPE_FALLBACK) {
            (bytes4 selector, bytes calldata data) = _splitSelector(module, initData);
            if (_handler(selector) != address(0)) revert ModuleState(moduleTypeId, module, true);
            IERC7579Module(module).onInstall(data);
            if (_handler(selector) != address(0)) revert ModuleState(moduleTypeId, module, true);
            config.handlers[config.generation][selector] = module;
            ++config.handlerUses[config.generation][module];
        } else {
            if (_isForeign(moduleTypeId, module)) revert ModuleState(moduleTypeId, module, true);
            IERC7579Module(module).onInstall(initData);
            if (_isForeign(moduleTypeId, module)) revert ModuleState(moduleTypeId, module, true);
            config.installed[config.generation][moduleTypeId][module] = true;
        }
        if (!config.foreign) config.foreign = true;
        emit ModuleInstalled(moduleTypeId, module);
    }

    function _uninstallModule(uint256 moduleTypeId, address module, bytes calldata deInitData) internal {
        Config storage config = _config();
        if (!config.setUp) revert NotSetUp();
        if (module == PASSKEY_VALIDATOR || module == GUARDIAN_RECOVERY) revert CoreModule(module);
        uint16 current = config.generation;
        if (moduleTypeId == TYPE_FALLBACK) {
            (bytes4 selector, bytes calldata data) = _splitSelector(module, deInitData);
            if (config.handlers[current][selector] != module) revert ModuleState(moduleTypeId, module, false);
            config.handlers[current][selector] = address(0);
            --config.handlerUses[current][module];
            deInitData = data;
        } else {
            if (!_isForeign(moduleTypeId, module)) revert ModuleState(moduleTypeId, module, false);
            config.installed[current][moduleTypeId][module] = false;
        }
        IERC7579Module(module).onUninstall(deInitData);
        emit ModuleUninstalled(moduleTypeId, module);
    }

    /// @dev A new generation: foreign modules lose their rights without being called.
    function _purgeForeignModules() internal {
        Config storage config = _config();
        if (!config.foreign) return;
        config.foreign = false;
        emit ModulesPurged(++config.generation);
    }

    /// @dev Passes the call on to its handler with the caller appended, and returns or reverts with its answer.
    function _handleFallback() internal {
        address handler = _handler(msg.sig);
        if (handler == address(0) || msg.data.length < 4) revert UnknownSelector(msg.sig);
        (bool success, bytes memory answer) = handler.call{value: msg.value}(abi.encodePacked(msg.data, msg.sender));
        assembly ("memory-safe") {
            if iszero(success) {
                revert(add(answer, 0x20), mload(answer))
            }
            return(add(answer, 0x20), mload(answer))
        }
    }

    function _isForeign(uint256 moduleTypeId, address module) private view returns (bool) {
        Config storage config = _config();
        return config.installed[config.generation][moduleTypeId][module];
    }

    function _handler(bytes4 selector) private view returns (address) {
        Config storage config = _config();
        return config.handlers[config.generation][selector];
    }

    function _takes(uint256 moduleTypeId, address module) private view returns (bool) {
        return
            moduleTypeId >= TYPE_VALIDATOR &&
            moduleTypeId <= TYPE_FALLBACK &&
            module.code.length != 0 &&
            IERC7579Module(module).isModuleType(moduleTypeId);
    }

    function _splitSelector(
        address module,
        bytes calldata data
    ) private pure returns (bytes4 selector, bytes calldata rest) {
        if (data.length < 4) revert UnsupportedModule(TYPE_FALLBACK, module);
        return (bytes4(data), data[4:]);
    }
}
