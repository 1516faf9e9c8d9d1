// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RekeyFixture} from "../support/RekeyFixture.sol";

/// @notice An account with SignerValidator, and signers of every kind.
abstract contract SignerFixture is RekeyFixture {
    uint256 internal constant KEY = 0xa11ce;
    uint256 internal constant OTHER_KEY = 0xb0b;
    uint256 internal constant MAX_SIGNERS = 16;
    bytes32 internal constant HASH = keccak256("what is signed");

    Passkey internal owner;
    IAccountUnderTest internal account;

    function setUp() public virtual {
        _deploySystem();
        owner = _passkey(1);
        account = _accountWithSigners("");
    }

    // ---------------------------------------------------------------- Accounts

    function _accountWithSigners(bytes memory initData) internal returns (IAccountUnderTest made) {
        made = _newAccount(owner, "", keccak256("handle"));
        if (!made.isModuleInstalled(1, address(signers), "")) _install(made, initData);
    }

    function _install(IAccountUnderTest to, bytes memory initData) internal {
        vm.prank(address(ENTRY_POINT));
        to.installModule(1, address(signers), initData);
    }

    function _add(bytes memory signer) internal {
        _asAccount(account, address(signers), 0, abi.encodeCall(signers.addSigner, (signer)));
    }

    function _remove(uint8 index, bytes32 expected) internal {
        _asAccount(account, address(signers), 0, abi.encodeCall(signers.removeSigner, (index, expected)));
    }

    function _expectRevertOfAdd(bytes memory signer, bytes memory problem) internal {
        vm.expectRevert(problem);
        _add(signer);
    }

    // ---------------------------------------------------------------- Signers

    function _eoa(uint256 key) internal pure returns (bytes memory) {
        return abi.encodePacked(vm.addr(key));
    }

    function _webAuthn(Passkey memory passkey_) internal view returns (bytes memory) {
        return abi.encodePacked(webAuthnVerifier, passkey_.credential.commitment());
    }

    // ---------------------------------------------------------------- Signatures

    function _frame(uint8 index, bytes memory signer, bytes memory signature) internal pure returns (bytes memory) {
        return abi.encodePacked(index, uint16(signer.length), signer, signature);
    }

    function _signed(uint8 index, uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        return _frame(index, _eoa(key), signEoa(key, hash));
    }

    /// @notice What the account's validation would answer.
    function _validates(bytes memory signature) internal returns (bool) {
        return _validates(account, signature);
    }

    function _validates(IAccountUnderTest by, bytes memory signature) internal returns (bool) {
        PackedUserOperation memory userOp;
        userOp.sender = address(by);
        userOp.nonce = uint256(_nonceKey(address(signers))) << 64;
        userOp.signature = signature;
        vm.prank(address(ENTRY_POINT));
        return by.validateUserOp(userOp, HASH, 0) == 0;
    }

    function _isOwner(bytes memory signature) internal view returns (bool) {
        return signers.verifyOwner(address(account), HASH, signature);
    }
}
