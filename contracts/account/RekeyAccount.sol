// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CallType, ERC7579Utils, ExecType, Mode} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {
    IERC7579AccountConfig,
    IERC7579Execution,
    IERC7579Module,
    IERC7579Validator,
    VALIDATION_FAILED,
    VALIDATION_SUCCESS
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IAccount, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IPasskeyValidator} from "../interfaces/IPasskeyValidator.sol";
import {ISignerValidator} from "../interfaces/ISignerValidator.sol";
import {AccountClone} from "../libraries/AccountClone.sol";
import {Credential} from "../types/Credential.sol";
import {AccountConfig, AccountConfigs} from "./AccountConfig.sol";
import {ModuleManager} from "./ModuleManager.sol";
import {TokenReceiver} from "./TokenReceiver.sol";
import {UpgradeManager} from "./UpgradeManager.sol";

/// @title RekeyAccount
/// @notice ERC-4337 and ERC-7579 account whose passkeys, guardians and sessions live in modules.
/// @dev
/// *Trust*: EntryPoint v0.8 and the account itself command it; installed executors act for it; GuardianRecovery alone
/// may call {recover} and {freeze}. Nobody else can change anything. No owner, no hooks, no delegatecall mode: both
/// let a thief erase the recovery module in one operation. The key of an EOA that delegates here (EIP-7702) stays
/// above all.
/// *Checks*: until it is set up, that its own address commits to the credential that signs, or that the EOA's key
/// signs; afterwards, the validator that the nonce names. That nothing allowed before a recovery has an effect after
/// it.
/// *Not checked*: what calls do; approvals and permits given to others survive a recovery.
/// *Storage*: one word at the ERC-7201 slot `rekey.account.config`, and the foreign modules, see {UpgradeManager}.
contract RekeyAccount is
    ModuleManager,
    TokenReceiver,
    IAccount,
    IERC1271,
    IERC5267,
    IERC7579Execution,
    IERC7579AccountConfig
{
    using ERC7579Utils for *;

    /// @notice EntryPoint v0.8.
    address public constant ENTRY_POINT = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;

    /// @dev First byte of a signature that proves the account's origin: no assertion blob begins with it (index 48).
    uint256 private constant GENESIS_PREFIX = 0xf0;
    uint256 private constant GENESIS_HEADER = 97;
    uint256 private constant EOA_SIGNATURE = 65;
    /// @dev Code of an EOA that delegates (EIP-7702): ef0100 ‖ address.
    uint256 private constant DELEGATION_LENGTH = 23;
    bytes3 private constant DELEGATION_PREFIX = 0xef0100;

    /// @dev Bits of `keep` in {recover}.
    uint8 private constant KEEP_PASSKEYS = 1;
    uint8 private constant KEEP_SIGNERS = 2;
    uint8 private constant KEEP_FOREIGN = 8;

    uint256 private constant VALID_AFTER_SHIFT = 208;
    bytes32 private constant ERC7739_DETECTION = 0x7739773977397739773977397739773977397739773977397739773977397739;
    bytes4 private constant INVALID_SIGNATURE = 0xffffffff;

    address private immutable FACTORY;
    bytes32 private immutable CLONE_HASH = keccak256(AccountClone.initCode(address(this)));

    /// @dev What the EntryPoint and the account itself may do.
    modifier command() {
        _enter();
        if (msg.sender != ENTRY_POINT && msg.sender != address(this)) revert Unauthorized(msg.sender);
        _;
        _requireNotHalted();
    }

    constructor(
        address factory,
        address passkeyValidator,
        address signerValidator,
        address guardianRecovery
    ) UpgradeManager(guardianRecovery) ModuleManager(passkeyValidator, signerValidator) {
        FACTORY = factory;
    }

    /// @dev ERC-7579 fallback handlers. The handler learns the caller from the last 20 bytes (ERC-2771).
    fallback() external payable {
        _handleFallback(_enter());
    }

    // ---------------------------------------------------------------- ERC-4337

    /// @inheritdoc IAccount
    /// @dev Reads the account's own storage and one or two words of the validator's, which belong to the account; no
    ///      clock.
    function validateUserOp(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        uint256 missingAccountFunds
    ) external returns (uint256 validationData) {
        AccountConfig config = _enter();
        if (msg.sender != ENTRY_POINT) revert Unauthorized(msg.sender);
        // The top 160 bits of the nonce key name the validator; 0 is PasskeyValidator.
        address validator = address(uint160(userOp.nonce >> 96));
        if (!config.isSetUp()) {
            bool valid = validator == address(0) && _isFirstSignature(userOpHash, userOp.signature);
            validationData = valid ? VALIDATION_SUCCESS : VALIDATION_FAILED;
        } else if (validator == address(0)) {
            validationData = _forwardValidation(PASSKEY_VALIDATOR);
        } else if (validator != PASSKEY_VALIDATOR && _isInstalled(config, TYPE_VALIDATOR, validator)) {
            validationData = _forwardValidation(validator);
        } else {
            validationData = VALIDATION_FAILED;
        }
        validationData = _notBefore(validationData, config.frozenUntil());
        if (missingAccountFunds != 0) {
            // The EntryPoint checks what it received.
            assembly ("memory-safe") {
                pop(call(gas(), caller(), missingAccountFunds, 0, 0, 0, 0))
            }
        }
    }

    // ---------------------------------------------------------------- ERC-7579

    /// @inheritdoc IERC7579Execution
    function execute(bytes32 mode, bytes calldata executionCalldata) external payable command {
        _execute(mode, executionCalldata);
    }

    /// @inheritdoc IERC7579Execution
    function executeFromExecutor(
        bytes32 mode,
        bytes calldata executionCalldata
    ) external payable returns (bytes[] memory returnData) {
        AccountConfig config = _enter();
        if (!_isInstalled(config, TYPE_EXECUTOR, msg.sender)) revert Unauthorized(msg.sender);
        if (msg.sender != GUARDIAN_RECOVERY && _isFrozen(config)) revert FrozenAccount(config.frozenUntil());
        returnData = _execute(mode, executionCalldata);
        _requireNotHalted();
    }

    /// @notice Installs a validator, an executor or a fallback handler.
    /// @dev Reverts with {NotSetUp}, {UnsupportedModule}, {CoreModule}, {ModuleState}.
    /// @param initData For a fallback handler the selector (4 bytes) first; the rest goes to the module's onInstall.
    function installModule(uint256 moduleTypeId, address module, bytes calldata initData) external command {
        _installModule(_config(), moduleTypeId, module, initData);
    }

    /// @notice Removes a module, unless it refuses. PasskeyValidator stays; GuardianRecovery goes if it was announced.
    function uninstallModule(uint256 moduleTypeId, address module, bytes calldata deInitData) external command {
        _uninstallModule(_config(), moduleTypeId, module, deInitData);
    }

    /// @notice See {IRekeyAccount-unlink}.
    function unlink(uint256 moduleTypeId, address module, bytes calldata data) external command {
        _unlinkModule(_config(), moduleTypeId, module, data);
    }

    /// @notice See {IRekeyAccount-upgradeTo}.
    function upgradeTo(address implementation) external command {
        _upgradeTo(_config(), implementation);
    }

    /// @inheritdoc IERC7579AccountConfig
    function supportsExecutionMode(bytes32 encodedMode) external view returns (bool) {
        _enterView();
        return _isSupportedMode(encodedMode);
    }

    /// @inheritdoc IERC7579AccountConfig
    function supportsModule(uint256 moduleTypeId) external view returns (bool) {
        _enterView();
        return moduleTypeId >= TYPE_VALIDATOR && moduleTypeId <= TYPE_FALLBACK;
    }

    /// @inheritdoc IERC7579AccountConfig
    function accountId() external view returns (string memory) {
        _enterView();
        return "rekey.account.1.0.0";
    }

    // ---------------------------------------------------------------- ERC-1271

    /// @inheritdoc IERC1271
    /// @dev Signature: validator(20, zero = PasskeyValidator) ‖ what that validator expects. Through ERC-7739 always.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        AccountConfig config = _enterView();
        address validator = PASSKEY_VALIDATOR;
        if (hash == ERC7739_DETECTION && signature.length == 0) {
            return IERC7579Validator(validator).isValidSignatureWithSender(msg.sender, hash, signature);
        }
        if (signature.length < 20 || !config.isSetUp() || _isFrozen(config)) return INVALID_SIGNATURE;
        address named = address(bytes20(signature));
        if (named != address(0)) {
            if (named == validator || !_isInstalled(config, TYPE_VALIDATOR, named)) return INVALID_SIGNATURE;
            validator = named;
        }
        return IERC7579Validator(validator).isValidSignatureWithSender(msg.sender, hash, signature[20:]);
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        _enterView();
        return (hex"0f", "Rekey Account", "1", block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    // ---------------------------------------------------------------- Creation and recovery

    /// @notice See {IRekeyAccount-setup}.
    function setup(
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata policy,
        bytes32 handle
    ) external {
        bytes32 commitment = credential.commitment();
        bytes32 policyHash = policy.length == 0 ? bytes32(0) : keccak256(policy);
        if (!genesis(commitment, policyHash, handle)) revert NotGenesis(commitment, policyHash, handle);
        if (_config().isSetUp()) return;
        _setUp(AccountConfigs.SET_UP, credential, credentialId, policy);
        emit AccountSetUp(handle, commitment, policyHash);
    }

    /// @notice See {IRekeyAccount-setup7702}.
    function setup7702(
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata policy
    ) external command {
        if (!_isDelegatedEoa()) revert NotDelegated(address(this));
        if (_config().isSetUp()) revert AlreadySetUp();
        _setUp(AccountConfigs.SET_UP | AccountConfigs.DELEGATED_EOA, credential, credentialId, policy);
        bytes32 policyHash = policy.length == 0 ? bytes32(0) : keccak256(policy);
        emit AccountSetUp(bytes32(0), credential.commitment(), policyHash);
    }

    /// @notice See {IRekeyAccount-recover}.
    /// @dev The modules called are the system's own and call nobody.
    function recover(Credential calldata credential, uint8 keep, bytes32 digest, bytes calldata possession) external {
        if (msg.sender != GUARDIAN_RECOVERY) revert Unauthorized(msg.sender);
        AccountConfig config = _config();
        IPasskeyValidator(PASSKEY_VALIDATOR).recover(credential, keep & KEEP_PASSKEYS != 0, digest, possession);
        if (keep & KEEP_SIGNERS == 0 && config.hasCore(AccountConfigs.SIGNER_VALIDATOR)) {
            ISignerValidator(SIGNER_VALIDATOR).revokeAll();
        }
        // Also what other code may have taken away: GuardianRecovery calls only for an account that has a policy with
        // it.
        AccountConfig next = config.withFrozenUntil(0).withState(AccountConfigs.SET_UP).withCore(
            AccountConfigs.PASSKEY_VALIDATOR | AccountConfigs.GUARDIAN_RECOVERY
        );
        if (keep & KEEP_FOREIGN == 0) {
            bool isOverridden = config.implementation() != address(0);
            if (isOverridden) emit Upgraded(address(0));
            if (isOverridden || config.hasForeign()) {
                next = next.withImplementation(address(0)).withNextGeneration().withoutState(AccountConfigs.FOREIGN);
                emit ModulesPurged(next.generation());
            }
        }
        if (AccountConfig.unwrap(next) != AccountConfig.unwrap(config)) _setConfig(next);
        _halt();
    }

    /// @notice See {IRekeyAccount-freeze}.
    function freeze(uint40 until) external {
        AccountConfig config = _config();
        if (msg.sender != GUARDIAN_RECOVERY || !config.hasCore(AccountConfigs.GUARDIAN_RECOVERY)) {
            revert Unauthorized(msg.sender);
        }
        _setConfig(config.withFrozenUntil(until));
        _halt();
        emit Frozen(until);
    }

    /// @notice See {IRekeyAccount-genesis}.
    function genesis(bytes32 credential, bytes32 policy, bytes32 handle) public view returns (bool) {
        bytes32 salt = AccountClone.salt(credential, policy, handle);
        return AccountClone.addressOf(FACTORY, CLONE_HASH, salt) == address(this);
    }

    // ---------------------------------------------------------------- Internal

    /// @dev GuardianRecovery has its rights before it is asked, see {ModuleManager}.
    function _setUp(
        uint256 state,
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata policy
    ) private {
        uint256 core = AccountConfigs.PASSKEY_VALIDATOR | AccountConfigs.GUARDIAN_RECOVERY;
        _setConfig(_config().withState(state).withCore(core));
        // The first passkey could have registered others there as the account, so as to keep this from ever succeeding.
        IERC7579Module(PASSKEY_VALIDATOR).onUninstall("");
        IERC7579Module(PASSKEY_VALIDATOR).onInstall(abi.encode(credential, credentialId));
        emit ModuleInstalled(TYPE_VALIDATOR, PASSKEY_VALIDATOR);
        emit ModuleInstalled(TYPE_EXECUTOR, GUARDIAN_RECOVERY);
        if (policy.length != 0) IERC7579Module(GUARDIAN_RECOVERY).onInstall(policy);
    }

    function _execute(bytes32 mode, bytes calldata executionCalldata) private returns (bytes[] memory) {
        if (!_isSupportedMode(mode)) revert UnsupportedMode(mode);
        (CallType callType, ExecType execType, , ) = Mode.wrap(mode).decodeMode();
        return
            callType == ERC7579Utils.CALLTYPE_SINGLE
                ? executionCalldata.execSingle(execType)
                : executionCalldata.execBatch(execType);
    }

    /// @dev Single or batch, reverting or trying; no selector, no payload.
    function _isSupportedMode(bytes32 mode) private pure returns (bool) {
        return mode & ~bytes32(uint256(0x0101) << 240) == 0;
    }

    /// @dev Before the account is set up. 65 bytes: the key of an EOA that delegates here; otherwise the passkey that
    ///      the address commits to.
    function _isFirstSignature(bytes32 userOpHash, bytes calldata signature) private view returns (bool) {
        if (signature.length != EOA_SIGNATURE) return _isGenesisSignature(userOpHash, signature);
        (address seen, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(userOpHash, signature);
        return problem == ECDSA.RecoverError.NoError && seen == address(this) && _isDelegatedEoa();
    }

    function _isDelegatedEoa() private view returns (bool) {
        return address(this).code.length == DELEGATION_LENGTH && bytes3(address(this).code) == DELEGATION_PREFIX;
    }

    /// @dev F0 ‖ credential(32) ‖ policy(32) ‖ handle(32) ‖ stateless assertion. Nothing is stored before
    ///      {setup}, so nothing can be front-run: the address itself says whose account it is.
    function _isGenesisSignature(bytes32 userOpHash, bytes calldata signature) private view returns (bool) {
        if (signature.length < GENESIS_HEADER || uint8(signature[0]) != GENESIS_PREFIX) return false;
        bytes32 credential = bytes32(signature[1:33]);
        if (!genesis(credential, bytes32(signature[33:65]), bytes32(signature[65:97]))) return false;
        return
            IPasskeyValidator(PASSKEY_VALIDATOR).validateSignatureWithData(
                userOpHash,
                signature[GENESIS_HEADER:],
                abi.encodePacked(credential)
            );
    }

    /// @dev The later of the validator's own `validAfter` and a freeze: validation itself may not read the clock.
    function _notBefore(uint256 validationData, uint256 frozen) private pure returns (uint256) {
        if (frozen <= validationData >> VALID_AFTER_SHIFT) return validationData;
        return (validationData & ((1 << VALID_AFTER_SHIFT) - 1)) | (frozen << VALID_AFTER_SHIFT);
    }

    /// @dev Calls validator.validateUserOp(userOp, userOpHash) with this call's own calldata, which has both at the
    ///      same
    ///      places: only the selector differs, and the third argument is ignored. Pseudocode:
    ///      data := validator selector ‖ calldata[4:]; return abi.decode(call(validator, data), (uint256))
    ///      A validator that reverts or answers with less than a word fails the operation.
    function _forwardValidation(address validator) private returns (uint256 validationData) {
        bytes4 selector = IERC7579Validator.validateUserOp.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, 0, calldatasize())
            mstore(data, or(selector, and(mload(data), shr(32, not(0)))))
            let success := call(gas(), validator, 0, data, calldatasize(), 0x00, 0x20)
            validationData := mload(0x00)
            if iszero(and(success, gt(returndatasize(), 0x1f))) {
                validationData := 1
            }
        }
    }
}
