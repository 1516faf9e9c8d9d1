// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule, Target} from "../support/Modules.sol";
import {EchoCode, SabotageCode} from "../support/OtherCode.sol";
import {StubFixture} from "../support/StubFixture.sol";
import {StubRecovery} from "../support/StubRecovery.sol";

/// @notice Other code in an account: who brings it, what it answers, and how it goes.
contract RekeyAccountUpgradesTest is StubFixture {
    IAccountUnderTest private account;
    address private echo;
    address private sabotage;
    Target private target;

    function setUp() public {
        _deployWithStub();
        account = _newAccount(owner, "", keccak256("handle"));
        (echo, sabotage, target) = (address(new EchoCode()), address(new SabotageCode()), new Target());
    }

    // ---------------------------------------------------------------- Who and when

    /// [214] a stranger upgrades nothing
    function testFuzz_strangersUpgradeNothing(address stranger) public {
        vm.assume(stranger != address(ENTRY_POINT) && stranger != address(account) && uint160(stranger) > 0xffff);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, stranger));
        account.upgradeTo(echo);
        assertEq(account.implementation(), implementation);
    }

    /// [214] nor does the account, to an address without code
    function testFuzz_noCodeNoUpgrade(address other) public {
        vm.assume(other.code.length == 0);
        _refuses(
            account,
            _upgradeCall(other),
            abi.encodeWithSelector(IRekeyAccount.NotAnImplementation.selector, other)
        );
        assertEq(account.implementation(), implementation);
    }

    /// [214] nor before it is set up: the code its address commits to must run first
    function test_notBeforeSetup() public {
        IAccountUnderTest bare = _bareAccount(owner, POLICY, keccak256("bare"));
        _refuses(bare, _upgradeCall(echo), abi.encodeWithSelector(IRekeyAccount.NotSetUp.selector));
    }

    /// [214] with a policy only what was announced and has waited, and that once
    function test_onlyWhatIsRipe() public {
        IAccountUnderTest guarded = _newAccount(owner, POLICY, keccak256("guarded"));
        bytes memory notReady = abi.encodeWithSelector(StubRecovery.ChangeNotReady.selector);
        _refuses(guarded, _upgradeCall(echo), notReady);
        stub.ripen(address(guarded), stub.UNINSTALL(), echo);
        _refuses(guarded, _upgradeCall(echo), notReady);
        stub.ripen(address(guarded), stub.UPGRADE(), sabotage);
        _refuses(guarded, _upgradeCall(echo), notReady);
        assertEq(guarded.implementation(), implementation);
        // Back to the same code: it could be brought in again only after another wait.
        stub.ripen(address(guarded), stub.UPGRADE(), implementation);
        _mustCommand(guarded, _upgradeCall(implementation));
        _refuses(guarded, _upgradeCall(implementation), notReady);
    }

    function test_withoutAPolicyAtOnce() public {
        vm.expectEmit(address(account));
        emit IRekeyAccount.Upgraded(echo);
        _mustCommand(account, _upgradeCall(echo));
        assertEq(account.implementation(), echo);
    }

    // ---------------------------------------------------------------- What the other code answers

    /// other code gets each of the account's functions and every unknown one, in the account's name, with the caller's
    function test_otherCodeAnswers() public {
        PackedUserOperation memory userOp = _userOp(account, 0, "");
        Passkey memory any = owner;
        bytes[17] memory calls = [
            abi.encodeCall(account.validateUserOp, (userOp, bytes32(0), 0)),
            abi.encodeCall(account.execute, (bytes32(0), "")),
            abi.encodeCall(account.executeFromExecutor, (bytes32(0), "")),
            abi.encodeCall(account.installModule, (1, echo, "")),
            abi.encodeCall(account.uninstallModule, (1, echo, "")),
            abi.encodeCall(account.unlink, (1, echo, "")),
            abi.encodeCall(account.upgradeTo, (echo)),
            abi.encodeCall(account.setup7702, (any.credential, any.id, "")),
            abi.encodeCall(account.isValidSignature, (bytes32(0), "")),
            abi.encodeCall(account.eip712Domain, ()),
            abi.encodeCall(account.supportsExecutionMode, (bytes32(0))),
            abi.encodeCall(account.supportsModule, (1)),
            abi.encodeCall(account.accountId, ()),
            abi.encodeCall(account.isModule, (echo)),
            abi.encodeCall(account.isModuleInstalled, (1, echo, "")),
            abi.encodeWithSignature("fromALaterVersion(uint256)", 7),
            hex"01"
        ];
        _mustCommand(account, _upgradeCall(echo));
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(address(0xa5c));
            (bool success, bytes memory answer) = address(account).call(calls[i]);
            assertTrue(success);
            assertEq(answer, abi.encode(address(0xa5c), address(account), calls[i]));
        }
    }

    /// what it refuses is refused, with its own words
    function test_otherCodesErrorsComeBack() public {
        _mustCommand(account, _upgradeCall(sabotage));
        bytes memory call = abi.encodeCall(account.execute, (bytes32(0), ""));
        _refuses(account, call, abi.encodeWithSelector(SabotageCode.Sabotage.selector, account.execute.selector));
    }

    /// [214] other code can neither hide that it is there, nor deny the modules of the system, nor stop what recovers
    function test_whatOtherCodeCannotAnswer() public {
        _mustCommand(account, _upgradeCall(sabotage));
        assertEq(account.implementation(), sabotage);
        assertTrue(account.isSetUp());
        assertEq(account.generation(), 0);
        assertEq(account.frozenUntil(), 0);
        assertTrue(account.isModuleInstalled(1, address(passkeys), ""));
        assertTrue(account.isModuleInstalled(2, address(stub), ""));
        assertFalse(account.isModuleInstalled(1, address(signers), ""));
        assertTrue(account.isModule(address(account)));
        assertTrue(account.isModule(address(passkeys)));
        assertTrue(account.isModule(address(signers)));
        assertTrue(account.isModule(address(stub)));
        assertTrue(account.genesis(owner.credential.commitment(), 0, keccak256("handle")));
        account.setup(owner.credential, owner.id, "", keccak256("handle"));
        (bool paid, ) = address(account).call{value: 1}("");
        assertTrue(paid, "takes ETH");
        account.onERC721Received(address(0), address(0), 0, "");
        uint40 until = uint40(vm.getBlockTimestamp() + 1 hours);
        stub.freeze(account, until);
        assertEq(account.frozenUntil(), until);
    }

    /// [214] [193] code made of the same source works on the same storage, does not pass calls on to itself, and goes on
    function test_laterBuildOfTheSameSource() public {
        ForeignModule module = new ForeignModule();
        _mustCommand(account, abi.encodeCall(account.installModule, (2, address(module), "")));
        _mustCommand(account, abi.encodeCall(account.installModule, (1, address(signers), "")));
        address second = _deployImplementation(address(stub));
        address third = _deployImplementation(address(stub));
        _mustCommand(account, _upgradeCall(second));
        assertEq(account.accountId(), "rekey.account.1.0.0");
        assertTrue(account.isModuleInstalled(2, address(module), ""));
        assertTrue(account.isModuleInstalled(1, address(signers), ""));
        assertEq(_validationOf(account, owner), 0);
        assertEq(_validationOf(account, thief), 1);
        _mustCommand(account, _executeCall(address(target), abi.encodeCall(target.add, (1))));
        assertEq(target.caller(), address(account));
        module.executeOn(account, MODE_SINGLE, abi.encodePacked(target, uint256(0), abi.encodeCall(target.add, (1))));
        assertEq(target.count(), 2);
        _mustCommand(account, _upgradeCall(third));
        assertEq(account.implementation(), third);
        assertEq(_validationOf(account, owner), 0);
        _mustCommand(account, _upgradeCall(implementation));
        assertEq(account.implementation(), implementation);
        assertEq(_validationOf(account, owner), 0);
    }

    /// [217] the word that names other code is the one that is read anyway
    function test_validationReadsNoMore() public {
        _mustCommand(account, _upgradeCall(_deployImplementation(address(stub))));
        vm.record();
        assertEq(_validationOf(account, owner), 0);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(account));
        assertEq(reads.length, 2, "once by either code");
        assertEq(reads[0], reads[1], "the same word");
        assertEq(writes.length, 0);
    }

    // ---------------------------------------------------------------- And how it goes

    /// [95] [214] a recovery brings the first code back, whatever the other one does
    function test_recoveryBringsTheFirstCodeBack() public {
        address[2] memory others = [sabotage, echo];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 snapshot = vm.snapshotState();
            _mustCommand(account, _upgradeCall(others[i]));
            vm.expectEmit(address(account));
            emit IRekeyAccount.Upgraded(address(0));
            vm.expectEmit(address(account));
            emit IRekeyAccount.ModulesPurged(1);
            _recover(account, 0);
            assertEq(account.implementation(), implementation);
            assertEq(account.generation(), 1);
            assertTrue(_isOnlyPasskey(account, fresh));
            assertEq(_validationOf(account, fresh), 0);
            assertEq(_validationOf(account, owner), 1);
            _mustCommand(account, _executeCall(address(target), abi.encodeCall(target.add, (1))));
            vm.revertToState(snapshot);
        }
    }

    /// [214] [95] what other code took from the account's word comes back: that it is set up, passkeys, guardians
    function test_recoveryGivesBackWhatWasTaken() public {
        _mustCommand(account, _upgradeCall(echo));
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff));
        uint256 config = uint256(vm.load(address(account), slot));
        // Other code can write whatever it likes there.
        vm.store(address(account), slot, bytes32(config & ~(uint256(0xffff) << 216)));
        assertFalse(account.isSetUp());
        assertFalse(account.isModuleInstalled(1, address(passkeys), ""));
        assertFalse(account.isModuleInstalled(2, address(stub), ""));
        _recover(account, 0);
        assertTrue(account.isSetUp());
        assertTrue(account.isModuleInstalled(1, address(passkeys), ""));
        assertTrue(account.isModuleInstalled(2, address(stub), ""));
        assertEq(_validationOf(account, fresh), 0);
    }

    /// [95] bit 3 of keep keeps it; every other bit does not
    function test_keepBitOfOtherCode() public {
        _mustCommand(account, _upgradeCall(echo));
        uint256 snapshot = vm.snapshotState();
        _recover(account, 8);
        assertEq(account.implementation(), echo);
        assertEq(account.generation(), 0);
        vm.revertToState(snapshot);
        _recover(account, 7);
        assertEq(account.implementation(), implementation);
    }

    function _upgradeCall(address other) private view returns (bytes memory) {
        return abi.encodeCall(account.upgradeTo, (other));
    }
}
