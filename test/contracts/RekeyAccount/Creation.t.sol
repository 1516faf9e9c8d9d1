// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice From an address to an account that is set up, through the real EntryPoint.
contract RekeyAccountCreationTest is RecoveryFixture {
    bytes32 private constant HANDLE = keccak256("handle");

    Passkey private owner;
    Passkey private thief;
    Policy private parts;
    bytes private policy;
    IAccountUnderTest private account;

    function setUp() public {
        _deploySystem();
        _deployEntryPoint();
        owner = _passkey(1);
        thief = _passkey(666);
        policy = _encode(_usualPolicy());
        account = _bareAccount(owner, policy, HANDLE);
        vm.deal(address(account), 10 ether);
    }

    /// [202] [218] first op with initCode creates, pays, sets up with guardians and transfers, unstaked factory
    function test_firstOpCreatesAndSetsUp() public {
        Passkey memory fresh = _passkey(2);
        bytes32 commitment = fresh.credential.commitment();
        address wanted = factory.accountAddress(implementation, commitment, keccak256(policy), HANDLE);
        vm.deal(wanted, 1 ether);
        PackedUserOperation memory userOp = _userOp(IAccountUnderTest(wanted), 0, _setupAndPay(fresh, wanted));
        userOp.initCode = abi.encodePacked(
            address(factory),
            abi.encodeCall(factory.createAccount, (implementation, commitment, keccak256(policy), HANDLE))
        );
        userOp.signature = _genesisSignature(fresh, policy, HANDLE, ENTRY_POINT.getUserOpHash(userOp));
        _handle(userOp);
        assertEq(address(0xcafe).balance, 1 wei);
        assertTrue(IAccountUnderTest(wanted).isSetUp());
        assertTrue(_isOnlyPasskey(IAccountUnderTest(wanted), fresh));
        assertEq(recovery.getHead(wanted).policyId, uint160(uint256(keccak256(policy))));
    }

    /// [203] a stranger who sets the account up first does not break the owner's op
    function test_firstOpAfterStrangersSetup() public {
        vm.prank(address(0xbad));
        _setup(owner, policy, HANDLE);
        PackedUserOperation memory userOp = _userOp(account, 0, _setupAndPay(owner, address(account)));
        // The same assertion, framed with the index it is stored at.
        userOp.signature = _assertion(owner, 0, ENTRY_POINT.getUserOpHash(userOp));
        _handle(userOp);
        assertEq(address(0xcafe).balance, 1 wei);
    }

    /// [223] an op without setup works; each later one needs the genesis form again
    function test_genesisFormWorksUntilSetup() public {
        for (uint256 i = 0; i < 2; ++i) {
            PackedUserOperation memory userOp = _userOp(account, 0, _pay());
            userOp.signature = _genesisSignature(owner, policy, HANDLE, ENTRY_POINT.getUserOpHash(userOp));
            _handle(userOp);
            assertEq(address(0xcafe).balance, i + 1);
        }
        PackedUserOperation memory later = _userOp(account, 0, _pay());
        later.signature = _assertion(owner, 0, ENTRY_POINT.getUserOpHash(later));
        _expectFailed(later);
    }

    /// [187] the genesis form is refused once the account is set up, so a recovered account is not its first key's
    function test_genesisFormAfterSetupIsRefused() public {
        _setup(owner, policy, HANDLE);
        PackedUserOperation memory userOp = _userOp(account, 0, _pay());
        userOp.signature = _genesisSignature(owner, policy, HANDLE, ENTRY_POINT.getUserOpHash(userOp));
        _expectFailed(userOp);
    }

    /// [187] [201] genesis signatures of another key, policy, handle, account, or with a broken frame are refused
    function test_genesisFormBoundToTheAccount() public {
        PackedUserOperation memory userOp = _userOp(account, 0, _pay());
        bytes32 hash = ENTRY_POINT.getUserOpHash(userOp);
        bytes memory good = _genesisSignature(owner, policy, HANDLE, hash);
        bytes[] memory bad = new bytes[](8);
        bad[0] = _genesisSignature(thief, policy, HANDLE, hash);
        bad[1] = _genesisSignature(owner, "", HANDLE, hash);
        bad[2] = _genesisSignature(owner, policy, keccak256("x"), hash);
        bad[3] = _genesisSignature(owner, policy, HANDLE, keccak256(abi.encode(hash)));
        // The owner's commitment with the thief's assertion.
        bad[4] = abi.encodePacked(
            hex"f0",
            owner.credential.commitment(),
            keccak256(policy),
            HANDLE,
            _stateless(thief, hash)
        );
        bad[5] = abi.encodePacked(
            hex"f0",
            owner.credential.commitment(),
            keccak256(policy),
            HANDLE,
            _assertion(owner, 0, hash)
        );
        bad[6] = abi.encodePacked(hex"f1", _tail(good, 1));
        bad[7] = hex"f0";
        for (uint256 i = 0; i < bad.length; ++i) {
            userOp.signature = bad[i];
            assertEq(_validate(userOp, hash), 1, "refused");
        }
        userOp.signature = good;
        assertEq(_validate(userOp, hash), 0, "the good one");
        // Before setup no other validator exists, whatever the nonce names.
        userOp.nonce = uint256(_nonceKey(address(0xbad))) << 64;
        assertEq(_validate(userOp, hash), 1, "named validator");
    }

    /// [203] wrong genesis is refused for everyone, the EntryPoint and the account included
    function test_setupWithWrongGenesis() public {
        _expectNotGenesis(thief, policy, HANDLE);
        _setup(thief, policy, HANDLE);
        _expectNotGenesis(owner, "", HANDLE);
        _setup(owner, "", HANDLE);
        _expectNotGenesis(owner, policy, keccak256("x"));
        _setup(owner, policy, keccak256("x"));
        _expectNotGenesis(thief, policy, HANDLE);
        vm.prank(address(ENTRY_POINT));
        _setup(thief, policy, HANDLE);
        assertFalse(account.isSetUp());
    }

    /// [203] the credential id is bound through its hash: nobody can set up with a wrong id
    function test_setupWithForeignCredentialId() public {
        owner.id = "0123456789abcdef0123";
        vm.expectRevert();
        _setup(owner, policy, HANDLE);
    }

    /// [203] setup again returns silently and changes nothing, even after the passkey was replaced
    function test_setupTwiceChangesNothing() public {
        vm.expectEmit(address(account));
        emit IRekeyAccount.AccountSetUp(HANDLE, owner.credential.commitment(), keccak256(policy));
        _setup(owner, policy, HANDLE);
        Passkey memory fresh = _passkey(3);
        bytes memory possession = _stateless(fresh, passkeys.possessionDigest(keccak256("r")));
        _asAccount(
            account,
            address(passkeys),
            0,
            abi.encodeCall(passkeys.recover, (fresh.credential, false, keccak256("r"), possession))
        );
        vm.recordLogs();
        vm.prank(address(0xbad));
        _setup(owner, policy, HANDLE);
        assertEq(vm.getRecordedLogs().length, 0, "no effect");
        assertTrue(_isOnlyPasskey(account, fresh), "the first key does not come back");
    }

    /// [204] the implementation can be neither set up nor used
    function test_implementationIsDead() public {
        IAccountUnderTest bare = IAccountUnderTest(implementation);
        bytes32 commitment = owner.credential.commitment();
        vm.expectRevert(
            abi.encodeWithSelector(IRekeyAccount.NotGenesis.selector, commitment, keccak256(policy), HANDLE)
        );
        bare.setup(owner.credential, owner.id, policy, HANDLE);
        assertFalse(bare.genesis(commitment, keccak256(policy), HANDLE));
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(this)));
        bare.execute(MODE_SINGLE, abi.encodePacked(address(this), uint256(0)));
        PackedUserOperation memory userOp = _userOp(bare, 0, _pay());
        userOp.signature = _genesisSignature(owner, policy, HANDLE, keccak256("hash"));
        vm.prank(address(ENTRY_POINT));
        assertEq(bare.validateUserOp(userOp, keccak256("hash"), 0), 1);
    }

    /// [204] an EOA that delegated to the implementation cannot be set up by a stranger
    function test_delegatedEoaCannotBeSetUp() public {
        address eoa = vm.addr(0x7702);
        vm.etch(eoa, abi.encodePacked(hex"ef0100", implementation));
        IAccountUnderTest delegated = IAccountUnderTest(eoa);
        (bool success, ) = eoa.call(abi.encodeCall(delegated.setup, (owner.credential, owner.id, policy, HANDLE)));
        assertFalse(success && delegated.isSetUp());
    }

    /// [218] validation of the first op touches no storage outside the account, none at all in fact but its own word
    function test_genesisValidationReadsOnlyTheConfig() public {
        PackedUserOperation memory userOp = _userOp(account, 0, _pay());
        userOp.signature = _genesisSignature(owner, policy, HANDLE, keccak256("hash"));
        vm.record();
        assertEq(_validate(userOp, keccak256("hash")), 0);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(account));
        assertEq(reads.length, 1, "one word of its own");
        assertEq(writes.length, 0);
        (reads, writes) = vm.accesses(address(passkeys));
        assertEq(reads.length + writes.length, 0, "nothing of the validator");
    }

    /// [73] a stolen first passkey cannot keep the guardians out by giving the account a policy of its own before setup
    function test_policyBeforeSetupIsRefused() public {
        Policy memory own = _usualPolicy();
        own.salt = keccak256("the thief's");
        bytes memory evil = _encode(own);
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(account)));
        _asAccount(
            account,
            address(recovery),
            0,
            abi.encodeCall(recovery.setPolicy, (address(account), evil, issuedAt, ""))
        );
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(account)));
        _asAccount(account, address(recovery), 0, abi.encodeCall(recovery.onInstall, (evil)));
        _setup(owner, policy, HANDLE);
        assertEq(recovery.getHead(address(account)).policyId, uint160(uint256(keccak256(policy))));
    }

    /// [73] nor by registering passkeys before setup, be it one or a full table
    function test_passkeysBeforeSetupAreThrownOut() public {
        _asAccount(
            account,
            address(passkeys),
            0,
            abi.encodeCall(passkeys.onInstall, (abi.encode(thief.credential, thief.id)))
        );
        for (uint256 i = 1; i < 32; ++i) {
            Passkey memory more = _passkey(1000 + i);
            _asAccount(
                account,
                address(passkeys),
                0,
                abi.encodeCall(passkeys.addCredential, (more.credential, more.id, ""))
            );
        }
        _setup(owner, policy, HANDLE);
        assertTrue(_isOnlyPasskey(account, owner));
        assertEq(recovery.getHead(address(account)).policyId, uint160(uint256(keccak256(policy))));
    }

    /// [185] passkeys registered before setup sign no messages either; after it they would, under the account's own prefix
    function test_messagesNeedSetup() public {
        bytes32 hash = keccak256("message");
        bytes memory assertion = _assertion(owner, 0, _personalDigest(address(account), hash));
        bytes memory install = abi.encode(owner.credential, owner.id);
        _asAccount(account, address(passkeys), 0, abi.encodeCall(passkeys.onInstall, (install)));
        bytes memory byZero = abi.encodePacked(address(0), assertion);
        bytes memory byName = abi.encodePacked(address(passkeys), assertion);
        assertEq(bytes32(account.isValidSignature(hash, byZero)), bytes32(bytes4(0xffffffff)));
        _setup(owner, policy, HANDLE);
        assertEq(bytes32(account.isValidSignature(hash, byZero)), bytes32(bytes4(0x1626ba7e)));
        assertEq(bytes32(account.isValidSignature(hash, byName)), bytes32(bytes4(0xffffffff)), "0 is its only name");
    }

    /// [203] [61] a policy that breaks a rule makes setup fail as a whole
    function test_badGenesisPolicyCannotBeSetUp() public {
        Policy memory broken = _usualPolicy();
        broken.windowHours = 1;
        bytes memory encoded = _encode(broken);
        IAccountUnderTest other = _bareAccount(owner, encoded, HANDLE);
        vm.expectRevert();
        other.setup(owner.credential, owner.id, encoded, HANDLE);
        assertFalse(other.isSetUp());
        assertFalse(passkeys.isInitialized(address(other)));
    }

    /// [227] starved setup is undone as a whole
    function test_starvedSetupIsAllOrNothing() public {
        bytes memory call = abi.encodeCall(account.setup, (owner.credential, owner.id, policy, HANDLE));
        uint256 successes;
        for (uint256 limit = 10_000; limit <= 250_000; limit += 4_000) {
            uint256 snapshot = vm.snapshotState();
            (bool success, ) = address(account).call{gas: limit}(call);
            assertEq(account.isSetUp(), success, "set up");
            assertEq(passkeys.isInitialized(address(account)), success, "passkey");
            assertEq(recovery.isInitialized(address(account)), success, "policy");
            if (success) ++successes;
            vm.revertToState(snapshot);
        }
        assertGt(successes, 0);
    }

    function _setup(Passkey memory passkey, bytes memory policyBytes, bytes32 handle) private {
        account.setup(passkey.credential, passkey.id, policyBytes, handle);
    }

    function _expectNotGenesis(Passkey memory passkey, bytes memory policyBytes, bytes32 handle) private {
        bytes32 commitment = passkey.credential.commitment();
        vm.expectRevert(
            abi.encodeWithSelector(IRekeyAccount.NotGenesis.selector, commitment, _policyHash(policyBytes), handle)
        );
    }

    function _pay() private view returns (bytes memory) {
        return abi.encodeCall(account.execute, (MODE_SINGLE, abi.encodePacked(address(0xcafe), uint256(1))));
    }

    function _setupAndPay(Passkey memory passkey, address sender) private view returns (bytes memory) {
        Execution memory first = Execution(
            sender,
            0,
            abi.encodeCall(account.setup, (passkey.credential, passkey.id, policy, HANDLE))
        );
        return abi.encodeCall(account.execute, (MODE_BATCH, _batch(first, Execution(address(0xcafe), 1, ""))));
    }

    function _validate(PackedUserOperation memory userOp, bytes32 hash) private returns (uint256) {
        vm.prank(address(ENTRY_POINT));
        return account.validateUserOp(userOp, hash, 0);
    }

    function _expectFailed(PackedUserOperation memory userOp) private {
        PackedUserOperation[] memory userOps = new PackedUserOperation[](1);
        userOps[0] = userOp;
        vm.prank(address(0xb0b), address(0xb0b));
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA24 signature error"));
        ENTRY_POINT.handleOps(userOps, payable(address(0xfee)));
    }

    function _tail(bytes memory data, uint256 from) private pure returns (bytes memory tail) {
        tail = new bytes(data.length - from);
        for (uint256 i = 0; i < tail.length; ++i) tail[i] = data[i + from];
    }
}
