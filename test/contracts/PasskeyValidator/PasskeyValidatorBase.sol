// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IPasskeyValidator} from "../../../contracts/interfaces/IPasskeyValidator.sol";
import {PasskeyValidator} from "../../../contracts/modules/PasskeyValidator.sol";
import {Credential} from "../../../contracts/types/Credential.sol";
import {PasskeyDeployer} from "../support/PasskeyDeployer.sol";
import {PasskeyHelper} from "../support/PasskeyHelper.sol";

/// @notice What the tests of the validator's registry have in common: accounts are plain addresses that call it.
abstract contract PasskeyValidatorBase is PasskeyHelper, PasskeyDeployer {
    uint256 internal constant OLD = 0x01d;
    uint256 internal constant NEW = 0x2e3;
    uint256 internal constant MAX_CREDENTIALS = 32;

    PasskeyValidator internal validator;
    address internal account;
    address internal other;
    bytes private _expectedRevert;

    function setUp() public virtual {
        validator = deployPasskeyValidator();
        (account, other) = (makeAddr("account"), makeAddr("other account"));
    }

    function _installData(uint256 key) internal pure returns (bytes memory) {
        return abi.encode(credentialOf(key, passkey()), credentialIdOf(key));
    }

    /// @notice The next call made by one of the functions below reverts with this.
    /// @dev Expectations and pranks hold for the next call, and SHA-256 is a call: all arguments are computed before.
    function _expectRevert(bytes memory reason) internal {
        _expectedRevert = reason;
    }

    function _call(address owner, bytes memory data) internal {
        if (_expectedRevert.length != 0) {
            vm.expectRevert(_expectedRevert);
            delete _expectedRevert;
        }
        vm.prank(owner);
        Address.functionCall(address(validator), data);
    }

    function _install(address owner, uint256 key) internal {
        _call(owner, abi.encodeCall(validator.onInstall, (_installData(key))));
    }

    function _uninstall(address owner) internal {
        _call(owner, abi.encodeCall(validator.onUninstall, ("")));
    }

    function _add(address owner, uint256 key, bool isProven) internal {
        _add(owner, credentialOf(key, passkey()), key, isProven ? _proof(owner, key) : bytes(""));
    }

    function _add(address owner, Credential memory credential, uint256 key, bytes memory possession) internal {
        _call(owner, abi.encodeCall(validator.addCredential, (credential, credentialIdOf(key), possession)));
    }

    function _remove(address owner, uint8 index, uint256 key) internal {
        _remove(owner, index, _truncated(key));
    }

    function _remove(address owner, uint8 index, bytes24 expected) internal {
        _call(owner, abi.encodeCall(validator.removeCredential, (index, expected)));
    }

    function _recover(address owner, uint256 key, bool keep) internal {
        bytes32 digest = keccak256("recovery");
        _recover(owner, credentialOf(key, passkey()), keep, digest, _possession(key, digest));
    }

    function _recover(
        address owner,
        Credential memory credential,
        bool keep,
        bytes32 digest,
        bytes memory possession
    ) internal {
        _call(owner, abi.encodeCall(validator.recover, (credential, keep, digest, possession)));
    }

    function _proof(address owner, uint256 key) internal view returns (bytes memory) {
        return statelessAssertion(key, passkey(), validator.proveDigest(owner, _commitment(key)));
    }

    function _possession(uint256 key, bytes32 digest) internal view returns (bytes memory) {
        return statelessAssertion(key, passkey(), validator.possessionDigest(digest));
    }

    function _commitment(uint256 key) internal pure returns (bytes32) {
        return credentialOf(key, passkey()).commitment();
    }

    function _truncated(uint256 key) internal pure returns (bytes24) {
        return bytes24(uint192(uint256(_commitment(key))));
    }

    /// @dev The answer of validateUserOp to an assertion by `key` that names `index`.
    function _validates(address owner, uint256 key, uint8 index) internal returns (bool) {
        bytes32 hash = keccak256(abi.encode("userOp", owner, key));
        return _validateUserOp(owner, hash, assertion(key, passkey(), hash, index)) == 0;
    }

    function _validateUserOp(address owner, bytes32 hash, bytes memory signature) internal returns (uint256) {
        PackedUserOperation memory userOp;
        userOp.sender = owner;
        userOp.signature = signature;
        vm.prank(owner);
        return validator.validateUserOp(userOp, hash);
    }

    /// @dev Word `index` of the account's storage: the mapping is at slot 0.
    function _word(address owner, uint256 index) internal view returns (uint256) {
        bytes32 base = keccak256(abi.encode(owner, uint256(0)));
        return uint256(vm.load(address(validator), bytes32(uint256(base) + index)));
    }

    function _assertEmpty(address owner) internal view {
        for (uint256 i = 0; i < MAX_CREDENTIALS; ++i) assertEq(_word(owner, i), 0, vm.toString(i));
        assertFalse(validator.isInitialized(owner));
    }

    /// @dev Fingerprint of all the account stores.
    function _stored(address owner) internal view returns (bytes32) {
        uint256[MAX_CREDENTIALS] memory words;
        for (uint256 i = 0; i < MAX_CREDENTIALS; ++i) words[i] = _word(owner, i);
        return keccak256(abi.encode(words));
    }

    function _malformed() internal pure returns (Credential[] memory bad) {
        bad = new Credential[](8);
        for (uint256 i = 0; i < bad.length; ++i) bad[i] = credentialOf(OLD, passkey());
        (bad[0].x, bad[0].y) = (0, 0);
        bad[1].y ^= 1;
        bad[2].y = ~bad[2].y + 1;
        (bad[3].x, bad[3].y) = (bad[3].y, bad[3].x);
        bad[4].rpIdHash = 0;
        bad[5].originsHash = 0;
        bad[6].flags = 4;
        bad[7].idHash = keccak256("another id");
    }

    function _expectUnknown(uint8 index, bytes24 seen, bytes24 wanted) internal {
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.UnknownCredential.selector, index, seen, wanted));
    }
}
