// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule, Target} from "../support/Modules.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Foreign validators, executors and fallback handlers, and what becomes of them in a recovery.
contract RekeyAccountModulesTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    IAccountUnderTest private account;
    ForeignModule private module;
    Target private target;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        account = _newAccount(owner, _encode(policy), keccak256("handle"));
        module = new ForeignModule();
        target = new Target();
    }

    function test_installAndUninstallEveryType() public {
        for (uint256 moduleType = 1; moduleType <= 3; ++moduleType) {
            bytes memory context = moduleType == 3 ? bytes(hex"aabbccdd") : bytes("");
            _install(moduleType, abi.encodePacked(context, "init"));
            assertEq(module.installedWith(), "init");
            assertTrue(account.isModuleInstalled(moduleType, address(module), context));
            assertTrue(account.isModule(address(module)));
            vm.expectRevert(_state(moduleType, true));
            _install(moduleType, context);
            _uninstall(moduleType, abi.encodePacked(context, "exit"));
            assertEq(module.uninstalledWith(), "exit");
            assertFalse(account.isModuleInstalled(moduleType, address(module), context));
            assertFalse(account.isModule(address(module)));
            vm.expectRevert(_state(moduleType, false));
            _uninstall(moduleType, context);
        }
    }

    function test_nothingIsInstalledBeforeSetup() public {
        IAccountUnderTest bare = _bareAccount(owner, "", keccak256("bare"));
        vm.startPrank(address(ENTRY_POINT));
        vm.expectRevert(IRekeyAccount.NotSetUp.selector);
        bare.installModule(2, address(module), "");
        vm.expectRevert(IRekeyAccount.NotSetUp.selector);
        bare.uninstallModule(2, address(module), "");
        vm.stopPrank();
        assertFalse(bare.isModuleInstalled(1, address(passkeys), ""));
        assertFalse(bare.isModuleInstalled(2, address(recovery), ""));
    }

    /// [177] [I1] [I38] PasskeyValidator can be neither removed nor installed a second time, under any type
    function test_passkeyValidatorStays() public {
        bytes memory problem = abi.encodeWithSelector(IRekeyAccount.CoreModule.selector, address(passkeys));
        for (uint256 moduleType = 1; moduleType <= 4; ++moduleType) {
            vm.startPrank(address(ENTRY_POINT));
            vm.expectRevert(problem);
            account.uninstallModule(moduleType, address(passkeys), hex"00000000");
            vm.expectRevert(problem);
            account.unlink(moduleType, address(passkeys), hex"00000000");
            vm.expectRevert(problem);
            account.installModule(moduleType, address(passkeys), hex"00000000");
            vm.stopPrank();
        }
        assertTrue(account.isModuleInstalled(1, address(passkeys), ""));
        assertFalse(account.isModuleInstalled(2, address(passkeys), ""));
        assertFalse(account.isModuleInstalled(3, address(passkeys), hex"00000000"));
    }

    /// [87] [60] GuardianRecovery refuses to be uninstalled while there is a policy, unless it was announced
    function test_recoveryModuleRefusesUninstallWithAPolicy() public {
        bytes memory problem = abi.encodeWithSelector(
            IRecoveryTypes.UnknownChange.selector,
            IRecoveryTypes.ChangeKind.Uninstall,
            uint160(0)
        );
        vm.prank(address(account));
        vm.expectRevert(problem);
        recovery.onUninstall("");
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(problem);
        account.uninstallModule(2, address(recovery), "");
        assertTrue(account.isModuleInstalled(2, address(recovery), ""));
        vm.prank(address(0xbad));
        recovery.onUninstall("");
        assertEq(recovery.getHead(address(account)).policyId, uint160(uint256(keccak256(_encode(policy)))));
    }

    /// [175] [178] wrong type, no code, types beyond 1 to 3 (hooks among them), a module that says no
    function test_unsupportedModules() public {
        uint256[5] memory types = [uint256(0), 4, 5, 7, type(uint256).max];
        for (uint256 i = 0; i < types.length; ++i) {
            vm.expectRevert(_unsupported(types[i], address(module)));
            _install(types[i], hex"00000000");
        }
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(_unsupported(1, address(0xe0a)));
        account.installModule(1, address(0xe0a), "");
        module.setTypes(1 << 2);
        vm.expectRevert(_unsupported(1, address(module)));
        _install(1, "");
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert();
        account.installModule(1, address(target), "");
        module.setTypes(1 << 3);
        vm.expectRevert(_unsupported(3, address(module)));
        _install(3, hex"aabbcc");
    }

    /// [178] uninstall with the wrong type, or a handler for another selector, changes nothing
    function test_uninstallWithWrongTypeOrSelector() public {
        _install(2, "");
        vm.expectRevert(_state(1, false));
        _uninstall(1, "");
        assertTrue(account.isModuleInstalled(2, address(module), ""));
        _install(3, hex"aabbccdd");
        vm.expectRevert(_state(3, false));
        _uninstall(3, hex"aabbccde");
        assertTrue(account.isModuleInstalled(3, address(module), hex"aabbccdd"));
        assertFalse(account.isModuleInstalled(3, address(module), hex"aabbccde"));
        assertFalse(account.isModuleInstalled(3, address(module), ""));
        assertFalse(account.isModuleInstalled(3, address(module), hex"aabbccdd00"));
        assertFalse(account.isModuleInstalled(3, address(0), hex"aabbccde"));
    }

    /// [179] one type of a module with several goes, the others stay
    function test_multiTypeModule() public {
        _install(1, "");
        _install(2, "");
        _install(3, hex"00000001");
        _install(3, hex"00000002");
        _uninstall(2, "");
        assertTrue(account.isModuleInstalled(1, address(module), ""));
        assertFalse(account.isModuleInstalled(2, address(module), ""));
        _uninstall(3, hex"00000001");
        assertTrue(account.isModuleInstalled(3, address(module), hex"00000002"));
        _uninstall(1, "");
        assertTrue(account.isModule(address(module)), "still a handler");
        _uninstall(3, hex"00000002");
        assertFalse(account.isModule(address(module)));
    }

    /// [192] an onInstall that reverts leaves no rights; one that calls back has only those of its own type
    function test_onInstallThatMisbehaves() public {
        module.behave(ForeignModule.Behaviour.Reverts);
        vm.expectRevert(ForeignModule.Told.selector);
        _install(1, "");
        assertFalse(account.isModuleInstalled(1, address(module), ""));
        module.setReentry(abi.encodeCall(account.installModule, (2, address(module), "")));
        _install(1, "");
        assertFalse(module.reentrySucceeded(), "installs no second module");
        assertFalse(account.isModuleInstalled(2, address(module), ""));
    }

    /// [192] a module that is there is not called again, so it cannot start anew
    function test_installedModuleIsNotCalledAgain() public {
        for (uint256 moduleType = 1; moduleType <= 3; ++moduleType) _install(moduleType, hex"00000001");
        module.behave(ForeignModule.Behaviour.Reverts);
        for (uint256 moduleType = 1; moduleType <= 3; ++moduleType) {
            vm.expectRevert(_state(moduleType, true));
            _install(moduleType, hex"00000001");
        }
    }

    /// [192] nor does it act as what it is just becoming
    function test_noRightsDuringInstall() public {
        bytes memory call = abi.encodePacked(target, uint256(0), abi.encodeCall(target.add, (1)));
        module.setReentry(abi.encodeCall(account.executeFromExecutor, (MODE_SINGLE, call)));
        _install(2, "");
        assertFalse(module.reentrySucceeded());
        assertEq(target.count(), 0);
        assertTrue(account.isModuleInstalled(2, address(module), ""));
    }

    /// [192] an executor that puts another handler in its place while it becomes one is refused, and that handler with it
    function test_placeTakenDuringInstall() public {
        _install(2, "");
        ForeignModule second = new ForeignModule();
        bytes memory install = abi.encodeCall(account.installModule, (3, address(second), hex"00000001"));
        bytes memory call = abi.encodePacked(account, uint256(0), install);
        module.setReentry(abi.encodeCall(account.executeFromExecutor, (MODE_SINGLE, call)));
        vm.expectRevert(_state(3, true));
        _install(3, hex"00000001");
        assertFalse(account.isModule(address(second)));
    }

    /// [180] [I38] an executor acts while it is installed, not before and not after
    function test_executorActsOnlyWhileInstalled() public {
        bytes memory call = abi.encodePacked(target, uint256(0), abi.encodeCall(target.add, (1)));
        bytes memory unauthorized = abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(module));
        vm.expectRevert(unauthorized);
        module.executeOn(account, MODE_SINGLE, call);
        _install(1, "");
        vm.expectRevert(unauthorized);
        module.executeOn(account, MODE_SINGLE, call);
        _install(2, "");
        bytes[] memory results = module.executeOn(account, MODE_SINGLE, call);
        assertEq(abi.decode(results[0], (uint256)), 1);
        assertEq(target.caller(), address(account));
        _uninstall(2, "");
        vm.expectRevert(unauthorized);
        module.executeOn(account, MODE_SINGLE, call);
    }

    /// [182] a handler sees the account as caller, the real sender in the last 20 bytes, and the value
    function testFuzz_handlerSeesTheRealSender(address sender, uint64 value) public {
        vm.assume(uint160(sender) > 0xffff && sender != address(account));
        _install(3, abi.encodePacked(ForeignModule.whoAsks.selector));
        vm.deal(sender, value);
        vm.prank(sender);
        (bool success, bytes memory answer) = address(account).call{value: value}(
            abi.encodeWithSelector(ForeignModule.whoAsks.selector)
        );
        assertTrue(success);
        assertEq(answer, abi.encode(sender, address(account), uint256(value)));
    }

    /// [182] handlers for the account's own selectors are never reached
    function test_ownSelectorsCannotBeHijacked() public {
        bytes4[5] memory own = [
            account.execute.selector,
            account.recover.selector,
            account.isValidSignature.selector,
            account.onERC721Received.selector,
            account.validateUserOp.selector
        ];
        for (uint256 i = 0; i < own.length; ++i) _install(3, abi.encodePacked(own[i]));
        module.behave(ForeignModule.Behaviour.Reverts);
        assertEq(
            bytes32(account.onERC721Received(address(0), address(0), 0, "")),
            bytes32(account.onERC721Received.selector)
        );
        assertEq(bytes32(account.isValidSignature(0, "")), bytes32(bytes4(0xffffffff)));
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(this)));
        account.execute(MODE_SINGLE, "");
    }

    /// [182] a handler's problem comes back as it is; a handler cannot command the account
    function test_handlersErrorAndRights() public {
        _install(3, abi.encodePacked(ForeignModule.whoAsks.selector));
        module.behave(ForeignModule.Behaviour.Reverts);
        vm.expectRevert(ForeignModule.Told.selector);
        ForeignModule(address(account)).whoAsks();
        module.setReentry(abi.encodeCall(account.execute, (MODE_SINGLE, abi.encodePacked(target, uint256(0)))));
        ForeignModule(address(account)).whoAsks();
        assertFalse(module.reentrySucceeded());
    }

    // ---------------------------------------------------------------- ERC-1271

    /// [185] an ERC-1271 prefix of a validator that is not installed, of another type, or of PasskeyValidator by address
    function test_erc1271PrefixMustBeInstalled() public {
        assertEq(_erc1271(address(module)), 0xffffffff);
        _install(2, "");
        assertEq(_erc1271(address(module)), 0xffffffff);
        _install(1, "");
        assertEq(_erc1271(address(module)), 0x1626ba7e);
        _uninstall(1, "");
        assertEq(_erc1271(address(module)), 0xffffffff);
        assertEq(_erc1271(address(passkeys)), 0xffffffff);
        assertEq(_erc1271(address(recovery)), 0xffffffff);
    }

    /// [186] the validator learns who asks
    function test_validatorLearnsTheAsker() public {
        _install(1, "");
        address asker = address(0x1234567812345678123456781234567812345678);
        vm.prank(asker);
        assertEq(bytes32(account.isValidSignature(0, abi.encodePacked(module))), bytes32(bytes4(0x12345678)));
    }

    /// [197] [198] detection of ERC-7739, and any bytes answered without a revert
    function testFuzz_erc1271NeverReverts(bytes32 hash, bytes calldata noise, uint8 prefix) public view {
        assertEq(
            bytes32(
                account.isValidSignature(
                    bytes32(uint256(0x7739773977397739773977397739773977397739773977397739773977397739)),
                    ""
                )
            ),
            bytes32(bytes4(0x77390001))
        );
        bytes memory signature = prefix % 2 == 0 ? noise : abi.encodePacked(address(0), noise);
        assertEq(bytes32(account.isValidSignature(hash, signature)), bytes32(bytes4(0xffffffff)));
    }

    // ---------------------------------------------------------------- Recovery

    /// [95] [174] [66] a recovery throws out every foreign module without calling it, whatever it would do
    function test_recoveryPurgesForeignModules() public {
        _installAll();
        for (uint256 i = 0; i < 3; ++i) {
            module.behave(ForeignModule.Behaviour(i));
            uint256 snapshot = vm.snapshotState();
            vm.expectEmit(address(account));
            emit IRekeyAccount.ModulesPurged(1);
            _recoverNow(0);
            assertEq(module.uninstalls(), 0, "not called");
            _assertPurged();
            vm.revertToState(snapshot);
        }
    }

    /// [87] a purged module is installed again from nothing
    function test_purgedModuleCanComeBack() public {
        _installAll();
        _recoverNow(0);
        skip(1);
        _install(1, "");
        assertTrue(account.isModuleInstalled(1, address(module), ""));
        assertFalse(account.isModuleInstalled(2, address(module), ""));
        assertFalse(account.isModuleInstalled(3, address(module), hex"00000001"));
    }

    /// [95] bit 3 of keep keeps foreign modules, bit 0 the passkeys, and nothing else is kept by either
    function test_keepBits() public {
        _installAll();
        uint256 snapshot = vm.snapshotState();
        _recoverNow(8);
        assertTrue(account.isModuleInstalled(1, address(module), ""));
        assertEq(account.generation(), 0);
        assertTrue(_isOnlyPasskey(account, fresh));
        vm.revertToState(snapshot);
        _recoverNow(1);
        _assertPurged();
        (uint8[] memory indexes, , ) = passkeys.getCredentials(address(account));
        assertEq(indexes.length, 2);
    }

    /// without foreign modules a recovery writes no word of the account
    function test_nothingToPurge() public {
        vm.record();
        _recoverNow(0);
        (, bytes32[] memory writes) = vm.accesses(address(account));
        assertEq(writes.length, 0);
        assertEq(account.generation(), 0);
    }

    /// [193] [I39] the account's own words lie in the ERC-7201 namespace, nowhere else
    function test_storageIsNamespaced() public {
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff));
        assertEq(uint256(vm.load(address(account), slot)) >> 216, 0x0103, "set up, nothing foreign");
        _installAll();
        assertEq(uint256(vm.load(address(account), slot)) >> 216, 0x0303, "set up, foreign");
        for (uint256 i = 0; i < 16; ++i) assertEq(vm.load(address(account), bytes32(i)), 0);
    }

    function _installAll() private {
        _install(1, "");
        _install(2, "");
        _install(3, hex"00000001");
    }

    function _assertPurged() private view {
        assertFalse(account.isModuleInstalled(1, address(module), ""));
        assertFalse(account.isModuleInstalled(2, address(module), ""));
        assertFalse(account.isModuleInstalled(3, address(module), hex"00000001"));
        assertFalse(account.isModule(address(module)));
        assertTrue(account.isModuleInstalled(1, address(passkeys), ""));
        assertTrue(account.isModuleInstalled(2, address(recovery), ""));
    }

    function _recoverNow(uint8 keep) private {
        Recovery memory request = _recovery(account, _encode(policy), fresh);
        request.keep = keep;
        bytes32 digest = recovery.hashRecovery(request);
        recovery.start(request, _encode(policy), _approvals(policy, 15, digest), _possession(fresh, digest));
    }

    function _install(uint256 moduleType, bytes memory data) private {
        vm.prank(address(ENTRY_POINT));
        account.installModule(moduleType, address(module), data);
    }

    function _uninstall(uint256 moduleType, bytes memory data) private {
        vm.prank(address(ENTRY_POINT));
        account.uninstallModule(moduleType, address(module), data);
    }

    function _erc1271(address prefix) private view returns (uint256) {
        return uint32(account.isValidSignature(keccak256("hash"), abi.encodePacked(prefix, "x")));
    }

    function _state(uint256 moduleType, bool installed) private view returns (bytes memory) {
        return abi.encodeWithSelector(IRekeyAccount.ModuleState.selector, moduleType, address(module), installed);
    }

    function _unsupported(uint256 moduleType, address which) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRekeyAccount.UnsupportedModule.selector, moduleType, which);
    }
}
