// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Recovery} from "../types/Recovery.sol";
import {IRecoveryTypes} from "./IRecoveryTypes.sol";

/// @title IGuardianRecovery
/// @notice Guardians of an account, and how they give it a new passkey.
interface IGuardianRecovery is IRecoveryTypes {
    /// @notice Starts a recovery, and executes it at once if the tier reached has no delay. Anyone may call it.
    /// @dev Everything that could make the execution fail is checked now. Reverts with {NoPolicy}, {WrongPolicy},
    ///      {WrongChain}, {NotYetIssued}, {Stale}, {Expired}, {LifetimeTooLong}, {UnknownKeep}, {AlreadyStarted},
    ///      {Cancelled}, {InvalidNewCredential}, {NoTier}, {NewPasskeyNotPossessed}, {Approvals-MalformedApprovals},
    ///      {Approvals-InsufficientGas}.
    /// @param policy The bytes of the account's policy.
    /// @param approvals Guardians' signatures, see {Approvals}.
    /// @param possession Stateless assertion of the new passkey over PasskeyValidator's possession digest of the
    ///      recovery.
    /// @return digest The recovery's id.
    function start(
        Recovery calldata recovery,
        bytes calldata policy,
        bytes calldata approvals,
        bytes calldata possession
    ) external returns (bytes32 digest);

    /// @notice Adds approvals to a started recovery. It can only become faster, counted from its start, and its window
    ///         does not close earlier than before.
    function support(Recovery calldata recovery, bytes calldata policy, bytes calldata approvals) external;

    /// @notice Executes a recovery after its delay and within its window. Anyone may call it.
    /// @param evidence What its votes rest on, empty if none rests on anything.
    function execute(Recovery calldata recovery, bytes calldata possession, Evidence[] calldata evidence) external;

    /// @notice Drops the votes whose evidence does not hold any more. The rest may have to wait longer, or start anew.
    /// @param drop Bitmap of votes to drop although their evidence holds: only such as change no time, so that nobody
    ///      can join a recovery and then hold it up with evidence that comes and goes.
    function recount(
        Recovery calldata recovery,
        bytes calldata policy,
        Evidence[] calldata evidence,
        uint32 drop
    ) external;

    /// @notice Stops the recovery with this digest, started or not, or slows it down to a tier that cannot be vetoed.
    /// @dev Whose votes were stopped are benched for a week, and their other recoveries so far are stopped too. Reverts
    ///      with {BadOwnerSignature}, {Vetoed}, {NotVetoable}, {Cancelled}, {WindowClosed}.
    /// @param ownerSignature 0x00 ‖ assertion by a live passkey, or 0x01 ‖ SignerValidator signature, over
    ///      {vetoDigest}; empty if the account itself calls.
    function veto(address account, bytes32 digest, bytes calldata ownerSignature) external;

    /// @notice Guardians who reach the tier of greatest weight, and a protected tier if there is one, call off the
    ///         recovery with this digest, started or not.
    /// @param approvals Their signatures over {guardianCancelDigest}.
    function guardianCancel(address account, bytes32 digest, bytes calldata policy, bytes calldata approvals) external;

    /// @notice Gives an account its first policy at once, or announces another one. Anyone may deliver it.
    /// @param issuedAt Seconds since 1970; newer than anything that took effect or was announced.
    /// @param ownerSignature As in {veto}, over {setPolicyDigest}.
    function setPolicy(address account, bytes calldata policy, uint40 issuedAt, bytes calldata ownerSignature) external;

    /// @notice Announces that the module will leave, or another implementation of the account.
    /// @param value 0 to leave, or the implementation.
    /// @param ownerSignature As in {veto}, over {uninstallDigest} or {upgradeDigest}.
    function announce(
        address account,
        ChangeKind kind,
        address value,
        uint40 issuedAt,
        bytes calldata ownerSignature
    ) external;

    /// @notice Makes an announced policy the account's. Anyone may call it.
    function applyPolicy(address account, bytes calldata policy) external;

    /// @notice Calls off a change, announced on this chain or not: neither it nor an older one can come.
    /// @param ownerSignature As in {veto}, over {cancelChangeDigest}.
    function cancelChange(
        address account,
        ChangeKind kind,
        uint160 value,
        uint40 issuedAt,
        bytes calldata ownerSignature
    ) external;

    /// @notice The calling account is about to do what it announced. Reverts unless it may.
    function consume(ChangeKind kind, address value) external;

    /// @notice One guardian stops the account for at most as long as its policy allows.
    /// @param approvals Signature of at least one guardian over {freezeDigest}.
    function freeze(
        address account,
        bytes calldata policy,
        uint32 duration,
        uint40 issuedAt,
        bytes calldata approvals
    ) external;

    /// @notice Counts approvals of a drill, by the same rules as those of a recovery, and says so in an event. Nothing
    ///         else happens; a plain `eth_call` costs nothing. Codes are looked at, not spent.
    /// @param challenge Random, so that a drill cannot be shown twice.
    /// @return votes Bitmap over the policy's guardians.
    /// @return tiers Bitmap over the policy's tiers: those that these guardians reach together.
    function drill(
        address account,
        bytes calldata policy,
        bytes32 challenge,
        uint40 deadline,
        bytes calldata approvals
    ) external returns (uint32 votes, uint8 tiers);

    /// @notice Hash of a policy that `account` could have. Reverts with {PolicyRules-BadPolicy} otherwise.
    /// @dev Changes nothing; it is no `view` only because another part of the module answers. Use `eth_call`.
    function checkPolicy(address account, bytes calldata policy) external returns (bytes32 policyHash);

    /// @notice The recovery's id: what guardians sign.
    function hashRecovery(Recovery calldata recovery) external view returns (bytes32);

    /// @notice What the owner signs to veto.
    function vetoDigest(address account, bytes32 digest) external view returns (bytes32);

    /// @notice What the owner signs to set a policy.
    function setPolicyDigest(address account, bytes32 policyHash, uint40 issuedAt) external view returns (bytes32);

    /// @notice What guardians sign to call off a recovery.
    function guardianCancelDigest(address account, bytes32 policyHash, bytes32 digest) external view returns (bytes32);

    /// @notice What the owner signs to announce that the module will leave.
    function uninstallDigest(address account, uint40 issuedAt) external view returns (bytes32);

    /// @notice What the owner signs to announce another implementation.
    function upgradeDigest(address account, address implementation, uint40 issuedAt) external view returns (bytes32);

    /// @notice What the owner signs to call off a change.
    function cancelChangeDigest(
        address account,
        ChangeKind kind,
        uint160 value,
        uint40 issuedAt
    ) external view returns (bytes32);

    /// @notice What a guardian signs to freeze the account.
    function freezeDigest(
        address account,
        bytes32 policyHash,
        uint32 duration,
        uint40 issuedAt
    ) external view returns (bytes32);

    /// @notice What guardians sign in a drill.
    function drillDigest(
        address account,
        bytes32 policyHash,
        bytes32 challenge,
        uint40 deadline
    ) external view returns (bytes32);

    /// @notice EIP-712 domain separator of `Rekey Recovery`; the same on every chain.
    function domainSeparator() external view returns (bytes32);

    /// @notice The account's policy and counters.
    function getHead(address account) external view returns (Head memory);

    /// @notice A recovery of `account`.
    function getRecord(address account, bytes32 digest) external view returns (Record memory);

    /// @notice The change that `account` has announced.
    function getChange(address account) external view returns (Change memory);

    /// @notice Holds, benches and freezes of `account`.
    function getAux(address account) external view returns (Aux memory);
}
