// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IERC7579AccountConfig,
    IERC7579Module,
    IERC7579ModuleConfig,
    MODULE_TYPE_EXECUTOR
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IGuardianRecovery} from "../interfaces/IGuardianRecovery.sol";
import {IPasskeyValidator} from "../interfaces/IPasskeyValidator.sol";
import {IRekeyAccount} from "../interfaces/IRekeyAccount.sol";
import {Approvals} from "../libraries/Approvals.sol";
import {ChainFreeDomain} from "../libraries/ChainFreeDomain.sol";
import {PolicyRules} from "../libraries/PolicyRules.sol";
import {RecoveryDigests} from "../libraries/RecoveryDigests.sol";
import {RecoveryPolicy, Tier} from "../libraries/RecoveryPolicy.sol";
import {Recovery} from "../types/Recovery.sol";

/// @title GuardianRecovery
/// @notice ERC-7579 executor: guardians give an account a new passkey, by the rules its owner set.
/// @dev
/// *Trust*: guardians, as far as the account's policy goes; PasskeyValidator. Nobody else: anyone may deliver what
/// guardians and owners signed, and no one can change it.
/// *Checks*: at the start, everything that could fail at the end: the request, the votes, the new passkey's form and
/// that
/// it can sign. At the end, time, and that nothing newer took effect.
/// *Not checked*: guardians' independence; what else a thief does with a passkey while a recovery waits.
/// *Storage*: `head` and `record` words as in {Head} and {Record}, by account. `floor` and `epoch` are never cleared. A
/// record is found by account and digest, so that an account can veto only what concerns itself.
contract GuardianRecovery is IGuardianRecovery, IERC7579Module {
    using MessageHashUtils for bytes32;
    using RecoveryPolicy for bytes;

    /// @notice How far a message may be ahead of the chain's clock, seconds.
    uint256 public constant SKEW = 15 minutes;
    /// @notice Longest time from a recovery's issue to its deadline, seconds.
    uint256 public constant MAX_LIFETIME = 30 days;
    uint256 public constant MAX_CHAIN_IDS = 16;

    /// @dev keccak256("Possession(bytes32 recovery)"), under PasskeyValidator's domain
    bytes32 private constant POSSESSION_TYPEHASH = keccak256("Possession(bytes32 recovery)");
    address private constant ENTRY_POINT = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;
    uint8 private constant KEEP_MASK = 0x0f;
    bytes14 private constant NATIVE_ACCOUNT_ID = "rekey.account.";

    IPasskeyValidator private immutable PASSKEY_VALIDATOR;
    bytes32 private immutable PASSKEY_DOMAIN;
    bytes32 private immutable DOMAIN_SEPARATOR = ChainFreeDomain.separator("Rekey Recovery", address(this));

    mapping(address account => Head) private _heads;
    mapping(address account => mapping(bytes32 digest => Record)) private _records;

    /// @dev What the votes reach: seconds of delay, NONE if no tier.
    struct Reach {
        uint256 delay;
        uint256 protectedDelay;
    }

    uint256 private constant NONE = type(uint256).max;

    constructor(IPasskeyValidator passkeyValidator) {
        PASSKEY_VALIDATOR = passkeyValidator;
        PASSKEY_DOMAIN = passkeyValidator.domainSeparator();
    }

    // ---------------------------------------------------------------- Recovery

    /// @inheritdoc IGuardianRecovery
    function start(
        Recovery calldata recovery,
        bytes calldata policy,
        bytes calldata approvals,
        bytes calldata possession
    ) external returns (bytes32 digest) {
        Head storage head = _heads[recovery.account];
        _checkRequest(recovery, policy, head);
        digest = hashRecovery(recovery);
        Record storage record = _records[recovery.account][digest];
        Status status = record.status;
        if (status == Status.Scheduled || status == Status.Protected) revert AlreadyStarted(digest);

        Approvals.Tally memory tally = Approvals.count(policy, approvals, digest, 0);
        Reach memory reach = _reach(policy, tally);
        if (status == Status.Vetoed) reach.delay = reach.protectedDelay;
        if (reach.delay == NONE) {
            if (status == Status.Vetoed) revert Vetoed(digest);
            revert NoTier(tally.weight, tally.kinds);
        }
        if (reach.delay == 0) {
            if (status != Status.None) delete _records[recovery.account][digest];
            _apply(recovery, digest, possession);
            return digest;
        }
        // At once, PasskeyValidator checks both itself.
        if (!recovery.credential.isWellFormed()) revert InvalidNewCredential(recovery.credential.idHash);
        if (!_isPossessed(recovery, digest, possession)) revert NewPasskeyNotPossessed(digest);
        uint40 protectedAt = reach.protectedDelay == NONE ? 0 : uint40(block.timestamp + reach.protectedDelay);
        uint40 readyAt = uint40(block.timestamp + reach.delay);
        _records[recovery.account][digest] = Record({
            startedAt: uint40(block.timestamp),
            readyAt: readyAt,
            protectedAt: protectedAt,
            windowHours: uint16(policy.windowHours()),
            votes: uint32(tally.votes),
            epoch: head.epoch,
            status: status == Status.Vetoed ? Status.Protected : Status.Scheduled
        });
        emit RecoveryStarted(recovery.account, digest, recovery, uint32(tally.votes), readyAt, protectedAt);
    }

    /// @inheritdoc IGuardianRecovery
    function support(Recovery calldata recovery, bytes calldata policy, bytes calldata approvals) external {
        bytes32 digest = hashRecovery(recovery);
        Head storage head = _heads[recovery.account];
        Record storage record = _liveRecord(recovery, digest, head);
        _checkPolicyBytes(recovery, policy, head);
        _checkWindow(record);

        Approvals.Tally memory tally = Approvals.count(policy, approvals, digest, record.votes);
        Reach memory reach = _reach(policy, tally);
        uint40 startedAt = record.startedAt;
        uint40 readyAt = record.readyAt;
        uint40 protectedAt = record.protectedAt;
        if (reach.protectedDelay != NONE) {
            uint40 time = _notBeforeNow(startedAt + reach.protectedDelay);
            if (protectedAt == 0 || time < protectedAt) protectedAt = time;
        }
        uint256 delay = record.status == Status.Protected ? reach.protectedDelay : reach.delay;
        if (delay != NONE) {
            uint40 time = _notBeforeNow(startedAt + delay);
            if (time < readyAt) readyAt = time;
        }
        record.readyAt = readyAt;
        record.protectedAt = protectedAt;
        record.votes = uint32(tally.votes);
        emit RecoverySupported(recovery.account, digest, uint32(tally.votes), readyAt, protectedAt);
    }

    /// @inheritdoc IGuardianRecovery
    function execute(Recovery calldata recovery, bytes calldata possession) external {
        bytes32 digest = hashRecovery(recovery);
        Head storage head = _heads[recovery.account];
        Record storage record = _liveRecord(recovery, digest, head);
        if (block.timestamp < record.readyAt) revert NotReady(block.timestamp, record.readyAt);
        _checkWindow(record);
        delete _records[recovery.account][digest];
        _apply(recovery, digest, possession);
    }

    /// @inheritdoc IGuardianRecovery
    function veto(address account, bytes32 digest, bytes calldata ownerSignature) external {
        _checkOwner(account, vetoDigest(account, digest), ownerSignature);
        Record storage record = _records[account][digest];
        Status status = record.status;
        if (status == Status.Vetoed) revert Vetoed(digest);
        if (status == Status.Protected) revert NotVetoable(digest);
        // What has expired stays so: a late veto must not open another window for it.
        if (status == Status.Scheduled) _checkWindow(record);
        bool stopped = record.protectedAt == 0;
        if (stopped) {
            // Also before the recovery has reached this chain.
            record.status = Status.Vetoed;
        } else {
            record.status = Status.Protected;
            record.readyAt = record.protectedAt;
        }
        emit RecoveryVetoed(account, digest, stopped);
    }

    // ---------------------------------------------------------------- Policy

    /// @inheritdoc IGuardianRecovery
    function setPolicy(
        address account,
        bytes calldata policy,
        uint40 issuedAt,
        bytes calldata ownerSignature
    ) external {
        Head storage head = _heads[account];
        if (head.policyId != 0) revert PolicyExists(account, head.policyId);
        if (issuedAt > block.timestamp + SKEW) revert NotYetIssued(issuedAt, block.timestamp + SKEW);
        if (issuedAt <= head.floor) revert Stale(issuedAt, head.floor);
        _checkOwner(account, setPolicyDigest(account, keccak256(policy), issuedAt), ownerSignature);
        _writePolicy(account, policy, issuedAt);
    }

    /// @inheritdoc IERC7579Module
    /// @param policy The account's first policy, or empty.
    function onInstall(bytes calldata policy) external {
        if (policy.length == 0) return;
        Head storage head = _heads[msg.sender];
        if (head.policyId != 0) revert PolicyExists(msg.sender, head.policyId);
        _writePolicy(msg.sender, policy, head.floor);
    }

    /// @inheritdoc IERC7579Module
    /// @dev The module stays as long as there is a policy: else whoever holds a passkey could remove the guardians.
    function onUninstall(bytes calldata) external view {
        if (_heads[msg.sender].policyId != 0) revert PolicyExists(msg.sender, _heads[msg.sender].policyId);
    }

    /// @inheritdoc IERC7579Module
    function isModuleType(uint256 moduleTypeId) external pure returns (bool) {
        return moduleTypeId == MODULE_TYPE_EXECUTOR;
    }

    // ---------------------------------------------------------------- Views

    /// @notice True if `account` has a policy.
    function isInitialized(address account) external view returns (bool) {
        return _heads[account].policyId != 0;
    }

    /// @inheritdoc IGuardianRecovery
    function checkPolicy(address account, bytes calldata policy) external view returns (bytes32 policyHash) {
        PolicyRules.check(policy, account, _core());
        return keccak256(policy);
    }

    /// @inheritdoc IGuardianRecovery
    function hashRecovery(Recovery calldata recovery) public view returns (bytes32) {
        return DOMAIN_SEPARATOR.toTypedDataHash(RecoveryDigests.recovery(recovery));
    }

    /// @inheritdoc IGuardianRecovery
    function vetoDigest(address account, bytes32 digest) public view returns (bytes32) {
        return DOMAIN_SEPARATOR.toTypedDataHash(RecoveryDigests.veto(account, digest));
    }

    /// @inheritdoc IGuardianRecovery
    function setPolicyDigest(address account, bytes32 policyHash, uint40 issuedAt) public view returns (bytes32) {
        return DOMAIN_SEPARATOR.toTypedDataHash(RecoveryDigests.setPolicy(account, policyHash, issuedAt));
    }

    /// @inheritdoc IGuardianRecovery
    function domainSeparator() external view returns (bytes32) {
        return DOMAIN_SEPARATOR;
    }

    /// @inheritdoc IGuardianRecovery
    function getHead(address account) external view returns (Head memory) {
        return _heads[account];
    }

    /// @inheritdoc IGuardianRecovery
    function getRecord(address account, bytes32 digest) external view returns (Record memory) {
        return _records[account][digest];
    }

    // ---------------------------------------------------------------- Internal

    /// @dev Effects first: the floor rises and the epoch ends, which kills every other recovery of the account, before
    ///      the
    ///      account is called. If the account refuses, nothing has happened.
    function _apply(Recovery calldata recovery, bytes32 digest, bytes calldata possession) private {
        Head memory head = _heads[recovery.account];
        head.floor = recovery.issuedAt;
        unchecked {
            ++head.epoch; // wraps: the floor keeps what is 256 recoveries old dead
        }
        _heads[recovery.account] = head;
        IRekeyAccount(recovery.account).recover(recovery.credential, recovery.keep, digest, possession);
        emit RecoveryExecuted(recovery.account, digest, recovery.credential.idHash);
    }

    function _checkRequest(Recovery calldata recovery, bytes calldata policy, Head storage head) private view {
        _checkPolicyBytes(recovery, policy, head);
        _checkChain(recovery.chainIds);
        if (recovery.keep > KEEP_MASK) revert UnknownKeep(recovery.keep);
        uint256 issuedAt = recovery.issuedAt;
        if (issuedAt > block.timestamp + SKEW) revert NotYetIssued(issuedAt, block.timestamp + SKEW);
        if (issuedAt <= head.floor) revert Stale(issuedAt, head.floor);
        if (block.timestamp > recovery.deadline) revert Expired(block.timestamp, recovery.deadline);
        if (recovery.deadline > issuedAt + MAX_LIFETIME) {
            revert LifetimeTooLong(recovery.deadline, issuedAt + MAX_LIFETIME);
        }
    }

    /// @dev The bytes given are those of the policy the guardians signed under, and of the one the account has.
    function _checkPolicyBytes(Recovery calldata recovery, bytes calldata policy, Head storage head) private view {
        uint160 wanted = head.policyId;
        if (wanted == 0) revert NoPolicy(recovery.account);
        bytes32 seen = keccak256(policy);
        if (seen != recovery.policy || uint160(uint256(seen)) != wanted) revert WrongPolicy(seen, wanted);
    }

    function _checkChain(uint256[] calldata chainIds) private view {
        uint256 length = chainIds.length;
        if (length == 0) return;
        if (length > MAX_CHAIN_IDS) revert WrongChain(block.chainid);
        bool found;
        for (uint256 i = 0; i < length; ++i) {
            if (i != 0 && chainIds[i] <= chainIds[i - 1]) revert WrongChain(chainIds[i]);
            if (chainIds[i] == block.chainid) found = true;
        }
        if (!found) revert WrongChain(block.chainid);
    }

    /// @dev A recovery that waits and that nothing newer has overtaken.
    function _liveRecord(
        Recovery calldata recovery,
        bytes32 digest,
        Head storage head
    ) private view returns (Record storage record) {
        record = _records[recovery.account][digest];
        Status status = record.status;
        if (status == Status.None) revert NotScheduled(digest);
        if (status == Status.Vetoed) revert Vetoed(digest);
        if (record.epoch != head.epoch) revert Superseded(record.epoch, head.epoch);
        if (recovery.issuedAt <= head.floor) revert Stale(recovery.issuedAt, head.floor);
        if (uint160(uint256(recovery.policy)) != head.policyId) revert WrongPolicy(recovery.policy, head.policyId);
    }

    function _checkWindow(Record storage record) private view {
        uint256 closedAt = record.readyAt + uint256(record.windowHours) * 1 hours;
        if (block.timestamp >= closedAt) revert WindowClosed(block.timestamp, closedAt);
    }

    /// @dev A delay that more votes shorten may have passed long ago. The window counts from now then: from a time in
    ///      the
    ///      past it could be over already, and one guardian's late vote would end what the others started.
    function _notBeforeNow(uint256 time) private view returns (uint40) {
        return uint40(time < block.timestamp ? block.timestamp : time);
    }

    /// @dev Shortest delays among the tiers that the votes reach.
    function _reach(bytes calldata policy, Approvals.Tally memory tally) private pure returns (Reach memory reach) {
        reach = Reach(NONE, NONE);
        uint256 tiers = policy.tierCount();
        for (uint256 i = 0; i < tiers; ++i) {
            Tier tier = policy.tierAt(i);
            if (tally.weight < tier.weight() || tally.kinds < tier.kinds()) continue;
            uint256 delay = tier.delay();
            if (delay < reach.delay) reach.delay = delay;
            if (delay < reach.protectedDelay && tier.isProtected()) reach.protectedDelay = delay;
        }
    }

    /// @dev The same check as PasskeyValidator makes when the recovery executes.
    function _isPossessed(
        Recovery calldata recovery,
        bytes32 digest,
        bytes calldata possession
    ) private view returns (bool) {
        bytes32 hash = PASSKEY_DOMAIN.toTypedDataHash(keccak256(abi.encode(POSSESSION_TYPEHASH, digest)));
        bytes memory commitment = abi.encodePacked(recovery.credential.commitment());
        return PASSKEY_VALIDATOR.validateSignatureWithData(hash, possession, commitment);
    }

    /// @dev The account itself, or 0x00 ‖ assertion by one of its passkeys.
    function _checkOwner(address account, bytes32 digest, bytes calldata signature) private view {
        if (msg.sender == account) return;
        if (
            signature.length == 0 ||
            signature[0] != 0x00 ||
            !PASSKEY_VALIDATOR.verifyOwner(account, digest, signature[1:])
        ) revert BadOwnerSignature(account);
    }

    function _writePolicy(address account, bytes calldata policy, uint40 floor) private {
        if (!_isNative(account)) revert UnsupportedAccount(account);
        // An account that is not set up yet can call too. A policy now would bar the one its address commits to.
        if (!IERC7579ModuleConfig(account).isModuleInstalled(MODULE_TYPE_EXECUTOR, address(this), "")) {
            revert NotInstalled(account);
        }
        uint256 changeDays = PolicyRules.check(policy, account, _core());
        bytes32 policyHash = keccak256(policy);
        Head storage head = _heads[account];
        _heads[account] = Head({
            policyId: uint160(uint256(policyHash)),
            setAt: uint40(block.timestamp),
            floor: floor,
            epoch: head.epoch,
            changeDays: uint8(changeDays)
        });
        emit PolicySet(account, policyHash, policy);
    }

    function _isNative(address account) private view returns (bool) {
        bytes memory id = bytes(IERC7579AccountConfig(account).accountId());
        return bytes14(id) == NATIVE_ACCOUNT_ID;
    }

    /// @dev Contracts of the system, which can never be guardians.
    function _core() private view returns (address[] memory core) {
        core = new address[](3);
        core[0] = ENTRY_POINT;
        core[1] = address(PASSKEY_VALIDATOR);
        core[2] = address(this);
    }
}
