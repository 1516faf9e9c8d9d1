// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {PasskeyValidator} from "../../../contracts/modules/PasskeyValidator.sol";
import {MinimalAccount} from "../support/MinimalAccount.sol";
import {PasskeyDeployer} from "../support/PasskeyDeployer.sol";
import {PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";

/// @notice ERC-1271 through the deployed validator, asked by an account that is not ours.
contract ERC7739ModuleTest is PasskeyHelper, PasskeyDeployer {
    uint256 private constant KEY = 0xa11ce;
    bytes4 private constant VALID = IERC1271.isValidSignature.selector;
    bytes4 private constant INVALID = 0xffffffff;
    bytes32 private constant APP = keccak256("the app's domain separator");
    bytes32 private constant CONTENTS = keccak256("the struct that is signed");
    string private constant PERMIT =
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";

    PasskeyValidator internal validator;
    MinimalAccount internal a;
    MinimalAccount internal b;

    function setUp() public {
        validator = deployPasskeyValidator();
        bytes memory initData = abi.encode(credentialOf(KEY, passkey()), credentialIdOf(KEY));
        a = new MinimalAccount(validator, 0, initData);
        b = new MinimalAccount(validator, 0, initData);
    }

    // ---------------------------------------------------------------- What a wallet signs

    function _typed(bytes32 separator, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    /// @dev `name` is the primary type of `contentsType`.
    function _nestedDigest(
        address verifyingContract,
        uint256 chainId,
        string memory name,
        string memory contentsType
    ) private pure returns (bytes32) {
        bytes32 typehash = keccak256(
            abi.encodePacked(
                "TypedDataSign(",
                name,
                " contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)",
                contentsType
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                typehash,
                CONTENTS,
                keccak256("Somebody's Account"),
                keccak256("7"),
                chainId,
                verifyingContract,
                bytes32(0)
            )
        );
        return _typed(APP, structHash);
    }

    function _nested(bytes32 digest, string memory description) private pure returns (bytes memory) {
        return
            abi.encodePacked(
                assertion(KEY, passkey(), digest, 0),
                APP,
                CONTENTS,
                description,
                uint16(bytes(description).length)
            );
    }

    function _nested(address verifyingContract) private view returns (bytes memory) {
        return _nested(_nestedDigest(verifyingContract, block.chainid, "Permit", PERMIT), PERMIT);
    }

    function _personal(address verifyingContract, uint256 chainId, bytes32 hash) private pure returns (bytes memory) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Somebody's Account"),
                keccak256("7"),
                chainId,
                verifyingContract
            )
        );
        bytes32 structHash = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), hash));
        return assertion(KEY, passkey(), _typed(separator, structHash), 0);
    }

    // ---------------------------------------------------------------- Accepted

    function test_acceptsNestedTypedData() public view {
        assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), _nested(address(a)))), bytes32(VALID));
        assertEq(bytes32(b.isValidSignature(_typed(APP, CONTENTS), _nested(address(b)))), bytes32(VALID));
    }

    /// @dev Explicit form: the primary type's name stands after types that sort before it.
    function test_acceptsNestedTypedDataWithTheNameAtTheEnd() public view {
        string memory contentsType = "Alpha(uint256 x)Mail(Alpha alpha,string text)";
        bytes32 digest = _nestedDigest(address(a), block.chainid, "Mail", contentsType);
        bytes memory signature = _nested(digest, string.concat(contentsType, "Mail"));
        assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), signature)), bytes32(VALID));
    }

    function testFuzz_acceptsNestedPersonalSignatures(bytes32 hash) public view {
        assertEq(bytes32(a.isValidSignature(hash, _personal(address(a), block.chainid, hash))), bytes32(VALID));
    }

    /// [197] the detection value is answered, with an empty signature only
    function test_answersTheDetectionValue() public view {
        bytes32 detection = 0x7739773977397739773977397739773977397739773977397739773977397739;
        assertEq(bytes32(a.isValidSignature(detection, "")), bytes32(bytes4(0x77390001)));
        assertEq(bytes32(a.isValidSignature(detection, hex"00")), bytes32(INVALID));
        assertEq(bytes32(a.isValidSignature(~detection, "")), bytes32(INVALID));
    }

    // ---------------------------------------------------------------- Refused

    /// [26] [194] one passkey owns two accounts: what it signed for one is refused by the other
    function test_refusesReplayOnAnotherAccount() public view {
        assertEq(bytes32(b.isValidSignature(_typed(APP, CONTENTS), _nested(address(a)))), bytes32(INVALID));
        bytes memory personal = _personal(address(a), block.chainid, CONTENTS);
        assertEq(bytes32(a.isValidSignature(CONTENTS, personal)), bytes32(VALID));
        assertEq(bytes32(b.isValidSignature(CONTENTS, personal)), bytes32(INVALID));
    }

    /// [195] the contract in the nested domain is the account: not the module, not what the account says
    function test_refusesAnyOtherVerifyingContract() public view {
        address[3] memory contracts = [address(validator), address(0xdead), address(0)];
        for (uint256 i = 0; i < contracts.length; ++i) {
            assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), _nested(contracts[i]))), bytes32(INVALID));
            bytes memory personal = _personal(contracts[i], block.chainid, CONTENTS);
            assertEq(bytes32(a.isValidSignature(CONTENTS, personal)), bytes32(INVALID));
        }
    }

    /// [25] [101] the chain is this one, whatever the account says, also after a fork
    function test_refusesAnotherChain() public {
        bytes32 hash = _typed(APP, CONTENTS);
        bytes memory nested = _nested(address(a));
        bytes memory personal = _personal(address(a), block.chainid, CONTENTS);
        assertEq(bytes32(a.isValidSignature(hash, nested)), bytes32(VALID));
        vm.chainId(block.chainid + 1);
        assertEq(bytes32(a.isValidSignature(hash, nested)), bytes32(INVALID));
        assertEq(bytes32(a.isValidSignature(CONTENTS, personal)), bytes32(INVALID));
        nested = _nested(_nestedDigest(address(a), 424_242, "Permit", PERMIT), PERMIT);
        assertEq(bytes32(a.isValidSignature(hash, nested)), bytes32(INVALID));
    }

    /// [194] a bare signature over the app's digest is refused
    function test_refusesASignatureThatIsNotNested() public view {
        bytes32 hash = _typed(APP, CONTENTS);
        assertEq(bytes32(a.isValidSignature(hash, assertion(KEY, passkey(), hash, 0))), bytes32(INVALID));
        assertEq(bytes32(a.isValidSignature(hash, _nested(hash, PERMIT))), bytes32(INVALID));
    }

    /// [196] typed data and personal signatures are not exchanged
    function test_refusesTheOtherPath() public view {
        bytes32 hash = _typed(APP, CONTENTS);
        bytes32 nestedDigest = _nestedDigest(address(a), block.chainid, "Permit", PERMIT);
        assertEq(bytes32(a.isValidSignature(hash, assertion(KEY, passkey(), nestedDigest, 0))), bytes32(INVALID));
        bytes memory personal = _personal(address(a), block.chainid, hash);
        assertEq(bytes32(a.isValidSignature(hash, personal)), bytes32(VALID));
        bytes memory mixed = abi.encodePacked(personal, APP, CONTENTS, PERMIT, uint16(bytes(PERMIT).length));
        assertEq(bytes32(a.isValidSignature(hash, mixed)), bytes32(INVALID));
    }

    /// [196] the signature is over the type and the contents it names, and the hash is of those contents
    function test_refusesAnotherTypeContentsOrDomain() public view {
        bytes32 digest = _nestedDigest(address(a), block.chainid, "Permit", PERMIT);
        bytes32 hash = _typed(APP, CONTENTS);
        assertEq(bytes32(a.isValidSignature(~hash, _nested(digest, PERMIT))), bytes32(INVALID));
        string[7] memory descriptions = [
            "Order(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
            "Permit(address owner,address spender,uint256 value,uint256 nonce)",
            string.concat(PERMIT, "Permit2"),
            string.concat(PERMIT, " Permit"),
            string.concat(" ", PERMIT),
            "Permit",
            "(address owner)"
        ];
        for (uint256 i = 0; i < descriptions.length; ++i) {
            assertEq(bytes32(a.isValidSignature(hash, _nested(digest, descriptions[i]))), bytes32(INVALID));
        }
    }

    /// [196] names that could be read as another member of the struct are refused even when signed
    function test_refusesNamesThatAreNoNames() public view {
        string[6] memory names = ["", "Permit contents,Other", "Permit(", "Per,mit", "Per mit", "Per\x00mit"];
        for (uint256 i = 0; i < names.length; ++i) {
            string memory contentsType = string.concat(names[i], "(address owner)");
            bytes32 digest = _nestedDigest(address(a), block.chainid, names[i], contentsType);
            // Implicit and explicit; "Permit(" is a name "Permit" with another type in the implicit form.
            assertEq(
                bytes32(a.isValidSignature(_typed(APP, CONTENTS), _nested(digest, contentsType))),
                bytes32(INVALID)
            );
            string memory explicitly = string.concat(contentsType, names[i]);
            if (bytes(names[i]).length == 0) continue;
            assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), _nested(digest, explicitly))), bytes32(INVALID));
        }
    }

    /// [196] a type without a name has no struct: a signature over the empty one binds neither contents nor account
    function test_refusesTheEmptyStructOfANamelessType() public view {
        bytes32 digest = _typed(APP, 0);
        string[4] memory descriptions = ["Permit", "(address owner)", "Per mit(address owner)", ")"];
        for (uint256 i = 0; i < descriptions.length; ++i) {
            bytes memory signature = _nested(digest, descriptions[i]);
            assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), signature)), bytes32(INVALID), descriptions[i]);
        }
    }

    /// [196] nor has the type that is not described at all
    function test_refusesTheEmptyStructOfNoType() public view {
        bytes memory signature = _nested(_typed(APP, 0), "");
        assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), signature)), bytes32(INVALID));
    }

    /// [199] digests of the validator's own families are no ERC-1271 messages
    function test_refusesDigestsOfOtherFamilies() public view {
        bytes32[2] memory digests = [validator.proveDigest(address(a), CONTENTS), validator.possessionDigest(CONTENTS)];
        for (uint256 i = 0; i < digests.length; ++i) {
            bytes memory signature = assertion(KEY, passkey(), digests[i], 0);
            assertEq(bytes32(a.isValidSignature(digests[i], signature)), bytes32(INVALID));
            // And the reverse: an ERC-1271 signature is no owner message, proof or userOp.
            bytes memory personal = _personal(address(a), block.chainid, digests[i]);
            assertEq(bytes32(a.isValidSignature(digests[i], personal)), bytes32(VALID));
            assertFalse(validator.verifyOwner(address(a), digests[i], personal));
        }
    }

    /// [211] many messages for many accounts may be signed at once, each bound to its account
    function test_acceptsALeafOfATree() public view {
        bytes32[] memory siblings = new bytes32[](1);
        siblings[0] = _nestedDigest(address(b), block.chainid, "Permit", PERMIT);
        bytes32 digest = _nestedDigest(address(a), block.chainid, "Permit", PERMIT);
        PasskeyConfig memory merkle = withMerkle(passkey(), siblings, validator.domainSeparator());
        bytes memory signature = abi.encodePacked(
            assertion(KEY, merkle, digest, 0),
            APP,
            CONTENTS,
            PERMIT,
            uint16(bytes(PERMIT).length)
        );
        assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), signature)), bytes32(VALID));
        assertEq(bytes32(b.isValidSignature(_typed(APP, CONTENTS), signature)), bytes32(INVALID));
    }

    /// [198] malformed signatures are refused without a revert
    function testFuzz_refusesAnyBytes(bytes32 hash, bytes calldata signature, uint16 length) public view {
        assertEq(bytes32(a.isValidSignature(hash, signature)), bytes32(INVALID));
        bytes memory trailing = abi.encodePacked(signature, APP, CONTENTS, PERMIT, length);
        assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), trailing)), bytes32(INVALID));
    }

    /// [198] nor does a good signature that is cut short make it revert
    function test_refusesEveryPrefix() public view {
        bytes memory signature = _nested(address(a));
        for (uint256 length = 0; length < signature.length; ++length) {
            bytes memory part = abi.encodePacked(signature);
            assembly ("memory-safe") {
                mstore(part, length)
            }
            assertEq(bytes32(a.isValidSignature(_typed(APP, CONTENTS), part)), bytes32(INVALID));
        }
    }
}
