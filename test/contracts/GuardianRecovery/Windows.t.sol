// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {EvidenceGuardian} from "../support/EvidenceGuardian.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice How many hours a recovery stays open after votes have moved the time from which it is ready.
contract RecoveryWindowsTest is RecoveryFixture {
    uint16 private constant WINDOW = 48;
    bytes32 private constant FIRST = keccak256("first issuer");
    bytes32 private constant SECOND = keccak256("second issuer");

    EvidenceGuardian private verifier;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    Recovery private request;

    function setUp() public {
        _deploySystem();
        fresh = _passkey(2);
        verifier = new EvidenceGuardian();
        verifier.use(FIRST, FIRST);
        verifier.use(SECOND, SECOND);
    }

    /// [75] ready earlier by hours and a second: it stays open for as many hours more, and one for the second
    function test_everyHourBegunIsAdded() public {
        uint32[6] memory earlier = [uint32(1), 3_599, 3_600, 3_601, 7_200, 7_201];
        uint16[6] memory added = [uint16(1), 1, 1, 2, 2, 3];
        for (uint256 i = 0; i < 6; ++i) {
            uint40 startedAt = _startWithTwo(1 days + earlier[i], 1 days, 1 days);
            _support(request, policy, _mask(true, false));
            assertEq(_record(request).readyAt, startedAt + 1 days);
            assertEq(_record(request).windowHours, WINDOW + added[i]);
        }
    }

    /// [123] a lost vote makes it ready later: it closes when it would have closed, be that longer than the window
    function test_recountKeepsTheTimeOfClosing() public {
        uint32[4] memory delays = [uint32(2 days), 2 days + 50, 2 days - 1, 60 hours];
        uint16[4] memory left = [uint16(72), 71, 72, 60];
        for (uint256 i = 0; i < 4; ++i) {
            uint40 startedAt = _startWithTwo(3 days, delays[i], 1 days);
            _support(request, policy, _mask(true, true));
            assertEq(_record(request).readyAt, startedAt + 1 days);
            assertEq(_record(request).windowHours, WINDOW + 48);
            IRecoveryTypes.Evidence[] memory evidence = _evidence();
            verifier.revoke(SECOND, true);
            recovery.recount(request, policyBytes, evidence, 0);
            assertEq(_record(request).readyAt, startedAt + delays[i]);
            assertEq(_record(request).windowHours, left[i]);
            verifier.revoke(SECOND, false);
        }
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev Two EOAs and two votes that rest on evidence; a new account, and a recovery started by the EOAs.
    function _startWithTwo(uint32 two, uint32 three, uint32 four) private returns (uint40 startedAt) {
        Policy memory made;
        made.salt = keccak256(abi.encode(two, three, four));
        made.windowHours = WINDOW;
        made.tiers = new Tier[](3);
        made.tiers[0] = Tier(2, 1, two, false);
        made.tiers[1] = Tier(3, 1, three, false);
        made.tiers[2] = Tier(4, 1, four, false);
        made.guardians = new Guardian[](4);
        made.guardians[0] = _eoaGuardian(0xa11ce);
        made.guardians[1] = _eoaGuardian(0xb0b);
        made.guardians[2] = _evidenceGuardian(5, address(verifier), abi.encode(FIRST));
        made.guardians[3] = _evidenceGuardian(5, address(verifier), abi.encode(SECOND));
        _sort(made.guardians);
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        IAccountUnderTest account = _newAccount(_passkey(1), policyBytes, keccak256(policyBytes));
        request = _recovery(account, policyBytes, fresh);
        _start(request, policy, 15 ^ _mask(true, true), fresh);
        return _record(request).startedAt;
    }

    function _mask(bool first, bool second) private view returns (uint256 mask) {
        if (first) mask |= 1 << _indexOf(policy, abi.encodePacked(address(verifier), FIRST));
        if (second) mask |= 1 << _indexOf(policy, abi.encodePacked(address(verifier), SECOND));
    }

    /// @dev Of both, in the order of the policy.
    function _evidence() private view returns (IRecoveryTypes.Evidence[] memory evidence) {
        evidence = new IRecoveryTypes.Evidence[](2);
        uint256 first = _indexOf(policy, abi.encodePacked(address(verifier), FIRST));
        uint256 second = _indexOf(policy, abi.encodePacked(address(verifier), SECOND));
        uint256 place = first < second ? 0 : 1;
        evidence[place] = IRecoveryTypes.Evidence(uint8(first), policy.guardians[first].signer, FIRST);
        evidence[1 - place] = IRecoveryTypes.Evidence(uint8(second), policy.guardians[second].signer, SECOND);
    }
}
