// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7579Validator} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {ERC7739Utils} from "@openzeppelin/contracts/utils/cryptography/draft-ERC7739Utils.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title ERC7739Module
/// @notice ERC-1271 for a validator module, bound to the account by ERC-7739, so that a signature for one account is
///         never one for another account of the same key.
/// @dev
/// *Trust*: the calling account tells its own EIP-712 domain (ERC-5267); a false one deceives only that account.
/// *Checks*: nested typed data and nested personal signatures, `verifyingContract` = the calling account.
/// *Not checked*: who asks (`sender`).
/// *Storage*: none.
abstract contract ERC7739Module is IERC7579Validator {
    using ERC7739Utils for *;
    using MessageHashUtils for bytes32;

    bytes4 private constant SUPPORTS_ERC7739 = 0x77390001;
    bytes4 private constant INVALID = 0xffffffff;
    bytes32 private constant DETECTION = 0x7739773977397739773977397739773977397739773977397739773977397739;
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    /// @dev The parts of the account's domain that both nestings need.
    struct Domain {
        bytes32 nameHash;
        bytes32 versionHash;
        uint256 chainId;
        bytes32 salt;
    }

    /// @inheritdoc IERC7579Validator
    /// @dev ERC-1271 answer for the calling account. Never reverts on a bad signature.
    function isValidSignatureWithSender(
        address,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4) {
        if (hash == DETECTION && signature.length == 0) return SUPPORTS_ERC7739;
        Domain memory domain = _accountDomain(msg.sender);
        bool valid =
            _isNestedTypedData(msg.sender, domain, hash, signature) ||
                _isNestedPersonal(msg.sender, domain, hash, signature);
        return valid ? IERC1271.isValidSignature.selector : INVALID;
    }

    /// @dev True if a key of `account` signed `hash`. Never reverts on a bad signature.
    function _isValidRaw(address account, bytes32 hash, bytes calldata signature) internal view virtual returns (bool);

    function _isNestedTypedData(
        address account,
        Domain memory domain,
        bytes32 hash,
        bytes calldata encoded
    ) private view returns (bool) {
        (bytes calldata signature, bytes32 appSeparator, bytes32 contentsHash, string calldata description) = encoded
            .decodeTypedDataSig();
        if (bytes(description).length == 0 || hash != appSeparator.toTypedDataHash(contentsHash)) return false;
        bytes memory domainBytes = abi.encode(
            domain.nameHash,
            domain.versionHash,
            domain.chainId,
            account,
            domain.salt
        );
        bytes32 structHash = description.typedDataSignStructHash(contentsHash, domainBytes);
        return structHash != 0 && _isValidRaw(account, appSeparator.toTypedDataHash(structHash), signature);
    }

    function _isNestedPersonal(
        address account,
        Domain memory domain,
        bytes32 hash,
        bytes calldata signature
    ) private view returns (bool) {
        bytes32 separator = keccak256(
            abi.encode(DOMAIN_TYPEHASH, domain.nameHash, domain.versionHash, domain.chainId, account)
        );
        return _isValidRaw(account, separator.toTypedDataHash(hash.personalSignStructHash()), signature);
    }

    /// @dev The chain is this one and the contract is the account, whatever the account says.
    function _accountDomain(address account) private view returns (Domain memory domain) {
        (, string memory name, string memory version, , , bytes32 salt, ) = IERC5267(account).eip712Domain();
        return Domain(keccak256(bytes(name)), keccak256(bytes(version)), block.chainid, salt);
    }
}
