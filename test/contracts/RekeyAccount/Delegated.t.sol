// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {Target} from "../support/Modules.sol";
import {StubFixture} from "../support/StubFixture.sol";

/// @notice An EOA that delegates its code to the account (EIP-7702).
contract RekeyAccountDelegatedTest is StubFixture {
    uint256 private constant KEY = 0x7702;
    bytes32 private constant HASH = keccak256("userOp");

    IAccountUnderTest private account;
    Target private target;

    function setUp() public {
        _deployWithStub();
        account = IAccountUnderTest(vm.addr(KEY));
        vm.etch(address(account), abi.encodePacked(hex"ef0100", implementation));
        vm.deal(address(account), 1 ether);
        target = new Target();
    }

    function test_isDelegated() public view {
        assertEq(address(account).code.length, 23);
        assertEq(account.accountId(), "rekey.account.1.0.0");
        assertFalse(account.isSetUp());
    }

    /// [203] before it is set up the EOA's key signs its ops, and nothing else does
    function test_onlyTheEoaSignsBeforeSetup() public {
        bytes memory callData = _executeCall(address(target), abi.encodeCall(target.add, (1)));
        PackedUserOperation memory userOp = _userOp(account, 0, callData);
        bytes32 hash = ENTRY_POINT.getUserOpHash(userOp);
        bytes[6] memory bad = [
            signEoa(0xbad, hash),
            signEoa(KEY, ~hash),
            abi.encodePacked(signEoa(KEY, hash), uint8(0)),
            _genesisSignature(owner, "", keccak256("handle"), hash),
            _assertion(owner, 0, hash),
            bytes("")
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            userOp.signature = bad[i];
            _expectRefused(userOp);
        }
        userOp.signature = signEoa(KEY, hash);
        userOp.nonce = uint256(_nonceKey(address(passkeys))) << 64;
        userOp.signature = signEoa(KEY, ENTRY_POINT.getUserOpHash(userOp));
        _expectRefused(userOp);
        userOp.nonce = 0;
        userOp.signature = signEoa(KEY, hash);
        _handle(userOp);
        assertEq(target.count(), 1);
    }

    /// [203] an EOA's signature opens no account but its own, and no account that is none
    function testFuzz_eoaSignaturesAreForDelegatedEoasOnly(uint256 key) public {
        key = boundKey(key);
        IAccountUnderTest clone = _bareAccount(owner, "", keccak256("clone"));
        assertEq(_validationOf(clone, address(0), signEoa(key, HASH), HASH), 1);
        assertEq(_validationOf(IAccountUnderTest(implementation), address(0), signEoa(key, HASH), HASH), 1);
        if (vm.addr(key) != address(account)) {
            assertEq(_validationOf(account, address(0), signEoa(key, HASH), HASH), 1);
        }
        // Code of the clone's form at the signer's own address is no delegation, nor is one byte more or less.
        bytes[4] memory codes = [
            address(clone).code,
            abi.encodePacked(hex"363d3d373d3d3d363d73", implementation, hex"5af43d82803e903d91602b57fd5bf3"),
            address(implementation).code,
            abi.encodePacked(hex"5f5f5f", implementation)
        ];
        for (uint256 i = 0; i < 3; ++i) {
            vm.etch(vm.addr(key), codes[i]);
            assertEq(_validationOf(IAccountUnderTest(vm.addr(key)), address(0), signEoa(key, HASH), HASH), 1);
        }
    }

    /// [203] nobody sets it up but itself: neither by the genesis of an address nor by calling first
    function testFuzz_strangersCannotSetUp(address stranger, bytes32 handle) public {
        vm.assume(stranger != address(ENTRY_POINT) && stranger != address(account) && uint160(stranger) > 0xffff);
        vm.startPrank(stranger);
        bytes32 commitment = thief.credential.commitment();
        vm.expectRevert(
            abi.encodeWithSelector(IRekeyAccount.NotGenesis.selector, commitment, keccak256(POLICY), handle)
        );
        account.setup(thief.credential, thief.id, POLICY, handle);
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, stranger));
        account.setup7702(thief.credential, thief.id, POLICY);
        vm.stopPrank();
        assertFalse(account.isSetUp());
        assertFalse(account.genesis(commitment, keccak256(POLICY), handle));
    }

    /// [204] neither a clone nor the implementation is set up in this way
    function test_onlyDelegatedEoas() public {
        address[2] memory others = [address(_bareAccount(owner, "", keccak256("clone"))), implementation];
        for (uint256 i = 0; i < 2; ++i) {
            _refuses(
                IAccountUnderTest(others[i]),
                _setupCall(owner, POLICY),
                abi.encodeWithSelector(IRekeyAccount.NotDelegated.selector, others[i])
            );
        }
    }

    function test_setup() public {
        vm.expectEmit(address(account));
        emit IRekeyAccount.AccountSetUp(0, owner.credential.commitment(), keccak256(POLICY));
        _setUp();
        assertTrue(account.isSetUp());
        assertTrue(_isOnlyPasskey(account, owner));
        assertEq(stub.policyOf(address(account)), POLICY);
        assertEq(_validationOf(account, owner), 0);
        assertEq(_validationOf(account, thief), 1);
        assertEq(_validationOf(account, address(0), signEoa(KEY, HASH), HASH), 1, "passkeys only, from now on");
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff));
        assertEq(uint256(vm.load(address(account), slot)) >> 216, 0x0503);
    }

    function test_setupWithoutAPolicy() public {
        bytes memory callData = _setupCall(owner, "");
        PackedUserOperation memory userOp = _userOp(account, 0, callData);
        userOp.signature = signEoa(KEY, ENTRY_POINT.getUserOpHash(userOp));
        _handle(userOp);
        assertTrue(_isOnlyPasskey(account, owner));
        assertEq(stub.policyOf(address(account)), "");
        assertTrue(account.isModuleInstalled(2, address(stub), ""));
    }

    /// [193] [203] what an earlier delegation left stays: set up once is set up for good, also after other code was there
    function test_setupIsOnce() public {
        _setUp();
        bytes memory alreadySetUp = abi.encodeWithSelector(IRekeyAccount.AlreadySetUp.selector);
        _refuses(account, _setupCall(thief, ""), alreadySetUp);
        vm.etch(address(account), "");
        vm.etch(address(account), abi.encodePacked(hex"ef0100", target));
        vm.etch(address(account), abi.encodePacked(hex"ef0100", implementation));
        _refuses(account, _setupCall(thief, ""), alreadySetUp);
        assertTrue(_isOnlyPasskey(account, owner));
    }

    /// [193] passkeys that the EOA registered before are thrown out
    function test_setupThrowsOutWhatWasThere() public {
        vm.prank(address(account));
        (bool success, ) = address(passkeys).call(
            abi.encodeWithSignature("onInstall(bytes)", abi.encode(thief.credential, thief.id))
        );
        assertTrue(success && _isPasskey(account, thief));
        _setUp();
        assertTrue(_isOnlyPasskey(account, owner));
    }

    /// stated limit: a recovery brings a passkey, and the EOA's key commands as before
    function test_theKeyStaysAboveAll() public {
        _setUp();
        _recover(account, 0);
        assertTrue(_isOnlyPasskey(account, fresh));
        vm.prank(address(account));
        account.execute(MODE_SINGLE, abi.encodePacked(target, uint256(0), abi.encodeCall(target.add, (1))));
        assertEq(target.caller(), address(account));
    }

    function _setUp() private {
        vm.prank(address(account));
        account.setup7702(owner.credential, owner.id, POLICY);
    }

    function _setupCall(Passkey memory by, bytes memory policy) private view returns (bytes memory) {
        return abi.encodeCall(account.setup7702, (by.credential, by.id, policy));
    }

    function _expectRefused(PackedUserOperation memory userOp) private {
        PackedUserOperation[] memory userOps = new PackedUserOperation[](1);
        userOps[0] = userOp;
        vm.prank(address(0xb0b), address(0xb0b));
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA24 signature error"));
        ENTRY_POINT.handleOps(userOps, payable(address(0xfee)));
    }
}
