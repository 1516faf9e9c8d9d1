// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {IEvidenceVerifier} from "../../../contracts/interfaces/IEvidenceVerifier.sol";

/// @notice Verifies any signature that is the digest itself, by a key that its issuer can revoke. The guardian's key
///         names the issuer; the evidence is the issuer's key at the time.
contract EvidenceGuardian is IEvidenceVerifier {
    mapping(bytes32 issuer => bytes32 key) public keyOf;
    mapping(bytes32 key => bool) public revoked;

    function use(bytes32 issuer, bytes32 key) external {
        keyOf[issuer] = key;
    }

    function revoke(bytes32 key, bool is_) external {
        revoked[key] = is_;
    }

    function verify(bytes calldata, bytes32, bytes calldata) external pure returns (bytes4) {
        // A guardian that gives evidence is never asked without.
        return 0xffffffff;
    }

    function verifyWithEvidence(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4, bytes32) {
        bytes32 current = keyOf[bytes32(key)];
        bool good = signature.length == 32 && bytes32(signature) == hash && !revoked[current];
        return (good ? IERC7913SignatureVerifier.verify.selector : bytes4(0xffffffff), current);
    }

    function evidenceHolds(bytes calldata, bytes32 evidence) external view returns (bytes4) {
        return revoked[evidence] ? bytes4(0xffffffff) : IEvidenceVerifier.evidenceHolds.selector;
    }
}
