// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {HalfwayAccount} from "../mocks/HalfwayAccount.sol";
import {OzAccount} from "../mocks/OzAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice What this module asks of an account that is not a Rekey account, before and afterwards; and its signers.
contract ForeignChecksTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    HalfwayAccount private account;
    Recovery private request;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        account = new HalfwayAccount();
        account.installExecutor(address(recovery), policyBytes);
        request = _recovery(IAccountUnderTest(address(account)), policyBytes, fresh);
    }

    // ---------------------------------------------------------------- Before

    /// [60] an account that counts the module as installed only afterwards gets its first policy all the same
    function test_firstPolicy() public view {
        IRecoveryTypes.Head memory head = recovery.getHead(address(account));
        assertEq(head.policyId, uint160(uint256(keccak256(policyBytes))));
        assertFalse(head.native);
    }

    /// [91] an account that takes no validators is refused at the start, unless it has this one
    function test_takesNoValidators() public {
        account.set(false, false, 9);
        _expectRefused(3, IRecoveryTypes.NotInstalled.selector);
        account.run(address(passkeys), abi.encodeCall(passkeys.onInstall, (abi.encode(owner.credential, owner.id))));
        account.set(true, false, 9);
        _start(request, policy, 3, fresh);
        skip(1 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(IAccountUnderTest(address(account)), fresh));
    }

    // ---------------------------------------------------------------- Afterwards

    /// [91] the new passkey is in PasskeyValidator, but the account does not have PasskeyValidator
    function test_notInstalled() public {
        account.set(false, true, 1);
        _expectRefused(15, IRecoveryTypes.NotRecovered.selector);
    }

    /// [91] the account has PasskeyValidator, with the old passkey alone
    function test_oldPasskeyOnly() public {
        account.run(address(passkeys), abi.encodeCall(passkeys.onInstall, (abi.encode(owner.credential, owner.id))));
        account.set(true, true, 0);
        _expectRefused(15, IRecoveryTypes.NotRecovered.selector);
        request.keep = 1;
        _expectRefused(15, IRecoveryTypes.NotRecovered.selector);
    }

    /// [91] [95] the new passkey is in, and so is another one that nobody wanted to keep
    function test_anotherPasskeyBesideIt() public {
        account.run(address(passkeys), abi.encodeCall(passkeys.onInstall, (abi.encode(owner.credential, owner.id))));
        Passkey memory other = _passkey(3);
        account.set(true, true, 9);
        account.setMore(address(passkeys), abi.encodeCall(passkeys.addCredential, (other.credential, other.id, "")));
        _expectRefused(15, IRecoveryTypes.NotRecovered.selector);
        request.keep = 1;
        _start(request, policy, 15, fresh);
        (uint8[] memory indexes, , ) = passkeys.getCredentials(address(account));
        assertEq(indexes.length, 3);
    }

    // ---------------------------------------------------------------- Signers

    /// [95] signers of SignerValidator are revoked, unless the request keeps them
    function testFuzz_signers(bool keep, bool hasPasskeys) public {
        OzAccount real = new OzAccount(address(passkeys), abi.encode(owner.credential, owner.id));
        vm.startPrank(address(ENTRY_POINT));
        real.installModule(1, address(signers), _oneSigner());
        real.installModule(2, address(recovery), policyBytes);
        if (!hasPasskeys) real.uninstallModule(1, address(passkeys), "");
        vm.stopPrank();
        request.account = address(real);
        request.keep = keep ? 2 : 0;
        _start(request, policy, 15, fresh);
        (uint8[] memory indexes, ) = signers.getSigners(address(real));
        assertEq(indexes.length, keep ? 1 : 0);
        assertTrue(_isOnlyPasskey(IAccountUnderTest(address(real)), fresh));
        assertTrue(real.isModuleInstalled(1, address(passkeys), ""));
    }

    // ---------------------------------------------------------------- Helpers

    function _oneSigner() private pure returns (bytes memory) {
        bytes[] memory own = new bytes[](1);
        own[0] = abi.encodePacked(vm.addr(0x5161));
        return abi.encode(own);
    }

    function _expectRefused(uint256 mask, bytes4 problem) private {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, mask, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(problem, address(account)));
        recovery.start(request, policyBytes, approvals, possession);
    }
}
