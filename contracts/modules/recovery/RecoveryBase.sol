// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {
    IERC7579AccountConfig,
    IERC7579ModuleConfig,
    MODULE_TYPE_EXECUTOR,
    MODULE_TYPE_VALIDATOR
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IRecoveryTypes} from "../../interfaces/IRecoveryTypes.sol";
import {IPasskeyValidator} from "../../interfaces/IPasskeyValidator.sol";
import {ISignerValidator} from "../../interfaces/ISignerValidator.sol";
import {Approvals} from "../../libraries/Approvals.sol";

/// @title RecoveryBase
/// @notice What all parts of GuardianRecovery share: its storage, and who may speak for an account.
/// @dev
/// *Trust*: PasskeyValidator and SignerValidator, for what an owner's signature is.
/// *Checks*: that the validator an owner's signature names is one of the account's; clocks of messages.
/// *Not checked*: nothing else.
/// *Storage*: four mappings by account, see {IRecoveryTypes} for the words. `floor` and `epoch` are never cleared.
abstract contract RecoveryBase is IRecoveryTypes {
    using MessageHashUtils for bytes32;

    /// @notice How far a message may be ahead of the chain's clock, seconds.
    uint256 public constant SKEW = 15 minutes;

    address internal constant ENTRY_POINT = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;
    bytes14 internal constant NATIVE_ACCOUNT_ID = "rekey.account.";

    IPasskeyValidator internal immutable PASSKEY_VALIDATOR;
    ISignerValidator internal immutable SIGNER_VALIDATOR;
    address internal immutable CODE_VERIFIER;

    /// @dev As {Head}, in one word: `rules` is changeDays (7 bits) and native (the highest bit).
    struct StoredHead {
        uint160 policyId;
        uint40 setAt;
        uint40 floor;
        uint8 epoch;
        uint8 rules;
    }

    uint8 internal constant NATIVE = 0x80;

    mapping(address account => StoredHead) internal _heads;
    mapping(address account => Change) internal _changes;
    mapping(address account => Aux) internal _aux;
    mapping(address account => mapping(bytes32 digest => Record)) internal _records;

    constructor(IPasskeyValidator passkeyValidator, ISignerValidator signerValidator, address codeVerifier) {
        PASSKEY_VALIDATOR = passkeyValidator;
        SIGNER_VALIDATOR = signerValidator;
        CODE_VERIFIER = codeVerifier;
    }

    /// @dev EIP-712 domain separator of `Rekey Recovery`.
    function _domain() internal view virtual returns (bytes32);

    /// @dev The account itself; or 0x00 ‖ assertion by one of its passkeys; or 0x01 ‖ signature by one of its
    ///      signers.
    function _checkOwner(address account, bytes32 structHash, bytes calldata signature) internal view {
        if (msg.sender == account) return;
        if (!_isOwner(account, _domain().toTypedDataHash(structHash), signature)) {
            revert BadOwnerSignature(account);
        }
    }

    function _isOwner(address account, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (signature.length == 0) return false;
        if (signature[0] == 0x00) {
            return
                (_heads[account].rules & NATIVE != 0 ||
                    _has(account, MODULE_TYPE_VALIDATOR, address(PASSKEY_VALIDATOR))) &&
                PASSKEY_VALIDATOR.verifyOwner(account, digest, signature[1:]);
        }
        return
            signature[0] == 0x01 &&
            _has(account, MODULE_TYPE_VALIDATOR, address(SIGNER_VALIDATOR)) &&
            SIGNER_VALIDATOR.verifyOwner(account, digest, signature[1:]);
    }

    /// @dev True if `account` has the module. A module that left without being told has left its keys behind.
    function _has(address account, uint256 moduleTypeId, address module) internal view returns (bool) {
        return account.code.length != 0 && IERC7579ModuleConfig(account).isModuleInstalled(moduleTypeId, module, "");
    }

    function _hasThis(address account) internal view returns (bool) {
        return _has(account, MODULE_TYPE_EXECUTOR, address(this));
    }

    function _isNative(address account) internal view returns (bool) {
        return bytes14(bytes(IERC7579AccountConfig(account).accountId())) == NATIVE_ACCOUNT_ID;
    }

    /// @dev Not ahead of the clock, and newer than what took effect.
    function _checkIssue(uint256 issuedAt, uint256 floor) internal view {
        if (issuedAt > block.timestamp + SKEW) revert NotYetIssued(issuedAt, block.timestamp + SKEW);
        if (issuedAt <= floor) revert Stale(issuedAt, floor);
    }

    /// @dev The bytes given are those of the policy that the account has.
    function _checkPolicyBytes(address account, bytes calldata policy) internal view returns (bytes32 policyHash) {
        uint160 wanted = _heads[account].policyId;
        if (wanted == 0) revert NoPolicy(account);
        policyHash = keccak256(policy);
        if (uint160(uint256(policyHash)) != wanted) revert WrongPolicy(policyHash, wanted);
    }

    function _ballot(
        address account,
        bytes32 digest,
        bool spends
    ) internal view returns (Approvals.Ballot memory ballot) {
        ballot.module = address(this);
        ballot.account = account;
        ballot.core = _core();
        ballot.digest = digest;
        ballot.spends = spends;
        Aux storage aux = _aux[account];
        if (block.timestamp < aux.benchedUntil && aux.benchEpoch == _heads[account].epoch) {
            ballot.benched = aux.benched;
        }
    }

    /// @dev Contracts of the system, which can never be guardians; the last one only as the verifier of codes.
    function _core() internal view returns (address[] memory core) {
        core = new address[](5);
        core[0] = ENTRY_POINT;
        core[1] = address(PASSKEY_VALIDATOR);
        core[2] = address(SIGNER_VALIDATOR);
        core[3] = address(this);
        core[4] = CODE_VERIFIER;
    }
}
