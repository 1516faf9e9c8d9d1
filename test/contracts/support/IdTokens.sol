// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {IOidcRecoveryValidator} from "../../../contracts/interfaces/IOidcRecoveryValidator.sol";
import {OidcRecoveryValidator} from "../../../contracts/modules/OidcRecoveryValidator.sol";
import {OidcAttesters} from "./OidcAttesters.sol";

/// @notice ES256 tokens, encoded by OpenZeppelin's base64url, and guardians who sign in with them.
abstract contract IdTokens is OidcAttesters {
    uint256 internal constant ISSUER_KEY = 0x155e7;
    string internal constant KID = "91413cf4";
    string internal constant HEADER = '{"alg":"ES256","kid":"91413cf4","typ":"JWT"}';
    string internal constant CLIENT = "client-1";
    bytes32 internal constant SALT = keccak256("salt");

    /// @notice What a token says. Times are relative to now.
    struct Says {
        string issuer;
        string audience;
        string subject;
        int256 issuedAt;
        int256 expiresAt;
        string more;
    }

    function deployValidator() internal returns (IOidcRecoveryValidator) {
        return OidcRecoveryValidator(deployCode("OidcRecoveryValidator.sol:OidcRecoveryValidator", ""));
    }

    function good() internal pure returns (Says memory) {
        return Says(ISSUER, CLIENT, "1101694", 0, 1 hours, "");
    }

    function claimsOf(Says memory says, bytes32 nonce) internal view returns (string memory text) {
        text = string.concat('{"iss":"', says.issuer, '","aud":"', says.audience, '","sub":"', says.subject);
        text = string.concat(text, '","nonce":"', Base64.encodeURL(abi.encodePacked(nonce)), '","iat":');
        text = string.concat(text, _time(says.issuedAt), ',"exp":', _time(says.expiresAt), says.more, "}");
    }

    /// @notice The issuer's signature over two texts, r ‖ s.
    function signToken(string memory header, string memory payload) internal pure returns (bytes memory) {
        return signTokenAs(ISSUER_KEY, header, payload);
    }

    function signTokenAs(
        uint256 secret,
        string memory header,
        string memory payload
    ) internal pure returns (bytes memory) {
        string memory text = string.concat(Base64.encodeURL(bytes(header)), ".", Base64.encodeURL(bytes(payload)));
        (bytes32 r, bytes32 s) = signP256LowS(boundP256Key(secret), sha256(bytes(text)));
        return abi.encodePacked(r, s);
    }

    function identityOf(
        string memory issuer,
        string memory audience,
        string memory subject,
        bytes32 salt
    ) internal pure returns (bytes32) {
        bytes32 audiences = keccak256(abi.encodePacked(keccak256(bytes(audience))));
        return
            keccak256(
                abi.encode(
                    keccak256("OidcIdentity(string issuer,string[] audiences,string subject,bytes32 salt)"),
                    keccak256(bytes(issuer)),
                    audiences,
                    keccak256(bytes(subject)),
                    salt
                )
            );
    }

    /// @notice The key of the guardian who is this person, at a registry.
    function guardianKey(address registry) internal pure returns (bytes memory) {
        return abi.encodePacked(registry, identityOf(ISSUER, CLIENT, "1101694", SALT));
    }

    /// @notice What a guardian shows up to the issuer's key.
    function shown(
        string memory audience,
        string memory header,
        string memory payload
    ) internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                SALT,
                uint8(1),
                uint8(bytes(audience).length),
                audience,
                uint16(bytes(header).length),
                header,
                uint16(bytes(payload).length),
                payload
            );
    }

    function approvalOf(Says memory says, bytes32 hash) internal view returns (bytes memory) {
        string memory payload = claimsOf(says, hash);
        return abi.encodePacked(shown(CLIENT, HEADER, payload), ecKey(ISSUER_KEY), signToken(HEADER, payload));
    }

    function _time(int256 offset) private view returns (string memory) {
        return vm.toString(uint256(int256(vm.getBlockTimestamp()) + offset));
    }
}
