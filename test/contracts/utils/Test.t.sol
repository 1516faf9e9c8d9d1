// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assertions} from "../../utils/Assertions.sol";
import {Test} from "../../utils/Test.sol";
import {Vm} from "../../utils/Vm.sol";

contract Counter {
    uint256 public count;
    address public lastCaller;

    event Counted(address indexed caller, uint256 count);

    error TooMany(uint256 seen, uint256 wanted);

    function add(uint256 amount) external returns (uint256) {
        if (amount > 10) revert TooMany(amount, 10);
        count += amount;
        lastCaller = msg.sender;
        emit Counted(msg.sender, count);
        return count;
    }
}

/// @notice Shows assertions failing from outside, so that a test can expect the failure.
contract FailingAssertions is Test {
    function uints(uint256 seen, uint256 wanted) external pure {
        assertEq(seen, wanted, "uints");
    }

    function texts(string memory seen, string memory wanted) external pure {
        assertEq(seen, wanted, "texts");
    }

    function different(bytes32 seen, bytes32 unwanted) external pure {
        assertNotEq(seen, unwanted, "different");
    }

    function atMost(uint256 seen, uint256 maximum) external pure {
        assertLe(seen, maximum, "atMost");
    }

    function truth(bool condition) external pure {
        assertTrue(condition, "truth");
    }
}

