// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {Target} from "../support/Modules.sol";
import {StubFixture} from "../support/StubFixture.sol";
import {StubRecovery} from "../support/StubRecovery.sol";

/// @notice SignerValidator and the recovery module: how they come and go, and what a recovery makes of them.
contract RekeyAccountCoreModulesTest is StubFixture {
    bytes32 private constant HASH = keccak256("userOp");
    uint256 private constant KEY = 0xa11ce;

    IAccountUnderTest private account;

    function setUp() public {
        _deployWithStub();
        account = _newAccount(owner, POLICY, keccak256("handle"));
    }

    // ---------------------------------------------------------------- SignerValidator

    function test_signersComeAndGo() public {
        assertFalse(account.isModuleInstalled(1, address(signers), ""));
        for (uint256 i = 0; i < 2; ++i) {
            _installSigners();
            assertTrue(account.isModuleInstalled(1, address(signers), ""));
            assertEq(_validationBySigner(), 0);
            _refuses(account, _install(1, address(signers), ""), _state(1, address(signers), true));
            if (i == 0) _mustCommand(account, abi.encodeCall(account.uninstallModule, (1, address(signers), "")));
            else _mustCommand(account, abi.encodeCall(account.unlink, (1, address(signers), "")));
            assertFalse(account.isModuleInstalled(1, address(signers), ""));
            assertFalse(signers.isInitialized(address(account)), "no signer is left");
            assertEq(_validationBySigner(), 1);
            _refuses(
                account,
                abi.encodeCall(account.uninstallModule, (1, address(signers), "")),
                _state(1, address(signers), false)
            );
        }
    }

    /// [178] each module of the system under its own type only
    function test_typesOfCoreModules() public {
        for (uint256 moduleType = 0; moduleType <= 4; ++moduleType) {
            if (moduleType != 1) {
                _refuses(
                    account,
                    _install(moduleType, address(signers), ""),
                    _unsupported(moduleType, address(signers))
                );
                assertFalse(account.isModuleInstalled(moduleType, address(signers), ""));
            }
            if (moduleType != 2) {
                _refuses(account, _install(moduleType, address(stub), ""), _unsupported(moduleType, address(stub)));
                assertFalse(account.isModuleInstalled(moduleType, address(stub), hex"00000000"));
                _refuses(
                    account,
                    abi.encodeCall(account.uninstallModule, (moduleType, address(stub), hex"00000000")),
                    _state(moduleType, address(stub), false)
                );
            }
        }
        _installSigners();
        for (uint256 moduleType = 2; moduleType <= 3; ++moduleType) {
            _refuses(
                account,
                abi.encodeCall(account.unlink, (moduleType, address(signers), hex"00000000")),
                _state(moduleType, address(signers), false)
            );
        }
        assertEq(_validationBySigner(), 0);
    }

    /// [95] a recovery revokes every signer in one write and leaves the module; bit 1 of keep keeps them
    function test_recoveryRevokesSigners() public {
        _installSigners();
        uint256 snapshot = vm.snapshotState();
        for (uint8 keep = 0; keep < 16; ++keep) {
            _recover(account, keep);
            assertEq(_validationBySigner(), keep & 2 == 0 ? 1 : 0);
            assertEq(signers.isInitialized(address(account)), keep & 2 != 0);
            assertTrue(account.isModuleInstalled(1, address(signers), ""));
            assertEq(account.generation(), 0, "nothing foreign");
            vm.revertToState(snapshot);
        }
    }

    /// [95] signers that a thief planted without installing the module do not come alive when the owner installs it
    function test_plantedSignersDieAtInstall() public {
        _mustCommand(account, _executeCall(address(signers), abi.encodeCall(signers.addSigner, (_signer()))));
        _recover(account, 0);
        assertEq(_validationBySigner(), 1, "not installed");
        _mustCommand(account, _install(1, address(signers), ""));
        assertEq(_validationBySigner(), 1);
        assertFalse(signers.isInitialized(address(account)));
    }

    // ---------------------------------------------------------------- The recovery module

    /// [177] [176] it leaves when it agrees, and not before
    function test_recoveryModuleLeavesIfItAgrees() public {
        bytes memory uninstall = abi.encodeCall(account.uninstallModule, (2, address(stub), ""));
        _refuses(account, uninstall, abi.encodeWithSelector(StubRecovery.ChangeNotReady.selector));
        stub.ripen(address(account), stub.UPGRADE(), address(0));
        _refuses(account, uninstall, abi.encodeWithSelector(StubRecovery.ChangeNotReady.selector));
        assertTrue(account.isModuleInstalled(2, address(stub), ""));
        stub.ripen(address(account), stub.UNINSTALL(), address(0));
        _mustCommand(account, uninstall);
        assertFalse(account.isModuleInstalled(2, address(stub), ""));
        _refuses(account, uninstall, _state(2, address(stub), false));
    }

    /// what has left commands nothing any more; a recovery it would begin for an account with a policy only
    function test_whatHasLeftHasNoRights() public {
        _letRecoveryModuleLeave();
        Target target = new Target();
        vm.startPrank(address(stub));
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(stub)));
        account.freeze(1);
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(stub)));
        account.executeFromExecutor(MODE_SINGLE, abi.encodePacked(target, uint256(0)));
        vm.stopPrank();
        assertTrue(_isOnlyPasskey(account, owner));
    }

    /// it comes back with a policy, sees itself installed meanwhile, and is not if it refuses
    function test_recoveryModuleComesBack() public {
        _refuses(account, _install(2, address(stub), POLICY), _state(2, address(stub), true));
        _letRecoveryModuleLeave();
        vm.mockCallRevert(address(stub), abi.encodeWithSelector(stub.onInstall.selector), "no");
        _refuses(account, _install(2, address(stub), POLICY), "no");
        assertFalse(account.isModuleInstalled(2, address(stub), ""));
        vm.clearMockedCalls();
        _mustCommand(account, _install(2, address(stub), POLICY));
        assertTrue(account.isModuleInstalled(2, address(stub), ""));
        assertEq(stub.policyOf(address(account)), POLICY);
        _recover(account, 0);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [203] setup by a stranger does not bring it back either
    function test_setupDoesNotBringItBack() public {
        _letRecoveryModuleLeave();
        vm.prank(address(0xbad));
        account.setup(owner.credential, owner.id, POLICY, keccak256("handle"));
        assertFalse(account.isModuleInstalled(2, address(stub), ""));
    }

    function _letRecoveryModuleLeave() private {
        stub.ripen(address(account), stub.UNINSTALL(), address(0));
        _mustCommand(account, abi.encodeCall(account.uninstallModule, (2, address(stub), "")));
    }

    // ---------------------------------------------------------------- Helpers

    function _signer() private pure returns (bytes memory) {
        return abi.encodePacked(vm.addr(KEY));
    }

    function _installSigners() private {
        bytes[] memory list = new bytes[](1);
        list[0] = _signer();
        _mustCommand(account, _install(1, address(signers), abi.encode(list)));
    }

    function _validationBySigner() private returns (uint256) {
        bytes memory signature = abi.encodePacked(uint8(1), uint16(20), _signer(), signEoa(KEY, HASH));
        return _validationOf(account, address(signers), signature, HASH);
    }

    function _install(uint256 moduleType, address which, bytes memory data) private view returns (bytes memory) {
        return abi.encodeCall(account.installModule, (moduleType, which, data));
    }

    function _state(uint256 moduleType, address which, bool installed) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRekeyAccount.ModuleState.selector, moduleType, which, installed);
    }

    function _unsupported(uint256 moduleType, address which) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRekeyAccount.UnsupportedModule.selector, moduleType, which);
    }
}
