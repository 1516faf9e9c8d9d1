// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule, Target} from "../support/Modules.sol";
import {StubFixture} from "../support/StubFixture.sol";

/// @notice A module that installs and then does not leave.
contract ClingingModule {
    uint256 public mode;

    function cling(uint256 mode_) external {
        mode = mode_;
    }

    function isModuleType(uint256) external pure returns (bool) {
        return true;
    }

    function onInstall(bytes calldata) external {}

    function onUninstall(bytes calldata) external view {
        uint256 current = mode;
        assembly ("memory-safe") {
            switch current
            case 0 {
                revert(0, 0)
            }
            case 1 {
                revert(0, 500000)
            }
            case 2 {
                return(0, 500000)
            }
            case 3 {
                invalid()
            }
            default {
                for {} 1 {} {}
            }
        }
    }
}

/// @notice Modules that refuse to leave.
contract RekeyAccountUnlinkTest is StubFixture {
    IAccountUnderTest private account;
    ClingingModule private clinging;
    ForeignModule private module;
    Target private target;

    function setUp() public {
        _deployWithStub();
        account = _newAccount(owner, POLICY, keccak256("handle"));
        (clinging, module, target) = (new ClingingModule(), new ForeignModule(), new Target());
    }

    /// [174] a module that reverts, with or without half a megabyte, that returns as much, that burns all gas or never ends:
    /// it is unlinked from each type, at a bounded price, where uninstalling fails or is as dear as it likes
    function test_unlinksWhatClings() public {
        for (uint256 mode = 0; mode < 5; ++mode) {
            clinging.cling(mode);
            for (uint256 moduleType = 1; moduleType <= 3; ++moduleType) {
                bytes memory context = moduleType == 3 ? bytes(hex"aabbccdd") : bytes("");
                _mustCommand(account, abi.encodeCall(account.installModule, (moduleType, address(clinging), context)));
                if (mode != 2) {
                    vm.prank(address(ENTRY_POINT));
                    (bool left, ) = address(account).call{gas: 5_000_000}(
                        abi.encodeCall(account.uninstallModule, (moduleType, address(clinging), context))
                    );
                    assertFalse(left, "does not leave");
                }
                vm.expectEmit(address(account));
                emit IRekeyAccount.ModuleUnlinked(moduleType, address(clinging), mode == 2);
                uint256 before = gasleft();
                _unlink(moduleType, address(clinging), context);
                assertLt(before - gasleft(), 1_100_000, "bounded");
                assertFalse(account.isModuleInstalled(moduleType, address(clinging), context));
                assertFalse(account.isModule(address(clinging)));
            }
        }
    }

    /// [174] with little gas it gets half of it, and the rest is enough
    function test_unlinksWithLittleGas() public {
        clinging.cling(4);
        _mustCommand(account, abi.encodeCall(account.installModule, (2, address(clinging), "")));
        bytes memory call = abi.encodeCall(account.unlink, (2, address(clinging), ""));
        vm.prank(address(ENTRY_POINT));
        (bool success, ) = address(account).call{gas: 120_000}(call);
        assertTrue(success);
        assertFalse(account.isModuleInstalled(2, address(clinging), ""));
    }

    /// a module that does not cling is told, with its data, and said to be clean
    function test_unlinksWhatLeaves() public {
        _mustCommand(account, abi.encodeCall(account.installModule, (3, address(module), hex"aabbccdd")));
        vm.expectEmit(address(account));
        emit IRekeyAccount.ModuleUnlinked(3, address(module), true);
        _unlink(3, address(module), hex"aabbccdd1234");
        assertEq(module.uninstalledWith(), hex"1234");
        assertFalse(account.isModule(address(module)));
    }

    /// [174] [192] its rights are gone when it is told: calling back, it cannot act
    function test_rightsAreGoneFirst() public {
        _mustCommand(account, abi.encodeCall(account.installModule, (2, address(module), "")));
        bytes memory call = abi.encodePacked(target, uint256(0), abi.encodeCall(target.add, (1)));
        module.setReentry(abi.encodeCall(account.executeFromExecutor, (MODE_SINGLE, call)));
        _unlink(2, address(module), "");
        assertEq(module.uninstalls(), 1);
        assertFalse(module.reentrySucceeded());
        assertEq(target.count(), 0);
    }

    /// [178] a wrong type, a wrong selector, a module that is not there
    function test_unlinkOfWhatIsNotThere() public {
        _mustCommand(account, abi.encodeCall(account.installModule, (2, address(module), "")));
        _mustCommand(account, abi.encodeCall(account.installModule, (3, address(module), hex"aabbccdd")));
        uint256[4] memory types = [uint256(1), 3, 1, 4];
        address[4] memory modules = [address(module), address(module), address(clinging), address(module)];
        for (uint256 i = 0; i < 4; ++i) {
            _refuses(
                account,
                abi.encodeCall(account.unlink, (types[i], modules[i], hex"aabbccde")),
                abi.encodeWithSelector(IRekeyAccount.ModuleState.selector, types[i], modules[i], false)
            );
        }
        assertTrue(account.isModuleInstalled(2, address(module), ""));
        assertTrue(account.isModuleInstalled(3, address(module), hex"aabbccdd"));
        assertEq(module.uninstalls(), 0);
    }

    /// [177] what guardians protect is not unlinked
    function test_coreModulesAreNotUnlinked() public {
        address[2] memory core = [address(passkeys), address(stub)];
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 moduleType = 1; moduleType <= 3; ++moduleType) {
                _refuses(
                    account,
                    abi.encodeCall(account.unlink, (moduleType, core[i], hex"00000000")),
                    abi.encodeWithSelector(IRekeyAccount.CoreModule.selector, core[i])
                );
            }
        }
        assertTrue(_isOnlyPasskey(account, owner));
        assertEq(stub.policyOf(address(account)), POLICY);
    }

    function testFuzz_strangersUnlinkNothing(address stranger) public {
        vm.assume(stranger != address(ENTRY_POINT) && stranger != address(account) && uint160(stranger) > 0xffff);
        _mustCommand(account, abi.encodeCall(account.installModule, (2, address(module), "")));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, stranger));
        account.unlink(2, address(module), "");
    }

    function test_notBeforeSetup() public {
        IAccountUnderTest bare = _bareAccount(owner, "", keccak256("bare"));
        bytes memory call = abi.encodeCall(account.unlink, (2, address(module), ""));
        _refuses(bare, call, abi.encodeWithSelector(IRekeyAccount.NotSetUp.selector));
    }

    function _unlink(uint256 moduleType, address which, bytes memory data) private {
        vm.prank(address(ENTRY_POINT));
        account.unlink(moduleType, which, data);
    }
}
