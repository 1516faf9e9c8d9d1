// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPasskeyValidator} from "../../../contracts/interfaces/IPasskeyValidator.sol";
import {Credential} from "../../../contracts/types/Credential.sol";
import {PasskeyValidatorBase} from "./PasskeyValidatorBase.sol";

/// @notice Adding passkeys: whose, which, how many.
contract PasskeyValidatorAddTest is PasskeyValidatorBase {
    /// [45] another account may register the same id with another key: neither sees the other's
    function test_accountsHaveTheirOwnPasskeys() public {
        _install(account, OLD);
        Credential memory credential = credentialOf(NEW, passkey());
        credential.idHash = keccak256(credentialIdOf(OLD));
        _call(other, abi.encodeCall(validator.onInstall, (abi.encode(credential, credentialIdOf(OLD)))));
        assertTrue(_validates(account, OLD, 0));
        assertFalse(_validates(account, NEW, 0));
        assertTrue(_validates(other, NEW, 0));
        assertFalse(_validates(other, OLD, 0));
    }

    /// [46] a registration seen in the mempool and repeated on another account does not hinder the first
    function test_frontRunningARegistrationChangesNothing() public {
        _install(account, OLD);
        _install(other, NEW);
        bytes memory seen = _proof(account, NEW + 1);
        _expectRevert(
            abi.encodeWithSelector(IPasskeyValidator.NotPossessed.selector, keccak256(credentialIdOf(NEW + 1)))
        );
        _add(other, credentialOf(NEW + 1, passkey()), NEW + 1, seen);
        _add(other, NEW + 1, false);
        _add(account, credentialOf(NEW + 1, passkey()), NEW + 1, seen);
        assertTrue(_validates(account, NEW + 1, 1));
    }

    /// [47] the same passkey twice is refused; the same id with another key leaves the first as it is
    function test_addRefusesADuplicate() public {
        _install(account, OLD);
        _add(account, NEW, false);
        for (uint8 i = 0; i < 2; ++i) {
            _expectRevert(abi.encodeWithSelector(IPasskeyValidator.DuplicateCredential.selector, i));
            _add(account, i == 0 ? OLD : NEW, false);
        }
        Credential memory credential = credentialOf(NEW + 1, passkey());
        credential.idHash = keccak256(credentialIdOf(OLD));
        _add(account, credential, OLD, "");
        assertTrue(_validates(account, OLD, 0));
        assertTrue(_validates(account, NEW + 1, 2));
        assertFalse(_validates(account, NEW + 1, 0));
    }

    /// [48] credential ids have 16 to 1023 bytes
    function test_addBoundsTheCredentialId() public {
        _install(account, OLD);
        uint256[6] memory lengths = [uint256(0), 15, 16, 1_023, 1_024, 4_096];
        for (uint256 i = 0; i < lengths.length; ++i) {
            Credential memory credential = credentialOf(NEW + i, passkey());
            bytes memory credentialId = new bytes(lengths[i]);
            credential.idHash = keccak256(credentialId);
            if (lengths[i] < 16 || lengths[i] > 1_023) {
                _expectRevert(abi.encodeWithSelector(IPasskeyValidator.InvalidCredential.selector, credential.idHash));
            }
            _call(account, abi.encodeCall(validator.addCredential, (credential, credentialId, "")));
        }
        (uint8[] memory indexes, , ) = validator.getCredentials(account);
        assertEq(indexes.length, 3);
    }

    /// [49] ids are compared as 256-bit hashes of the whole id
    function testFuzz_addRefusesAnIdThatDoesNotHashToItsHash(bytes32 idHash) public {
        vm.assume(idHash != keccak256(credentialIdOf(NEW)));
        _install(account, OLD);
        Credential memory credential = credentialOf(NEW, passkey());
        credential.idHash = idHash;
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.InvalidCredential.selector, idHash));
        _add(account, credential, NEW, "");
    }

    /// [5] [4] what is no credential is not added
    function test_addRefusesWhatIsNoCredential() public {
        _install(account, NEW);
        Credential[] memory bad = _malformed();
        for (uint256 i = 0; i < bad.length; ++i) {
            _expectRevert(abi.encodeWithSelector(IPasskeyValidator.InvalidCredential.selector, bad[i].idHash));
            _add(account, bad[i], OLD, "");
        }
    }

    /// [5] the negative of a key is a key of somebody else: it can be named, and cannot be proven
    function test_theNegativeKeyIsNotPossessed() public {
        _install(account, OLD);
        Credential memory credential = credentialOf(NEW, passkey());
        credential.y = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF - credential.y;
        bytes memory proof = statelessAssertion(
            NEW,
            passkey(),
            validator.proveDigest(account, credential.commitment())
        );
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotPossessed.selector, credential.idHash));
        _add(account, credential, NEW, proof);
    }

    function test_addNeedsAnInitializedAccount() public {
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.NotInitialized.selector, account));
        _add(account, NEW, false);
    }

    /// [54] the 33rd passkey is refused; one that is removed makes room at its place
    function test_addStopsAtTheCap() public {
        _fill();
        _expectRevert(abi.encodeWithSelector(IPasskeyValidator.TooManyCredentials.selector, 33));
        _add(account, NEW, false);
        _remove(account, 17, 1_017);
        _add(account, NEW, false);
        assertTrue(_validates(account, NEW, 17));
        assertTrue(_validates(account, 1_031, 31));
    }

    /// [54] at the cap the costliest calls stay within the gas of one userOp
    function test_gasAtTheCapIsBounded() public {
        _fill();
        _remove(account, 31, 1_031);
        _add(account, 1_031, false);
        assertLt(vm.lastCallGas().gasTotalUsed, 200_000);
        _recover(account, NEW, true);
        assertLt(vm.lastCallGas().gasTotalUsed, 800_000);
        _uninstall(account);
        _fill();
        _uninstall(account);
        assertLt(vm.lastCallGas().gasTotalUsed, 400_000);
        _assertEmpty(account);
    }

    /// @dev Passkeys 1000–1031 at indexes 0–31.
    function _fill() private {
        _install(account, 1_000);
        for (uint256 i = 1; i < MAX_CREDENTIALS; ++i) _add(account, 1_000 + i, false);
    }
}
