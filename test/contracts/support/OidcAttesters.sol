// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {Test} from "../../utils/Test.sol";

/// @notice A registry of three attesters, two of whom decide, and what they sign.
abstract contract OidcAttesters is Test {
    uint256 internal constant ATTESTERS = 3;
    uint256 internal constant QUORUM = 2;
    uint256 internal constant DELAY = 2 days;
    uint256 internal constant MAX_AGE = 60 days;
    uint8 internal constant RS256 = 1;
    uint8 internal constant ES256 = 2;
    string internal constant ISSUER = "https://accounts.google.com";

    /// @dev Private keys, ascending by address.
    uint256[ATTESTERS] internal attesterKeys;

    function deployRegistry() internal returns (OidcKeyRegistry) {
        for (uint256 i = 0; i < ATTESTERS; ++i)
            attesterKeys[i] = boundKey(uint256(keccak256(abi.encode("attester", i))));
        for (uint256 i = 0; i < ATTESTERS; ++i) {
            for (uint256 j = i + 1; j < ATTESTERS; ++j) {
                if (vm.addr(attesterKeys[j]) < vm.addr(attesterKeys[i])) {
                    (attesterKeys[i], attesterKeys[j]) = (attesterKeys[j], attesterKeys[i]);
                }
            }
        }
        return deployRegistry(attesters(), QUORUM, DELAY, MAX_AGE);
    }

    function deployRegistry(
        address[] memory list,
        uint256 quorum,
        uint256 delay,
        uint256 maxAge
    ) internal returns (OidcKeyRegistry) {
        return
            OidcKeyRegistry(deployCode("OidcKeyRegistry.sol:OidcKeyRegistry", abi.encode(list, quorum, delay, maxAge)));
    }

    function attesters() internal view returns (address[] memory list) {
        list = new address[](ATTESTERS);
        for (uint256 i = 0; i < ATTESTERS; ++i) list[i] = vm.addr(attesterKeys[i]);
    }

    /// @notice The signatures of the attesters whose bits are set.
    function signAs(uint256 who, bytes32 digest) internal view returns (bytes[] memory signatures) {
        uint256 count;
        for (uint256 i = 0; i < ATTESTERS; ++i) if ((who >> i) & 1 == 1) ++count;
        signatures = new bytes[](count);
        uint256 next;
        for (uint256 i = 0; i < ATTESTERS; ++i) {
            if ((who >> i) & 1 == 1) signatures[next++] = signEoa(attesterKeys[i], digest);
        }
    }

    /// @notice What is observed when an issuer shows the P-256 key of `secret` under `kid`.
    function observationOf(
        string memory kid,
        uint256 secret
    ) internal view returns (IOidcKeyRegistry.JwksObservation memory observation, bytes memory key) {
        key = ecKey(secret);
        observation = IOidcKeyRegistry.JwksObservation({
            issuer: ISSUER,
            kid: kid,
            algorithm: ES256,
            keyHash: keyHashOf(ES256, key),
            observedAt: uint40(vm.getBlockTimestamp())
        });
    }

    function ecKey(uint256 secret) internal pure returns (bytes memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(boundP256Key(secret));
        return abi.encode(x, y);
    }

    function keyHashOf(uint8 algorithm, bytes memory key) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(algorithm, key));
    }

    function keyIdOf(string memory issuer, string memory kid) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(keccak256(bytes(issuer)), keccak256(bytes(kid))));
    }
}
