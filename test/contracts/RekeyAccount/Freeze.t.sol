// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule, Target} from "../support/Modules.sol";
import {StubFixture} from "../support/StubFixture.sol";

/// @notice An account that a guardian stopped.
contract RekeyAccountFreezeTest is StubFixture {
    IAccountUnderTest private account;
    ForeignModule private module;
    Target private target;
    uint40 private until;

    function setUp() public {
        _deployWithStub();
        account = _newAccount(owner, POLICY, keccak256("handle"));
        (module, target) = (new ForeignModule(), new Target());
        vm.deal(address(account), 1 ether);
        _mustCommand(account, abi.encodeCall(account.installModule, (1, address(module), "")));
        _mustCommand(account, abi.encodeCall(account.installModule, (2, address(module), "")));
        until = uint40(vm.getBlockTimestamp() + 1 hours);
    }

    function _freeze() private {
        stub.freeze(account, until);
        skip(1);
    }

    /// only the recovery module freezes, as long as it is installed
    function testFuzz_strangersFreezeNothing(address stranger) public {
        vm.assume(stranger != address(stub));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, stranger));
        account.freeze(until);
        IAccountUnderTest bare = _bareAccount(owner, "", keccak256("bare"));
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(stub)));
        stub.freeze(bare, until);
        IAccountUnderTest without = _newAccount(owner, "", keccak256("without"));
        _mustCommand(without, abi.encodeCall(account.uninstallModule, (2, address(stub), "")));
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(stub)));
        stub.freeze(without, until);
    }

    /// [222] a frozen account's ops are not due before the second after the freeze, whoever signs them
    function test_opsWait() public {
        vm.expectEmit(address(account));
        emit IRekeyAccount.Frozen(until);
        _freeze();
        bytes memory callData = _executeCall(address(target), abi.encodeCall(target.add, (1)));
        PackedUserOperation memory byPasskey = _signedOp(account, owner, callData);
        PackedUserOperation memory byModule = _userOp(account, _nonceKey(address(module)), callData);
        uint256[3] memory times = [vm.getBlockTimestamp(), until - 1, until];
        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(times[i]);
            _expectNotDue(byPasskey);
            _expectNotDue(byModule);
        }
        vm.warp(uint256(until) + 1);
        _handle(byPasskey);
        _handle(byModule);
        assertEq(target.count(), 2);
    }

    /// [217] [221] validation says when, and does not read the clock: the same answer at any time, which differs from the
    /// validator's own in nothing but a later beginning
    function testFuzz_validationIntersects(uint48 begin, uint48 end, bool fails, uint40 frozen, uint32 later) public {
        stub.freeze(account, frozen);
        uint256 rest = (uint256(end) << 160) | (fails ? 1 : 0);
        module.setValidationData(rest | (uint256(begin) << 208));
        uint256 wanted = rest | (uint256(begin > frozen ? begin : frozen) << 208);
        assertEq(_validationOf(account, address(module), "", 0), wanted);
        skip(later);
        assertEq(_validationOf(account, address(module), "", 0), wanted);
    }

    /// [185] messages are not signed while it is frozen, by any validator; detection is answered
    function test_messagesWait() public {
        bytes memory byModule = abi.encodePacked(module, "any");
        bytes memory byPasskey = abi.encodePacked(
            address(0),
            _assertion(owner, 0, _personalDigest(address(account), keccak256("hash")))
        );
        _expectMessages(byModule, byPasskey, true);
        _freeze();
        _expectMessages(byModule, byPasskey, false);
        vm.warp(until);
        _expectMessages(byModule, byPasskey, false);
        bytes32 detection = 0x7739773977397739773977397739773977397739773977397739773977397739;
        assertEq(bytes32(account.isValidSignature(detection, "")), bytes32(bytes4(0x77390001)));
        vm.warp(uint256(until) + 1);
        _expectMessages(byModule, byPasskey, true);
    }

    /// [180] no executor acts while it is frozen, but for the recovery module
    function test_executorsWait() public {
        bytes memory call = abi.encodePacked(target, uint256(0), abi.encodeCall(target.add, (1)));
        module.executeOn(account, MODE_SINGLE, call);
        _freeze();
        bytes memory frozen = abi.encodeWithSelector(IRekeyAccount.FrozenAccount.selector, uint256(until));
        vm.expectRevert(frozen);
        module.executeOn(account, MODE_SINGLE, call);
        vm.warp(until);
        vm.expectRevert(frozen);
        module.executeOn(account, MODE_SINGLE, call);
        vm.prank(address(stub));
        account.executeFromExecutor(MODE_SINGLE, call);
        assertEq(target.count(), 2);
        vm.warp(uint256(until) + 1);
        module.executeOn(account, MODE_SINGLE, call);
        assertEq(target.count(), 3);
    }

    /// a thief cannot lift it; a recovery ends it, whatever it keeps
    function test_recoveryEndsIt() public {
        uint256 snapshot = vm.snapshotState();
        for (uint8 keep = 0; keep < 16; ++keep) {
            _freeze();
            assertEq(account.frozenUntil(), until);
            _recover(account, keep);
            assertEq(account.frozenUntil(), 0);
            assertEq(_validationOf(account, fresh) & 1, keep & 1, "at index 0, unless others were kept");
            vm.revertToState(snapshot);
        }
    }

    /// an op that was validated before the freeze and stands after it in its bundle has no effect
    function test_freezeInTheSameBundle() public {
        IAccountUnderTest helper = _newAccount(fresh, "", keccak256("helper"));
        vm.deal(address(helper), 1 ether);
        PackedUserOperation[] memory userOps = new PackedUserOperation[](2);
        userOps[0] = _signedOp(
            helper,
            fresh,
            _executeCall(address(stub), abi.encodeCall(stub.freeze, (account, until)))
        );
        userOps[1] = _signedOp(account, owner, _executeCall(address(target), abi.encodeCall(target.add, (1))));
        vm.prank(address(0xb0b), address(0xb0b));
        ENTRY_POINT.handleOps(userOps, payable(address(0xfee)));
        assertEq(account.frozenUntil(), until);
        assertEq(target.count(), 0);
    }

    /// [193] it changes its own field of the config and no other
    function testFuzz_changesNothingElse(uint40 value) public {
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff));
        uint256 before = uint256(vm.load(address(account), slot));
        stub.freeze(account, value);
        assertEq(uint256(vm.load(address(account), slot)), before | (uint256(value) << 160));
    }

    function _expectNotDue(PackedUserOperation memory userOp) private {
        PackedUserOperation[] memory userOps = new PackedUserOperation[](1);
        userOps[0] = userOp;
        vm.prank(address(0xb0b), address(0xb0b));
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA22 expired or not due"));
        ENTRY_POINT.handleOps(userOps, payable(address(0xfee)));
    }

    function _expectMessages(bytes memory byModule, bytes memory byPasskey, bool valid) private view {
        bytes32 wanted = bytes32(valid ? bytes4(0x1626ba7e) : bytes4(0xffffffff));
        assertEq(bytes32(account.isValidSignature(keccak256("hash"), byModule)), wanted);
        assertEq(bytes32(account.isValidSignature(keccak256("hash"), byPasskey)), wanted);
    }
}
