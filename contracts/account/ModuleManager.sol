// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7579Module, IERC7579ModuleConfig} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {AccountConfig, AccountConfigs} from "./AccountConfig.sol";
import {UpgradeManager} from "./UpgradeManager.sol";
import {IRekeyAccount} from "../interfaces/IRekeyAccount.sol";

/// @title ModuleManager
/// @notice The modules of an account: those of the system, and foreign ones of the current generation.
/// @dev
/// *Trust*: callers (RekeyAccount) have checked who asks. The system's own modules, whose addresses are fixed.
/// *Checks*: type and code of a module, that it is not there yet or is there. PasskeyValidator stays for ever;
/// GuardianRecovery leaves if it agrees; SignerValidator comes and goes.
/// *Not checked*: what a foreign module does. It is called with its rights taken away already, or not given yet.
/// *Storage*: see {UpgradeManager}. Foreign modules are kept by generation, so that a recovery throws all of them out
/// by counting up, without calling any.
abstract contract ModuleManager is UpgradeManager, IERC7579ModuleConfig {
    uint256 internal constant TYPE_VALIDATOR = 1;
    uint256 internal constant TYPE_EXECUTOR = 2;
    uint256 internal constant TYPE_FALLBACK = 3;

    /// @dev What a module gets at most to clean up after itself when it is unlinked; half of what there is, if less.
    uint256 private constant UNLINK_GAS = 1_000_000;

    address internal immutable PASSKEY_VALIDATOR;
    address internal immutable SIGNER_VALIDATOR;

    constructor(address passkeyValidator, address signerValidator) {
        PASSKEY_VALIDATOR = passkeyValidator;
        SIGNER_VALIDATOR = signerValidator;
    }

    /// @inheritdoc IRekeyAccount
    function isModule(address module) external view returns (bool) {
        if (module == address(this) || _coreBit(module) != 0) return true;
        uint16 current = _enterView().generation();
        return
            _isForeign(current, TYPE_VALIDATOR, module) ||
            _isForeign(current, TYPE_EXECUTOR, module) ||
            _storage().handlerUses[current][module] != 0;
    }

    /// @inheritdoc IERC7579ModuleConfig
    /// @param additionalContext For a fallback handler: the selector (4 bytes).
    function isModuleInstalled(
        uint256 moduleTypeId,
        address module,
        bytes calldata additionalContext
    ) external view returns (bool) {
        if (_coreBit(module) != 0) return _isInstalled(_config(), moduleTypeId, module);
        AccountConfig config = _enterView();
        if (moduleTypeId != TYPE_FALLBACK) return _isInstalled(config, moduleTypeId, module);
        return
            additionalContext.length == 4 &&
            module != address(0) &&
            _handler(config, bytes4(additionalContext)) == module;
    }

    /// @dev Validators and executors.
    function _isInstalled(AccountConfig config, uint256 moduleTypeId, address module) internal view returns (bool) {
        uint256 bit = _coreBit(module);
        if (bit != 0) return moduleTypeId == _coreType(module) && config.hasCore(bit);
        return _isForeign(config.generation(), moduleTypeId, module);
    }

    function _installModule(
        AccountConfig config,
        uint256 moduleTypeId,
        address module,
        bytes calldata initData
    ) internal {
        if (!config.isSetUp()) revert NotSetUp();
        if (_coreBit(module) != 0) {
            _installCore(config, moduleTypeId, module, initData);
        } else {
            _installForeign(moduleTypeId, module, initData);
        }
        emit ModuleInstalled(moduleTypeId, module);
    }

    /// @dev Removes a module that does not object.
    function _uninstallModule(
        AccountConfig config,
        uint256 moduleTypeId,
        address module,
        bytes calldata deInitData
    ) internal {
        deInitData = _takeRights(config, moduleTypeId, module, deInitData);
        IERC7579Module(module).onUninstall(deInitData);
        emit ModuleUninstalled(moduleTypeId, module);
    }

    /// @dev Removes a module whatever it says: it gets a share of the gas, and nothing it returns is read.
    function _unlinkModule(
        AccountConfig config,
        uint256 moduleTypeId,
        address module,
        bytes calldata deInitData
    ) internal {
        if (module == GUARDIAN_RECOVERY) revert CoreModule(module);
        deInitData = _takeRights(config, moduleTypeId, module, deInitData);
        bytes memory data = abi.encodeCall(IERC7579Module.onUninstall, (deInitData));
        uint256 limit = gasleft() / 2;
        if (limit > UNLINK_GAS) limit = UNLINK_GAS;
        bool clean;
        assembly ("memory-safe") {
            clean := call(limit, module, 0, add(data, 0x20), mload(data), 0x00, 0x00)
        }
        emit ModuleUninstalled(moduleTypeId, module);
        emit ModuleUnlinked(moduleTypeId, module, clean);
    }

    /// @dev Passes the call on to its handler with the caller appended, and returns or reverts with its answer.
    function _handleFallback(AccountConfig config) internal {
        address handler = _handler(config, msg.sig);
        if (handler == address(0) || msg.data.length < 4) revert UnknownSelector(msg.sig);
        (bool success, bytes memory answer) = handler.call{value: msg.value}(abi.encodePacked(msg.data, msg.sender));
        assembly ("memory-safe") {
            if iszero(success) {
                revert(add(answer, 0x20), mload(answer))
            }
            return(add(answer, 0x20), mload(answer))
        }
    }

    /// @dev The bit of a module of the system in the config, 0 for any other address.
    function _coreBit(address module) internal view returns (uint256) {
        if (module == PASSKEY_VALIDATOR) return AccountConfigs.PASSKEY_VALIDATOR;
        if (module == GUARDIAN_RECOVERY) return AccountConfigs.GUARDIAN_RECOVERY;
        if (module == SIGNER_VALIDATOR) return AccountConfigs.SIGNER_VALIDATOR;
        return 0;
    }

    function _coreType(address core) private view returns (uint256) {
        return core == GUARDIAN_RECOVERY ? TYPE_EXECUTOR : TYPE_VALIDATOR;
    }

    /// @dev A module of the system has its rights while it is being installed: GuardianRecovery takes no policy of an
    ///      account on which it is not installed. None of them calls anybody but the account meanwhile.
    function _installCore(AccountConfig config, uint256 moduleTypeId, address module, bytes calldata initData) private {
        if (module == PASSKEY_VALIDATOR) revert CoreModule(module);
        if (moduleTypeId != _coreType(module)) revert UnsupportedModule(moduleTypeId, module);
        uint256 bit = _coreBit(module);
        if (config.hasCore(bit)) revert ModuleState(moduleTypeId, module, true);
        _setConfig(config.withCore(bit));
        IERC7579Module(module).onInstall(initData);
    }

    /// @dev A foreign module is called first and written last, so that it has its rights only when it is complete. One
    ///      that is there already, before or after the call, is refused. The config is read again after the call.
    function _installForeign(uint256 moduleTypeId, address module, bytes calldata initData) private {
        if (!_takes(moduleTypeId, module)) revert UnsupportedModule(moduleTypeId, module);
        bytes4 selector;
        if (moduleTypeId == TYPE_FALLBACK) (selector, initData) = _splitSelector(module, initData);
        _requireFree(moduleTypeId, module, selector);
        IERC7579Module(module).onInstall(initData);
        _requireFree(moduleTypeId, module, selector);
        AccountConfig config = _config();
        uint16 current = config.generation();
        if (moduleTypeId == TYPE_FALLBACK) {
            _storage().handlers[current][selector] = module;
            ++_storage().handlerUses[current][module];
        } else {
            _storage().installed[current][moduleTypeId][module] = true;
        }
        if (!config.hasForeign()) _setConfig(config.withState(AccountConfigs.FOREIGN));
    }

    function _requireFree(uint256 moduleTypeId, address module, bytes4 selector) private view {
        AccountConfig config = _config();
        bool taken =
            moduleTypeId == TYPE_FALLBACK
                ? _handler(config, selector) != address(0)
                : _isForeign(config.generation(), moduleTypeId, module);
        if (taken) revert ModuleState(moduleTypeId, module, true);
    }

    /// @dev After this the module has no rights of this type. Returns what it is to be told.
    function _takeRights(
        AccountConfig config,
        uint256 moduleTypeId,
        address module,
        bytes calldata deInitData
    ) private returns (bytes calldata) {
        if (!config.isSetUp()) revert NotSetUp();
        if (module == PASSKEY_VALIDATOR) revert CoreModule(module);
        uint16 current = config.generation();
        if (_coreBit(module) != 0) {
            if (!_isInstalled(config, moduleTypeId, module)) revert ModuleState(moduleTypeId, module, false);
            _setConfig(config.withoutCore(_coreBit(module)));
        } else if (moduleTypeId == TYPE_FALLBACK) {
            (bytes4 selector, bytes calldata data) = _splitSelector(module, deInitData);
            if (_storage().handlers[current][selector] != module) revert ModuleState(moduleTypeId, module, false);
            _storage().handlers[current][selector] = address(0);
            --_storage().handlerUses[current][module];
            return data;
        } else {
            if (!_isForeign(current, moduleTypeId, module)) revert ModuleState(moduleTypeId, module, false);
            _storage().installed[current][moduleTypeId][module] = false;
        }
        return deInitData;
    }

    function _isForeign(uint16 current, uint256 moduleTypeId, address module) private view returns (bool) {
        return _storage().installed[current][moduleTypeId][module];
    }

    function _handler(AccountConfig config, bytes4 selector) private view returns (address) {
        return _storage().handlers[config.generation()][selector];
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
