// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPasskeyValidator} from "../../../contracts/interfaces/IPasskeyValidator.sol";
import {Credential} from "../../../contracts/types/Credential.sol";
import {PasskeyConfig} from "../support/PasskeyHelper.sol";
import {PasskeyValidatorBase} from "./PasskeyValidatorBase.sol";

/// @notice recover: it puts the new passkey in whatever is stored, and nobody else can make it fail.
contract PasskeyValidatorRecoverTest is PasskeyValidatorBase {
    /// [58] the replaced passkey signs nothing from that moment on, the new one everything
    function test_recoverReplacesEveryPasskey() public {
        _install(account, OLD);
        _add(account, OLD + 1, true);
        _add(account, OLD + 2, false);
        assertTrue(_validates(account, OLD, 0));
        Credential memory credential = credentialOf(NEW, passkey());
        bytes32 digest = keccak256("recovery");
        bytes memory possession = _possession(NEW, digest);
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialsReset(account, credential.idHash, 0, credential, 3);
        _recover(account, credential, false, digest, possession);
        for (uint8 i = 0; i < 3; ++i) assertFalse(_validates(account, OLD + i, i));
        assertTrue(_validates(account, NEW, 0));
        assertEq(_word(account, 0), (1 << 224) | (1 << 192) | uint192(uint256(_commitment(NEW))));
        for (uint256 i = 1; i < MAX_CREDENTIALS; ++i) assertEq(_word(account, i), 0);
    }

    /// [95] with `keep` the others stay, and the event says that nothing was removed
    function test_recoverMayKeepTheOthers() public {
        _install(account, OLD);
        Credential memory credential = credentialOf(NEW, passkey());
        bytes32 digest = keccak256("recovery");
        bytes memory possession = _possession(NEW, digest);
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialsReset(account, credential.idHash, 1, credential, 0);
        _recover(account, credential, true, digest, possession);
        assertTrue(_validates(account, OLD, 0));
        assertTrue(_validates(account, NEW, 1));
        _remove(account, 0, OLD);
    }

    /// [84] a key that is present already is kept and counts as proven: registering it first hinders nothing
    function test_recoverIsIdempotent() public {
        for (uint256 i = 0; i < 2; ++i) {
            bool keep = i == 1;
            _uninstall(account);
            _install(account, OLD);
            _add(account, OLD + 1, false);
            _add(account, NEW, false);
            _recover(account, NEW, keep);
            assertTrue(_validates(account, NEW, keep ? 2 : 0));
            assertEq(_validates(account, OLD, 0), keep);
            bytes32 stored = _stored(account);
            _recover(account, NEW, keep);
            assertEq(_stored(account), stored);
        }
    }

    /// [73] a full table does not hinder a recovery: with `keep` it is replaced
    function test_recoverReplacesAFullTable() public {
        _install(account, 1_000);
        for (uint256 i = 1; i < MAX_CREDENTIALS; ++i) _add(account, 1_000 + i, false);
        Credential memory credential = credentialOf(NEW, passkey());
        bytes32 digest = keccak256("recovery");
        bytes memory possession = _possession(NEW, digest);
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialsReset(account, credential.idHash, 0, credential, 32);
        _recover(account, credential, true, digest, possession);
        assertTrue(_validates(account, NEW, 0));
        for (uint256 i = 1; i < MAX_CREDENTIALS; ++i) assertEq(_word(account, i), 0);
    }

    function test_removedDoesNotCountAPlaceThatIsEmpty() public {
        _install(account, OLD);
        _add(account, OLD + 1, false);
        _add(account, OLD + 2, false);
        _remove(account, 1, OLD + 1);
        Credential memory credential = credentialOf(NEW, passkey());
        bytes32 digest = keccak256("recovery");
        bytes memory possession = _possession(NEW, digest);
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialsReset(account, credential.idHash, 0, credential, 2);
        _recover(account, credential, false, digest, possession);
    }

    function test_removedDoesNotCountTheKeyThatStays() public {
        _install(account, OLD);
        _add(account, NEW, true);
        Credential memory credential = credentialOf(NEW, passkey());
        bytes32 digest = keccak256("recovery");
        bytes memory possession = _possession(NEW, digest);
        vm.expectEmit(address(validator));
        emit IPasskeyValidator.CredentialsReset(account, credential.idHash, 0, credential, 1);
        _recover(account, credential, false, digest, possession);
    }

    /// [85] a recovery writes the passkey even while the module is not installed; an install then adopts it
    function test_recoverWorksWithoutAnInstall() public {
        for (uint256 i = 0; i < 2; ++i) {
            _recover(account, NEW, i == 1);
            _call(account, abi.encodeCall(validator.onInstall, ("")));
            assertTrue(_validates(account, NEW, 0));
            _uninstall(account);
            _assertEmpty(account);
        }
    }

    /// [84] a recovery to what is no key, or to a key that its owner did not use, reverts
    function test_recoverNeedsAFreshProofOfThisRecovery() public {
        _install(account, OLD);
        bytes32 digest = keccak256("recovery");
        Credential memory credential = credentialOf(NEW, passkey());
        bytes[6] memory proofs = [
            bytes(""),
            _possession(NEW, keccak256("another recovery")),
            _possession(OLD, digest),
            statelessAssertion(NEW, passkey(), digest),
            assertion(NEW, passkey(), validator.possessionDigest(digest), 0),
            _proof(account, NEW)
        ];
        for (uint256 i = 0; i < proofs.length; ++i) {
            _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotPossessed.selector, credential.idHash));
            _recover(account, credential, false, digest, proofs[i]);
        }
        bytes memory good = _possession(NEW, digest);
        credential.y ^= 1;
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.InvalidCredential.selector, credential.idHash));
        _recover(account, credential, false, digest, good);
        assertTrue(_validates(account, OLD, 0));
    }

    /// [9] the rules of the new passkey are those that are proven
    function test_recoverRefusesOtherRulesThanThoseProven() public {
        _install(account, OLD);
        bytes32 digest = keccak256("recovery");
        PasskeyConfig memory config = passkey();
        config.flags = 0;
        Credential memory weaker = credentialOf(NEW, config);
        bytes memory possession = _possession(NEW, digest);
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotPossessed.selector, weaker.idHash));
        _recover(account, weaker, false, digest, possession);
    }
}
