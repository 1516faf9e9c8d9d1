// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title ISignerValidator
/// @notice Signers that are no passkeys of the account: EOAs, contract wallets, keys of a verifier (ERC-7913).
interface ISignerValidator {
    /// @notice `account` takes signatures of `signer` from now on, under `index`.
    event SignerAdded(address indexed account, uint8 index, bytes signer);
    /// @notice `account` no longer takes signatures of the signer with this hash.
    event SignerRemoved(address indexed account, uint8 index, bytes32 signerHash);
    /// @notice `account` no longer takes signatures of any signer it had.
    event SignersRevoked(address indexed account, uint8 removed);

    /// @notice Not 20 to 256 bytes, or nobody who could sign for the account: zero, a precompile, the account itself or
    ///         one of its modules, this module, or WebAuthnVerifier without a key of 32 bytes.
    error InvalidSigner(bytes signer);
    /// @notice The signer is there already.
    error DuplicateSigner(uint8 index);
    /// @notice All places are taken.
    error TooManySigners(uint256 maximum);
    /// @notice There is no signer at this index, or another one.
    error UnknownSigner(uint8 index, bytes32 seen, bytes32 expected);
    /// @notice Too little gas to ask a signer's contract fairly.
    error InsufficientGas(uint256 seen, uint256 wanted);

    /// @notice Adds a signer to the calling account.
    /// @dev Reverts with {InvalidSigner}, {DuplicateSigner}, {TooManySigners}.
    /// @param signer ERC-7913: an address, or verifier ‖ key.
    /// @return index The lowest free one, from 1 on.
    function addSigner(bytes calldata signer) external returns (uint8 index);

    /// @notice Removes a signer of the calling account, named by its content so that an index can never hit another
    ///         one.
    /// @dev Reverts with {UnknownSigner}.
    /// @param expected keccak256 of the signer.
    function removeSigner(uint8 index, bytes32 expected) external;

    /// @notice Removes every signer of the calling account, in one write. Never reverts.
    function revokeAll() external;

    /// @notice True if a signer of `account` signed `digest`, as itself: no ERC-7739.
    /// @dev For chain-free owner messages. A bad signature is an answer, not a revert; reverts with {InsufficientGas}
    ///      if a contract would have to be asked.
    /// @param signature index(1) ‖ length(2) ‖ signer ‖ the signer's own signature.
    function verifyOwner(address account, bytes32 digest, bytes calldata signature) external view returns (bool);

    /// @notice All signers of `account`, in the order of their indexes.
    /// @return indexes The index each one signs with.
    /// @return hashes keccak256 of each; {SignerAdded} has the bytes.
    function getSigners(address account) external view returns (uint8[] memory indexes, bytes32[] memory hashes);

    /// @notice True if `account` has a signer here.
    function isInitialized(address account) external view returns (bool);
}
