// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IERC7579Module, MODULE_TYPE_EXECUTOR} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IForeignRecovery} from "../interfaces/IForeignRecovery.sol";
import {IGuardianRecovery} from "../interfaces/IGuardianRecovery.sol";
import {IPasskeyValidator} from "../interfaces/IPasskeyValidator.sol";
import {IRekeyAccount} from "../interfaces/IRekeyAccount.sol";
import {ISignerValidator} from "../interfaces/ISignerValidator.sol";
import {Approvals} from "../libraries/Approvals.sol";
import {ChainFreeDomain} from "../libraries/ChainFreeDomain.sol";
import {RecoveryDigests} from "../libraries/RecoveryDigests.sol";
import {RecoveryPolicy} from "../libraries/RecoveryPolicy.sol";
import {Reach, Tally} from "../libraries/Tiers.sol";
import {Recovery} from "../types/Recovery.sol";
import {RecoveryBase} from "./recovery/RecoveryBase.sol";
import {RecoveryRules} from "./recovery/RecoveryRules.sol";
import {RecoveryViews} from "./recovery/RecoveryViews.sol";

/// @title GuardianRecovery
/// @notice ERC-7579 executor: guardians give an account a new passkey, by the rules its owner set.
/// @dev
/// *Trust*: guardians, as far as the account's policy goes; PasskeyValidator, SignerValidator, RecoveryCodeVerifier.
/// Nobody else: anyone may deliver what guardians and owners signed, and no one can change it.
/// *Checks*: at the start, everything that could fail at the end: the request, the votes, the new passkey's form and
/// that it can sign. At the end, time, that nothing newer took effect, and that what the votes rest on still holds.
/// *Not checked*: guardians' independence; what else a thief does with a passkey while a recovery waits.
/// *Storage*: three words and a mapping of records by account, all in {RecoveryBase}. A record is found by account and
/// digest, so that an account can veto only what concerns itself.
///
/// One module in four contracts, for size: what a recovery that goes as planned needs is here, the rest in
/// PolicyChanges, GuardianVotes and ForeignRecovery. The functions at the end of this file run their code on this
/// contract's storage. Their addresses are fixed at deployment; nobody can change them.
contract GuardianRecovery is RecoveryRules, RecoveryViews, IERC7579Module {
    using MessageHashUtils for bytes32;
    using RecoveryPolicy for bytes;

    /// @notice Longest time from a recovery's issue to its deadline, seconds.
    uint256 public constant MAX_LIFETIME = 30 days;
    uint256 public constant MAX_CHAIN_IDS = 16;

    /// @dev keccak256("Possession(bytes32 recovery)"), under PasskeyValidator's domain
    bytes32 private constant POSSESSION_TYPEHASH = keccak256("Possession(bytes32 recovery)");
    uint8 private constant KEEP_MASK = 0x0f;

    address private immutable POLICY_CHANGES;
    address private immutable GUARDIAN_VOTES;
    address private immutable FOREIGN_RECOVERY;
    bytes32 private immutable PASSKEY_DOMAIN;
    bytes32 private immutable DOMAIN_SEPARATOR = ChainFreeDomain.separator("Rekey Recovery", address(this));

    /// @notice The policy breaks this rule of {PolicyRules}. Another part refuses it; it is named here for the ABI.
    error BadPolicy(uint8 rule);

    constructor(
        IPasskeyValidator passkeyValidator,
        ISignerValidator signerValidator,
        address codeVerifier,
        address policyChanges,
        address guardianVotes,
        address foreignRecovery
    ) RecoveryBase(passkeyValidator, signerValidator, codeVerifier) {
        PASSKEY_DOMAIN = passkeyValidator.domainSeparator();
        POLICY_CHANGES = policyChanges;
        GUARDIAN_VOTES = guardianVotes;
        FOREIGN_RECOVERY = foreignRecovery;
    }

    // ---------------------------------------------------------------- Recovery

    /// @inheritdoc IGuardianRecovery
    function start(
        Recovery calldata recovery,
        bytes calldata policy,
        bytes calldata approvals,
        bytes calldata possession
    ) external returns (bytes32 digest) {
        address account = recovery.account;
        StoredHead memory head = _heads[account];
        _checkRequest(recovery, policy, head);
        digest = _hashRecovery(recovery);
        Record storage record = _records[account][digest];
        Status status = record.status;
        if (status == Status.Scheduled || status == Status.Protected) revert AlreadyStarted(digest);
        if (status == Status.Cancelled) revert Cancelled(digest);

        Tally memory tally = Approvals.count(policy, approvals, _ballot(account, digest, true));
        Reach memory reach = _reach(policy, tally);
        if (status == Status.Vetoed) reach.delay = reach.protectedDelay;
        if (reach.delay == NONE) {
            if (status == Status.Vetoed) revert Vetoed(digest);
            revert NoTier(tally.freeWeight, tally.freeKinds);
        }
        if (head.rules & NATIVE == 0) _run(FOREIGN_RECOVERY, abi.encodeCall(IForeignRecovery.checkForeign, (account)));
        if (reach.delay == 0) {
            if (status != Status.None) delete _records[account][digest];
            _apply(recovery, digest, possession);
            return digest;
        }
        // At once, PasskeyValidator checks both itself.
        if (!recovery.credential.isWellFormed()) revert InvalidNewCredential(recovery.credential.idHash);
        if (!_isPossessed(recovery, digest, possession)) revert NewPasskeyNotPossessed(digest);
        _records[account][digest] = Record({
            startedAt: uint40(block.timestamp),
            readyAt: uint40(block.timestamp + reach.delay),
            protectedAt: reach.protectedDelay == NONE ? 0 : uint40(block.timestamp + reach.protectedDelay),
            windowHours: uint16(policy.windowHours()),
            votes: uint32(tally.votes),
            epoch: head.epoch,
            status: status == Status.Vetoed ? Status.Protected : Status.Scheduled,
            evidence: tally.evidence
        });
        _hold(account, record);
        emit RecoveryStarted(account, digest, recovery, uint32(tally.votes), record.readyAt, record.protectedAt);
    }

    /// @inheritdoc IGuardianRecovery
    function support(Recovery calldata recovery, bytes calldata policy, bytes calldata approvals) external {
        bytes32 digest = _hashRecovery(recovery);
        address account = recovery.account;
        Record storage record = _liveRecord(recovery, digest);
        _checkPolicyBytes(account, policy);
        _checkWindow(record);

        Approvals.Ballot memory ballot = _ballot(account, digest, true);
        ballot.votes = record.votes;
        ballot.evidence = record.evidence;
        Tally memory tally = Approvals.count(policy, approvals, ballot);
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
            if (time < readyAt) {
                // It closes when it would have closed: nobody who was told a time comes too late.
                record.windowHours += uint16((readyAt - time + 1 hours - 1) / 1 hours);
                readyAt = time;
            }
        }
        record.readyAt = readyAt;
        record.protectedAt = protectedAt;
        record.votes = uint32(tally.votes);
        record.evidence = tally.evidence;
        _hold(account, record);
        emit RecoverySupported(account, digest, uint32(tally.votes), readyAt, protectedAt);
    }

    /// @inheritdoc IGuardianRecovery
    function execute(Recovery calldata recovery, bytes calldata possession, Evidence[] calldata evidence) external {
        bytes32 digest = _hashRecovery(recovery);
        Record storage record = _liveRecord(recovery, digest);
        if (block.timestamp < record.readyAt) revert NotReady(block.timestamp, record.readyAt);
        _checkWindow(record);
        _checkEvidence(record.evidence, evidence);
        for (uint256 i = 0; i < evidence.length; ++i) {
            if (!_holds(evidence[i])) revert EvidenceFailed(evidence[i].index);
        }
        delete _records[recovery.account][digest];
        _apply(recovery, digest, possession);
    }

    /// @inheritdoc IGuardianRecovery
    function veto(address account, bytes32 digest, bytes calldata ownerSignature) external {
        _checkOwner(account, RecoveryDigests.veto(account, digest), ownerSignature);
        Record storage record = _records[account][digest];
        Status status = record.status;
        if (status == Status.Vetoed) revert Vetoed(digest);
        if (status == Status.Cancelled) revert Cancelled(digest);
        if (status == Status.Protected) revert NotVetoable(digest);
        // What has expired stays so: a late veto must not open another window for it.
        if (status == Status.Scheduled) {
            uint8 epoch = _heads[account].epoch;
            if (record.epoch != epoch) revert Superseded(record.epoch, epoch);
            _checkWindow(record);
        }
        bool stopped = record.protectedAt == 0;
        if (stopped) {
            if (status == Status.Scheduled) _bench(account, record);
            // Also before the recovery has reached this chain.
            record.status = Status.Vetoed;
        } else {
            record.status = Status.Protected;
            record.readyAt = record.protectedAt;
        }
        emit RecoveryVetoed(account, digest, stopped);
    }

    // ---------------------------------------------------------------- Internal

    function _domain() internal view override returns (bytes32) {
        return DOMAIN_SEPARATOR;
    }

    /// @dev Effects first: the floor rises and the epoch ends, which kills every other recovery, change and hold of the
    ///      account, before the account is called. If the account refuses, nothing has happened.
    function _apply(Recovery calldata recovery, bytes32 digest, bytes calldata possession) private {
        address account = recovery.account;
        StoredHead memory head = _heads[account];
        head.floor = recovery.issuedAt;
        unchecked {
            ++head.epoch; // wraps: the floor keeps what is 256 epochs old dead
        }
        _heads[account] = head;
        if (head.rules & NATIVE != 0) {
            IRekeyAccount(account).recover(recovery.credential, recovery.keep, digest, possession);
        } else {
            _run(FOREIGN_RECOVERY, abi.encodeCall(IForeignRecovery.recoverForeign, (recovery, digest, possession)));
        }
        emit RecoveryExecuted(account, digest, recovery.credential.idHash);
    }

    function _checkRequest(Recovery calldata recovery, bytes calldata policy, StoredHead memory head) private view {
        uint160 wanted = head.policyId;
        if (wanted == 0) revert NoPolicy(recovery.account);
        bytes32 seen = keccak256(policy);
        if (seen != recovery.policy || uint160(uint256(seen)) != wanted) revert WrongPolicy(seen, wanted);
        _checkChain(recovery.chainIds);
        if (recovery.keep > KEEP_MASK) revert UnknownKeep(recovery.keep);
        uint256 issuedAt = recovery.issuedAt;
        _checkIssue(issuedAt, head.floor);
        if (block.timestamp > recovery.deadline) revert Expired(block.timestamp, recovery.deadline);
        if (recovery.deadline > issuedAt + MAX_LIFETIME) {
            revert LifetimeTooLong(recovery.deadline, issuedAt + MAX_LIFETIME);
        }
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

    /// @dev A delay that more votes shorten may have passed long ago. The window counts from now then: from a time in
    ///      the past it could be over already, and one guardian's late vote would end what the others started.
    function _notBeforeNow(uint256 time) private view returns (uint40) {
        return uint40(time < block.timestamp ? block.timestamp : time);
    }

    /// @dev Whoever was vetoed once in this epoch is benched again by every later veto.
    function _bench(address account, Record storage record) private {
        Aux storage aux = _aux[account];
        aux.benched = aux.benchEpoch == record.epoch ? aux.benched | record.votes : record.votes;
        aux.benchEpoch = record.epoch;
        aux.benchedUntil = uint40(block.timestamp + BENCH);
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

    // ---------------------------------------------------------------- In the other parts

    /// @inheritdoc IGuardianRecovery
    function recount(Recovery calldata, bytes calldata, Evidence[] calldata, uint32) external {
        _run(GUARDIAN_VOTES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function guardianCancel(address, bytes32, bytes calldata, bytes calldata) external {
        _run(GUARDIAN_VOTES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function setPolicy(address, bytes calldata, uint40, bytes calldata) external {
        _run(POLICY_CHANGES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function announce(address, ChangeKind, address, uint40, bytes calldata) external {
        _run(POLICY_CHANGES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function applyPolicy(address, bytes calldata) external {
        _run(POLICY_CHANGES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function cancelChange(address, ChangeKind, uint160, uint40, bytes calldata) external {
        _run(POLICY_CHANGES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function consume(ChangeKind, address) external {
        _run(POLICY_CHANGES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function freeze(address, bytes calldata, uint32, uint40, bytes calldata) external {
        _run(GUARDIAN_VOTES, msg.data);
    }

    /// @inheritdoc IGuardianRecovery
    function drill(
        address,
        bytes calldata,
        bytes32,
        uint40,
        bytes calldata
    ) external returns (uint32 votes, uint8 tiers) {
        return abi.decode(_run(GUARDIAN_VOTES, msg.data), (uint32, uint8));
    }

    /// @inheritdoc IERC7579Module
    /// @dev Data: the account's first policy, or empty.
    function onInstall(bytes calldata) external {
        _run(POLICY_CHANGES, msg.data);
    }

    /// @inheritdoc IERC7579Module
    function onUninstall(bytes calldata) external {
        _run(POLICY_CHANGES, msg.data);
    }

    /// @inheritdoc IERC7579Module
    function isModuleType(uint256 moduleTypeId) external pure returns (bool) {
        return moduleTypeId == MODULE_TYPE_EXECUTOR;
    }

    /// @inheritdoc IGuardianRecovery
    function checkPolicy(address, bytes calldata) external returns (bytes32 policyHash) {
        return bytes32(_run(POLICY_CHANGES, msg.data));
    }

    /// @dev Runs the code of another part on this storage.
    function _run(address part, bytes memory data) private returns (bytes memory) {
        (bool success, bytes memory answer) = part.delegatecall(data);
        if (success) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }
}
