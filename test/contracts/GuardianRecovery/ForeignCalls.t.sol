// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Execution,
    MODULE_TYPE_EXECUTOR,
    MODULE_TYPE_VALIDATOR
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {ExecutorEraser, OzAccount} from "../mocks/OzAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice An account that remembers what its executor had it do last.
contract RecordingAccount is OzAccount {
    bytes32 public mode;
    Execution[] private _calls;

    constructor(address validator, bytes memory initData) OzAccount(validator, initData) {}

    function calls() external view returns (Execution[] memory) {
        return _calls;
    }

    function executeFromExecutor(bytes32 mode_, bytes calldata data) public payable override returns (bytes[] memory) {
        mode = mode_;
        delete _calls;
        Execution[] memory batch = abi.decode(data, (Execution[]));
        for (uint256 i = 0; i < batch.length; ++i) _calls.push(batch[i]);
        return super.executeFromExecutor(mode_, data);
    }
}

/// @notice What an account that is not a Rekey account is told to do, and what is noted about it.
contract ForeignCallsTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    RecordingAccount private account;
    Recovery private request;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
    }

    /// [95] one batch: the passkey, its validator if it is missing, signers if there are any to go; nothing else
    function test_callsWhatIsNeeded() public {
        _checkCalls(true);
    }

    /// [85] [95] the same where the account has lost PasskeyValidator
    function test_callsWhatIsNeededWithoutPasskeys() public {
        _checkCalls(false);
    }

    function _checkCalls(bool hasPasskeys) private {
        for (uint256 which = 0; which < 8; ++which) {
            bool hasSigners = which & 1 != 0;
            uint8 keep = uint8(which >> 1);
            _use(2 days);
            if (hasSigners) _install(MODULE_TYPE_VALIDATOR, address(signers), _oneSigner());
            if (!hasPasskeys) _uninstall(address(passkeys));
            request.keep = keep;
            _start(request, policy, 15, fresh);

            bool revokes = hasSigners && keep & 2 == 0;
            Execution[] memory calls = account.calls();
            assertEq(calls.length, (hasPasskeys ? 1 : 2) + (revokes ? 1 : 0));
            assertEq(calls[0].target, address(passkeys));
            if (!hasPasskeys) assertEq(calls[1].target, address(account));
            if (revokes) assertEq(calls[calls.length - 1].target, address(signers));
            assertEq(account.mode(), MODE_BATCH);
            (uint8[] memory indexes, ) = signers.getSigners(address(account));
            assertEq(indexes.length, hasSigners && !revokes ? 1 : 0);
            (indexes, , ) = passkeys.getCredentials(address(account));
            assertEq(indexes.length, hasPasskeys && keep & 1 != 0 ? 2 : 1);
        }
    }

    /// the days that a change waits do not mix with what kind of account it is, be they odd or even
    function test_headOfAForeignAccount() public {
        uint32[4] memory delays = [uint32(1 days), 2 days, 3 days, 90 days];
        uint8[4] memory wait = [2, 3, 4, 91];
        for (uint256 i = 0; i < 4; ++i) {
            _use(delays[i]);
            IRecoveryTypes.Head memory head = recovery.getHead(address(account));
            assertEq(head.changeDays, wait[i]);
            assertFalse(head.native);
            uint40 nowAt = uint40(vm.getBlockTimestamp());
            vm.prank(address(account));
            recovery.setPolicy(address(account), policyBytes, nowAt + 1, "");
            assertEq(recovery.getChange(address(account)).readyAt, nowAt + wait[i] * uint256(1 days));
        }
    }

    /// [91] with an odd number of days as with an even one it is asked before, and recovered in its own way
    function test_oddDaysMakeNoRekeyAccount() public {
        _use(2 days);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.UnsupportedAccount.selector, address(account)));
        recovery.freeze(address(account), policyBytes, 1 hours, uint40(vm.getBlockTimestamp()), "");

        ExecutorEraser eraser = new ExecutorEraser();
        bytes memory call = abi.encodePacked(address(eraser), abi.encodeCall(eraser.erase, (address(recovery))));
        vm.prank(address(ENTRY_POINT));
        account.execute(bytes32(uint256(0xff) << 248), call);
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, 3, digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(account)));
        recovery.start(request, policyBytes, approvals, possession);
    }

    /// [82] keys that a removed validator left behind do not speak for it, however many days a change waits
    function test_leftOverKeysWithOddDays() public {
        _use(2 days);
        bytes32 slot = keccak256(abi.encode(address(account), uint256(0)));
        bytes32 left = vm.load(address(passkeys), slot);
        _uninstall(address(passkeys));
        vm.store(address(passkeys), slot, left);
        bytes memory veto = _ownerSignature(owner, recovery.vetoDigest(address(account), "x"));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        recovery.veto(address(account), "x", veto);
        _install(MODULE_TYPE_VALIDATOR, address(passkeys), "");
        recovery.veto(address(account), "x", veto);
    }

    /// [60] the owner's first policy is not taken from others before the account has the module
    function test_deliveredBeforeTheModule() public {
        _make(2 days);
        uint40 nowAt = uint40(vm.getBlockTimestamp());
        bytes32 message = recovery.setPolicyDigest(address(account), keccak256(policyBytes), nowAt);
        bytes memory signature = _ownerSignature(owner, message);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(account)));
        recovery.setPolicy(address(account), policyBytes, nowAt, signature);
        _install(MODULE_TYPE_EXECUTOR, address(recovery), "");
        recovery.setPolicy(address(account), policyBytes, nowAt, signature);
        assertEq(recovery.getHead(address(account)).policyId, uint160(uint256(keccak256(policyBytes))));
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev An account without the module, and a policy whose slowest tier takes `delay`.
    function _make(uint32 delay) private {
        Policy memory made = _usualPolicy();
        made.tiers[0].delay = 0;
        made.tiers[1].delay = delay;
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = new RecordingAccount(address(passkeys), abi.encode(owner.credential, owner.id));
    }

    function _use(uint32 delay) private {
        _make(delay);
        _install(MODULE_TYPE_EXECUTOR, address(recovery), policyBytes);
        request = _recovery(IAccountUnderTest(address(account)), policyBytes, fresh);
    }

    function _install(uint256 moduleTypeId, address module, bytes memory data) private {
        vm.prank(address(ENTRY_POINT));
        account.installModule(moduleTypeId, module, data);
    }

    function _uninstall(address validator) private {
        vm.prank(address(ENTRY_POINT));
        account.uninstallModule(MODULE_TYPE_VALIDATOR, validator, "");
    }

    function _oneSigner() private pure returns (bytes memory) {
        bytes[] memory own = new bytes[](1);
        own[0] = abi.encodePacked(vm.addr(0x5161));
        return abi.encode(own);
    }
}
