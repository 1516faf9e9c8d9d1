// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Execution,
    IERC7579AccountConfig,
    IERC7579Execution,
    IERC7579ModuleConfig,
    MODULE_TYPE_VALIDATOR
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IForeignRecovery} from "../../interfaces/IForeignRecovery.sol";
import {IPasskeyValidator} from "../../interfaces/IPasskeyValidator.sol";
import {ISignerValidator} from "../../interfaces/ISignerValidator.sol";
import {Recovery} from "../../types/Recovery.sol";
import {RecoveryBase} from "./RecoveryBase.sol";
import {RecoveryPart} from "./RecoveryPart.sol";

/// @title ForeignRecovery
/// @notice Part of GuardianRecovery. How an account that is not a Rekey account gets its new passkey: by a batch of
/// calls.
/// @dev
/// *Trust*: none: the account is checked afterwards.
/// *Checks*: at the start that it has this module and has or takes PasskeyValidator; at the end that it has
/// PasskeyValidator with the new passkey in it.
/// *Not checked*: what else lives on such an account. Its other validators, executors, hooks and delegate calls are
/// not ours to remove: only what this module installed or knows goes.
/// *Storage*: none written.
contract ForeignRecovery is RecoveryPart, IForeignRecovery {
    /// @dev Batch, reverting.
    bytes32 private constant BATCH_MODE = bytes32(uint256(0x01) << 248);
    uint8 private constant KEEP_PASSKEYS = 1;
    uint8 private constant KEEP_SIGNERS = 2;

    constructor(
        IPasskeyValidator passkeyValidator,
        ISignerValidator signerValidator,
        address codeVerifier
    ) RecoveryBase(passkeyValidator, signerValidator, codeVerifier) {}

    /// @inheritdoc IForeignRecovery
    function checkForeign(address account) external view {
        if (!_hasThis(account)) revert NotInstalled(account);
        if (
            !_has(account, MODULE_TYPE_VALIDATOR, address(PASSKEY_VALIDATOR)) &&
            !IERC7579AccountConfig(account).supportsModule(MODULE_TYPE_VALIDATOR)
        ) revert NotInstalled(account);
    }

    /// @inheritdoc IForeignRecovery
    /// @dev The passkey first, so that PasskeyValidator adopts it when it is installed.
    function recoverForeign(Recovery calldata recovery, bytes32 digest, bytes calldata possession) external {
        address account = recovery.account;
        address passkeys = address(PASSKEY_VALIDATOR);
        address signers = address(SIGNER_VALIDATOR);
        bool installs = !_has(account, MODULE_TYPE_VALIDATOR, passkeys);
        bool revokes = recovery.keep & KEEP_SIGNERS == 0 && _has(account, MODULE_TYPE_VALIDATOR, signers);
        Execution[] memory calls = new Execution[](1 + (installs ? 1 : 0) + (revokes ? 1 : 0));
        bool keep = recovery.keep & KEEP_PASSKEYS != 0;
        calls[0] = Execution({
            target: passkeys,
            value: 0,
            callData: abi.encodeCall(PASSKEY_VALIDATOR.recover, (recovery.credential, keep, digest, possession))
        });
        if (installs) {
            bytes memory data = abi.encodeCall(
                IERC7579ModuleConfig.installModule,
                (MODULE_TYPE_VALIDATOR, passkeys, "")
            );
            calls[1] = Execution({target: account, value: 0, callData: data});
        }
        if (revokes) {
            bytes memory data = abi.encodeCall(SIGNER_VALIDATOR.revokeAll, ());
            calls[calls.length - 1] = Execution({target: signers, value: 0, callData: data});
        }
        IERC7579Execution(account).executeFromExecutor(BATCH_MODE, abi.encode(calls));
        if (!_isRecovered(account, recovery)) revert NotRecovered(account);
    }

    /// @dev An account may answer that all went well and have done nothing.
    function _isRecovered(address account, Recovery calldata recovery) private view returns (bool) {
        if (!_has(account, MODULE_TYPE_VALIDATOR, address(PASSKEY_VALIDATOR))) return false;
        bytes24 wanted = bytes24(uint192(uint256(recovery.credential.commitment())));
        (, bytes24[] memory commitments, ) = PASSKEY_VALIDATOR.getCredentials(account);
        for (uint256 i = 0; i < commitments.length; ++i) {
            if (commitments[i] == wanted) return recovery.keep & KEEP_PASSKEYS != 0 || commitments.length == 1;
        }
        return false;
    }
}