/// @notice The test kit itself: each cheatcode it lists is answered, and each assertion can fail.
contract TestKitTest is Test {
    Counter internal counter;
    FailingAssertions internal assertions;

    function setUp() public {
        counter = new Counter();
        assertions = new FailingAssertions();
    }

    function test_assertionsFailWithWhatWasSeenAndWanted() public {
        vm.expectRevert(abi.encodeWithSelector(Assertions.NotEqualUint.selector, 1, 2, "uints"));
        assertions.uints(1, 2);
        vm.expectRevert(abi.encodeWithSelector(Assertions.NotEqualString.selector, "a", "b", "texts"));
        assertions.texts("a", "b");
        vm.expectRevert(abi.encodeWithSelector(Assertions.NotDifferent.selector, bytes32("a"), "different"));
        assertions.different("a", "a");
        vm.expectRevert(abi.encodeWithSelector(Assertions.NotAtMost.selector, 2, 1, "atMost"));
        assertions.atMost(2, 1);
        vm.expectRevert(abi.encodeWithSelector(Assertions.NotTrue.selector, "truth"));
        assertions.truth(false);
    }

    function testFuzz_boundStaysInRange(uint256 x, uint256 a, uint256 b) public pure {
        (uint256 minimum, uint256 maximum) = a < b ? (a, b) : (b, a);
        uint256 result = bound(x, minimum, maximum);
        assertGe(result, minimum);
        assertLe(result, maximum);
        if (x >= minimum && x <= maximum) assertEq(result, x);
    }

    function test_boundKeepsEdgesAtEdges() public pure {
        assertEq(bound(0, 100, 200), 100);
        assertEq(bound(type(uint256).max, 100, 200), 200);
        assertEq(bound(type(uint256).max - 1, 100, 200), 199);
    }

    function testFuzz_keysAndSignatures(uint256 seed, bytes32 digest) public {
        (address account, uint256 privateKey) = makeAddrAndKey("ada");
        assertEq(account, vm.addr(privateKey));
        bytes memory signature = signEoa(boundKey(seed), digest);
        assertEq(signature.length, 65);

        uint256 p256Key = boundP256Key(seed);
        (bytes32 r, bytes32 s) = signP256LowS(p256Key, digest);
        (uint256 x, uint256 y) = vm.publicKeyP256(p256Key);
        assertLe(uint256(s), P256_ORDER / 2);
        (bool success, bytes memory answer) = P256_VERIFIER.staticcall(abi.encode(digest, r, s, x, y));
        assertTrue(success);
        assertEq(answer.length, hasP256Verifier() ? 32 : 0);
    }

    function test_chain() public {
        vm.warp(1_000_000);
        skip(5);
        vm.roll(77);
        vm.fee(3 gwei);
        vm.chainId(8453);
        vm.coinbase(address(0xc0));
        vm.prevrandao(bytes32(uint256(9)));
        assertEq(block.timestamp, 1_000_005);
        assertEq(vm.getBlockTimestamp(), 1_000_005);
        assertEq(vm.getBlockNumber(), 77);
        assertEq(block.chainid, 8453);
        assertEq(block.basefee, 3 gwei);
        assertEq(block.coinbase, address(0xc0));
        assertEq(block.prevrandao, 9);
    }

    /// @dev The runner says which hardfork it asked for; P256VERIFY shows which one this is.
    function test_hardforkIsTheOneAskedFor() public view {
        string memory hardfork = vm.envOr("REKEY_HARDFORK", string("osaka"));
        assertEq(hasP256Verifier(), keccak256(bytes(hardfork)) == keccak256("osaka"), hardfork);
    }

    function test_accountsAndStorage() public {
        address account = makeAddr("grace");
        vm.deal(account, 3 ether);
        vm.setNonce(account, 4);
        assertEq(account.balance, 3 ether);
        assertEq(vm.getNonce(account), 4);

        vm.etch(account, address(counter).code);
        vm.store(account, bytes32(0), bytes32(uint256(41)));
        assertEq(Counter(account).add(1), 42);
        assertEq(uint256(vm.load(account, bytes32(0))), 42);

        uint256 snapshotId = vm.snapshotState();
        Counter(account).add(1);
        assertTrue(vm.revertToState(snapshotId));
        assertEq(Counter(account).count(), 42);
    }

    function test_artifacts() public {
        bytes memory creation = vm.getCode("Test.t.sol:Counter");
        assertEq(creation, type(Counter).creationCode);
        assertEq(vm.getDeployedCode("Test.t.sol:Counter"), address(counter).code);
        assertEq(deployCode("Test.t.sol:Counter", "").codehash, address(counter).codehash);
        bytes32 salt = bytes32(uint256(1));
        address predicted = vm.computeCreate2Address(salt, keccak256(creation), address(this));
        assertEq(address(new Counter{salt: salt}()), predicted);
    }

    function test_pranks() public {
        vm.prank(address(1));
        counter.add(1);
        assertEq(counter.lastCaller(), address(1));
        vm.prank(address(2), address(3));
        counter.add(1);
        assertEq(counter.lastCaller(), address(2));
        vm.startPrank(address(4));
        counter.add(1);
        vm.stopPrank();
        vm.startPrank(address(5), address(6));
        counter.add(1);
        vm.stopPrank();
        assertEq(counter.lastCaller(), address(5));
        counter.add(1);
        assertEq(counter.lastCaller(), address(this));
    }

    function test_expectedReverts() public {
        vm.expectRevert();
        counter.add(11);
        vm.expectPartialRevert(Counter.TooMany.selector);
        counter.add(11);
        vm.expectRevert(abi.encodeWithSelector(Counter.TooMany.selector, 11, 10));
        counter.add(11);
        vm.expectRevert(abi.encodeWithSelector(Counter.TooMany.selector, 11, 10), address(counter));
        counter.add(11);
    }

    function test_expectedEventsAndCalls() public {
        vm.expectEmit();
        emit Counter.Counted(address(this), 1);
        counter.add(1);
        vm.expectEmit(address(counter));
        emit Counter.Counted(address(this), 2);
        counter.add(1);
        vm.expectEmit(true, false, false, false, address(counter));
        emit Counter.Counted(address(this), 999);
        counter.add(1);
        vm.expectCall(address(counter), abi.encodeCall(Counter.add, (2)));
        counter.add(2);
        vm.expectCall(address(counter), abi.encodeCall(Counter.add, (3)), 2);
        counter.add(3);
        counter.add(3);
    }

    function test_mocks() public {
        vm.mockCall(address(counter), abi.encodeCall(counter.count, ()), abi.encode(1234));
        assertEq(counter.count(), 1234);
        vm.mockCallRevert(address(counter), abi.encodeCall(counter.count, ()), "no");
        (bool success, bytes memory answer) = address(counter).staticcall(abi.encodeCall(counter.count, ()));
        assertFalse(success);
        assertEq(answer, "no");
        vm.clearMockedCalls();
        assertEq(counter.count(), 0);
    }

    function test_records() public {
        vm.recordLogs();
        vm.record();
        vm.startStateDiffRecording();
        counter.add(1);
        Vm.AccountAccess[] memory diff = vm.stopAndReturnStateDiff();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(counter));
        assertEq(logs.length, 1);
        assertEq(logs[0].emitter, address(counter));
        assertEq(writes.length, 2);
        assertGe(reads.length, 2);
        assertEq(diff.length, 1);
        assertEq(diff[0].account, address(counter));
        assertEq(diff[0].accessor, address(this));
        assertGe(diff[0].storageAccesses.length, 4);
    }

    function test_gas() public {
        counter.add(1);
        assertGt(vm.lastCallGas().gasTotalUsed, 0);
        uint256 before = gasleft();
        vm.pauseGasMetering();
        counter.add(1);
        vm.resumeGasMetering();
        assertLt(before - gasleft(), 10_000);
    }

    function test_textAndJson() public view {
        string memory json =
            '{"b":"0x0102","w":"0x0000000000000000000000000000000000000000000000000000000000000003","n":4,"a":"0x0000000000000000000000000000000000000005","t":true,"s":"six"}';
        assertEq(vm.parseJsonBytes(json, ".b"), hex"0102");
        assertEq(vm.parseJsonBytes32(json, ".w"), bytes32(uint256(3)));
        assertEq(vm.parseJsonUint(json, ".n"), 4);
        assertEq(vm.parseJsonAddress(json, ".a"), address(5));
        assertTrue(vm.parseJsonBool(json, ".t"));
        assertEq(vm.parseJsonString(json, ".s"), "six");
        assertTrue(vm.keyExistsJson(json, ".s"));
        assertFalse(vm.keyExistsJson(json, ".z"));
        assertEq(vm.toString(uint256(7)), "7");
        assertEq(vm.toString(bytes(hex"0a0b")), "0x0a0b");
        assertEq(vm.toBase64URL(hex"fbff"), "-_8=");
        assertGt(bytes(vm.projectRoot()).length, 0);
        assertTrue(vm.envOr("REKEY_NOT_SET", true));
        assertEq(vm.envOr("REKEY_NOT_SET", uint256(9)), 9);
    }
}
