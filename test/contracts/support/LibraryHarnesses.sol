// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Base64Url} from "../../../contracts/libraries/Base64Url.sol";
import {ChainFreeDomain} from "../../../contracts/libraries/ChainFreeDomain.sol";
import {ClientData} from "../../../contracts/libraries/ClientData.sol";
import {P256Verifier} from "../../../contracts/libraries/P256Verifier.sol";
import {RsaVerifier} from "../../../contracts/libraries/RsaVerifier.sol";
import {Credential} from "../../../contracts/types/Credential.sol";

contract Base64UrlHarness {
    function encode(bytes32 data) external pure returns (bytes memory) {
        (bytes32 head, bytes32 tail) = Base64Url.encode(data);
        return abi.encodePacked(head, bytes11(tail));
    }

    /// @return characters Those of `data`.
    /// @return behind The word behind the last one that may be written to, which was all ones.
    function text(bytes memory data) external pure returns (bytes memory characters, bytes32 behind) {
        bytes memory source = abi.encodePacked(data, new bytes(24));
        uint256 space = ((data.length + 23) / 24) * 32;
        characters = abi.encodePacked(new bytes(space), bytes32(type(uint256).max));
        uint256 size = Base64Url.sizeOf(data.length);
        uint256 start;
        uint256 to;
        assembly ("memory-safe") {
            start := add(source, 0x20)
            to := add(characters, 0x20)
        }
        Base64Url.write(start, start + data.length, to);
        assembly ("memory-safe") {
            behind := mload(add(to, space))
            mstore(characters, size)
        }
    }
}

contract ClientDataHarness {
    function scan(bytes memory json) external pure returns (bool, ClientData.Fields memory) {
        return ClientData.scan(json);
    }
}

contract P256VerifierHarness {
    function verify(
        bytes32 hash,
        uint256 r,
        uint256 s,
        uint256 x,
        uint256 y,
        bool precompile
    ) external view returns (bool) {
        return P256Verifier.verify(hash, r, s, x, y, precompile);
    }

    function selfTest() external view returns (bool) {
        return P256Verifier.selfTest();
    }
}

contract RsaVerifierHarness {
    function verify(bytes32 hash, bytes calldata signature, bytes calldata n) external view returns (bool) {
        return RsaVerifier.verify(hash, signature, n);
    }

    function selfTest() external view {
        RsaVerifier.selfTest();
    }

    function computes(address modexp) external view returns (bool) {
        return RsaVerifier.computes(modexp);
    }
}

contract CredentialHarness {
    function isWellFormed(Credential memory credential) external pure returns (bool) {
        return credential.isWellFormed();
    }

    function commitment(Credential memory credential) external pure returns (bytes32) {
        return credential.commitment();
    }

    function structHash(Credential memory credential) external pure returns (bytes32) {
        return credential.structHash();
    }

    function separator(string memory name, address verifyingContract) external pure returns (bytes32) {
        return ChainFreeDomain.separator(name, verifyingContract);
    }
}
