// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PasskeyValidator} from "../../../contracts/modules/PasskeyValidator.sol";
import {PasskeyDeployer} from "../support/PasskeyDeployer.sol";
import {Assertion, PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";

/// @notice The blob's form: lengths, ranges, Merkle part. Nothing reverts and nothing is left over.
contract WebAuthnBlobTest is PasskeyHelper, PasskeyDeployer {
    uint256 private constant KEY = 0xa11ce;
    bytes32 private constant HASH = keccak256("what the owner signs");
    uint256 private constant P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;
    uint256 private constant HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;
    uint256 private constant SECP256K1_HALF_N = SECP256K1_ORDER / 2;

    PasskeyValidator internal validator;

    function setUp() public {
        validator = deployPasskeyValidator();
    }

    function _accepts(uint256 key, PasskeyConfig memory config, bytes memory blob) private view returns (bool) {
        bytes memory data = abi.encode(credentialOf(key, config).commitment());
        return validator.validateSignatureWithData(HASH, blob, data);
    }

    function _accepts(bytes memory blob) private view returns (bool) {
        return _accepts(KEY, passkey(), blob);
    }

    /// [1] the other s of a valid signature is refused
    function testFuzz_refusesHighS(uint256 seed) public view {
        uint256 key = boundP256Key(seed);
        Assertion memory parts = assertionParts(key, passkey(), HASH, STATELESS);
        assertTrue(_accepts(key, passkey(), encodeAssertion(parts)));
        parts.s = bytes32(P256_ORDER - uint256(parts.s));
        assertFalse(_accepts(key, passkey(), encodeAssertion(parts)));
    }

    /// [2] half of the order is P-256's: its last value is accepted, the next, below secp256k1's half, is refused
    function test_lowSEndsAtHalfTheOrderOfP256() public view {
        assertTrue(_acceptsSignatureWithS(1));
        assertTrue(_acceptsSignatureWithS(HALF_N));
        assertFalse(_acceptsSignatureWithS(HALF_N + 1));
        assertLt(HALF_N + 1, SECP256K1_HALF_N);
        assertFalse(_acceptsSignatureWithS(SECP256K1_HALF_N));
    }

    /// @dev Chooses s and the nonce, then the key for which they sign: d = (s·k − e) / r mod n.
    function _acceptsSignatureWithS(uint256 s) private view returns (bool) {
        PasskeyConfig memory config = passkey();
        bytes memory authData = authDataOf(config);
        bytes32 e = sha256(abi.encodePacked(authData, sha256(bytes(clientDataOf(config, HASH)))));
        uint256 nonce = 0x5eed;
        (uint256 r, ) = vm.publicKeyP256(nonce);
        uint256 numerator = addmod(mulmod(s, nonce, P256_ORDER), P256_ORDER - (uint256(e) % P256_ORDER), P256_ORDER);
        uint256 key = mulmod(numerator, Math.invMod(r, P256_ORDER), P256_ORDER);
        Assertion memory parts = assertionParts(key, config, HASH, STATELESS);
        (parts.r, parts.s) = (bytes32(r), bytes32(s));
        return _accepts(key, config, encodeAssertion(parts));
    }

    /// [3] [4] numbers out of range are refused without a revert, wherever they stand
    function test_refusesNumbersOutOfRange() public view {
        uint256[6] memory numbers = [0, P256_ORDER, P256_ORDER + 1, P, P + 1, type(uint256).max];
        for (uint256 i = 0; i < numbers.length; ++i) {
            for (uint256 pos = 2; pos < 130; pos += 32) {
                bytes memory blob = statelessAssertion(KEY, passkey(), HASH);
                uint256 value = numbers[i];
                assembly ("memory-safe") {
                    mstore(add(add(blob, 0x20), pos), value)
                }
                assertFalse(_accepts(blob));
                // Nor for a commitment that was made of that number.
                assertFalse(validator.validateSignatureWithData(HASH, blob, abi.encode(_commitmentOf(blob))));
            }
        }
    }

    function _commitmentOf(bytes memory blob) private pure returns (bytes32) {
        uint256 x;
        uint256 y;
        assembly ("memory-safe") {
            x := mload(add(blob, 98))
            y := mload(add(blob, 130))
        }
        bytes32 originsHash = credentialOf(KEY, passkey()).originsHash;
        return keccak256(abi.encodePacked(x, y, sha256("rekey.example"), originsHash, uint8(1)));
    }

    /// [7] authenticator data shorter than its fixed part is refused; 37 bytes are enough
    function test_refusesShortAuthenticatorData() public view {
        PasskeyConfig memory config = passkey();
        config.isFull = true;
        bytes memory whole = authDataOf(config);
        string memory json = clientDataOf(config, HASH);
        uint256[6] memory lengths = [uint256(0), 1, 31, 32, 36, 37];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes memory authData = new bytes(lengths[i]);
            for (uint256 j = 0; j < lengths[i]; ++j) authData[j] = whole[j];
            Assertion memory parts = assertionParts(KEY, config, HASH, STATELESS);
            parts.authData = abi.encodePacked(uint16(authData.length), authData);
            (parts.r, parts.s) = signAssertion(KEY, authData, json);
            assertEq(_accepts(encodeAssertion(parts)), lengths[i] == 37);
        }
    }

    /// [18] [35] lengths and positions that point outside are refused without a revert
    function test_refusesPartsOutsideTheBlob() public view {
        PasskeyConfig memory config = withOrigins(passkey(), 4, 3);
        config = withMerkle(config, new bytes32[](8), validator.domainSeparator());
        config.isFull = true;
        bytes memory blob = statelessAssertion(KEY, config, HASH);
        assertTrue(_accepts(KEY, config, blob));
        for (uint256 length = 0; length < blob.length; ++length) {
            bytes memory part = abi.encodePacked(blob);
            assembly ("memory-safe") {
                mstore(part, length)
            }
            assertFalse(_accepts(KEY, config, part));
        }
        Assertion memory parts = assertionParts(KEY, config, HASH, STATELESS);
        (parts.authData[0], parts.authData[1]) = (0xff, 0xff);
        assertFalse(_accepts(KEY, config, encodeAssertion(parts)));
    }

    /// [18] an origin longer than what is left is refused
    function test_refusesAnOriginBeyondTheBlob() public view {
        Assertion memory parts = assertionParts(KEY, passkey(), HASH, STATELESS);
        for (uint256 length = 0; length < 256; ++length) {
            bytes memory clientData = abi.encodePacked(parts.clientData);
            clientData[0] = bytes1(uint8(length));
            Assertion memory changed = parts;
            changed.clientData = clientData;
            assertEq(_accepts(encodeAssertion(changed)), length == 21);
        }
    }

    /// [19] an empty, an oversized and a binary clientDataJSON are refused within bounds
    function test_refusesClientDataOfAnyOtherKind() public view {
        PasskeyConfig memory config = passkey();
        config.isFull = true;
        string memory json = clientDataOf(config, HASH);
        string[5] memory texts = [
            string(abi.encodePacked(hex"efbbbf", json)),
            string(abi.encodePacked(json, hex"00")),
            string(abi.encodePacked(hex"ff", json)),
            string(abi.encodePacked(json, json)),
            string(new bytes(200))
        ];
        for (uint256 i = 0; i < texts.length; ++i) {
            config.clientDataJSON = texts[i];
            assertFalse(_accepts(statelessAssertion(KEY, config, HASH)));
        }
        config.clientDataJSON = "";
        Assertion memory parts = assertionParts(KEY, config, HASH, STATELESS);
        parts.clientData = "";
        (parts.r, parts.s) = signAssertion(KEY, authDataOf(config), "");
        assertFalse(_accepts(encodeAssertion(parts)));

        bytes memory large = abi.encodePacked(statelessAssertion(KEY, config, HASH), new bytes(65_536));
        bytes memory data = abi.encode(credentialOf(KEY, config).commitment());
        assertFalse(validator.validateSignatureWithData(HASH, large, data));
        assertLt(vm.lastCallGas().gasTotalUsed, 60_000);
    }

    /// [34] anything appended to the blob is refused, in both forms and in the cases that still end in a brace
    function testFuzz_refusesJunkAfterTheBlob(bytes calldata junk, bool isFull, bool endsInBrace) public view {
        vm.assume(junk.length != 0);
        PasskeyConfig memory config = passkey();
        config.isFull = isFull;
        bytes memory blob = abi.encodePacked(statelessAssertion(KEY, config, HASH), junk, endsInBrace ? "}" : "");
        assertFalse(_accepts(blob));
    }

    /// [34] white space after the closing brace is inside the signed text, so it cannot be added later
    function test_refusesWhiteSpaceAddedToTheFullForm() public view {
        PasskeyConfig memory config = passkey();
        config.isFull = true;
        assertFalse(_accepts(abi.encodePacked(statelessAssertion(KEY, config, HASH), " ")));
    }

    /// [39] a bare P-256 signature over the hash is not an assertion
    function test_refusesABareSignature() public view {
        (bytes32 r, bytes32 s) = signP256LowS(KEY, HASH);
        assertFalse(_accepts(abi.encodePacked(r, s)));
        Assertion memory parts = assertionParts(KEY, passkey(), HASH, STATELESS);
        (parts.r, parts.s) = (r, s);
        assertFalse(_accepts(encodeAssertion(parts)));
    }

    /// [198] bytes that are no blob are refused without a revert
    function testFuzz_refusesAnyBytes(bytes calldata blob, bytes32 hash, bytes calldata data) public view {
        assertFalse(validator.validateSignatureWithData(hash, blob, data));
        assertFalse(validator.validateSignatureWithData(hash, blob, abi.encode(hash)));
    }

    /// [198] a blob with random bytes behind a well-formed start is refused without a revert
    function testFuzz_refusesAnyTail(uint8 head, uint8 flags, bytes calldata tail) public view {
        Assertion memory parts = assertionParts(KEY, passkey(), HASH, STATELESS);
        (parts.head, parts.flags) = (head, flags);
        (parts.authData, parts.clientData) = (tail, "}");
        assertFalse(_accepts(encodeAssertion(parts)));
    }

    /// [211] a tree of up to 2^8 hashes is signed once; each of them verifies with its own path
    function testFuzz_acceptsAMerkleRoot(bytes32[8] calldata hashes, uint256 depth, bool isFull) public view {
        bytes32[] memory siblings = new bytes32[](bound(depth, 0, 8));
        for (uint256 i = 0; i < siblings.length; ++i) siblings[i] = hashes[i];
        PasskeyConfig memory config = withMerkle(passkey(), siblings, validator.domainSeparator());
        config.isFull = isFull;
        assertTrue(_accepts(statelessAssertion(KEY, config, HASH)));
    }

    /// [211] deeper trees, other siblings and another wrapping are refused
    function test_refusesOtherMerkleParts() public view {
        bytes32 domain = validator.domainSeparator();
        assertFalse(_accepts(statelessAssertion(KEY, withMerkle(passkey(), new bytes32[](9), domain), HASH)));
        assertFalse(_accepts(statelessAssertion(KEY, withMerkle(passkey(), new bytes32[](1), HASH), HASH)));

        Assertion memory parts = assertionParts(KEY, withMerkle(passkey(), new bytes32[](2), domain), HASH, STATELESS);
        parts.merkle[5] ^= 0x01;
        assertFalse(_accepts(encodeAssertion(parts)));
    }

    /// [211] a root signed as a hash of its own is not a Merkle signature, and the other way round
    function test_rootAndHashAreNotExchanged() public view {
        bytes32[] memory siblings = new bytes32[](1);
        siblings[0] = keccak256("a sibling");
        PasskeyConfig memory merkle = withMerkle(passkey(), siblings, validator.domainSeparator());
        bytes32 root = merkleRoot(HASH, siblings);
        bytes memory data = abi.encode(credentialOf(KEY, passkey()).commitment());

        // The bare root is signed; presented with a path to it.
        Assertion memory parts = assertionParts(KEY, merkle, HASH, STATELESS);
        Assertion memory bare = assertionParts(KEY, passkey(), root, STATELESS);
        (parts.r, parts.s) = (bare.r, bare.s);
        assertFalse(_accepts(encodeAssertion(parts)));

        // The tree is signed; presented for the root and for an inner node as if they were hashes.
        bytes memory tree = statelessAssertion(KEY, merkle, HASH);
        assertFalse(validator.validateSignatureWithData(root, tree, data));
        Assertion memory single = assertionParts(KEY, passkey(), root, STATELESS);
        Assertion memory signed = assertionParts(KEY, merkle, HASH, STATELESS);
        (single.r, single.s) = (signed.r, signed.s);
        assertFalse(validator.validateSignatureWithData(root, encodeAssertion(single), data));
    }

    function test_refusesDataThatIsNoCommitment() public view {
        bytes memory blob = statelessAssertion(KEY, passkey(), HASH);
        bytes memory data = abi.encode(credentialOf(KEY, passkey()).commitment());
        assertTrue(validator.validateSignatureWithData(HASH, blob, data));
        assertFalse(validator.validateSignatureWithData(HASH, blob, ""));
        assertFalse(validator.validateSignatureWithData(HASH, blob, abi.encodePacked(data, bytes1(0))));
    }
}
