// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {
    IERC7579Module,
    IERC7579ModuleConfig,
    IERC7579Validator,
    MODULE_TYPE_EXECUTOR,
    MODULE_TYPE_VALIDATOR,
    VALIDATION_FAILED,
    VALIDATION_SUCCESS
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ISignerValidator} from "../interfaces/ISignerValidator.sol";
import {ERC7739Module} from "./ERC7739Module.sol";

/// @title SignerValidator
/// @notice ERC-7579 validator for up to 16 ERC-7913 signers per account: EOAs, contract wallets, keys of a verifier.
/// @dev
/// *Trust*: an account writes its own words only. WebAuthnVerifier, for userOps. A contract that is a signer is called
/// without the right to write, with capped gas, and 32 bytes of its answer are read: it decides its own signature and
/// nothing else.
/// *Checks*: ECDSA with low s and v 27/28; for userOps EOAs and keys of WebAuthnVerifier only, because the storage of
/// any other contract is not the account's (ERC-7562); for messages also ERC-1271 and ERC-7913.
/// *Not checked*: that a signer can sign, is on the curve, or is not a passkey of the account too; that its contract
/// exists on every chain.
/// *Storage*: per account 17 words at keccak256(account ‖ 0) + index, so that a validation reads storage associated
/// with the account only. Word 0: bitmap of the live indexes, bits 1–16. Word `i`: keccak256 of a signer; what stands
/// there while bit `i` is 0 means nothing.
///
/// Signature: index(1) ‖ length(2) ‖ signer ‖ the signer's own signature, to the end.
contract SignerValidator is ISignerValidator, ERC7739Module {
    uint256 public constant MAX_SIGNERS = 16;
    uint256 public constant MIN_SIGNER_LENGTH = 20;
    uint256 public constant MAX_SIGNER_LENGTH = 256;

    /// @notice Gas for one signer's contract.
    uint256 public constant SIGNER_GAS = 500_000;
    /// @dev What must be left before such a call, so that nobody can starve a signature: 64/63 of it, and the rest of
    ///      the work.
    uint256 private constant GAS_BEFORE_CALL = (SIGNER_GAS * 64) / 63 + 50_000;

    uint256 private constant HEAD = 3;
    uint256 private constant EOA_LENGTH = 20;
    /// @dev WebAuthnVerifier and the commitment of a credential.
    uint256 private constant WEB_AUTHN_LENGTH = 52;
    uint160 private constant LAST_PRECOMPILE = 0xffff;

    address private immutable WEB_AUTHN_VERIFIER;

    mapping(address account => bytes32[1 + MAX_SIGNERS]) private _words;

    constructor(address webAuthnVerifier) {
        WEB_AUTHN_VERIFIER = webAuthnVerifier;
    }

    // ---------------------------------------------------------------- ERC-7579

    /// @inheritdoc IERC7579Module
    /// @dev The account starts with these signers and no other: whoever could command the account before may have left
    ///      some.
    /// @param data abi.encode(bytes[] signers), or empty for none.
    function onInstall(bytes calldata data) external {
        _revokeAll();
        if (data.length == 0) return;
        bytes[] memory signers = abi.decode(data, (bytes[]));
        for (uint256 i = 0; i < signers.length; ++i) _add(signers[i]);
    }

    /// @inheritdoc IERC7579Module
    /// @dev Clears every live word, whatever the data says, and never reverts.
    function onUninstall(bytes calldata) external {
        bytes32[1 + MAX_SIGNERS] storage words = _words[msg.sender];
        uint256 live = uint256(words[0]);
        _revokeAll();
        for (uint256 i = 1; live >> i != 0; ++i) {
            if (_isSet(live, i)) words[i] = 0;
        }
    }

    /// @inheritdoc IERC7579Module
    function isModuleType(uint256 moduleTypeId) external pure returns (bool) {
        return moduleTypeId == MODULE_TYPE_VALIDATOR;
    }

    /// @inheritdoc ISignerValidator
    function isInitialized(address account) external view returns (bool) {
        return _words[account][0] != 0;
    }

    /// @inheritdoc IERC7579Validator
    /// @dev Reads two words of the account's storage and writes none; calls WebAuthnVerifier at most, which has no
    ///      storage. A bad signature is a result, not a revert.
    function validateUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash) external view returns (uint256) {
        (bool isLive, bytes calldata signer, bytes calldata signature) = _open(msg.sender, userOp.signature);
        bool isSigned;
        if (signer.length == EOA_LENGTH) {
            isSigned = _isSignedByEoa(address(bytes20(signer)), userOpHash, signature);
        } else if (_isWebAuthn(signer)) {
            isSigned =
                IERC7913SignatureVerifier(WEB_AUTHN_VERIFIER).verify(signer[EOA_LENGTH:], userOpHash, signature) ==
                IERC7913SignatureVerifier.verify.selector;
        }
        return isLive && isSigned ? VALIDATION_SUCCESS : VALIDATION_FAILED;
    }

    // ---------------------------------------------------------------- Signers

    /// @inheritdoc ISignerValidator
    function addSigner(bytes calldata signer) external returns (uint8 index) {
        return _add(signer);
    }

    /// @inheritdoc ISignerValidator
    function removeSigner(uint8 index, bytes32 expected) external {
        bytes32[1 + MAX_SIGNERS] storage words = _words[msg.sender];
        uint256 live = uint256(words[0]);
        bytes32 seen = _isSet(live, index) ? words[index] : bytes32(0);
        if (seen == 0 || seen != expected) revert UnknownSigner(index, seen, expected);
        words[0] = bytes32(live & ~(1 << index));
        words[index] = 0;
        emit SignerRemoved(msg.sender, index, seen);
    }

    /// @inheritdoc ISignerValidator
    function revokeAll() external {
        _revokeAll();
    }

    /// @inheritdoc ISignerValidator
    function getSigners(address account) external view returns (uint8[] memory indexes, bytes32[] memory hashes) {
        bytes32[1 + MAX_SIGNERS] storage words = _words[account];
        uint256 live = uint256(words[0]);
        uint256 count = _count(live);
        (indexes, hashes) = (new uint8[](count), new bytes32[](count));
        uint256 pos;
        for (uint256 i = 1; live >> i != 0; ++i) {
            if (!_isSet(live, i)) continue;
            (indexes[pos], hashes[pos]) = (uint8(i), words[i]);
            ++pos;
        }
    }

    // ---------------------------------------------------------------- Signatures

    /// @inheritdoc ISignerValidator
    function verifyOwner(address account, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return _isValidRaw(account, digest, signature);
    }

    function _isValidRaw(
        address account,
        bytes32 hash,
        bytes calldata signature
    ) internal view override returns (bool) {
        (bool isLive, bytes calldata signer, bytes calldata own) = _open(account, signature);
        // Nobody is called whom the account did not name.
        if (!isLive) return false;
        address first = address(bytes20(signer));
        if (signer.length != EOA_LENGTH) {
            bytes4 selector = IERC7913SignatureVerifier.verify.selector;
            return _asks(first, abi.encodeWithSelector(selector, signer[EOA_LENGTH:], hash, own), selector);
        }
        // Also for an address with code: an EOA that has delegated its code (EIP-7702) still signs like one.
        if (_isSignedByEoa(first, hash, own)) return true;
        bytes4 magic = IERC1271.isValidSignature.selector;
        return _asks(first, abi.encodeWithSelector(magic, hash, own), magic);
    }

    /// @dev The parts of a signature, and whether `account` has that signer at that index. Both words are read whatever
    ///      the verdict on the signature will be, so that an estimate made with a dummy signature is not too low.
    function _open(
        address account,
        bytes calldata blob
    ) private view returns (bool isLive, bytes calldata signer, bytes calldata signature) {
        (signer, signature) = (blob[:0], blob[:0]);
        if (blob.length < HEAD) return (false, signer, signature);
        uint256 index = uint8(blob[0]);
        uint256 end = HEAD + uint16(bytes2(blob[1:HEAD]));
        if (index > MAX_SIGNERS || end > blob.length) return (false, signer, signature);
        (signer, signature) = (blob[HEAD:end], blob[end:]);
        bytes32[1 + MAX_SIGNERS] storage words = _words[account];
        // Nobody is at index 0: that bit is never set.
        bool isNamed = words[index] == keccak256(signer);
        isLive = _isSet(uint256(words[0]), index) && isNamed;
    }

    function _isSignedByEoa(address wanted, bytes32 hash, bytes calldata signature) private pure returns (bool) {
        (address seen, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(hash, signature);
        return problem == ECDSA.RecoverError.NoError && seen == wanted;
    }

    function _isWebAuthn(bytes calldata signer) private view returns (bool) {
        return signer.length == WEB_AUTHN_LENGTH && address(bytes20(signer)) == WEB_AUTHN_VERIFIER;
    }

    /// @dev True if `target` has code and answers `data` with a word that is `magic`, left-aligned.
    function _asks(address target, bytes memory data, bytes4 magic) private view returns (bool) {
        if (target.code.length == 0) return false;
        if (gasleft() < GAS_BEFORE_CALL) revert InsufficientGas(gasleft(), GAS_BEFORE_CALL);
        bool success;
        bytes32 answer;
        assembly ("memory-safe") {
            mstore(0x00, 0)
            success := staticcall(SIGNER_GAS, target, add(data, 0x20), mload(data), 0x00, 0x20)
            success := and(success, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return success && answer == bytes32(magic);
    }

    // ---------------------------------------------------------------- Storage

    function _add(bytes memory signer) private returns (uint8 index) {
        if (!_isAllowed(signer)) revert InvalidSigner(signer);
        bytes32[1 + MAX_SIGNERS] storage words = _words[msg.sender];
        uint256 live = uint256(words[0]);
        bytes32 id = keccak256(signer);
        for (uint256 i = MAX_SIGNERS; i != 0; --i) {
            if (!_isSet(live, i)) index = uint8(i);
            else if (words[i] == id) revert DuplicateSigner(uint8(i));
        }
        if (index == 0) revert TooManySigners(MAX_SIGNERS);
        words[0] = bytes32(live | (1 << index));
        words[index] = id;
        emit SignerAdded(msg.sender, index, signer);
    }

    function _revokeAll() private {
        uint256 live = uint256(_words[msg.sender][0]);
        if (live == 0) return;
        _words[msg.sender][0] = 0;
        emit SignersRevoked(msg.sender, uint8(_count(live)));
    }

    /// @dev The account says itself (ERC-7579) which contracts are its validators and executors.
    function _isAllowed(bytes memory signer) private view returns (bool) {
        if (signer.length < MIN_SIGNER_LENGTH || signer.length > MAX_SIGNER_LENGTH) return false;
        address first = address(bytes20(signer));
        if (uint160(first) <= LAST_PRECOMPILE || first == msg.sender || first == address(this)) return false;
        if (first == WEB_AUTHN_VERIFIER && signer.length != WEB_AUTHN_LENGTH) return false;
        IERC7579ModuleConfig account = IERC7579ModuleConfig(msg.sender);
        return
            !account.isModuleInstalled(MODULE_TYPE_VALIDATOR, first, "") &&
            !account.isModuleInstalled(MODULE_TYPE_EXECUTOR, first, "");
    }

    function _count(uint256 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }

    function _isSet(uint256 bitmap, uint256 index) private pure returns (bool) {
        return (bitmap >> index) & 1 != 0;
    }
}
