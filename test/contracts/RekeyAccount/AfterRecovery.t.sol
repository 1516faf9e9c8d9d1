// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Execution, IERC7579Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule} from "../support/Modules.sol";
import {StubFixture} from "../support/StubFixture.sol";

/// @notice An executor that delivers a recovery and goes on commanding, and a module that delivers one when it is called.
contract DeliveringModule is ForeignModule {
    address private _target;
    bytes private _data;
    bool public delivered;

    function prepare(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function deliver() public {
        (delivered, ) = _target.call(_data);
    }

    function deliverAndExecute(IERC7579Execution account, bytes calldata executionCalldata) external {
        deliver();
        account.executeFromExecutor(0, executionCalldata);
    }
}

/// @notice Delivers a recovery when the account installs it.
contract DeliveringAtInstall {
    address private immutable TARGET;
    bytes private _data;
    bool public delivered;

    constructor(address target, bytes memory data) {
        (TARGET, _data) = (target, data);
    }

    function onInstall(bytes calldata) external {
        (delivered, ) = TARGET.call(_data);
    }

    function isModuleType(uint256) external pure returns (bool) {
        return true;
    }
}

/// @notice Delivers a recovery when it is asked to validate.
contract DeliveringAtValidation {
    address private immutable TARGET;
    bytes private _data;

    constructor(address target, bytes memory data) {
        (TARGET, _data) = (target, data);
    }

    function validateUserOp(PackedUserOperation calldata, bytes32) external returns (uint256) {
        (bool delivered, ) = TARGET.call(_data);
        return delivered ? 0 : 1;
    }

    function onInstall(bytes calldata) external {}

    function isModuleType(uint256) external pure returns (bool) {
        return true;
    }
}

/// @notice A thief with a passkey delivers the recovery that ends him himself, in one transaction with what he wants to
///         have done after it.
contract RekeyAccountAfterRecoveryTest is StubFixture {
    IAccountUnderTest private account;
    IAccountUnderTest private helper;

    function setUp() public {
        _deployWithStub();
        // The thief holds the passkey that the owner lost.
        account = _newAccount(owner, POLICY, keccak256("handle"));
        helper = _newAccount(thief, "", keccak256("thief's own account"));
        vm.deal(address(account), 1 ether);
        vm.deal(address(helper), 1 ether);
    }

    /// [95] the rest of a batch that delivers a recovery: the batch fails as a whole
    function test_batch() public {
        Execution memory second = Execution(address(passkeys), 0, _plantPasskey());
        bytes memory calls = _batch(Execution(address(stub), 0, _recoverCall(account, 0)), second);
        bytes memory halted = abi.encodeWithSelector(IRekeyAccount.Halted.selector);
        _refuses(account, abi.encodeCall(account.execute, (MODE_BATCH, calls)), halted);
        _refuses(account, abi.encodeCall(account.execute, (MODE_BATCH_TRY, calls)), halted);
        second = Execution(address(account), 0, abi.encodeCall(account.execute, (MODE_BATCH, calls)));
        calls = _batch(second, second);
        // Here the failure of the inner batches is swallowed, and with it all they did.
        _mustCommand(account, abi.encodeCall(account.execute, (MODE_BATCH_TRY, calls)));
        assertTrue(_isOnlyPasskey(account, owner), "as if nothing had been");
        _expectOwnerRecovers();
    }

    /// [95] an operation that was validated before the recovery and stands after it in the same bundle
    function test_bundle() public {
        bytes[5] memory plants = [
            _executeCall(address(passkeys), _plantPasskey()),
            abi.encodeCall(account.installModule, (2, address(new ForeignModule()), "")),
            abi.encodeCall(account.installModule, (1, address(signers), "")),
            abi.encodeCall(account.upgradeTo, (address(new ForeignModule()))),
            _executeCall(address(account), _executeCall(address(passkeys), _plantPasskey()))
        ];
        stub.ripen(address(account), stub.UPGRADE(), address(0));
        for (uint256 i = 0; i < plants.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            PackedUserOperation[] memory userOps = new PackedUserOperation[](2);
            userOps[0] = _signedOp(helper, thief, _executeCall(address(stub), _recoverCall(account, 0)));
            userOps[1] = _signedOp(account, owner, plants[i]);
            vm.prank(address(0xb0b), address(0xb0b));
            ENTRY_POINT.handleOps(userOps, payable(address(0xfee)));
            skip(1);
            _expectOwnerAlone();
            vm.revertToState(snapshot);
            skip(1);
        }
    }

    /// [95] [180] an executor that delivers a recovery through the account, and goes on in the same call or in the next
    function test_executor() public {
        DeliveringModule module = new DeliveringModule();
        module.prepare(address(stub), _recoverCall(account, 0));
        _mustCommand(account, abi.encodeCall(account.installModule, (2, address(module), "")));
        bytes memory calls = _batch(
            Execution(address(stub), 0, _recoverCall(account, 0)),
            Execution(address(passkeys), 0, _plantPasskey())
        );
        vm.expectRevert(IRekeyAccount.Halted.selector);
        module.executeOn(account, MODE_BATCH, calls);
        vm.expectRevert(abi.encodeWithSelector(IRekeyAccount.Unauthorized.selector, address(module)));
        module.deliverAndExecute(account, abi.encodePacked(passkeys, uint256(0), _plantPasskey()));
        // Also if the recovery keeps foreign modules.
        module.prepare(address(stub), _recoverCall(account, 8));
        vm.expectRevert(IRekeyAccount.Halted.selector);
        module.deliverAndExecute(account, abi.encodePacked(passkeys, uint256(0), _plantPasskey()));
        assertTrue(_isOnlyPasskey(account, owner), "as if nothing had been");
        _expectOwnerRecovers();
    }

    /// [95] [192] a module that delivers a recovery while it is being installed does not end up in the next generation
    function test_installation() public {
        address module = address(new DeliveringAtInstall(address(stub), _recoverCall(account, 0)));
        bytes memory halted = abi.encodeWithSelector(IRekeyAccount.Halted.selector);
        for (uint256 moduleType = 1; moduleType <= 3; ++moduleType) {
            _refuses(account, abi.encodeCall(account.installModule, (moduleType, module, hex"00000001")), halted);
        }
        assertTrue(_isOnlyPasskey(account, owner), "as if nothing had been");
        _expectOwnerRecovers();
        assertFalse(account.isModule(module));
    }

    /// [95] a validator that delivers a recovery while it validates
    function test_validation() public {
        address module = address(new DeliveringAtValidation(address(stub), _recoverCall(account, 0)));
        _mustCommand(account, abi.encodeCall(account.installModule, (1, module, "")));
        bytes memory plant = _executeCall(address(passkeys), _plantPasskey());
        _handle(_userOp(account, _nonceKey(module), plant));
        skip(1);
        _expectOwnerAlone();
        assertFalse(account.isModule(module));
    }

    /// in the next transaction everything is as always, for the new passkey
    function test_nextTransaction() public {
        _recover(account, 0);
        _handle(_signedOp(account, fresh, _executeCall(address(passkeys), _plantPasskey())));
        assertTrue(_isPasskey(account, thief), "now the owner's choice");
    }

    /// @dev PasskeyValidator's `addCredential` with a passkey of the thief's.
    function _plantPasskey() private view returns (bytes memory) {
        return abi.encodeCall(passkeys.addCredential, (thief.credential, thief.id, ""));
    }

    function _expectOwnerAlone() private {
        assertTrue(_isOnlyPasskey(account, fresh), "the owner alone");
        assertFalse(account.isModuleInstalled(1, address(signers), ""));
        assertEq(account.implementation(), implementation);
        assertEq(_validationOf(account, owner), 1);
        assertEq(_validationOf(account, fresh), 0);
    }

    function _expectOwnerRecovers() private {
        skip(1);
        _recover(account, 0);
        _expectOwnerAlone();
    }
}
