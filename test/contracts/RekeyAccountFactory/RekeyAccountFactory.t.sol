// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRekeyAccountFactory} from "../../../contracts/interfaces/IRekeyAccountFactory.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

contract RekeyAccountFactoryTest is RecoveryFixture {
    bytes32 private constant HANDLE = keccak256("handle");

    Passkey private owner;
    bytes private policy;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        policy = _encode(_usualPolicy());
    }

    function test_anAccountIsA44ByteCloneOfTheImplementation() public {
        IAccountUnderTest account = _bareAccount(owner, "", HANDLE);
        assertEq(
            address(account).code,
            abi.encodePacked(hex"365f5f375f5f365f73", implementation, hex"5af43d5f5f3e5f3d91602a57fd5bf3")
        );
    }

    function test_creationEmitsWhatTheAddressCommitsTo() public {
        bytes32 credential = owner.credential.commitment();
        address wanted = factory.accountAddress(implementation, credential, keccak256(policy), HANDLE);
        vm.expectEmit(address(factory));
        emit IRekeyAccountFactory.AccountCreated(wanted, HANDLE, credential, keccak256(policy), implementation);
        assertEq(factory.createAccount(implementation, credential, keccak256(policy), HANDLE), wanted);
        assertGt(wanted.code.length, 0);
    }

    /// [201] any other credential, policy, handle or implementation is another address
    function testFuzz_addressBindsEverything(
        bytes32 credential,
        bytes32 policyHash,
        bytes32 handle,
        uint8 bit
    ) public view {
        bytes32 flip = bytes32(1 << bit);
        address wanted = factory.accountAddress(implementation, credential, policyHash, handle);
        assertNotEq(factory.accountAddress(implementation, credential ^ flip, policyHash, handle), wanted);
        assertNotEq(factory.accountAddress(implementation, credential, policyHash ^ flip, handle), wanted);
        assertNotEq(factory.accountAddress(implementation, credential, policyHash, handle ^ flip), wanted);
        assertNotEq(factory.accountAddress(address(factory), credential, policyHash, handle), wanted);
    }

    /// [201] the address commits to rules of the credential too, not only to its key
    function test_addressBindsCredentialRules() public view {
        Passkey memory other = owner;
        address wanted = _addressOf(owner);
        other.credential.flags = 0;
        assertNotEq(_addressOf(other), wanted);
        other = owner;
        other.credential.rpIdHash = sha256("evil.example");
        assertNotEq(_addressOf(other), wanted);
        other = owner;
        other.credential.originsHash = keccak256("evil");
        assertNotEq(_addressOf(other), wanted);
    }

    /// [I42] [201] same init is the same address on every chain, and the account found there is the one predicted
    function testFuzz_sameInitSameAddressOnEveryChain(uint64 chainId, bytes32 handle) public {
        bytes32 credential = owner.credential.commitment();
        address wanted = factory.accountAddress(implementation, credential, 0, handle);
        vm.chainId(bound(chainId, 1, type(uint64).max));
        assertEq(factory.accountAddress(implementation, credential, 0, handle), wanted);
        assertEq(factory.createAccount(implementation, credential, 0, handle), wanted);
        assertTrue(IAccountUnderTest(wanted).genesis(credential, 0, handle));
    }

    /// [202] a stranger who creates the account first changes nothing
    function test_createTwiceReturnsTheSameAccount() public {
        bytes32 credential = owner.credential.commitment();
        vm.prank(address(0xbad));
        address first = factory.createAccount(implementation, credential, 0, HANDLE);
        bytes32 codeHash = first.codehash;
        vm.recordLogs();
        assertEq(factory.createAccount(implementation, credential, 0, HANDLE), first);
        assertEq(vm.getRecordedLogs().length, 0, "no second AccountCreated");
        assertEq(first.codehash, codeHash);
        assertFalse(IAccountUnderTest(first).isSetUp());
        IAccountUnderTest account = _newAccount(owner, "", HANDLE);
        assertEq(address(account), first);
        assertTrue(account.isSetUp());
    }

    /// [202] createAndSetup after a stranger's createAndSetup is harmless
    function test_createAndSetupTwice() public {
        vm.prank(address(0xbad));
        IAccountUnderTest first = _newAccount(owner, policy, HANDLE);
        assertEq(address(_newAccount(owner, policy, HANDLE)), address(first));
        assertTrue(_isOnlyPasskey(first, owner));
        assertEq(recovery.getHead(address(first)).policyId, uint160(uint256(keccak256(policy))));
    }

    /// [205] [59] an account without any key, or with one off the curve, cannot be set up
    function test_emptyOrBadKeyIsRefused() public {
        Passkey memory broken = owner;
        broken.credential.x = 0;
        broken.credential.y = 0;
        vm.expectRevert();
        _newAccount(broken, "", HANDLE);
        broken = _passkey(1);
        broken.credential.y ^= 1;
        vm.expectRevert();
        _newAccount(broken, "", HANDLE);
        broken = _passkey(1);
        broken.credential.idHash = keccak256("another id");
        vm.expectRevert();
        _newAccount(broken, "", HANDLE);
    }

    function test_implementationWithoutCodeIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccountFactory.NotAnImplementation.selector, address(0xdead)));
        factory.createAccount(address(0xdead), bytes32(uint256(1)), 0, HANDLE);
    }

    function test_creationFailsLoudlyWithoutGas() public {
        bytes32 credential = owner.credential.commitment();
        bytes memory call = abi.encodeCall(factory.createAccount, (implementation, credential, bytes32(0), HANDLE));
        address wanted = factory.accountAddress(implementation, credential, 0, HANDLE);
        uint256 successes;
        for (uint256 limit = 5_000; limit <= 80_000; limit += 2_500) {
            uint256 snapshot = vm.snapshotState();
            (bool success, ) = address(factory).call{gas: limit}(call);
            assertEq(success, wanted.code.length != 0, "success means an account");
            if (success) ++successes;
            vm.revertToState(snapshot);
        }
        assertGt(successes, 0);
    }

    /// @dev No code, but a nonce: CREATE2 makes nothing there.
    function test_creationFailsLoudlyWhereTheAddressIsTaken() public {
        bytes32 credential = owner.credential.commitment();
        address wanted = factory.accountAddress(implementation, credential, 0, HANDLE);
        vm.setNonce(wanted, 1);
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccountFactory.CreationFailed.selector, wanted));
        factory.createAccount(implementation, credential, 0, HANDLE);
    }

    function _addressOf(Passkey memory passkey) private view returns (address) {
        return factory.accountAddress(implementation, passkey.credential.commitment(), keccak256(policy), HANDLE);
    }
}
