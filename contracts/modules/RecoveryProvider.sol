// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7579ModuleConfig, MODULE_TYPE_EXECUTOR} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IGuardianRecovery} from "../interfaces/IGuardianRecovery.sol";
import {IGuardianRecoveryProvider} from "../interfaces/IGuardianRecoveryProvider.sol";
import {IRecoveryProvider} from "../interfaces/IRecoveryProvider.sol";
import {IRecoveryTypes} from "../interfaces/IRecoveryTypes.sol";
import {Recovery} from "../types/Recovery.sol";

/// @title RecoveryProvider
/// @notice ERC-7947 façade of GuardianRecovery: for accounts, apps and relayers that know that standard only.
/// @dev
/// *Trust*: GuardianRecovery, whose address is fixed at deployment. It gives this contract no rights: whatever passes
/// through here could be sent there by anyone.
/// *Checks*: that a normal return is never more than the truth. ERC-7947 knows no waiting, and an account takes the
/// return of {recover} for proof: so to an account it means that its own recovery has been executed in this very call.
/// What has to wait (another policy, leaving) is refused with a named error that says where to announce it.
/// *Not checked*: anything GuardianRecovery checks. That an ERC-7947 account gives access to the passkey that `object`
/// names: one that passes on another subject than its caller gave it deceives itself.
/// *Storage*: none.
///
/// The other half of the standard, IAccountRecovery (0x59d52f71), is not offered as a fallback handler: it could not
/// keep its promises. AccessRecovered has to come from the account for each recovery, but guardians may always go to
/// GuardianRecovery directly; addRecoveryProvider would let another provider in past the policy's delays;
/// removeRecoveryProvider would have to let the guardians go at once; and a recovery throws foreign modules out, the
/// handler among them.
contract RecoveryProvider is IGuardianRecoveryProvider, IERC165 {
    bytes1 private constant START = 0x00;
    bytes1 private constant EXECUTE = 0x01;

    IGuardianRecovery private immutable GUARDIAN_RECOVERY;

    modifier withoutValue() {
        if (msg.value != 0) revert ValueNotAccepted(msg.value);
        _;
    }

    constructor(IGuardianRecovery guardianRecovery_) {
        GUARDIAN_RECOVERY = guardianRecovery_;
    }

    // ---------------------------------------------------------------- Accounts

    /// @inheritdoc IRecoveryProvider
    /// @dev The account's first policy takes effect at once; the policy it has already may be named again, so that
    ///      nobody spoils the call by delivering the owner's signature first. GuardianRecovery has to be installed.
    /// @param recoveryData Empty: the account has a policy already. Otherwise abi.encode(bytes policy, uint40 issuedAt,
    ///        bytes ownerSignature), see {IGuardianRecovery-setPolicy}; the signature must be there, because
    ///        GuardianRecovery sees this contract as the caller and not the account.
    function subscribe(bytes calldata recoveryData) external payable withoutValue {
        uint160 policyId = _policyIdOf(msg.sender);
        if (recoveryData.length == 0) {
            if (policyId == 0) revert IRecoveryTypes.NoPolicy(msg.sender);
        } else {
            (bytes memory policy, uint40 issuedAt, bytes memory ownerSignature) = abi.decode(
                recoveryData,
                (bytes, uint40, bytes)
            );
            if (policyId == 0) {
                GUARDIAN_RECOVERY.setPolicy(msg.sender, policy, issuedAt, ownerSignature);
            } else if (policyId != uint160(uint256(keccak256(policy)))) {
                revert SubscriptionTakesTime(msg.sender, policyId);
            }
        }
        if (!_isGuarded(msg.sender)) revert IRecoveryTypes.NotInstalled(msg.sender);
        emit AccountSubscribed(msg.sender);
    }

    /// @inheritdoc IRecoveryProvider
    /// @dev Says that the account has left, once it has; it cannot make it leave.
    function unsubscribe() external payable withoutValue {
        uint160 policyId = _policyIdOf(msg.sender);
        if (policyId != 0 && _isGuarded(msg.sender)) revert UnsubscriptionTakesTime(msg.sender, policyId);
        emit AccountUnsubscribed(msg.sender);
    }

    // ---------------------------------------------------------------- Recoveries

    /// @inheritdoc IRecoveryProvider
    /// @dev Callers without code may deliver anybody's recovery, and start one that waits. A caller with code could be
    ///      an ERC-7947 account: it may deliver its own only, and it reverts unless that is executed now. A proof
    ///      serves once: GuardianRecovery kills a digest with its execution.
    /// @param object abi.encode(Recovery).
    /// @param proof 0x00 ‖ abi.encode(bytes policy, bytes approvals, bytes possession) to start it, or
    ///        0x01 ‖ abi.encode(bytes possession, Evidence[] evidence) to execute it.
    function recover(bytes calldata object, bytes calldata proof) external {
        Recovery memory recovery = abi.decode(object, (Recovery));
        bool isContract = msg.sender.code.length != 0;
        if (isContract && msg.sender != recovery.account) revert NotTheAccount(msg.sender, recovery.account);
        if (proof.length == 0) revert UnknownProof();
        if (proof[0] == START) {
            (bytes memory policy, bytes memory approvals, bytes memory possession) = abi.decode(
                proof[1:],
                (bytes, bytes, bytes)
            );
            bytes32 digest = GUARDIAN_RECOVERY.start(recovery, policy, approvals, possession);
            if (!isContract) return;
            // What is executed at once leaves no record.
            IRecoveryTypes.Record memory record = GUARDIAN_RECOVERY.getRecord(recovery.account, digest);
            if (record.status != IRecoveryTypes.Status.None) revert RecoveryWaits(digest, record.readyAt);
        } else if (proof[0] == EXECUTE) {
            (bytes memory possession, IRecoveryTypes.Evidence[] memory evidence) = abi.decode(
                proof[1:],
                (bytes, IRecoveryTypes.Evidence[])
            );
            GUARDIAN_RECOVERY.execute(recovery, possession, evidence);
        } else {
            revert UnknownProof();
        }
    }

    // ---------------------------------------------------------------- Views

    /// @inheritdoc IRecoveryProvider
    /// @dev abi.encode(address guardianRecovery, uint160 policyId, uint40 setAt): the policy's bytes are in that
    ///      module's PolicySet event of the block with time `setAt`, or in PolicyStore. Empty if the account has no
    ///      policy, or does not have the module.
    function getRecoveryData(address account) external view returns (bytes memory) {
        IRecoveryTypes.Head memory head = GUARDIAN_RECOVERY.getHead(account);
        if (head.policyId == 0 || !_isGuarded(account)) return "";
        return abi.encode(address(GUARDIAN_RECOVERY), head.policyId, head.setAt);
    }

    /// @inheritdoc IGuardianRecoveryProvider
    function guardianRecovery() external view returns (address) {
        return address(GUARDIAN_RECOVERY);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IRecoveryProvider).interfaceId || interfaceId == type(IERC165).interfaceId;
    }

    // ---------------------------------------------------------------- Internal

    function _policyIdOf(address account) private view returns (uint160) {
        return GUARDIAN_RECOVERY.getHead(account).policyId;
    }

    /// @dev A policy counts only as long as the account has the module.
    function _isGuarded(address account) private view returns (bool) {
        return
            account.code.length != 0 &&
            IERC7579ModuleConfig(account).isModuleInstalled(MODULE_TYPE_EXECUTOR, address(GUARDIAN_RECOVERY), "");
    }
}
