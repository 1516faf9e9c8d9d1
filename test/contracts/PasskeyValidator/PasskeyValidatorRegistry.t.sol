// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPasskeyValidator} from "../../../contracts/interfaces/IPasskeyValidator.sol";
import {Credential} from "../../../contracts/types/Credential.sol";
import {PasskeyConfig} from "../support/PasskeyHelper.sol";
import {PasskeyValidatorBase} from "./PasskeyValidatorBase.sol";

/// @notice Install, prove, remove, uninstall.
contract PasskeyValidatorRegistryTest is PasskeyValidatorBase {
    // ---------------------------------------------------------------- Install

    function test_installRegistersTheFirstPasskeyAsProven() public {
        Credential memory credential = credentialOf(OLD, passkey());
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialAdded(account, credential.idHash, 0, credential, credentialIdOf(OLD), true);
        _install(account, OLD);
        assertTrue(validator.isInitialized(account));
        assertTrue(_validates(account, OLD, 0));
        assertEq(_word(account, 0), (1 << 224) | (1 << 192) | uint192(uint256(_commitment(OLD))));
        for (uint256 i = 1; i < MAX_CREDENTIALS; ++i) assertEq(_word(account, i), 0);
    }

    /// [56] a second install, and an install without data before there is a passkey, revert
    function test_installHappensOnce() public {
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotInitialized.selector, account));
        _call(account, abi.encodeCall(validator.onInstall, ("")));

        _install(account, OLD);
        bytes32 stored = _stored(account);
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.AlreadyInitialized.selector, account));
        _install(account, NEW);
        // Adopting what is there changes nothing.
        _call(account, abi.encodeCall(validator.onInstall, ("")));
        assertEq(_stored(account), stored);
    }

    /// [56] who calls onInstall writes only what belongs to him
    function test_installByAStrangerConcernsTheStranger() public {
        _install(account, OLD);
        bytes32 stored = _stored(account);
        _install(other, NEW);
        assertEq(_stored(account), stored);
        assertFalse(_validates(account, NEW, 0));
    }

    /// [5] [4] [48] what is no credential is not installed
    function test_installRefusesWhatIsNoCredential() public {
        Credential[] memory bad = _malformed();
        for (uint256 i = 0; i < bad.length; ++i) {
            _expectRevert(abi.encodeWithSelector(IPasskeyValidator.InvalidCredential.selector, bad[i].idHash));
            _call(account, abi.encodeCall(validator.onInstall, (abi.encode(bad[i], credentialIdOf(OLD)))));
        }
        vm.prank(account);
        vm.expectRevert();
        validator.onInstall(hex"00");
        _assertEmpty(account);
    }

    // ---------------------------------------------------------------- Prove

    function test_anyoneMayDeliverAProof() public {
        _install(account, OLD);
        _add(account, NEW, false);
        bytes memory proof = _proof(account, NEW);
        bytes24 truncated = _truncated(NEW);
        bytes memory data = abi.encodeCall(validator.prove, (account, 1, _commitment(NEW), proof));
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialProven(account, truncated, 1);
        _call(other, data);
        (, , bool[] memory proven) = validator.getCredentials(account);
        assertTrue(proven[1]);
        _remove(account, 0, OLD);
        assertTrue(_validates(account, NEW, 1));
    }

    /// [52] a proof names the passkey: index, commitment and account must all be its own
    function test_proveRefusesAnythingElse() public {
        _install(account, OLD);
        _install(other, OLD);
        _add(account, NEW, false);
        _add(other, NEW, false);
        bytes memory proof = _proof(account, NEW);
        bytes32 commitment = _commitment(NEW);

        _expectUnknown(0, _truncated(OLD), _truncated(NEW));
        _call(other, abi.encodeCall(validator.prove, (account, 0, commitment, proof)));
        _expectUnknown(2, 0, _truncated(NEW));
        _call(other, abi.encodeCall(validator.prove, (account, 2, commitment, proof)));
        _expectUnknown(255, 0, _truncated(NEW));
        _call(other, abi.encodeCall(validator.prove, (account, 255, commitment, proof)));
        // Index 32 of one account is a word of none: nothing is read beyond the table.
        _expectUnknown(32, 0, _truncated(NEW));
        _call(other, abi.encodeCall(validator.prove, (account, 32, commitment, proof)));

        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotPossessed.selector, commitment));
        _call(other, abi.encodeCall(validator.prove, (other, 1, commitment, proof)));
        // The stored 192 bits match, the rest does not.
        bytes32 sibling = commitment ^ bytes32(uint256(1) << 255);
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotPossessed.selector, sibling));
        _call(other, abi.encodeCall(validator.prove, (account, 1, sibling, proof)));
        (, , bool[] memory proven) = validator.getCredentials(account);
        assertFalse(proven[1]);
    }

    /// [199] a signature of any other family is no proof
    function test_proveRefusesOtherFamilies() public {
        _install(account, OLD);
        _add(account, NEW, false);
        bytes32 commitment = _commitment(NEW);
        bytes32 digest = validator.proveDigest(account, commitment);
        PasskeyConfig memory merkle = withMerkle(passkey(), new bytes32[](1), validator.domainSeparator());
        bytes[5] memory proofs = [
            _possession(NEW, digest),
            assertion(NEW, passkey(), digest, 1),
            statelessAssertion(NEW, merkle, digest),
            statelessAssertion(OLD, passkey(), digest),
            bytes("")
        ];
        for (uint256 i = 0; i < proofs.length; ++i) {
            _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotPossessed.selector, commitment));
            _call(other, abi.encodeCall(validator.prove, (account, 1, commitment, proofs[i])));
        }
    }

    // ---------------------------------------------------------------- Remove

    /// [50] the last proven passkey stays, however many unproven ones there are
    function test_removeRefusesTheLastProvenPasskey() public {
        _install(account, OLD);
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.LastProvenCredential.selector, 0));
        _remove(account, 0, OLD);
        _add(account, NEW, false);
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.LastProvenCredential.selector, 0));
        _remove(account, 0, OLD);
        _remove(account, 1, NEW);
        _add(account, NEW, true);
        bytes24 truncated = _truncated(OLD);
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialRemoved(account, truncated, 0);
        _remove(account, 0, truncated);
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.LastProvenCredential.selector, 1));
        _remove(account, 1, NEW);
        assertTrue(_validates(account, NEW, 1));
        assertFalse(_validates(account, OLD, 0));
    }

    /// [52] a removal names the passkey, so that it cannot hit another one at the same index
    function test_removeRefusesAnotherPasskey() public {
        _install(account, OLD);
        _add(account, NEW, true);
        _expectUnknown(0, _truncated(OLD), _truncated(NEW));
        _remove(account, 0, NEW);
        _expectUnknown(2, 0, 0);
        _remove(account, 2, bytes24(0));
        _expectUnknown(32, 0, 0);
        _remove(account, 32, bytes24(0));
    }

    /// [53] what is removed leaves nothing behind: the passkey that takes its place starts unproven, with its own rules
    function test_removeLeavesNoResidue() public {
        _install(account, OLD);
        bytes32 stored = _stored(account);
        for (uint256 i = 0; i < 2; ++i) {
            _add(account, NEW, true);
            _remove(account, 1, NEW);
            assertEq(_stored(account), stored);
        }
        PasskeyConfig memory config = passkey();
        config.flags = 0;
        _add(account, credentialOf(NEW, config), NEW, "");
        (, , bool[] memory proven) = validator.getCredentials(account);
        assertFalse(proven[1]);
        assertFalse(_validates(account, NEW, 1), "the old rules");
    }

    /// [53] the first place, whose word holds the bitmaps too, is taken anew like any other
    function test_removeLeavesNoResidueInTheFirstPlace() public {
        _install(account, OLD);
        _add(account, NEW, true);
        _remove(account, 0, OLD);
        _add(account, NEW + 1, false);
        assertEq(_word(account, 0), (2 << 224) | (3 << 192) | uint192(_truncated(NEW + 1)));
        assertTrue(_validates(account, NEW + 1, 0));
        assertFalse(_validates(account, OLD, 0));
    }

    /// [51] nobody writes another account's passkeys
    function test_onlyTheAccountChangesItsPasskeys() public {
        _install(account, OLD);
        _add(account, NEW, true);
        bytes32 stored = _stored(account);
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotInitialized.selector, other));
        _add(other, NEW + 1, true);
        _expectUnknown(0, 0, _truncated(OLD));
        _remove(other, 0, OLD);
        _uninstall(other);
        _recover(other, NEW + 1, false);
        _install(address(validator), NEW);
        assertEq(_stored(account), stored);
    }

    // ---------------------------------------------------------------- Uninstall

    /// [55] [57] uninstalling clears every passkey, whatever the data say; none comes alive on a new install
    function testFuzz_uninstallClearsEverything(bytes calldata data, uint8 count) public {
        _install(account, OLD);
        for (uint256 i = 0; i < count % 6; ++i) _add(account, NEW + i, i % 2 == 0);
        _call(account, abi.encodeCall(validator.onUninstall, (data)));
        _assertEmpty(account);
        assertFalse(_validates(account, OLD, 0));
        _install(account, NEW + 9);
        for (uint8 i = 0; i < 6; ++i) assertFalse(_validates(account, NEW, i));
        assertFalse(_validates(account, OLD, 0));
    }

    /// [55] uninstalling twice, or without an install, does nothing
    function test_uninstallNeverReverts() public {
        _uninstall(account);
        _install(account, OLD);
        _uninstall(account);
        _uninstall(account);
        _assertEmpty(account);
    }

    // ---------------------------------------------------------------- Views

    function test_listsPasskeysInOrderOfTheirIndexes() public {
        _install(account, OLD);
        _add(account, NEW, false);
        _add(account, NEW + 1, true);
        _remove(account, 1, NEW);
        (uint8[] memory indexes, bytes24[] memory commitments, bool[] memory proven) = validator.getCredentials(
            account
        );
        assertEq(indexes.length, 2);
        assertEq(indexes[0], 0);
        assertEq(indexes[1], 2);
        assertEq(commitments[0], _truncated(OLD));
        assertEq(commitments[1], _truncated(NEW + 1));
        assertTrue(proven[0] && proven[1]);
    }

    function test_isAValidatorOfBothKinds() public view {
        for (uint256 moduleType = 0; moduleType < 12; ++moduleType) {
            assertEq(validator.isModuleType(moduleType), moduleType == 1 || moduleType == 7);
        }
    }
}
