// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice What it takes to call off, to freeze and to pass a drill, under policies of every shape.
contract GuardianLimitsTest is RecoveryFixture {
    bytes32 private constant CHALLENGE = keccak256("challenge");

    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    bytes32 private digest;
    uint40 private nowAt;

    function setUp() public {
        _deploySystem();
        fresh = _passkey(2);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    // ---------------------------------------------------------------- Calling off

    /// [75] the heaviest tier counts wherever it stands, and a heavier one with fewer kinds before a lighter one
    function test_heaviestTier() public {
        _use(Tier(2, 1, 1 days, false), Tier(4, 1, 3 days, true), Tier(3, 3, 2 days, true));
        for (uint256 i = 0; i < 4; ++i) _expectNoCancel(15 ^ (1 << i), 3);
        _cancel(15);
        _use(Tier(4, 1, 3 days, true), Tier(3, 3, 2 days, true), Tier(2, 1, 1 days, false));
        for (uint256 i = 0; i < 4; ++i) _expectNoCancel(15 ^ (1 << i), 3);
        _cancel(15);
        _use(Tier(2, 3, 1 days, false), Tier(3, 1, 3 days, true), Tier(3, 1, 3 days, true));
        _cancel(_threeOfTwoKinds());
    }

    /// [75] among tiers of equal weight the one with most kinds, wherever it stands
    function testFuzz_mostKinds(uint256 place) public {
        Tier[3] memory tiers = [Tier(3, 2, 1 days, false), Tier(3, 2, 3 days, true), Tier(2, 1, 1 days, false)];
        tiers[bound(place, 0, 2)] = Tier(3, 3, 2 days, true);
        _use(tiers[0], tiers[1], tiers[2]);
        _expectNoCancel(_threeOfTwoKinds(), 3);
        _cancel(15);
    }

    /// [75] a protected tier of less weight but more kinds has to be reached too
    function test_protectedTierTakesItsKinds() public {
        _use(Tier(3, 1, 1 days, false), Tier(2, 3, 3 days, true), Tier(2, 1, 2 days, false));
        _expectNoCancel(_threeOfTwoKinds(), 3);
        _cancel(15 ^ (1 << _indexOf(policy, SignsAs.Eoa)));
    }

    /// [75] a benched guardian adds no kind to what calls off, a protected tier's kinds included
    function test_benchedAddNoKindToAProtectedTier() public {
        _use(Tier(3, 1, 1 days, false), Tier(2, 3, 3 days, true), Tier(1, 1, 2 days, false));
        uint256 alone = 1 << _indexOf(policy, SignsAs.Passkey);
        bytes32 vetoed = _start(_recovery(account, policyBytes, fresh), policy, alone, fresh);
        vm.prank(address(account));
        recovery.veto(address(account), vetoed, "");
        bytes memory approvals = _cancelApprovals(15);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 3, 2));
        recovery.guardianCancel(address(account), digest, policyBytes, approvals);
        skip(7 days);
        _cancel(15);
    }

    // ---------------------------------------------------------------- Freezing

    /// [75] [78] [69] not with a message from the future, or from before the last recovery
    function test_freezeClocks() public {
        _use(Tier(2, 1, 1 days, false), Tier(3, 2, 3 days, true), Tier(4, 3, 0, false));
        uint40 latest = nowAt + 15 minutes;
        bytes memory approval = _freezeApproval(latest + 1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotYetIssued.selector, latest + 1, latest));
        recovery.freeze(address(account), policyBytes, 1 hours, latest + 1, approval);
        _start(_recovery(account, policyBytes, fresh), policy, 15, fresh);
        approval = _freezeApproval(nowAt);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt));
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt, approval);
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt + 1, _freezeApproval(nowAt + 1));
        assertEq(account.frozenUntil(), nowAt + 1 hours);
    }

    /// [68] [96] nobody freezes, drills or recounts under a policy of his own making
    function test_ownPolicy() public {
        _use(Tier(2, 1, 1 days, false), Tier(3, 2, 3 days, true), Tier(4, 3, 0, false));
        Recovery memory request = _recovery(account, policyBytes, fresh);
        _start(request, policy, 3, fresh);
        uint160 wanted = uint160(uint256(keccak256(policyBytes)));
        Policy memory own = policy;
        own.guardians[0] = _eoaGuardian(0x5742a27e);
        _sort(own.guardians);
        bytes memory ownBytes = _encode(own);
        bytes32 ownHash = keccak256(ownBytes);
        bytes memory problem = abi.encodeWithSelector(IRecoveryTypes.WrongPolicy.selector, ownHash, wanted);
        bytes memory approvals = _approvals(own, 15, recovery.freezeDigest(address(account), ownHash, 1 hours, nowAt));
        vm.expectRevert(problem);
        recovery.freeze(address(account), ownBytes, 1 hours, nowAt, approvals);
        approvals = _approvals(own, 15, recovery.drillDigest(address(account), ownHash, CHALLENGE, nowAt));
        vm.expectRevert(problem);
        recovery.drill(address(account), ownBytes, CHALLENGE, nowAt, approvals);
        vm.expectRevert(problem);
        recovery.recount(request, ownBytes, new IRecoveryTypes.Evidence[](0), 0);
    }

    /// [59] an account that never named guardians has none
    function test_noPolicy() public {
        _use(Tier(2, 1, 1 days, false), Tier(3, 2, 3 days, true), Tier(4, 3, 0, false));
        address bare = address(_newAccount(_passkey(1), "", keccak256("bare")));
        bytes memory problem = abi.encodeWithSelector(IRecoveryTypes.NoPolicy.selector, bare);
        vm.expectRevert(problem);
        recovery.freeze(bare, policyBytes, 1 hours, nowAt, "");
        vm.expectRevert(problem);
        recovery.drill(bare, policyBytes, CHALLENGE, nowAt, "");
        vm.expectRevert(problem);
        recovery.guardianCancel(bare, digest, policyBytes, "");
    }

    // ---------------------------------------------------------------- Drills

    /// a drill counts kinds like a recovery, and benched guardians like the others
    function test_drillCountsKinds() public {
        _use(Tier(3, 3, 1 days, false), Tier(3, 2, 3 days, true), Tier(4, 3, 0, false));
        bytes32 message = recovery.drillDigest(address(account), keccak256(policyBytes), CHALLENGE, nowAt);
        uint256 mask = _threeOfTwoKinds();
        bytes memory approvals = _approvals(policy, mask, message);
        (uint32 votes, uint8 tiers) = recovery.drill(address(account), policyBytes, CHALLENGE, nowAt, approvals);
        assertEq(votes, mask);
        assertEq(tiers, 2);
    }

    // ---------------------------------------------------------------- Helpers

    function _use(Tier memory a, Tier memory b, Tier memory c) private {
        Policy memory made = _usualPolicy();
        made.freezeHours = 72;
        (made.tiers[0], made.tiers[1], made.tiers[2]) = (a, b, c);
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(_passkey(1), policyBytes, keccak256("handle"));
        digest = keccak256(policyBytes);
    }

    /// @dev Both EOAs and the wallet: three guardians of two kinds.
    function _threeOfTwoKinds() private view returns (uint256) {
        return 15 ^ (1 << _indexOf(policy, SignsAs.Passkey));
    }

    function _cancelApprovals(uint256 mask) private view returns (bytes memory) {
        bytes32 message = recovery.guardianCancelDigest(address(account), keccak256(policyBytes), digest);
        return _approvals(policy, mask, message);
    }

    function _cancel(uint256 mask) private {
        recovery.guardianCancel(address(account), digest, policyBytes, _cancelApprovals(mask));
        IRecoveryTypes.Status status = recovery.getRecord(address(account), digest).status;
        assertEq(uint256(status), uint256(IRecoveryTypes.Status.Cancelled));
    }

    function _expectNoCancel(uint256 mask, uint256 weight) private {
        bytes memory approvals = _cancelApprovals(mask);
        uint256 seen;
        for (uint256 i = 0; i < 4; ++i) if ((mask >> i) & 1 != 0) seen |= 1 << policy.guardians[i].kind;
        uint256 kinds;
        for (; seen != 0; seen &= seen - 1) ++kinds;
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, weight, kinds));
        recovery.guardianCancel(address(account), digest, policyBytes, approvals);
    }

    function _freezeApproval(uint40 issuedAt) private view returns (bytes memory) {
        return
            _approvals(policy, 1, recovery.freezeDigest(address(account), keccak256(policyBytes), 1 hours, issuedAt));
    }
}
