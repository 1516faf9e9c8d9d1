// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Credential} from "../../../contracts/types/Credential.sol";
import {CredentialHarness} from "../support/LibraryHarnesses.sol";
import {PasskeyHelper} from "../support/PasskeyHelper.sol";

contract CredentialTest is PasskeyHelper {
    uint256 private constant P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;

    CredentialHarness internal harness;

    function setUp() public {
        harness = new CredentialHarness();
    }

    function testFuzz_aKeyOnTheCurveIsWellFormed(uint256 key, uint8 flags) public view {
        Credential memory credential = credentialOf(boundP256Key(key), passkey());
        credential.flags = uint8(bound(flags, 0, 3));
        assertTrue(harness.isWellFormed(credential));
    }

    /// [5] a point that is not on the curve, (0, 0) and coordinates beyond the field are refused
    function testFuzz_refusesAKeyOffTheCurve(uint256 key, uint256 x, uint256 y) public view {
        Credential memory credential = credentialOf(boundP256Key(key), passkey());
        (uint256 goodX, uint256 goodY) = (credential.x, credential.y);
        uint256[2][6] memory keys = [
            [uint256(0), 0],
            [goodX, 0],
            [goodX, goodY ^ 1],
            [goodX ^ 1, goodY],
            // The negative in two's complement, not in the field.
            [goodX, ~goodY + 1],
            [x, y]
        ];
        for (uint256 i = 0; i < keys.length; ++i) {
            (credential.x, credential.y) = (keys[i][0], keys[i][1]);
            assertFalse(harness.isWellFormed(credential));
        }
    }

    /// [4] a coordinate that is reduced when it is used is refused where it is not reduced
    function test_refusesCoordinatesBeyondTheField() public view {
        Credential memory credential = credentialOf(1, passkey());
        // The point whose x is 5: 5 + p is below 2^256, so x has a second form.
        credential.x = 5;
        credential.y = 0x459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc;
        assertTrue(harness.isWellFormed(credential));
        credential.x += P;
        assertFalse(harness.isWellFormed(credential));
    }

    function test_refusesWhatHasNoPartyNoOriginOrUnknownFlags() public view {
        Credential memory credential = credentialOf(1, passkey());
        credential.rpIdHash = 0;
        assertFalse(harness.isWellFormed(credential));
        credential = credentialOf(1, passkey());
        credential.originsHash = 0;
        assertFalse(harness.isWellFormed(credential));
        credential = credentialOf(1, passkey());
        for (uint256 flags = 0; flags < 256; ++flags) {
            credential.flags = uint8(flags);
            assertEq(harness.isWellFormed(credential), flags < 4);
        }
    }

    /// [103] commitment and struct hash are what their definitions say
    function testFuzz_hashes(Credential memory credential) public view {
        bytes memory packed = abi.encodePacked(credential.x, credential.y, credential.rpIdHash, credential.originsHash);
        packed = abi.encodePacked(packed, credential.flags);
        assertEq(packed.length, 129);
        assertEq(harness.commitment(credential), keccak256(packed));
        bytes32 typehash = keccak256(
            "Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)"
        );
        assertEq(harness.structHash(credential), keccak256(abi.encode(typehash, credential)));
    }

    /// @dev Every field but the id changes the commitment; the id is for look-up only.
    function testFuzz_commitmentCoversEverythingButTheId(Credential memory a, bytes32 idHash, uint8 bit) public view {
        bytes32 commitment = harness.commitment(a);
        uint256 flip = uint256(1) << bit;
        a.idHash = idHash;
        assertEq(harness.commitment(a), commitment);
        (uint256 x, uint256 y) = (a.x, a.y);
        a.x = x ^ flip;
        assertNotEq(harness.commitment(a), commitment);
        (a.x, a.y) = (x, y ^ flip);
        assertNotEq(harness.commitment(a), commitment);
        (a.y, a.rpIdHash) = (y, a.rpIdHash ^ bytes32(flip));
        assertNotEq(harness.commitment(a), commitment);
        (a.rpIdHash, a.originsHash) = (a.rpIdHash ^ bytes32(flip), a.originsHash ^ bytes32(flip));
        assertNotEq(harness.commitment(a), commitment);
        (a.originsHash, a.flags) = (a.originsHash ^ bytes32(flip), a.flags ^ uint8(1 << (bit % 8)));
        assertNotEq(harness.commitment(a), commitment);
    }

    /// [101] a chain-free domain is the same on every chain and differs by name and contract
    function testFuzz_chainFreeDomain(string memory name, address verifyingContract, uint64 chainId) public {
        bytes32 separator = harness.separator(name, verifyingContract);
        bytes32 typehash = keccak256("EIP712Domain(string name,string version,address verifyingContract)");
        assertEq(separator, keccak256(abi.encode(typehash, keccak256(bytes(name)), keccak256("1"), verifyingContract)));
        vm.chainId(bound(chainId, 1, type(uint64).max));
        assertEq(harness.separator(name, verifyingContract), separator);
        assertNotEq(harness.separator(string.concat(name, "x"), verifyingContract), separator);
        assertNotEq(harness.separator(name, address(uint160(verifyingContract) ^ 1)), separator);
    }
}
