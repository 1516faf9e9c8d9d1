// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Guardian, RecoveryPolicy} from "./RecoveryPolicy.sol";

/// @title Approvals
/// @notice Counts guardians' signatures over one digest.
/// @dev
/// *Trust*: none. A guardian's contract is called without the right to write, with capped gas, and 32 bytes of its
/// answer
/// are read: it decides its own vote and nothing else.
/// *Checks*: each guardian counts once; ECDSA with low s and v 27/28; ERC-1271; ERC-7913 verifiers; `validUntil`.
/// *Not checked*: that a contract wallet will say the same tomorrow: votes are taken when they are delivered.
/// *Storage*: none.
///
/// Blob: items in strictly ascending index: index(1) ‖ length(2) ‖ signature.
library Approvals {
    using RecoveryPolicy for bytes;

    /// @dev Gas for one guardian's contract.
    uint256 internal constant GUARDIAN_GAS = 500_000;
    /// @dev What must be left before such a call, so that nobody can starve a vote: 64/63 of it, and the rest of the
    ///      work.
    uint256 internal constant GAS_BEFORE_CALL = (GUARDIAN_GAS * 64) / 63 + 50_000;

    /// @notice The blob is cut off, has bytes left over, or names guardians out of order or that do not exist.
    error MalformedApprovals(uint256 position);

    /// @notice Too little gas to ask a guardian's contract fairly.
    error InsufficientGas(uint256 seen, uint256 wanted);

    /// @dev Votes as a bitmap over the guardians, and what they amount to.
    struct Tally {
        uint256 votes;
        uint256 weight;
        uint256 kinds;
    }

    /// @notice Adds the valid approvals in `blob` to `votes` and sums up. A bad signature only loses its own vote.
    /// @dev Reverts with {MalformedApprovals} and {InsufficientGas}.
    function count(
        bytes calldata policy,
        bytes calldata blob,
        bytes32 digest,
        uint256 votes
    ) internal view returns (Tally memory tally) {
        (uint256 guardians, uint256 pos) = policy.guardians();
        uint256 cursor;
        for (uint256 i = 0; i < guardians; ++i) {
            Guardian guardian = policy.guardianAt(pos);
            uint256 end = pos + guardian.size();
            bool counted = (votes >> i) & 1 != 0;
            if (cursor != blob.length && uint8(blob[cursor]) == i) {
                bytes calldata signature;
                (signature, cursor) = _item(blob, cursor);
                if (!counted && _isValidNow(guardian)) {
                    counted = isValidSigner(policy[pos + RecoveryPolicy.GUARDIAN_HEAD:end], digest, signature);
                }
            }
            if (counted) {
                tally.votes |= 1 << i;
                tally.weight += guardian.weight();
                tally.kinds |= 1 << guardian.kind();
            }
            pos = end;
        }
        if (cursor != blob.length) revert MalformedApprovals(cursor);
        tally.kinds = RecoveryPolicy.countKinds(tally.kinds);
    }

    function _isValidNow(Guardian guardian) private view returns (bool) {
        uint256 validUntil = guardian.validUntil();
        return validUntil == 0 || block.timestamp <= validUntil;
    }

    /// @notice True if `signer` (ERC-7913: an address, or verifier ‖ key) signed `digest`.
    function isValidSigner(
        bytes calldata signer,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bool) {
        address first = address(bytes20(signer));
        if (signer.length > 20) {
            bytes4 selector = IERC7913SignatureVerifier.verify.selector;
            return _asks(first, abi.encodeWithSelector(selector, signer[20:], digest, signature), selector);
        }
        if (signature.length == 65) {
            // Also for an address with code: an EOA that has delegated its code (EIP-7702) still signs like one.
            (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
            if (problem == ECDSA.RecoverError.NoError && recovered == first) return true;
        }
        bytes4 magic = IERC1271.isValidSignature.selector;
        return _asks(first, abi.encodeWithSelector(magic, digest, signature), magic);
    }

    /// @dev True if `target` has code and answers `data` with a word that is `magic`, left-aligned.
    function _asks(address target, bytes memory data, bytes4 magic) private view returns (bool) {
        if (target.code.length == 0) return false;
        if (gasleft() < GAS_BEFORE_CALL) revert InsufficientGas(gasleft(), GAS_BEFORE_CALL);
        bool success;
        bytes32 answer;
        assembly ("memory-safe") {
            mstore(0x00, 0)
            success := staticcall(GUARDIAN_GAS, target, add(data, 0x20), mload(data), 0x00, 0x20)
            success := and(success, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return success && answer == bytes32(magic);
    }

    /// @dev The signature at `cursor` and the position after it.
    function _item(bytes calldata blob, uint256 cursor) private pure returns (bytes calldata, uint256) {
        uint256 start = cursor + 3;
        if (start > blob.length) revert MalformedApprovals(cursor);
        uint256 end = start + uint16(bytes2(blob[cursor + 1:start]));
        if (end > blob.length) revert MalformedApprovals(cursor);
        return (blob[start:end], end);
    }
}
