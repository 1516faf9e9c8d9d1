// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Credential} from "../types/Credential.sol";

/// @title IPasskeyValidator
/// @notice Passkeys of an account: who may sign for it.
interface IPasskeyValidator {
    /// @notice A passkey can sign for `account` from now on.
    /// @param proven True if it has signed over this registration; only proven passkeys guard against losing the last
    ///      one.
    event CredentialAdded(
        address indexed account,
        bytes32 indexed idHash,
        uint8 index,
        Credential credential,
        bytes credentialId,
        bool proven
    );

    /// @notice A passkey can no longer sign for `account`.
    event CredentialRemoved(address indexed account, bytes24 commitment, uint8 index);

    /// @notice A passkey has shown that it can sign.
    event CredentialProven(address indexed account, bytes24 commitment, uint8 index);

    /// @notice A recovery put `credential` at `index`; `removed` other passkeys are gone.
    event CredentialsReset(
        address indexed account,
        bytes32 indexed idHash,
        uint8 index,
        Credential credential,
        uint32 removed
    );

    /// @notice The account has no passkey here.
    error NotInitialized(address account);

    /// @notice The account has passkeys here already.
    error AlreadyInitialized(address account);

    /// @notice Off the curve, without relying party or origins, unknown flags, or an id that does not hash to `idHash`.
    error InvalidCredential(bytes32 idHash);

    /// @notice The same passkey with the same rules is there already.
    error DuplicateCredential(uint8 index);

    /// @notice No room for another passkey.
    error TooManyCredentials(uint256 wanted);

    /// @notice No proven passkey would remain.
    error LastProvenCredential(uint8 index);

    /// @notice The passkey at `index` is not the expected one.
    error UnknownCredential(uint8 index, bytes24 seen, bytes24 wanted);

    /// @notice The signature is not by the passkey itself over this registration or recovery.
    error NotPossessed(bytes32 idHash);

    /// @notice Adds a passkey to the calling account.
    /// @dev Reverts with {NotInitialized}, {InvalidCredential}, {DuplicateCredential}, {TooManyCredentials}, and with
    ///      {NotPossessed} if `possession` is not empty and not a signature by the passkey.
    /// @param credentialId The id the authenticator gave, 16–1023 bytes.
    /// @param possession Stateless assertion over {proveDigest}, or empty to add the passkey unproven.
    /// @return index Where it is, 0–31: the index its signatures name.
    function addCredential(
        Credential calldata credential,
        bytes calldata credentialId,
        bytes calldata possession
    ) external returns (uint8 index);

    /// @notice Marks a passkey of `account` as proven. Anyone may deliver the assertion.
    /// @dev Reverts with {UnknownCredential} if `index` holds another passkey or none, and with {NotPossessed} if the
    ///      stateless
    ///      assertion is not over {proveDigest} by that passkey.
    /// @param commitment The full commitment, of which the account stores the low 192 bits.
    function prove(address account, uint8 index, bytes32 commitment, bytes calldata assertion) external;

    /// @notice Removes a passkey of the calling account, named by its content so that an index can never hit another
    ///      one.
    /// @dev Reverts with {UnknownCredential} and {LastProvenCredential}.
    function removeCredential(uint8 index, bytes24 expected) external;

    /// @notice Puts a passkey in and, unless `keep`, all others out. The calling account's recovery module uses it.
    /// @dev Succeeds whatever is stored: a passkey already present stays, a full table is replaced. Reverts with
    ///      {InvalidCredential} and {NotPossessed} only, both of which a recovery checks when it starts.
    /// @param digest The recovery; the passkey has signed `Possession(bytes32 recovery)` over it.
    function recover(Credential calldata credential, bool keep, bytes32 digest, bytes calldata possession) external;

    /// @notice True if a live passkey of `account` signed `digest`, as itself: no ERC-7739, no Merkle root.
    /// @dev For chain-free owner messages. Never reverts on a bad signature.
    function verifyOwner(address account, bytes32 digest, bytes calldata signature) external view returns (bool);

    /// @notice ERC-7780: true if `signature` is a stateless assertion over `hash` by the credential whose commitment is
    ///      `data`.
    function validateSignatureWithData(
        bytes32 hash,
        bytes calldata signature,
        bytes calldata data
    ) external view returns (bool);

    /// @notice What a passkey signs to be proven for `account`.
    function proveDigest(address account, bytes32 commitment) external view returns (bytes32);

    /// @notice What the new passkey signs for a recovery.
    function possessionDigest(bytes32 recovery) external view returns (bytes32);

    /// @notice All passkeys of `account`, in the order of their indexes.
    /// @return indexes The index each one signs with.
    /// @return commitments Low 192 bits of each commitment.
    /// @return proven Whether each has shown that it can sign.
    function getCredentials(
        address account
    ) external view returns (uint8[] memory indexes, bytes24[] memory commitments, bool[] memory proven);

    /// @notice True if P-256 signatures are verified by the precompile at 0x100, false if in Solidity. Settled at
    ///      deployment.
    function usesPrecompile() external view returns (bool);

    /// @notice EIP-712 domain separator of `Rekey Passkey`; the same on every chain.
    function domainSeparator() external view returns (bytes32);
}
