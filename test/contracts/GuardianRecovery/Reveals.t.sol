// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Hidden guardians who are another guardian's twin, wherever the two stand; and what reveals too little.
contract RevealsTest is RecoveryFixture {
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    Recovery private request;
    bytes32 private digest;

    function setUp() public {
        _deploySystem();
        fresh = _passkey(2);
    }

    /// [63] beside its twin in the open, which may be any guardian of the policy, from the first to the last
    function test_twinInTheOpenAnywhere() public {
        for (uint256 place = 0; place < 4; ++place) {
            Guardian[] memory guardians = new Guardian[](3);
            for (uint256 i = 0; i < 3; ++i) guardians[i] = _eoaGuardian(i + 1);
            _sort(guardians);
            bool isLast = place == 3;
            Guardian memory open = guardians[isLast ? 2 : place];
            Guardian[] memory all = new Guardian[](4);
            for (uint256 i = 0; i < 3; ++i) all[i] = guardians[i];
            all[3] = _twin(open, isLast);
            _sort(all);
            _use(all);
            assertEq(_id(policy.guardians[place]), _id(open));
            uint256 twins;
            for (uint256 i = 0; i < 4; ++i) if (policy.guardians[i].seed == open.seed) twins |= 1 << i;
            _expectNoTier(_approvals(policy, twins, digest));
            // The two others are two.
            _start(request, policy, 15 ^ twins, fresh);
        }
    }

    /// [63] two hidden ones with nobody before and between them
    function test_firstTwoHidden() public {
        Guardian[] memory guardians = new Guardian[](2);
        guardians[0] = _hidden(_eoaGuardian(1));
        guardians[1] = _twin(guardians[0], false);
        _use(guardians);
        _expectNoTier(_approvals(policy, 3, digest));
    }

    /// [65] [75] a reveal of any length too short loses its own vote, and no other
    function test_cutAnywhere() public {
        Guardian[] memory guardians = new Guardian[](2);
        guardians[0] = _hidden(_eoaGuardian(1));
        guardians[1] = _hidden(_eoaGuardian(2));
        _sort(guardians);
        _use(guardians);
        bytes memory good = _approval(policy.guardians[0], digest);
        bytes memory other = _item(1, _approval(policy.guardians[1], digest));
        for (uint256 length = 0; length < good.length; ++length) {
            bytes memory cut = new bytes(length);
            for (uint256 i = 0; i < length; ++i) cut[i] = good[i];
            _expectNoTier(abi.encodePacked(_item(0, cut), other));
        }
        recovery.start(request, policyBytes, abi.encodePacked(_item(0, good), other), _possession(fresh, digest));
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev The same signer behind a commitment that stands before or after `guardian`.
    function _twin(Guardian memory guardian, bool isBefore) private pure returns (Guardian memory twin) {
        twin = Guardian(guardian.kind, 1, 0, guardian.signer, guardian.signsAs, guardian.seed, 1, 0);
        do {
            twin.secret = keccak256(abi.encode(twin.secret));
        } while ((_id(twin) < _id(guardian)) != isBefore);
    }

    function _use(Guardian[] memory guardians) private {
        Policy memory made;
        made.windowHours = 48;
        made.tiers = new Tier[](1);
        made.tiers[0] = Tier(2, 1, 1 days, false);
        made.guardians = guardians;
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        IAccountUnderTest account = _newAccount(_passkey(1), policyBytes, keccak256(policyBytes));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    function _expectNoTier(bytes memory approvals) private {
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 1, 1));
        recovery.start(request, policyBytes, approvals, possession);
    }
}
