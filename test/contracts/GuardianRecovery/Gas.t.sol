// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Approvals} from "../../../contracts/libraries/Approvals.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {SlowGuardian} from "../support/Guardians.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Too little gas, and the most that is needed.
contract RecoveryGasTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _use(_usualPolicy());
    }

    /// [66] [90] [227] however little gas is given: all reverts, or every honest vote counts
    function test_starvedStartNeverLosesAVote() public {
        _replaceWallet(abi.encodePacked(address(new SlowGuardian(450_000))));
        bytes memory approvals = _approvals(policy, 7, digest);
        bytes memory call = abi.encodeCall(
            recovery.start,
            (request, policyBytes, approvals, _possession(fresh, digest))
        );
        _sweep(call, 7);
    }

    /// [90] [227] the same for support
    function test_starvedSupportNeverLosesAVote() public {
        SlowGuardian slow = new SlowGuardian(450_000);
        _replaceWallet(abi.encodePacked(address(slow)));
        uint256 index = _indexOf(policy, abi.encodePacked(address(slow)));
        uint256 two = index < 2 ? 12 : 3;
        _startWith(_approvals(policy, two, digest));
        uint256 add = 1 << index;
        bytes memory approvals = _approvals(policy, add, digest);
        _sweep(abi.encodeCall(recovery.support, (request, policyBytes, approvals)), two | add);
    }

    /// where there is no code nobody is asked: a bad signature for an EOA takes no gas in reserve
    function test_badSignatureOfAnEoaNeedsNoReserve() public {
        uint256 bad = _indexOf(policy, SignsAs.Eoa);
        uint256 good = bad + 1;
        while (policy.guardians[good].signsAs != SignsAs.Eoa) ++good;
        uint256 others = 15 ^ (1 << bad) ^ (1 << good);
        _startWith(_approvals(policy, others, digest));
        bytes memory right = _item(good, _approval(policy.guardians[good], digest));
        bytes memory approvals = abi.encodePacked(_item(bad, new bytes(65)), right);
        recovery.support{gas: Approvals.GAS_BEFORE_CALL - 100_000}(request, policyBytes, approvals);
        assertEq(_record(request).votes, others | (1 << good));
    }

    /// [90] [227] a starved execution leaves everything as it was
    function test_starvedExecuteIsAllOrNothing() public {
        _startWith(_approvals(policy, 3, digest));
        skip(1 days);
        bytes memory call = abi.encodeCall(
            recovery.execute,
            (request, _possession(fresh, digest), new IRecoveryTypes.Evidence[](0))
        );
        uint256 successes;
        for (uint256 limit = 20_000; limit <= 1_000_000; limit += limit < 200_000 ? 2_000 : 40_000) {
            uint256 snapshot = vm.snapshotState();
            (bool success, ) = address(recovery).call{gas: limit}(call);
            assertEq(_isOnlyPasskey(account, fresh), success, "passkey");
            assertEq(recovery.getHead(address(account)).epoch, success ? 1 : 0, "epoch");
            assertEq(_record(request).readyAt == 0, success, "record");
            if (success) ++successes;
            vm.revertToState(snapshot);
        }
        assertGt(successes, 0);
    }

    /// [89] [44] 32 contract guardians: start, support and execute stay below 10 M gas
    function test_largestPolicyStaysBelowTenMillion() public {
        Policy memory largest = _usualPolicy();
        largest.guardians = new Guardian[](32);
        for (uint256 i = 0; i < 32; ++i) largest.guardians[i] = _walletGuardian(i + 1);
        _sort(largest.guardians);
        largest.tiers = new Tier[](4);
        for (uint256 i = 0; i < 4; ++i) largest.tiers[i] = Tier(uint16(16 + i), 1, 1 days, i == 3);
        _use(largest);
        bytes memory all = _approvals(policy, type(uint32).max, digest);
        bytes memory possession = _possession(fresh, digest);
        uint256 before = gasleft();
        recovery.start(request, policyBytes, all, possession);
        assertLt(before - gasleft(), 10_000_000, "start");
        before = gasleft();
        recovery.support(request, policyBytes, all);
        assertLt(before - gasleft(), 10_000_000, "support");
        skip(1 days);
        for (uint256 i = 0; i < 31; ++i) {
            Passkey memory more = _passkey(1000 + i);
            vm.prank(address(account));
            passkeys.addCredential(more.credential, more.id, "");
        }
        before = gasleft();
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        assertLt(before - gasleft(), 10_000_000, "execute");
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    // ---------------------------------------------------------------- Helpers

    function _use(Policy memory used) private {
        policy = used;
        policyBytes = _encode(used);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    /// @dev Puts another contract in the place of the contract wallet.
    function _replaceWallet(bytes memory signer) private {
        Policy memory changed = _usualPolicy();
        changed.guardians[_indexOf(changed, SignsAs.Wallet)].signer = signer;
        _sort(changed.guardians);
        _use(changed);
    }

    function _startWith(bytes memory approvals) private {
        recovery.start(request, policyBytes, approvals, _possession(fresh, digest));
    }

    /// @dev Tries a call with ever more gas: it fails and changes nothing, or all of `votes` count.
    function _sweep(bytes memory call, uint256 votes) private {
        bytes32 before = keccak256(abi.encode(_record(request)));
        uint256 successes;
        uint256 failures;
        for (uint256 limit = 50_000; limit <= 2_600_000; limit += 25_000) {
            uint256 snapshot = vm.snapshotState();
            (bool success, ) = address(recovery).call{gas: limit}(call);
            if (success) {
                assertEq(_record(request).votes, votes, "a vote was starved");
                ++successes;
            } else {
                assertEq(keccak256(abi.encode(_record(request))), before, "half done");
                ++failures;
            }
            vm.revertToState(snapshot);
        }
        assertGt(successes, 0, "successes");
        assertGt(failures, 0, "failures");
    }
}
