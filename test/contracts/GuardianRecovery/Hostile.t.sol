// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {EvidenceGuardian} from "../support/EvidenceGuardian.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Code for an account that writes where it is told.
contract PlantingCode {
    function plant(bytes32 slot, bytes32 value) external {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}

/// @notice What a review in the role of an attacker found: each was possible once, or is a limit that is stated.
contract HostileTest is RecoveryFixture {
    bytes32 private constant ISSUER = keccak256("issuer");
    bytes32 private constant ISSUER_2 = keccak256("issuer 2");
    bytes32 private constant KEY_1 = keccak256("key 1");
    bytes32 private constant KEY_2 = keccak256("key 2");
    bytes32 private constant CONFIG =
        keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff));

    EvidenceGuardian private verifier;
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;
    uint40 private nowAt;

    /// @dev Two wallets and two issuers. One: 10 days, vetoable. Two of two kinds: 1 day, protected.
    function setUp() public {
        _deploySystem();
        verifier = new EvidenceGuardian();
        verifier.use(ISSUER, KEY_1);
        verifier.use(ISSUER_2, KEY_2);
        Policy memory made;
        made.salt = keccak256("salt");
        made.windowHours = 48;
        made.tiers = new Tier[](2);
        made.tiers[0] = Tier(1, 1, 10 days, false);
        made.tiers[1] = Tier(2, 2, 1 days, true);
        made.guardians = new Guardian[](4);
        made.guardians[0] = _eoaGuardian(0xa11ce);
        made.guardians[1] = _eoaGuardian(0xb0b);
        made.guardians[2] = _evidenceGuardian(5, address(verifier), abi.encode(ISSUER));
        made.guardians[3] = _evidenceGuardian(5, address(verifier), abi.encode(ISSUER_2));
        _sort(made.guardians);
        _store(policy, made);
        policyBytes = _encode(policy);
        owner = _passkey(1);
        fresh = _passkey(2);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        skip(1 days);
        nowAt = uint40(vm.getBlockTimestamp());
        request = _recovery(account, policyBytes, fresh);
        request.deadline = nowAt + 30 days;
        digest = recovery.hashRecovery(request);
    }

    /// [74] [123] a recount moves no time into the past: the thief's veto after it does not close the window
    function test_recountThenVetoKeepsTheWindow() public {
        _start(request, policy, _bit(_alice()), fresh);
        skip(5 days);
        _support(request, policy, _bit(_issuer(ISSUER)) | _bit(_issuer(ISSUER_2)));
        assertEq(_record(request).protectedAt, nowAt + 5 days);
        verifier.revoke(KEY_1, true);
        recovery.recount(request, policyBytes, _evidence(true, true), 0);
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, _evidence(false, true));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [75] a lone guardian starts as many as he likes: one veto stops them all
    function test_oneVetoStopsAFlood() public {
        Recovery[] memory flood = new Recovery[](3);
        for (uint40 i = 0; i < 3; ++i) {
            flood[i] = _recovery(account, policyBytes, fresh);
            flood[i].deadline += i;
            _start(flood[i], policy, _bit(_alice()), fresh);
        }
        bytes32 first = recovery.hashRecovery(flood[0]);
        vm.prank(address(account));
        recovery.veto(address(account), first, "");
        skip(10 days);
        bytes memory possession = _possession(fresh, recovery.hashRecovery(flood[2]));
        bytes32 last = recovery.hashRecovery(flood[2]);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Benched.selector, last));
        recovery.execute(flood[2], possession, new IRecoveryTypes.Evidence[](0));
        bytes memory approvals = _approvals(policy, _bit(_alice()), last);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Benched.selector, last));
        recovery.support(flood[2], policyBytes, approvals);
        // The bench is over: what begins now counts again.
        flood[2] = _recovery(account, policyBytes, fresh);
        flood[2].deadline += 9;
        _start(flood[2], policy, _bit(_alice()), fresh);
        skip(10 days);
        _execute(flood[2], fresh);
    }

    /// [102] what a genesis thief calls off before setup does not make approvals stale
    function test_floorBeforeSetup() public {
        IAccountUnderTest bare = _bareAccount(owner, policyBytes, keccak256("chain two"));
        request = _recovery(bare, policyBytes, fresh);
        bytes memory data = abi.encodeCall(
            recovery.cancelChange,
            (address(bare), IRecoveryTypes.ChangeKind.Policy, 1, nowAt + 15 minutes, "")
        );
        _asAccount(bare, address(recovery), 0, data);
        _newAccount(owner, policyBytes, keccak256("chain two"));
        _start(request, policy, 3, fresh);
    }

    /// [75] [123] a guardian whose verifier changes its mind holds nobody up: a vote that changes no time can be dropped
    function test_evidenceThatComesAndGoes() public {
        uint256 honest = _bit(_alice()) | _bit(_issuer(ISSUER));
        _start(request, policy, honest, fresh);
        _support(request, policy, _bit(_issuer(ISSUER_2)));
        bytes memory possession = _possession(fresh, digest);
        skip(1 days);
        verifier.revoke(KEY_2, true); // before the attempt to execute
        uint256 second = _issuer(ISSUER_2);
        IRecoveryTypes.Evidence[] memory both = _evidence(true, true);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.EvidenceFailed.selector, second));
        recovery.execute(request, possession, both);
        verifier.revoke(KEY_2, false); // before the attempt to recount
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NothingLost.selector, digest));
        recovery.recount(request, policyBytes, both, 0);
        // Not a vote that the times rest on.
        uint32 needed = uint32(_bit(_issuer(ISSUER)) | _bit(second));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NothingLost.selector, digest));
        recovery.recount(request, policyBytes, both, needed);
        recovery.recount(request, policyBytes, both, uint32(_bit(second)));
        verifier.revoke(KEY_2, true);
        recovery.execute(request, possession, _evidence(true, false));
        assertTrue(_isOnlyPasskey(account, fresh), "the honest quorum got through");
    }

    /// [73] [75] a vote that comes and goes again and again keeps neither a recovery nor its hold open
    function test_comingAndGoingExtendsNothing() public {
        _start(request, policy, _bit(_alice()), fresh);
        uint256 closesAt = nowAt + 10 days + 48 hours;
        for (uint256 i = 0; i < 5; ++i) {
            skip(61 minutes);
            _support(request, policy, _bit(_issuer(ISSUER_2)));
            IRecoveryTypes.Record memory record = _record(request);
            assertGe(record.readyAt + uint256(record.windowHours) * 1 hours, closesAt, "no earlier");
            verifier.revoke(KEY_2, true);
            recovery.recount(request, policyBytes, _evidence(false, true), 0);
            verifier.revoke(KEY_2, false);
            record = _record(request);
            assertEq(record.readyAt, nowAt + 10 days);
            assertEq(record.windowHours, 48, "no later");
            assertLe(recovery.getAux(address(account)).holdUntil, closesAt + 1 days + 1 hours, "no longer held");
        }
    }

    /// [77] a vote that makes it faster does not close the window earlier than people were told
    function test_fasterDoesNotCloseEarlier() public {
        _start(request, policy, _bit(_alice()), fresh);
        skip(1 days);
        _support(request, policy, _bit(_issuer(ISSUER_2)));
        vm.warp(nowAt + 10 days); // when the guardians were told to come back
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, _evidence(false, true));
    }

    /// a stated limit: other code, once the policy let it in, can leave modules behind for after the recovery
    function test_limit_plantedForTheNextGeneration() public {
        PlantingCode code = new PlantingCode();
        IRecoveryTypes.ChangeKind kind = IRecoveryTypes.ChangeKind.Upgrade;
        vm.prank(address(account));
        recovery.announce(address(account), kind, address(code), nowAt, "");
        skip(11 days);
        _asAccount(account, address(account), 0, abi.encodeCall(account.upgradeTo, (address(code))));
        bytes32 slot = keccak256(abi.encode(uint256(account.generation()) + 1, uint256(CONFIG) + 1));
        slot = keccak256(abi.encode(address(0xbad), keccak256(abi.encode(uint256(2), slot))));
        PlantingCode(address(account)).plant(slot, bytes32(uint256(1)));
        request = _recovery(account, policyBytes, fresh);
        _start(request, policy, (1 << _alice()) | (1 << _issuer(ISSUER)), fresh);
        digest = recovery.hashRecovery(request);
        skip(1 days);
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, _evidence(true, false));
        assertTrue(_isOnlyPasskey(account, fresh));
        assertTrue(account.isModuleInstalled(2, address(0xbad), ""), "the thief's executor");
    }

    /// [73] but it cannot lock the guardians out by writing the account's word
    function test_guardiansAreNotLockedOut() public {
        PlantingCode code = new PlantingCode();
        IRecoveryTypes.ChangeKind kind = IRecoveryTypes.ChangeKind.Upgrade;
        vm.prank(address(account));
        recovery.announce(address(account), kind, address(code), nowAt, "");
        skip(11 days);
        _asAccount(account, address(account), 0, abi.encodeCall(account.upgradeTo, (address(code))));
        uint256 config = uint256(vm.load(address(account), CONFIG));
        PlantingCode(address(account)).plant(CONFIG, bytes32(config & ~(uint256(0xff) << 216)));
        request = _recovery(account, policyBytes, fresh);
        _start(request, policy, (1 << _alice()) | (1 << _issuer(ISSUER)), fresh);
        digest = recovery.hashRecovery(request);
        skip(1 days);
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, _evidence(true, false));
        assertTrue(_isOnlyPasskey(account, fresh));
        assertTrue(account.isModuleInstalled(1, address(passkeys), ""));
        assertTrue(account.isModuleInstalled(2, address(recovery), ""));
    }

    /// [72] a stated limit: a hold outlives the recovery that it was for
    function test_limit_holdOutlivesACancelledRecovery() public {
        uint256 both = _bit(_alice()) | _bit(_issuer(ISSUER));
        _start(request, policy, both, fresh);
        bytes32 message = recovery.guardianCancelDigest(address(account), keccak256(policyBytes), digest);
        // codes and wallets would do; evidence guardians sign anything in this test
        recovery.guardianCancel(address(account), digest, policyBytes, _approvals(policy, both, message));
        assertEq(recovery.getAux(address(account)).holdUntil, nowAt + 1 days + 48 hours);
    }

    /// [73] [123] a recount that makes a protected recovery slower makes its hold longer
    function test_recountHoldsLonger() public {
        Policy memory made = policy;
        made.tiers = new Tier[](2);
        made.tiers[0] = Tier(2, 2, 20 days, true);
        made.tiers[1] = Tier(3, 2, 1 days, true);
        bytes memory bytes_ = _encode(made);
        account = _newAccount(owner, bytes_, keccak256("slow"));
        made.salt = keccak256("thief");
        bytes memory thiefs = _encode(made);
        made.salt = policy.salt;
        vm.prank(address(account));
        recovery.setPolicy(address(account), thiefs, nowAt, "");

        skip(5 days);
        request = _recovery(account, bytes_, fresh);
        digest = recovery.hashRecovery(request);
        uint256 three = _bit(_alice()) | _bit(_issuer(ISSUER)) | _bit(_issuer(ISSUER_2));
        bytes memory approvals = _approvals(policy, three, digest);
        recovery.start(request, bytes_, approvals, _possession(fresh, digest));
        verifier.revoke(KEY_1, true);
        recovery.recount(request, bytes_, _evidence(true, true), 0);
        assertEq(_record(request).protectedAt, nowAt + 25 days);

        vm.warp(nowAt + 21 days);
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveryTypes.Held.selector, nowAt + 21 days, nowAt + 25 days + 48 hours)
        );
        recovery.applyPolicy(address(account), thiefs);
        vm.warp(nowAt + 25 days);
        recovery.execute(request, _possession(fresh, digest), _evidence(false, true));
    }

    /// [75] a lone guardian of great weight, who could not start a protected recovery, calls off none
    function test_loneGuardianCallsOffNothingProtected() public {
        Policy memory made = policy;
        made.guardians[_alice()].weight = 5;
        made.tiers = new Tier[](2);
        made.tiers[0] = Tier(5, 1, 10 days, false);
        made.tiers[1] = Tier(2, 2, 1 days, true);
        bytes memory bytes_ = _encode(made);
        account = _newAccount(owner, bytes_, keccak256("heavy"));
        request = _recovery(account, bytes_, fresh);
        digest = recovery.hashRecovery(request);
        uint256 honest = _bit(_indexOf(policy, abi.encodePacked(vm.addr(0xb0b)))) | _bit(_issuer(ISSUER));
        recovery.start(request, bytes_, _approvals(policy, honest, digest), _possession(fresh, digest));
        bytes32 message = recovery.guardianCancelDigest(address(account), keccak256(bytes_), digest);
        bytes memory alone = _approvals(policy, _bit(_alice()), message);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 5, 1));
        recovery.guardianCancel(address(account), digest, bytes_, alone);
    }

    // ---------------------------------------------------------------- Helpers

    function _bit(uint256 index) private pure returns (uint256) {
        return 1 << index;
    }

    function _alice() private view returns (uint256) {
        return _indexOf(policy, abi.encodePacked(vm.addr(0xa11ce)));
    }

    function _issuer(bytes32 issuer) private view returns (uint256) {
        return _indexOf(policy, abi.encodePacked(address(verifier), issuer));
    }

    function _evidence(bool first, bool second) private view returns (IRecoveryTypes.Evidence[] memory list) {
        uint256 one = _issuer(ISSUER);
        uint256 two = _issuer(ISSUER_2);
        list = new IRecoveryTypes.Evidence[]((first ? 1 : 0) + (second ? 1 : 0));
        IRecoveryTypes.Evidence memory a = IRecoveryTypes.Evidence(
            uint8(one),
            abi.encodePacked(address(verifier), ISSUER),
            KEY_1
        );
        IRecoveryTypes.Evidence memory b = IRecoveryTypes.Evidence(
            uint8(two),
            abi.encodePacked(address(verifier), ISSUER_2),
            KEY_2
        );
        if (first && second) {
            (list[0], list[1]) = _startedTogether() ? (one < two ? (a, b) : (b, a)) : (a, b);
        } else if (first) {
            list[0] = a;
        } else if (second) {
            list[0] = b;
        }
    }

    /// @dev Test A adds both in one call (order of index), test D one after the other.
    function _startedTogether() private view returns (bool) {
        return _record(request).protectedAt != nowAt + 1 days;
    }
}
