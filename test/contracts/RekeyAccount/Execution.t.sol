// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {Eraser, ForeignModule, Target} from "../support/Modules.sol";
import {RekeyFixture} from "../support/RekeyFixture.sol";

/// @notice What an account does, for whom, and what it answers.
contract RekeyAccountExecutionTest is RekeyFixture {
    event ERC7579TryExecuteFail(uint256 batchExecutionIndex, bytes returndata);

    Passkey private owner;
    IAccountUnderTest private account;
    Target private target;
    ForeignModule private module;

    function setUp() public {
        _deploySystem();
        _deployEntryPoint();
        owner = _passkey(1);
        account = _newAccount(owner, "", keccak256("handle"));
        target = new Target();
        module = new ForeignModule();
        vm.deal(address(account), 10 ether);
    }

    // ---------------------------------------------------------------- Who

    /// [51] [228] [I38] nobody but the EntryPoint and the account commands it
    function testFuzz_strangersCommandNothing(address stranger) public {
        vm.assume(stranger != address(ENTRY_POINT) && stranger != address(account) && uint160(stranger) > 0xffff);
        bytes memory unauthorized = abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, stranger);
        PackedUserOperation memory userOp = _userOp(account, 0, "");
        vm.startPrank(stranger);
        vm.expectRevert(unauthorized);
        account.execute(MODE_SINGLE, abi.encodePacked(target, uint256(0)));
        vm.expectRevert(unauthorized);
        account.executeFromExecutor(MODE_SINGLE, abi.encodePacked(target, uint256(0)));
        vm.expectRevert(unauthorized);
        account.installModule(2, address(module), "");
        vm.expectRevert(unauthorized);
        account.uninstallModule(2, address(module), "");
        vm.expectRevert(unauthorized);
        account.recover(owner.credential, 0, 0, "");
        vm.expectRevert(unauthorized);
        account.validateUserOp(userOp, 0, 1 ether);
        vm.stopPrank();
        assertEq(address(account).balance, 10 ether);
    }

    /// [93] the account itself and the EntryPoint cannot call recover either
    function test_recoverIsForGuardianRecoveryOnly() public {
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(account)));
        vm.prank(address(account));
        account.recover(owner.credential, 0, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(ENTRY_POINT)));
        vm.prank(address(ENTRY_POINT));
        account.recover(owner.credential, 0, 0, "");
    }

    // ---------------------------------------------------------------- UserOps

    function test_transferByPasskey() public {
        PackedUserOperation memory userOp = _passkeyOp(_call(address(0xcafe), 1 ether, ""));
        _handle(userOp);
        assertEq(address(0xcafe).balance, 1 ether);
    }

    /// [187] an op is signed for one account, nonce and chain
    function test_opIsBound() public {
        PackedUserOperation memory userOp = _passkeyOp(_call(address(0xcafe), 1 ether, ""));
        uint256 snapshot = vm.snapshotState();
        userOp.callData = _call(address(0xbad), 1 ether, "");
        _expectFailed(userOp, "AA24 signature error");
        userOp = _passkeyOp(_call(address(0xcafe), 1 ether, ""));
        vm.chainId(4242);
        _expectFailed(userOp, "AA24 signature error");
        vm.chainId(31337);
        vm.revertToState(snapshot);
        IAccountUnderTest other = _newAccount(owner, "", keccak256("second"));
        vm.deal(address(other), 1 ether);
        userOp.sender = address(other);
        _expectFailed(userOp, "AA24 signature error");
        userOp.sender = address(account);
        _handle(userOp);
        _expectFailed(userOp, "AA25 invalid account nonce");
    }

    /// [223] the nonce key names the validator: one not installed, PasskeyValidator by its address, or a module of another type
    function test_nonceKeySelectsTheValidator() public {
        PackedUserOperation memory userOp = _userOp(account, 0, "");
        userOp.signature = _assertion(owner, 0, keccak256("hash"));
        assertEq(_validate(userOp), 0, "lane 0");
        userOp.nonce = uint256(type(uint32).max) << 64;
        assertEq(_validate(userOp), 0, "another lane");
        userOp.nonce = uint256(_nonceKey(address(module))) << 64;
        assertEq(_validate(userOp), 1, "not installed");
        userOp.nonce = uint256(_nonceKey(address(passkeys))) << 64;
        assertEq(_validate(userOp), 1, "0 is its only name");
        userOp.nonce = uint256(_nonceKey(address(recovery))) << 64;
        assertEq(_validate(userOp), 1, "an executor");
        vm.prank(address(account));
        account.installModule(2, address(module), "");
        userOp.nonce = uint256(_nonceKey(address(module))) << 64;
        assertEq(_validate(userOp), 1, "installed as executor");
        vm.prank(address(account));
        account.installModule(1, address(module), "");
        assertEq(_validate(userOp), 0, "installed as validator");
    }

    /// [221] a foreign validator's answer is passed on as it is; one that reverts or burns fails the op, not the bundle
    function test_foreignValidatorsAnswer() public {
        vm.prank(address(account));
        account.installModule(1, address(module), "");
        PackedUserOperation memory userOp = _userOp(account, _nonceKey(address(module)), _call(address(0xcafe), 1, ""));
        _handle(userOp);
        assertEq(address(0xcafe).balance, 1);
        userOp = _userOp(account, _nonceKey(address(module)), _call(address(0xcafe), 1, ""));
        module.setValidationData(uint160(0xa66));
        _expectFailed(userOp, "AA24 signature error");
        module.setValidationData((vm.getBlockTimestamp() - 1) << 160);
        _expectFailed(userOp, "AA22 expired or not due");
        module.setValidationData(0);
        module.behave(ForeignModule.Behaviour.Reverts);
        _expectFailed(userOp, "AA24 signature error");
        module.behave(ForeignModule.Behaviour.BurnsGas);
        assertEq(_validate(userOp), 1);
    }

    /// [222] windows that begin or end in this second: as the EntryPoint reads them, the last second counts and the first does not
    function test_windowsThatBeginOrEndNow() public {
        vm.prank(address(account));
        account.installModule(1, address(module), "");
        uint256 nowAt = vm.getBlockTimestamp();
        _expectInWindow(0, nowAt + 1, true);
        _expectInWindow(0, nowAt, true);
        _expectInWindow(0, nowAt - 1, false);
        _expectInWindow(nowAt - 1, 0, true);
        _expectInWindow(nowAt, 0, false);
        _expectInWindow(nowAt + 1, 0, false);
    }

    /// [223] a broken foreign validator does not block the passkeys, nor a nonce of its lane theirs
    function test_brokenValidatorDoesNotBlockPasskeys() public {
        vm.prank(address(account));
        account.installModule(1, address(module), "");
        module.behave(ForeignModule.Behaviour.BurnsGas);
        _handle(_passkeyOp(_call(address(0xcafe), 1 ether, "")));
        assertEq(address(0xcafe).balance, 1 ether);
    }

    /// [217] [219] validation reads one word of the account and one of its associated storage, and writes none
    function test_validationReadsTwoWords() public {
        PackedUserOperation memory userOp = _userOp(account, 0, "");
        userOp.signature = _assertion(owner, 0, keccak256("hash"));
        vm.record();
        assertEq(_validate(userOp), 0);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(account));
        assertEq(reads.length, 1, "config");
        assertEq(writes.length, 0);
        (reads, writes) = vm.accesses(address(passkeys));
        assertEq(reads.length, 1, "one passkey");
        assertEq(reads[0], keccak256(abi.encode(address(account), uint256(0))), "associated with the account");
        assertEq(writes.length, 0);
    }

    function test_prefundIsPaidToTheEntryPointOnly() public {
        PackedUserOperation memory userOp = _userOp(account, 0, "");
        vm.prank(address(ENTRY_POINT));
        account.validateUserOp(userOp, 0, 1 ether);
        assertEq(address(account).balance, 9 ether);
        assertEq(ENTRY_POINT.balanceOf(address(account)), 1 ether);
    }

    // ---------------------------------------------------------------- Modes

    /// [184] single and batch, reverting and trying, succeeding and failing: every combination
    function test_everyModeAndOutcome() public {
        bytes memory good = abi.encodeCall(target.add, (1));
        bytes memory bad = abi.encodeCall(target.refuse, (7));
        bytes memory problem = abi.encodeWithSelector(Target.Refused.selector, 7);
        vm.startPrank(address(ENTRY_POINT));

        account.execute(MODE_SINGLE, abi.encodePacked(target, uint256(0), good));
        assertEq(target.count(), 1);
        vm.expectRevert(problem);
        account.execute(MODE_SINGLE, abi.encodePacked(target, uint256(0), bad));

        account.execute(MODE_SINGLE_TRY, abi.encodePacked(target, uint256(0), good));
        assertEq(target.count(), 2);
        vm.expectEmit(address(account));
        emit ERC7579TryExecuteFail(0, problem);
        account.execute(MODE_SINGLE_TRY, abi.encodePacked(target, uint256(0), bad));

        account.execute(MODE_BATCH, _batch(Execution(address(target), 0, good), Execution(address(target), 1, good)));
        assertEq(target.count(), 4);
        vm.expectRevert(problem);
        account.execute(MODE_BATCH, _batch(Execution(address(target), 0, good), Execution(address(target), 0, bad)));
        assertEq(target.count(), 4, "undone");

        vm.expectEmit(address(account));
        emit ERC7579TryExecuteFail(0, problem);
        account.execute(
            MODE_BATCH_TRY,
            _batch(Execution(address(target), 0, bad), Execution(address(target), 0, good))
        );
        assertEq(target.count(), 5, "the other call went through");
        vm.stopPrank();
        assertEq(target.caller(), address(account));
    }

    /// [181] [189] delegatecall, static, unknown call and exec types, selectors and payloads: all refused, for owner and executor
    function testFuzz_unknownModesAreRefused(bytes32 mode) public {
        vm.assume(mode & ~bytes32(uint256(0x0101) << 240) != 0);
        assertFalse(account.supportsExecutionMode(mode));
        vm.prank(address(account));
        account.installModule(2, address(module), "");
        bytes memory problem = abi.encodeWithSelector(IRekeyAccount.UnsupportedMode.selector, mode);
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(problem);
        account.execute(mode, abi.encodePacked(target, uint256(0)));
        vm.expectRevert(problem);
        module.executeOn(account, mode, abi.encodePacked(target, uint256(0)));
    }

    /// [181] delegatecall cannot erase the account's storage
    function test_delegatecallIsRefused() public {
        Eraser eraser = new Eraser();
        bytes32 mode = bytes32(uint256(0xff) << 248);
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.UnsupportedMode.selector, mode));
        account.execute(mode, abi.encodePacked(address(eraser)));
        assertEq(vm.load(address(account), 0), 0);
    }

    function test_emptyAndMalformedCalldata() public {
        vm.startPrank(address(ENTRY_POINT));
        account.execute(MODE_BATCH, abi.encode(new Execution[](0)));
        bytes[6] memory bad = [
            bytes(""),
            hex"00",
            abi.encode(uint256(0x20)),
            abi.encode(uint256(0x20), uint256(1)),
            abi.encode(type(uint256).max),
            abi.encode(uint256(0x20), uint256(1), type(uint256).max)
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert();
            account.execute(MODE_BATCH, bad[i]);
        }
        vm.expectRevert();
        account.execute(MODE_SINGLE, "");
        vm.expectRevert();
        account.execute(MODE_SINGLE, abi.encodePacked(target));
        vm.stopPrank();
    }

    /// [190] target 0 in a call is the account itself, nothing is burnt
    function test_targetZeroIsTheAccount() public {
        _asAccount(account, address(0), 1 ether, "");
        assertEq(address(account).balance, 10 ether);
        assertEq(address(0).balance, 0);
    }

    /// [191] value sent along is used or kept by the account; install and setup take none
    function test_valueIsNeverStuck() public {
        vm.deal(address(ENTRY_POINT), 2 ether);
        vm.prank(address(ENTRY_POINT));
        account.execute{value: 2 ether}(
            MODE_SINGLE,
            abi.encodePacked(target, uint256(2 ether), abi.encodeCall(target.add, (1)))
        );
        assertEq(address(target).balance, 2 ether);
        assertEq(address(account).balance, 10 ether);
        vm.deal(address(account), 10 ether);
        vm.prank(address(account));
        (bool success, ) = address(account).call{value: 1}(
            abi.encodeCall(account.installModule, (2, address(module), ""))
        );
        assertFalse(success, "install takes no ETH");
    }

    // ---------------------------------------------------------------- What it receives and answers

    function test_receivesEthAndTokens() public {
        (bool success, ) = address(account).call{value: 1 wei}("");
        assertTrue(success);
        assertEq(
            bytes32(account.onERC721Received(address(0), address(0), 0, "")),
            bytes32(IERC721Receiver.onERC721Received.selector)
        );
        IERC1155Receiver receiver = IERC1155Receiver(address(account));
        assertEq(
            bytes32(receiver.onERC1155Received(address(0), address(0), 0, 0, "")),
            bytes32(IERC1155Receiver.onERC1155Received.selector)
        );
        assertEq(
            bytes32(receiver.onERC1155BatchReceived(address(0), address(0), new uint256[](0), new uint256[](0), "")),
            bytes32(IERC1155Receiver.onERC1155BatchReceived.selector)
        );
    }

    /// [182] calldata of 1 to 3 bytes is refused, also when a handler for that padded selector exists
    function test_shortCalldataIsRefused() public {
        vm.prank(address(account));
        account.installModule(3, address(module), hex"aabbcc00");
        bytes[3] memory short = [bytes(hex"aa"), hex"aabb", hex"aabbcc"];
        for (uint256 i = 0; i < 3; ++i) {
            (bool success, bytes memory answer) = address(account).call(short[i]);
            assertFalse(success);
            assertEq(answer, abi.encodeWithSelector(IRekeyAccount.UnknownSelector.selector, bytes4(short[i])));
        }
    }

    function testFuzz_unknownSelectorIsRefused(bytes4 selector, bytes calldata data) public {
        vm.assume(!_isOwnSelector(selector));
        (bool success, bytes memory answer) = address(account).call(abi.encodePacked(selector, data));
        assertFalse(success);
        assertEq(answer, abi.encodeWithSelector(IRekeyAccount.UnknownSelector.selector, selector));
    }

    function test_identity() public view {
        assertEq(account.accountId(), "rekey.account.1.0.0");
        for (uint256 i = 0; i < 10; ++i) assertEq(account.supportsModule(i), i >= 1 && i <= 3);
        assertTrue(account.supportsExecutionMode(MODE_BATCH_TRY));
    }

    // ---------------------------------------------------------------- Helpers

    function _isOwnSelector(bytes4 selector) private view returns (bool) {
        // Pads the selector with zeros: a function of the account answers anything but UnknownSelector.
        (, bytes memory answer) = address(account).staticcall(abi.encodePacked(selector, new bytes(320)));
        return answer.length < 4 || bytes4(answer) != IRekeyAccount.UnknownSelector.selector;
    }

    function _call(address to, uint256 value, bytes memory data) private view returns (bytes memory) {
        return abi.encodeCall(account.execute, (MODE_SINGLE, abi.encodePacked(to, value, data)));
    }

    function _passkeyOp(bytes memory callData) private view returns (PackedUserOperation memory userOp) {
        userOp = _userOp(account, 0, callData);
        userOp.signature = _assertion(owner, 0, ENTRY_POINT.getUserOpHash(userOp));
    }

    function _validate(PackedUserOperation memory userOp) private returns (uint256) {
        vm.prank(address(ENTRY_POINT));
        return account.validateUserOp(userOp, keccak256("hash"), 0);
    }

    /// @dev Both in seconds since 1970, 0 = no bound; the answer of a foreign validator.
    function _expectInWindow(uint256 validAfter, uint256 validUntil, bool isValid) private {
        module.setValidationData((validAfter << 208) | (validUntil << 160));
        PackedUserOperation memory userOp = _userOp(account, _nonceKey(address(module)), _call(address(0xcafe), 1, ""));
        uint256 before = address(0xcafe).balance;
        if (isValid) _handle(userOp);
        else _expectFailed(userOp, "AA22 expired or not due");
        assertEq(address(0xcafe).balance - before, isValid ? 1 : 0);
    }

    function _expectFailed(PackedUserOperation memory userOp, string memory reason) private {
        PackedUserOperation[] memory userOps = new PackedUserOperation[](1);
        userOps[0] = userOp;
        vm.prank(address(0xb0b), address(0xb0b));
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, reason));
        ENTRY_POINT.handleOps(userOps, payable(address(0xfee)));
    }
}
