// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IERC7579Execution,
    IERC7579ModuleConfig,
    MODULE_TYPE_EXECUTOR,
    MODULE_TYPE_VALIDATOR
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {ExecutorEraser, LyingAccount, OzAccount} from "../mocks/OzAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Accounts that are not Rekey accounts: what this module can do for them, and what it cannot.
contract ForeignRecoveryTest is RecoveryFixture {
    IRecoveryTypes.Evidence[] private noEvidence;
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IERC7579ModuleConfig private account;
    Recovery private request;
    bytes32 private digest;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        account = IERC7579ModuleConfig(
            address(new OzAccount(address(passkeys), abi.encode(owner.credential, owner.id)))
        );
        _as(address(account), abi.encodeCall(account.installModule, (2, address(recovery), policyBytes)));
        _request();
    }

    /// [95] at once, or after a delay: the new passkey is in, the old one is out
    function testFuzz_recovered(bool atOnce) public {
        assertFalse(recovery.getHead(address(account)).native);
        _start(request, policy, atOnce ? 15 : 3, fresh);
        if (!atOnce) {
            skip(1 days);
            _execute(request, fresh);
        }
        assertTrue(_isOnlyPasskey(IAccountUnderTest(address(account)), fresh));
        assertTrue(account.isModuleInstalled(MODULE_TYPE_VALIDATOR, address(passkeys), ""));
    }

    /// [95] what the request keeps is kept
    function test_keepsPasskeys() public {
        request.keep = 1;
        _start(request, policy, 15, fresh);
        (uint8[] memory indexes, , ) = passkeys.getCredentials(address(account));
        assertEq(indexes.length, 2);
    }

    /// [85] the validator was removed, cleanly or not: the recovery brings it back, with the new passkey alone
    function testFuzz_validatorRemoved(bool cleanly) public {
        _start(request, policy, 3, fresh);
        bytes memory leftOver = abi.encode(vm.load(address(passkeys), _firstSlot()));
        _as(address(account), abi.encodeCall(account.uninstallModule, (1, address(passkeys), "")));
        if (!cleanly) vm.store(address(passkeys), _firstSlot(), abi.decode(leftOver, (bytes32)));
        skip(1 days);
        _execute(request, fresh);
        assertTrue(account.isModuleInstalled(MODULE_TYPE_VALIDATOR, address(passkeys), ""));
        assertTrue(_isOnlyPasskey(IAccountUnderTest(address(account)), fresh));
    }

    /// [82] keys that a removed validator left behind speak for the account no more
    function test_leftOverKeysDoNotSpeak() public {
        _start(request, policy, 3, fresh);
        bytes memory veto = _ownerSignature(owner, recovery.vetoDigest(address(account), digest));
        bytes32 left = vm.load(address(passkeys), _firstSlot());
        _as(address(account), abi.encodeCall(account.uninstallModule, (1, address(passkeys), "")));
        vm.store(address(passkeys), _firstSlot(), left);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.veto(address(account), digest, veto);
        _as(address(account), abi.encodeCall(account.installModule, (1, address(passkeys), "")));
        recovery.veto(address(account), digest, veto);
        assertStatus(request, IRecoveryTypes.Status.Vetoed);
    }

    /// [73] the module cannot be removed at once through the account's own way
    function test_uninstallIsRefused() public {
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveryTypes.UnknownChange.selector, IRecoveryTypes.ChangeKind.Uninstall, 0)
        );
        account.uninstallModule(MODULE_TYPE_EXECUTOR, address(recovery), "");
    }

    /// [86] a documented limit: such an account can be made to forget the module, and then there is no recovery
    function test_erasedByDelegateCall() public {
        _start(request, policy, 3, fresh);
        ExecutorEraser eraser = new ExecutorEraser();
        bytes memory call = abi.encodePacked(address(eraser), abi.encodeCall(eraser.erase, (address(recovery))));
        vm.prank(address(ENTRY_POINT));
        IERC7579Execution(address(account)).execute(bytes32(uint256(0xff) << 248), call);
        assertFalse(account.isModuleInstalled(MODULE_TYPE_EXECUTOR, address(recovery), ""));
        skip(1 days);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert();
        recovery.execute(request, possession, noEvidence);
        assertStatus(request, IRecoveryTypes.Status.Scheduled);
        request.deadline += 1;
        bytes32 other = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 3, other);
        possession = _possession(fresh, other);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(account)));
        recovery.start(request, policyBytes, approvals, possession);
    }

    /// [91] an account that answers yes and does nothing is not recovered, and nothing is used up
    function test_lyingAccount() public {
        LyingAccount liar = new LyingAccount();
        account = IERC7579ModuleConfig(address(liar));
        liar.install(address(recovery), policyBytes);
        _request();
        bytes memory approvals = _approvals(policy, 15, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotRecovered.selector, address(account)));
        recovery.start(request, policyBytes, approvals, possession);
        assertEq(recovery.getHead(address(account)).epoch, 0);
    }

    /// the parts act in the module's name only: called directly they reach no account
    function test_partsAloneDoNothing() public {
        address part = deployCode(
            "ForeignRecovery.sol:ForeignRecovery",
            abi.encode(address(passkeys), address(signers), codeVerifier)
        );
        bytes memory possession = _possession(fresh, digest);
        (bool success, ) = part.call(
            abi.encodeWithSignature(
                "recoverForeign((address,bytes32,(uint256,uint256,bytes32,bytes32,uint8,bytes32),uint8,uint256[],uint40,uint40),bytes32,bytes)",
                request,
                digest,
                possession
            )
        );
        assertFalse(success, "not an executor of the account");
        (success, ) = address(recovery).call(abi.encodeWithSignature("checkForeign(address)", address(account)));
        assertFalse(success, "not a function of the module");
    }

    /// freezing takes an account that can be frozen
    function test_noFreeze() public {
        uint40 nowAt = uint40(vm.getBlockTimestamp());
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.UnsupportedAccount.selector, address(account)));
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt, "");
    }

    // ---------------------------------------------------------------- Helpers

    function _request() private {
        request = _recovery(IAccountUnderTest(address(account)), policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    function _firstSlot() private view returns (bytes32) {
        return keccak256(abi.encode(address(account), uint256(0)));
    }

    function _as(address target, bytes memory data) private {
        vm.prank(address(ENTRY_POINT));
        IERC7579Execution(address(account)).execute(MODE_SINGLE, abi.encodePacked(target, uint256(0), data));
    }
}
