// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IEvidenceVerifier} from "../interfaces/IEvidenceVerifier.sol";
import {IRecoveryCodeVerifier} from "../interfaces/IRecoveryCodeVerifier.sol";
import {Guardian, RecoveryPolicy} from "./RecoveryPolicy.sol";
import {Signers} from "./Signers.sol";
import {Tally, Tiers} from "./Tiers.sol";

/// @title Approvals
/// @notice Counts guardians' signatures over one digest.
/// @dev
/// *Trust*: RecoveryCodeVerifier, which alone is called with the right to write, named by address. Every other
/// guardian's contract is called without it, with capped gas, and at most 64 bytes of its answer are read: it decides
/// its own vote and nothing else.
/// *Checks*: each guardian counts once; ECDSA with low s and v 27/28; ERC-1271; ERC-7913 verifiers; `validUntil`; a
/// hidden guardian's signer against its commitment, and that no other guardian of the policy in the open, nor another
/// one revealed in the same blob, is the same signer.
/// *Not checked*: that a contract wallet will say the same tomorrow: votes are taken when they are delivered. Two
/// hidden entries of one signer, revealed in two calls: only the owner could have written such a policy.
/// *Storage*: none.
///
/// Blob: items in strictly ascending index: index(1) ‖ length(2) ‖ signature. A hidden guardian's signature is
/// salt(32) ‖ length(2) ‖ signer ‖ signature.
library Approvals {
    using RecoveryPolicy for bytes;

    /// @dev Gas for one guardian's contract.
    uint256 internal constant GUARDIAN_GAS = 500_000;
    /// @dev What must be left before such a call, so that nobody can starve a vote: 64/63 of it, and the rest of the
    ///      work.
    uint256 internal constant GAS_BEFORE_CALL = (GUARDIAN_GAS * 64) / 63 + 50_000;
    uint256 private constant HIDDEN_HEAD = 34;

    /// @notice The blob is cut off, has bytes left over, or names guardians out of order or that do not exist.
    error MalformedApprovals(uint256 position);

    /// @notice Too little gas to ask a guardian's contract fairly.
    error InsufficientGas(uint256 seen, uint256 wanted);

    /// @dev What is being voted on.
    /// @param module The recovery module, in whose name codes are spent.
    /// @param core Contracts of the system, which cannot be guardians; the last one is RecoveryCodeVerifier.
    /// @param votes Guardians whose votes count already.
    /// @param benched Guardians who for now count towards protected tiers only.
    /// @param spends Codes are spent; otherwise they are only looked at.
    /// @param evidence Hash over the evidence of the votes that count already.
    struct Ballot {
        address module;
        address account;
        address[] core;
        bytes32 digest;
        uint256 votes;
        uint256 benched;
        bool spends;
        uint72 evidence;
    }

    /// @notice Adds the valid approvals in `blob` to `ballot.votes` and sums up. A bad one only loses its own vote.
    /// @dev Reverts with {MalformedApprovals} and {InsufficientGas}.
    function count(
        bytes calldata policy,
        bytes calldata blob,
        Ballot memory ballot
    ) internal returns (Tally memory tally) {
        (uint256 guardians, uint256 pos) = policy.guardians();
        bytes32[] memory revealed;
        uint256 cursor;
        tally.evidence = ballot.evidence;
        for (uint256 i = 0; i < guardians; ++i) {
            Guardian guardian = policy.guardianAt(pos);
            bytes calldata signer = policy[pos + RecoveryPolicy.GUARDIAN_HEAD:pos + guardian.size()];
            bool counted = (ballot.votes >> i) & 1 != 0;
            if (cursor != blob.length && uint8(blob[cursor]) == i) {
                bytes calldata signature;
                (signature, cursor) = _item(blob, cursor);
                if (!counted && _isValidNow(guardian)) {
                    bool known = true;
                    if (guardian.isHidden()) {
                        if (revealed.length == 0) revealed = new bytes32[](guardians);
                        (known, signer, signature) = _reveal(policy, signer, signature, ballot, revealed, i);
                    }
                    if (known) counted = _votes(guardian, i, signer, signature, ballot, tally);
                }
            }
            if (counted) _add(tally, guardian, i, ballot.benched);
            pos += guardian.size();
        }
        if (cursor != blob.length) revert MalformedApprovals(cursor);
        tally.kinds = RecoveryPolicy.countKinds(tally.kinds);
        tally.freeKinds = RecoveryPolicy.countKinds(tally.freeKinds);
    }

    /// @notice Extends the hash over the evidence that votes rest on.
    function chainEvidence(
        uint72 chain,
        uint256 index,
        bytes memory signer,
        bytes32 evidence
    ) internal pure returns (uint72) {
        return uint72(uint256(keccak256(abi.encode(chain, index, keccak256(signer), evidence))));
    }

    /// @notice True if the evidence of a vote still holds.
    function evidenceHolds(bytes calldata signer, bytes32 evidence) internal view returns (bool) {
        bytes4 selector = IEvidenceVerifier.evidenceHolds.selector;
        (bool ok, ) = _asks(
            address(bytes20(signer)),
            abi.encodeWithSelector(selector, signer[20:], evidence),
            selector
        );
        return ok;
    }

    // ---------------------------------------------------------------- Internal

    /// @dev Free are the votes of those who are not benched.
    function _add(Tally memory tally, Guardian guardian, uint256 index, uint256 benched) private pure {
        bool isFree = (benched >> index) & 1 == 0;
        tally.votes |= 1 << index;
        tally.weight = Tiers.add(tally.weight, guardian.weight(), true);
        tally.kinds |= 1 << guardian.kind();
        tally.freeWeight = Tiers.add(tally.freeWeight, guardian.weight(), isFree);
        if (isFree) tally.freeKinds |= 1 << guardian.kind();
    }

    function _isValidNow(Guardian guardian) private view returns (bool) {
        uint256 validUntil = guardian.validUntil();
        return validUntil == 0 || block.timestamp <= validUntil;
    }

    /// @dev The signer that a hidden guardian's signature reveals, and the signature itself. False if it is cut off,
    ///      not what the policy committed to, forbidden, or the same signer as another guardian.
    function _reveal(
        bytes calldata policy,
        bytes calldata commitment,
        bytes calldata item,
        Ballot memory ballot,
        bytes32[] memory revealed,
        uint256 index
    ) private pure returns (bool known, bytes calldata signer, bytes calldata signature) {
        (signer, signature) = (item[:0], item[:0]);
        if (item.length < HIDDEN_HEAD) return (false, signer, signature);
        uint256 end = HIDDEN_HEAD + uint16(bytes2(item[32:HIDDEN_HEAD]));
        if (end > item.length) return (false, signer, signature);
        signer = item[HIDDEN_HEAD:end];
        signature = item[end:];
        if (keccak256(abi.encodePacked(item[:32], signer)) != bytes32(commitment)) return (false, signer, signature);
        if (!Signers.isAllowed(signer, ballot.account, ballot.core)) return (false, signer, signature);
        bytes32 id = keccak256(signer);
        for (uint256 i = 0; i < index; ++i) {
            if (revealed[i] == id) return (false, signer, signature);
        }
        if (_isInTheOpen(policy, id)) return (false, signer, signature);
        revealed[index] = id;
        known = true;
    }

    /// @dev True if a guardian that is not hidden is this signer.
    function _isInTheOpen(bytes calldata policy, bytes32 id) private pure returns (bool) {
        (uint256 guardians, uint256 pos) = policy.guardians();
        for (uint256 i = 0; i < guardians; ++i) {
            Guardian guardian = policy.guardianAt(pos);
            uint256 end = pos + guardian.size();
            if (!guardian.isHidden() && keccak256(policy[pos + RecoveryPolicy.GUARDIAN_HEAD:end]) == id) return true;
            pos = end;
        }
        return false;
    }

    /// @dev True if `signer` (ERC-7913: an address, or verifier ‖ key) signed the ballot's digest.
    function _votes(
        Guardian guardian,
        uint256 index,
        bytes calldata signer,
        bytes calldata signature,
        Ballot memory ballot,
        Tally memory tally
    ) private returns (bool ok) {
        address first = address(bytes20(signer));
        if (signer.length == 20) return _isSignedBy(first, ballot.digest, signature);
        if (first == ballot.core[ballot.core.length - 1]) return _isCode(first, signer[20:], signature, ballot);
        bytes4 magic = IERC7913SignatureVerifier.verify.selector;
        if (!guardian.givesEvidence()) {
            (ok, ) = _asks(first, abi.encodeWithSelector(magic, signer[20:], ballot.digest, signature), magic);
            return ok;
        }
        bytes32 evidence;
        bytes4 selector = IEvidenceVerifier.verifyWithEvidence.selector;
        (ok, evidence) = _asks(first, abi.encodeWithSelector(selector, signer[20:], ballot.digest, signature), magic);
        if (ok) tally.evidence = chainEvidence(tally.evidence, index, signer, evidence);
    }

    /// @dev An EOA's or a contract wallet's signature.
    function _isSignedBy(address wallet, bytes32 digest, bytes calldata signature) private view returns (bool ok) {
        if (signature.length == 65) {
            // Also for an address with code: an EOA that has delegated its code (EIP-7702) still signs like one.
            (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
            if (problem == ECDSA.RecoverError.NoError && recovered == wallet) return true;
        }
        bytes4 magic = IERC1271.isValidSignature.selector;
        (ok, ) = _asks(wallet, abi.encodeWithSelector(magic, digest, signature), magic);
    }

    /// @dev A recovery code. Our own contract: it calls nobody.
    function _isCode(
        address verifier,
        bytes calldata key,
        bytes calldata signature,
        Ballot memory ballot
    ) private returns (bool) {
        IRecoveryCodeVerifier codes = IRecoveryCodeVerifier(verifier);
        bytes4 answer =
            ballot.spends
                ? codes.consume(ballot.account, key, ballot.digest, signature)
                : codes.verifyFor(ballot.module, ballot.account, key, ballot.digest, signature);
        return answer == IERC7913SignatureVerifier.verify.selector;
    }

    /// @dev True if `target` has code and answers `data` with a word that is `magic`, left-aligned; and the word after
    ///      it, 0 if the answer has none.
    function _asks(address target, bytes memory data, bytes4 magic) private view returns (bool, bytes32 second) {
        if (target.code.length == 0) return (false, 0);
        if (gasleft() < GAS_BEFORE_CALL) revert InsufficientGas(gasleft(), GAS_BEFORE_CALL);
        bool success;
        bytes32 answer;
        assembly ("memory-safe") {
            mstore(0x00, 0)
            mstore(0x20, 0)
            success := staticcall(GUARDIAN_GAS, target, add(data, 0x20), mload(data), 0x00, 0x40)
            success := and(success, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
            second := mload(0x20)
        }
        return (success && answer == bytes32(magic), second);
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
