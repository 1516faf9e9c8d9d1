// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7484} from "../../../contracts/interfaces/IERC7484.sol";
import {IRegistryAdapter} from "../../../contracts/interfaces/IRegistryAdapter.sol";
import {MockRegistry} from "../mocks/MockRegistry.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule} from "../support/Modules.sol";
import {RekeyFixture} from "../support/RekeyFixture.sol";

/// @notice Installing a module after asking a registry, as one batch.
contract RegistryAdapterTest is RekeyFixture {
    uint256 private constant EXECUTOR = 2;
    address private constant ALICE = address(0xa11ce);
    address private constant BOB = address(0xb0b);

    IRegistryAdapter private adapter;
    MockRegistry private registry;
    ForeignModule private module;
    IAccountUnderTest private account;
    address[] private attesters;

    function setUp() public {
        _deploySystem();
        adapter = IRegistryAdapter(deployCode("RegistryAdapter.sol:RegistryAdapter", ""));
        registry = new MockRegistry();
        module = new ForeignModule();
        account = _newAccount(_passkey(1), "", keccak256("handle"));
        attesters = [BOB, ALICE];
    }

    function test_selectorOfTheDeployedRegistry() public pure {
        bytes4 wanted = bytes4(keccak256("check(address,uint256,address[],uint256)"));
        assertEq(bytes32(IERC7484.check.selector), bytes32(wanted));
    }

    /// [188] asked first and installed after, in one batch
    function test_installsWhatIsAttested() public {
        _attest(ALICE);
        _attest(BOB);
        _install(MODE_BATCH, 2);
        assertTrue(account.isModuleInstalled(EXECUTOR, address(module), ""));
    }

    /// [188] nobody, too few, of another type, or withdrawn: nothing is installed, and the registry's reason is told
    function test_installsNothingElse() public {
        _expectRefused(2, abi.encodeWithSelector(MockRegistry.TooFew.selector, 0, 2));
        _attest(ALICE);
        _expectRefused(2, abi.encodeWithSelector(MockRegistry.TooFew.selector, 1, 2));
        vm.prank(BOB);
        registry.attest(address(module), 1);
        _expectRefused(2, abi.encodeWithSelector(MockRegistry.TooFew.selector, 1, 2));
        _attest(BOB);
        vm.prank(BOB);
        registry.revoke(address(module), EXECUTOR);
        _expectRefused(1, abi.encodeWithSelector(MockRegistry.Revoked.selector, BOB));
    }

    /// [188] a stated limit: what is withdrawn later stays installed; the owner removes it at once, by force if need be
    function test_withdrawnLater() public {
        _attest(ALICE);
        _install(MODE_BATCH, 1);
        vm.prank(ALICE);
        registry.revoke(address(module), EXECUTOR);
        assertFalse(adapter.isAttested(registry, address(module), EXECUTOR, attesters, 1));
        assertTrue(account.isModuleInstalled(EXECUTOR, address(module), ""));
        module.behave(ForeignModule.Behaviour.Reverts);
        _asAccount(account, address(account), 0, abi.encodeCall(account.unlink, (EXECUTOR, address(module), "")));
        assertFalse(account.isModuleInstalled(EXECUTOR, address(module), ""));
    }

    /// [188] a stated limit: where each call is tried, a refusal stops nothing
    function test_tryModeIgnoresTheAnswer() public {
        _install(MODE_BATCH_TRY, 1);
        assertTrue(account.isModuleInstalled(EXECUTOR, address(module), ""));
    }

    function test_isAttested() public {
        assertFalse(adapter.isAttested(registry, address(module), EXECUTOR, attesters, 1));
        _attest(ALICE);
        assertTrue(adapter.isAttested(registry, address(module), EXECUTOR, attesters, 1));
        assertFalse(adapter.isAttested(registry, address(module), EXECUTOR, attesters, 2));
    }

    /// [188] a question that everything answers with yes is refused: no registry, no threshold, one attester twice
    function test_questionsWithoutSense() public {
        _attest(ALICE);
        _expectBoth(
            address(0x7484),
            attesters,
            1,
            abi.encodeWithSelector(IRegistryAdapter.NotARegistry.selector, 0x7484)
        );
        _expectBoth(address(registry), attesters, 0, _invalid(0, 2));
        _expectBoth(address(registry), attesters, 3, _invalid(3, 2));
        _expectBoth(address(registry), new address[](0), 0, _invalid(0, 0));
        _expectBoth(address(registry), new address[](33), 1, _invalid(1, 33));
        address[] memory twice = new address[](2);
        (twice[0], twice[1]) = (ALICE, ALICE);
        _expectBoth(
            address(registry),
            twice,
            2,
            abi.encodeWithSelector(IRegistryAdapter.AttestersNotAscending.selector, ALICE, ALICE)
        );
        twice[1] = BOB;
        _expectBoth(
            address(registry),
            twice,
            1,
            abi.encodeWithSelector(IRegistryAdapter.AttestersNotAscending.selector, ALICE, BOB)
        );
    }

    function test_asManyAttestersAsAllowed() public {
        address[] memory many = new address[](32);
        for (uint256 i = 0; i < 32; ++i) {
            many[i] = address(uint160(0x1000 + i));
            _attest(many[i]);
        }
        adapter.requireAttested(registry, address(module), EXECUTOR, many, 32);
    }

    // ---------------------------------------------------------------- Helpers

    function _attest(address attester) private {
        vm.prank(attester);
        registry.attest(address(module), EXECUTOR);
    }

    function _calls(uint256 threshold) private view returns (bytes memory) {
        bytes memory ask = abi.encodeCall(
            adapter.requireAttested,
            (registry, address(module), EXECUTOR, attesters, threshold)
        );
        bytes memory install = abi.encodeCall(account.installModule, (EXECUTOR, address(module), ""));
        return _batch(Execution(address(adapter), 0, ask), Execution(address(account), 0, install));
    }

    function _install(bytes32 mode, uint256 threshold) private {
        bytes memory calls = _calls(threshold);
        vm.prank(address(ENTRY_POINT));
        account.execute(mode, calls);
    }

    function _expectRefused(uint256 threshold, bytes memory reason) private {
        bytes memory calls = _calls(threshold);
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(
            abi.encodeWithSelector(
                IRegistryAdapter.NotAttested.selector,
                address(registry),
                address(module),
                EXECUTOR,
                reason
            )
        );
        account.execute(MODE_BATCH, calls);
        assertFalse(account.isModuleInstalled(EXECUTOR, address(module), ""));
    }

    function _invalid(uint256 threshold, uint256 count) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRegistryAdapter.InvalidThreshold.selector, threshold, count, 32);
    }

    function _expectBoth(address asked, address[] memory whom, uint256 threshold, bytes memory refusal) private {
        vm.expectRevert(refusal);
        adapter.requireAttested(IERC7484(asked), address(module), EXECUTOR, whom, threshold);
        vm.expectRevert(refusal);
        adapter.isAttested(IERC7484(asked), address(module), EXECUTOR, whom, threshold);
    }
}
