// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {
    ERC7579Utils,
    ExecType,
    Mode,
    ModePayload,
    ModeSelector
} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Base64Url} from "../../../contracts/libraries/Base64Url.sol";
import {ClientData} from "../../../contracts/libraries/ClientData.sol";
import {P256Verifier} from "../../../contracts/libraries/P256Verifier.sol";
import {PolicyRules} from "../../../contracts/libraries/PolicyRules.sol";
import {WebAuthn} from "../../../contracts/libraries/WebAuthn.sol";
import {Credential} from "../../../contracts/types/Credential.sol";

/// @notice Internal functions of the libraries, callable from outside, so that other implementations can be compared.
contract LibraryHarness {
    /// @notice As every verifier settles it at deployment.
    bool public immutable usesPrecompile = P256Verifier.selfTest();

    function verifyP256(
        bytes32 hash,
        uint256 r,
        uint256 s,
        uint256 x,
        uint256 y,
        bool precompile
    ) external view returns (bool) {
        return P256Verifier.verify(hash, r, s, x, y, precompile);
    }

    function isWellFormed(Credential calldata credential) external pure returns (bool) {
        Credential memory copy = credential;
        return copy.isWellFormed();
    }

    function commitment(Credential calldata credential) external pure returns (bytes32) {
        Credential memory copy = credential;
        return copy.commitment();
    }

    function multiChainDigest(bytes32 domainSeparator, bytes32 root) external pure returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(WebAuthn.MULTI_CHAIN_TYPEHASH, root));
        return MessageHashUtils.toTypedDataHash(domainSeparator, structHash);
    }

    function base64Url(bytes32 value) external pure returns (string memory) {
        (bytes32 head, bytes32 tail) = Base64Url.encode(value);
        return string(abi.encodePacked(head, bytes11(tail)));
    }

    function changeDays(bytes calldata policy) external pure returns (uint256) {
        return PolicyRules.check(policy, address(0), new address[](1));
    }

    function scanClientData(
        bytes calldata json
    ) external pure returns (bool ok, bytes memory challenge, bytes memory origin, bool crossOrigin) {
        ClientData.Fields memory fields;
        (ok, fields) = ClientData.scan(json);
        if (!ok) return (false, "", "", false);
        challenge = json[fields.challengeStart:fields.challengeEnd];
        origin = json[fields.originStart:fields.originEnd];
        return (true, challenge, origin, fields.crossOrigin);
    }

    function encodeMode(bool isBatch, bool isTry) external pure returns (Mode) {
        ExecType execType = isTry ? ERC7579Utils.EXECTYPE_TRY : ERC7579Utils.EXECTYPE_DEFAULT;
        return
            ERC7579Utils.encodeMode(
                isBatch ? ERC7579Utils.CALLTYPE_BATCH : ERC7579Utils.CALLTYPE_SINGLE,
                execType,
                ModeSelector.wrap(0),
                ModePayload.wrap(0)
            );
    }

    function encodeSingle(Execution calldata call) external pure returns (bytes memory) {
        return ERC7579Utils.encodeSingle(call.target, call.value, call.callData);
    }

    function encodeBatch(Execution[] calldata calls) external pure returns (bytes memory) {
        Execution[] memory copy = calls;
        return ERC7579Utils.encodeBatch(copy);
    }
}
