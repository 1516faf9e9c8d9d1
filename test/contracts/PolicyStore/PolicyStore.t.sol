// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolicyStore} from "../../../contracts/interfaces/IPolicyStore.sol";
import {PolicyStore} from "../../../contracts/registries/PolicyStore.sol";
import {Test} from "../../utils/Test.sol";
import {Vm} from "../../utils/Vm.sol";

contract PolicyStoreTest is Test {
    uint256 private constant MAX_POLICY = 4_096;
    bytes private constant POLICY = "not a policy, but bytes like any other";

    IPolicyStore internal store;

    function setUp() public {
        store = PolicyStore(deployCode("PolicyStore.sol:PolicyStore", ""));
    }

    // ---------------------------------------------------------------- Storing

    function testFuzz_whatIsPutIsRead(bytes calldata policy) public {
        vm.assume(policy.length != 0 && policy.length <= MAX_POLICY);
        _putAndCheck(policy);
    }

    function testFuzz_everyLengthIsKeptExactly(uint256 length, uint256 seed) public {
        _putAndCheck(_bytes(seed, bound(length, 1, MAX_POLICY)));
    }

    function test_theShortestTheLongestAndThoseAroundAByteOfLength() public {
        uint256[6] memory lengths = [uint256(1), 2, 254, 255, 256, MAX_POLICY];
        for (uint256 i = 0; i < lengths.length; ++i) _putAndCheck(_bytes(i, lengths[i]));
    }

    /// @dev Code may not begin with 0xef (EIP-3541), which is why it begins with STOP.
    function test_anyFirstByte() public {
        for (uint256 first = 0; first < 256; ++first) _putAndCheck(abi.encodePacked(uint8(first), "rest"));
    }

    function test_refusesNothingAndTooMuch() public {
        vm.expectRevert(abi.encodeWithSelector(IPolicyStore.InvalidPolicySize.selector, 0, MAX_POLICY));
        store.put("");
        vm.expectRevert(abi.encodeWithSelector(IPolicyStore.InvalidPolicySize.selector, MAX_POLICY + 1, MAX_POLICY));
        store.put(new bytes(MAX_POLICY + 1));
        vm.expectRevert(abi.encodeWithSelector(IPolicyStore.InvalidPolicySize.selector, 65_536, MAX_POLICY));
        store.put(new bytes(65_536));
    }

    function test_putTwiceAnswersTheSameAndSaysNothing() public {
        address pointer = store.put(POLICY);
        bytes memory code = pointer.code;
        vm.recordLogs();
        vm.prank(address(0xbad));
        assertEq(store.put(POLICY), pointer);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(pointer.code, code);
    }

    function test_emitsIdAndPlace() public {
        uint160 id = _idOf(POLICY);
        vm.expectEmit(address(store));
        emit IPolicyStore.PolicyStored(id, store.addressOf(id));
        store.put(POLICY);
    }

    function testFuzz_whatWasNotPutIsEmpty(uint160 id) public view {
        assertEq(store.get(id), "");
        assertEq(store.addressOf(id).code.length, 0);
    }

    // ---------------------------------------------------------------- Addresses

    /// @dev CREATE3, computed once more from its definition.
    function testFuzz_addressesFollowFromStoreAndId(uint160 id) public view {
        bytes32 codeHash = keccak256(hex"67365f5f37365f5ff05f5260086018f3");
        address deployer = vm.computeCreate2Address(bytes32(uint256(id)), codeHash, address(store));
        bytes32 hash = keccak256(abi.encodePacked(hex"d694", deployer, hex"01"));
        assertEq(store.addressOf(id), address(uint160(uint256(hash))));
    }

    /// @dev The same policy is at the same address on every chain.
    function test_sameAddressOnTwoChains() public {
        uint256 state = vm.snapshotState();
        vm.chainId(1);
        address first = store.put(POLICY);
        vm.revertToState(state);
        vm.chainId(8_453);
        assertEq(store.addressOf(_idOf(POLICY)), first);
        assertEq(first.code.length, 0);
        assertEq(store.put(POLICY), first);
    }

    function testFuzz_othersHaveOtherAddresses(bytes calldata policy, bytes calldata other) public view {
        vm.assume(keccak256(policy) != keccak256(other));
        assertNotEq(store.addressOf(_idOf(policy)), store.addressOf(_idOf(other)));
    }

    // ---------------------------------------------------------------- What others could do

    /// @dev The address follows from the hash of what is stored: others can only store the same, or elsewhere.
    function testFuzz_cannotBeFrontRunIntoOtherData(bytes calldata policy, bytes calldata other) public {
        vm.assume(policy.length != 0 && policy.length <= MAX_POLICY);
        vm.assume(other.length != 0 && other.length <= MAX_POLICY && keccak256(policy) != keccak256(other));
        vm.prank(address(0xbad));
        store.put(other);
        assertEq(store.get(_idOf(policy)), "");
        vm.prank(address(0xbad));
        address pointer = store.put(policy);
        assertEq(store.put(policy), pointer);
        assertEq(store.get(_idOf(policy)), policy);
    }

    /// @dev The deployer of a policy stays callable, and creates elsewhere.
    function test_theDeployerCannotChangeWhatIsStored() public {
        address pointer = store.put(POLICY);
        address deployer = _deployerOf(_idOf(POLICY));
        (bool called, ) = deployer.call(hex"6001600c60003960016000f300");
        assertTrue(called);
        assertEq(vm.getNonce(deployer), 3);
        assertEq(store.get(_idOf(POLICY)), POLICY);
        assertEq(store.put(POLICY), pointer);
    }

    function test_etherSentAheadDoesNotMatter() public {
        vm.deal(store.addressOf(_idOf(POLICY)), 1 ether);
        vm.deal(_deployerOf(_idOf(POLICY)), 1 ether);
        _putAndCheck(POLICY);
    }

    /// @dev A call to where a policy is does nothing: its first byte is STOP.
    function testFuzz_callingAPolicyDoesNothing(bytes calldata policy, bytes calldata data) public {
        vm.assume(policy.length != 0 && policy.length <= MAX_POLICY);
        address pointer = store.put(policy);
        vm.startStateDiffRecording();
        (bool success, bytes memory answer) = pointer.call(data);
        Vm.AccountAccess[] memory accesses = vm.stopAndReturnStateDiff();
        assertTrue(success);
        assertEq(answer.length, 0);
        assertEq(accesses.length, 1);
    }

    /// @dev Whatever gas it gets, all is stored or nothing, and what was not stored can still be.
    function testFuzz_storesAllOrNothing(uint256 gasLimit) public {
        bytes memory policy = _bytes(7, 1_000);
        uint160 id = _idOf(policy);
        gasLimit = bound(gasLimit, 20_000, 400_000);
        try store.put{gas: gasLimit}(policy) returns (address pointer) {
            assertEq(pointer, store.addressOf(id));
            assertEq(store.get(id), policy);
        } catch {
            assertEq(store.get(id), "");
            assertEq(_deployerOf(id).code.length, 0);
        }
        _putAndCheck(policy);
    }

    function test_saysWhenTheCodeWasNotTaken() public {
        bytes memory policy = _bytes(7, MAX_POLICY);
        // Enough for the deployer, but not for 4,097 bytes of code.
        vm.expectRevert(abi.encodeWithSelector(IPolicyStore.NotStored.selector, _idOf(policy)));
        store.put{gas: 800_000}(policy);
    }

    // ---------------------------------------------------------------- Helpers

    function _putAndCheck(bytes memory policy) private {
        uint160 id = _idOf(policy);
        address pointer = store.put(policy);
        assertEq(pointer, store.addressOf(id));
        assertEq(pointer.code, abi.encodePacked(hex"00", policy));
        assertEq(store.get(id), policy);
    }

    function _idOf(bytes memory policy) private pure returns (uint160) {
        return uint160(uint256(keccak256(policy)));
    }

    function _deployerOf(uint160 id) private view returns (address) {
        bytes32 codeHash = keccak256(hex"67365f5f37365f5ff05f5260086018f3");
        return vm.computeCreate2Address(bytes32(uint256(id)), codeHash, address(store));
    }

    function _bytes(uint256 seed, uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i = 0; i < length; ++i) data[i] = bytes1(uint8(uint256(keccak256(abi.encode(seed, i)))));
    }
}
