// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {EvidenceGuardian} from "../support/EvidenceGuardian.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Votes that rest on something that can be withdrawn, such as an issuer's key.
contract RecoveryEvidenceTest is RecoveryFixture {
    bytes32 private constant GOOGLE = keccak256("google");
    bytes32 private constant APPLE = keccak256("apple");
    bytes32 private constant KEY_1 = keccak256("key 1");
    bytes32 private constant KEY_2 = keccak256("key 2");

    EvidenceGuardian private verifier;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;
    uint40 private nowAt;

    /// @dev Two issuers and a wallet. One: 3 days. Two: 1 day. All three: 2 hours, protected.
    function setUp() public {
        _deploySystem();
        verifier = new EvidenceGuardian();
        verifier.use(GOOGLE, KEY_1);
        verifier.use(APPLE, KEY_2);
        Policy memory made;
        made.salt = keccak256("salt");
        made.windowHours = 48;
        made.tiers = new Tier[](3);
        made.tiers[0] = Tier(1, 1, 3 days, false);
        made.tiers[1] = Tier(2, 1, 1 days, false);
        made.tiers[2] = Tier(3, 2, 2 hours, true);
        made.guardians = new Guardian[](3);
        made.guardians[0] = _evidenceGuardian(5, address(verifier), abi.encode(GOOGLE));
        made.guardians[1] = _evidenceGuardian(5, address(verifier), abi.encode(APPLE));
        made.guardians[2] = _eoaGuardian(0xa11ce);
        _sort(made.guardians);
        _store(policy, made);
        policyBytes = _encode(policy);
        fresh = _passkey(2);
        account = _newAccount(_passkey(1), policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    /// a recovery executes with the evidence it was started with
    function test_evidenceHolds() public {
        _start(request, policy, _mask(true, true, false), fresh);
        assertNotEq(uint256(_record(request).evidence), 0);
        skip(1 days);
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, _evidence(true, true));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [123] a key revoked during the delay: the recovery does not execute with that vote
    function test_revokedDuringTheDelay() public {
        _start(request, policy, _mask(true, true, false), fresh);
        skip(1 days);
        verifier.revoke(KEY_1, true);
        uint256 index = _indexOf(policy, abi.encodePacked(address(verifier), GOOGLE));
        bytes memory possession = _possession(fresh, digest);
        IRecoveryTypes.Evidence[] memory evidence = _evidence(true, true);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.EvidenceFailed.selector, index));
        recovery.execute(request, possession, evidence);

        // One vote is left: it waits as one vote does, from the start.
        recovery.recount(request, policyBytes, evidence, 0);
        assertEq(_record(request).readyAt, nowAt + 3 days);
        assertEq(_record(request).votes, _mask(false, true, false));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotReady.selector, nowAt + 1 days, nowAt + 3 days));
        recovery.execute(request, possession, evidence);
        skip(2 days);
        recovery.execute(request, possession, _evidence(false, true));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [123] if nothing is left, the recovery is as if it had never started, and can start anew
    function test_allEvidenceLost() public {
        _start(request, policy, _mask(true, false, false), fresh);
        verifier.revoke(KEY_1, true);
        vm.expectEmit(address(recovery));
        emit IRecoveryTypes.RecoveryRecounted(address(account), digest, 0, 0);
        recovery.recount(request, policyBytes, _evidence(true, false), 0);
        assertStatus(request, IRecoveryTypes.Status.None);
        verifier.use(GOOGLE, keccak256("key 3"));
        _start(request, policy, _mask(true, false, false), fresh);
        assertEq(_record(request).readyAt, nowAt + 3 days);
    }

    /// [123] [80] a vetoed recovery that loses its protected tier is vetoed, not new
    function test_vetoedAndLost() public {
        _start(request, policy, 7, fresh);
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
        assertStatus(request, IRecoveryTypes.Status.Protected);
        verifier.revoke(KEY_2, true);
        recovery.recount(request, policyBytes, _evidence(true, true), 0);
        assertStatus(request, IRecoveryTypes.Status.Vetoed);
        bytes memory approvals = _approvals(policy, _mask(true, false, true), digest);
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Vetoed.selector, digest));
        recovery.start(request, policyBytes, approvals, possession);
    }

    /// [123] a protected time that rests on a lost vote goes, the rest stays
    function test_protectedTierLost() public {
        _start(request, policy, 7, fresh);
        verifier.revoke(KEY_2, true);
        recovery.recount(request, policyBytes, _evidence(true, true), 0);
        assertEq(_record(request).protectedAt, 0);
        assertEq(_record(request).readyAt, nowAt + 1 days);
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
        assertStatus(request, IRecoveryTypes.Status.Vetoed);
    }

    /// [75] [123] late votes opened a window now; when one of them is lost it does not begin any earlier
    function test_recountAfterLateSupport() public {
        _start(request, policy, _mask(true, false, false), fresh);
        skip(25 hours);
        _support(request, policy, _mask(false, true, true));
        assertEq(_record(request).readyAt, nowAt + 25 hours);
        verifier.revoke(KEY_2, true);
        IRecoveryTypes.Evidence[] memory evidence = new IRecoveryTypes.Evidence[](2);
        (evidence[0], evidence[1]) = (_evidence(true, false)[0], _evidence(false, true)[0]);
        recovery.recount(request, policyBytes, evidence, 0);
        assertEq(_record(request).readyAt, nowAt + 25 hours);
        assertEq(_record(request).protectedAt, 0);
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, _evidence(true, false));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [81] [123] what has expired is not brought back by a recount that makes it wait longer
    function test_recountAfterTheWindow() public {
        _start(request, policy, _mask(true, true, false), fresh);
        verifier.revoke(KEY_1, true);
        uint256 closedAt = nowAt + 3 days;
        vm.warp(closedAt);
        IRecoveryTypes.Evidence[] memory evidence = _evidence(true, true);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.WindowClosed.selector, closedAt, closedAt));
        recovery.recount(request, policyBytes, evidence, 0);
        vm.warp(closedAt - 1);
        recovery.recount(request, policyBytes, evidence, 0);
        assertEq(_record(request).readyAt, closedAt);
    }

    /// [75] a vote that does not count leaves no evidence that the execution would have to bring
    function test_badVoteLeavesNoEvidence() public {
        uint256 google = _indexOf(policy, abi.encodePacked(address(verifier), GOOGLE));
        bytes memory blob;
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 signed = i == google ? keccak256("something else") : digest;
            blob = bytes.concat(blob, _item(i, _approval(policy.guardians[i], signed)));
        }
        bytes memory possession = _possession(fresh, digest);
        recovery.start(request, policyBytes, blob, possession);
        skip(1 days);
        recovery.execute(request, possession, _evidence(false, true));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [75] nobody drops votes that still hold
    function test_nothingToRecount() public {
        _start(request, policy, _mask(true, true, false), fresh);
        IRecoveryTypes.Evidence[] memory evidence = _evidence(true, true);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NothingLost.selector, digest));
        recovery.recount(request, policyBytes, evidence, 0);
    }

    /// [75] [123] a vote that holds is not dropped if either of the two times rests on it
    function test_noTimeRestsOnADroppedVote() public {
        _start(request, policy, _mask(true, true, false), fresh);
        _expectNothingLost(_evidence(true, true), _mask(true, false, false));

        request.deadline += 1;
        digest = recovery.hashRecovery(request);
        _start(request, policy, _mask(true, false, false), fresh);
        skip(25 hours);
        _support(request, policy, _mask(false, true, true));
        assertEq(_record(request).protectedAt, nowAt + 25 hours);
        // It would be ready as it is, with one issuer and the wallet, but no longer protected.
        IRecoveryTypes.Evidence[] memory evidence = new IRecoveryTypes.Evidence[](2);
        (evidence[0], evidence[1]) = (_evidence(true, false)[0], _evidence(false, true)[0]);
        _expectNothingLost(evidence, _mask(false, true, false));
    }

    /// [123] the votes that are left may take longer than the whole window was: it is as long as the policy says then
    function test_slowerThanTheWindow() public {
        _start(request, policy, 7, fresh);
        verifier.revoke(KEY_1, true);
        verifier.revoke(KEY_2, true);
        recovery.recount(request, policyBytes, _evidence(true, true), 0);
        assertEq(_record(request).readyAt, nowAt + 3 days);
        assertEq(_record(request).windowHours, 48);
        skip(5 days - 1);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// evidence left out, in another order, of another key or for another signer: refused
    function testFuzz_wrongEvidence(uint8 which) public {
        _start(request, policy, _mask(true, true, false), fresh);
        skip(1 days);
        IRecoveryTypes.Evidence[] memory evidence = _evidence(true, true);
        which %= 5;
        if (which == 0) evidence = _evidence(true, false);
        if (which == 1) (evidence[0], evidence[1]) = (evidence[1], evidence[0]);
        if (which == 2) evidence[0].evidence = keccak256("key 3");
        if (which == 3) evidence[1].signer = abi.encodePacked(address(this), GOOGLE);
        if (which == 4) evidence[0].index = 2;
        bytes memory possession = _possession(fresh, digest);
        uint72 wanted = _record(request).evidence;
        uint72 seen = _chain(evidence);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.WrongEvidence.selector, seen, wanted));
        recovery.execute(request, possession, evidence);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.WrongEvidence.selector, seen, wanted));
        recovery.recount(request, policyBytes, evidence, 0);
    }

    /// votes added later add their evidence to that of the first ones
    function test_supportAddsEvidence() public {
        uint256 google = _mask(true, false, false);
        uint256 apple = _mask(false, true, false);
        _start(request, policy, google, fresh);
        _support(request, policy, apple | google);
        skip(1 days);
        IRecoveryTypes.Evidence[] memory evidence = new IRecoveryTypes.Evidence[](2);
        evidence[0] = _evidence(true, false)[0];
        evidence[1] = _evidence(false, true)[0];
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, evidence);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [66] a verifier that is gone, reverts or answers something else does not hold
    function test_verifierGone() public {
        _start(request, policy, _mask(true, true, false), fresh);
        skip(1 days);
        vm.etch(address(verifier), "");
        bytes memory possession = _possession(fresh, digest);
        IRecoveryTypes.Evidence[] memory evidence = _evidence(true, true);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.EvidenceFailed.selector, evidence[0].index));
        recovery.execute(request, possession, evidence);
    }

    /// evidence is no matter of wallets
    function test_walletWithEvidenceFlag() public {
        Policy memory bad = policy;
        for (uint256 i = 0; i < 3; ++i) {
            if (bad.guardians[i].signsAs == SignsAs.Eoa) bad.guardians[i].flags = 2;
        }
        bytes memory badBytes = _encode(bad);
        vm.expectRevert(abi.encodeWithSignature("BadPolicy(uint8)", 12));
        recovery.checkPolicy(address(account), badBytes);
    }

    // ---------------------------------------------------------------- Helpers

    function _expectNothingLost(IRecoveryTypes.Evidence[] memory evidence, uint256 drop) private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NothingLost.selector, digest));
        recovery.recount(request, policyBytes, evidence, uint32(drop));
    }

    function _mask(bool google, bool apple, bool wallet) private view returns (uint256 mask) {
        if (google) mask |= 1 << _indexOf(policy, abi.encodePacked(address(verifier), GOOGLE));
        if (apple) mask |= 1 << _indexOf(policy, abi.encodePacked(address(verifier), APPLE));
        if (wallet) mask |= 1 << _indexOf(policy, SignsAs.Eoa);
    }

    /// @dev In the order of the policy, as votes given at once are counted.
    function _evidence(bool google, bool apple) private view returns (IRecoveryTypes.Evidence[] memory evidence) {
        evidence = new IRecoveryTypes.Evidence[]((google ? 1 : 0) + (apple ? 1 : 0));
        uint256 mask = _mask(google, apple, false);
        uint256 count;
        for (uint8 i = 0; i < 3; ++i) {
            if ((mask >> i) & 1 == 0) continue;
            bytes memory signer = policy.guardians[i].signer;
            bool isGoogle = keccak256(signer) == keccak256(abi.encodePacked(address(verifier), GOOGLE));
            evidence[count++] = IRecoveryTypes.Evidence(i, signer, isGoogle ? KEY_1 : KEY_2);
        }
    }

    function _chain(IRecoveryTypes.Evidence[] memory evidence) private pure returns (uint72 chain) {
        for (uint256 i = 0; i < evidence.length; ++i) {
            bytes32 signer = keccak256(evidence[i].signer);
            chain = uint72(
                uint256(keccak256(abi.encode(chain, uint256(evidence[i].index), signer, evidence[i].evidence)))
            );
        }
    }
}
