// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {EvidenceGuardian} from "../../support/EvidenceGuardian.sol";
import {HostileGuardian} from "../../support/Guardians.sol";
import {RecoveryCodes} from "../../support/RecoveryCodes.sol";
import {RecoveryFixture} from "../../support/RecoveryFixture.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {VotesModel} from "./VotesModel.sol";

/// @notice Four policies with guardians of every kind, in bytes for the module and in words for the model.
/// @dev 1: everybody; a protected tier, one at once. 2: the owner can veto everything. 3: he can veto nothing. 4: the
///      largest there can be, 32 guardians, half of them hidden.
abstract contract Catalogue is RecoveryFixture, RecoveryCodes {
    uint256 internal constant POLICIES = 4;
    uint256 internal constant CODES = 16;
    uint256 internal constant ISSUERS = 2;
    uint8 internal constant KIND_CODES = 4;
    uint8 internal constant KIND_TOKEN = 5;

    RecoveryModel public immutable model;
    EvidenceGuardian internal immutable issuers;
    HostileGuardian internal immutable hostile;

    Policy[POLICIES + 1] private _policies;
    bytes[POLICIES + 1] internal policyBytes;
    CodeSet[3] private _sets;

    constructor() {
        _deploySystem();
        model = new RecoveryModel();
        issuers = new EvidenceGuardian();
        hostile = new HostileGuardian();
        (_sets[1], _sets[2]) = (codeSet("first", CODES), codeSet("second", CODES));
        for (uint256 i = 1; i <= ISSUERS; ++i) _rotate(i, i);
        _add(1, _everybody());
        _add(2, _vetoable());
        _add(3, _unstoppable());
        _add(4, _largest());
    }

    // ---------------------------------------------------------------- Votes

    /// @notice Approvals by those in `voters`; those in `junk` sign something else, or with a code of another set.
    function _blob(
        uint256 policy,
        uint256 voters,
        uint256 junk,
        bytes32 digest,
        uint256 code
    ) internal view returns (bytes memory blob) {
        uint256 count = _policies[policy].guardians.length;
        for (uint256 i = 0; i < count; ++i) {
            if ((voters >> i) & 1 == 0) continue;
            blob = abi.encodePacked(blob, _item(i, _vote(policy, i, digest, code, (junk >> i) & 1 != 0)));
        }
    }

    function _signerOf(uint256 policy, uint256 seat) internal view returns (bytes memory) {
        return _policies[policy].guardians[seat].signer;
    }

    function _idOf(uint256 policy) internal view returns (bytes32) {
        return keccak256(policyBytes[policy]);
    }

    /// @notice From now on the issuer signs with this key.
    function _rotate(uint256 issuer, uint256 key) internal {
        issuers.use(bytes32(issuer), bytes32(key));
        model.useKey(issuer, key);
    }

    /// @notice A number of bits as there are guardians, more often few than many.
    function _voters(uint256 policy, uint256 random) internal view returns (uint256) {
        uint256 voters = random & ((1 << _policies[policy].guardians.length) - 1);
        return (random >> 64) % 4 == 0 ? voters & (random >> 128) : voters;
    }

    /// @notice Those of the voters who sign something else. The hostile one says yes to anything.
    function _junk(uint256 policy, uint256 voters, uint256 random) internal view returns (uint256 junk) {
        if ((random >> 72) % 8 != 0) return 0;
        junk = voters & (random >> 160);
        for (uint256 i = 0; i < _policies[policy].guardians.length; ++i) {
            if (_isHostile(_policies[policy].guardians[i])) junk &= ~(1 << i);
        }
    }

    function _vote(
        uint256 policy,
        uint256 seat,
        bytes32 digest,
        uint256 code,
        bool isJunk
    ) private view returns (bytes memory) {
        Guardian memory guardian = _policies[policy].guardians[seat];
        if (guardian.kind == KIND_CODES) {
            return signCode(_sets[isJunk ? 3 - guardian.seed : guardian.seed], code, digest);
        }
        return _isHostile(guardian) ? bytes(hex"aa") : _approval(guardian, isJunk ? ~digest : digest);
    }

    function _isHostile(Guardian memory guardian) private view returns (bool) {
        return guardian.signer.length == 20 && address(bytes20(guardian.signer)) == address(hostile);
    }

    // ---------------------------------------------------------------- Policies

    function _add(uint256 number, Policy memory policy) private {
        _sort(policy.guardians);
        policy.salt = bytes32(number);
        _store(_policies[number], policy);
        policyBytes[number] = _encode(policy);
        VotesModel.Tier[] memory tiers = new VotesModel.Tier[](policy.tiers.length);
        for (uint256 i = 0; i < tiers.length; ++i) {
            Tier memory tier = policy.tiers[i];
            tiers[i] = VotesModel.Tier(tier.weight, tier.kinds, tier.delay, tier.isProtected);
        }
        VotesModel.Seat[] memory seats = new VotesModel.Seat[](policy.guardians.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            Guardian memory guardian = policy.guardians[i];
            seats[i] = VotesModel.Seat({
                weight: guardian.weight,
                kind: guardian.kind,
                until: guardian.validUntil,
                codes: guardian.kind == KIND_CODES ? guardian.seed : 0,
                issuer: guardian.kind == KIND_TOKEN ? guardian.seed : 0,
                isHostile: _isHostile(guardian)
            });
        }
        model.addPolicy(tiers, seats, uint256(policy.windowHours) * 1 hours, uint256(policy.freezeHours) * 1 hours);
    }

    function _everybody() private returns (Policy memory policy) {
        (policy.windowHours, policy.freezeHours) = (48, 24);
        policy.tiers = new Tier[](3);
        policy.tiers[0] = Tier(2, 1, 1 days, false);
        policy.tiers[1] = Tier(4, 2, 3 days, true);
        policy.tiers[2] = Tier(8, 4, 0, false);
        policy.guardians = new Guardian[](10);
        policy.guardians[0] = _eoaGuardian(0xa11ce);
        policy.guardians[1] = _eoaGuardian(0xb0b);
        policy.guardians[2] = _walletGuardian(0xca401);
        policy.guardians[3] = _passkeyGuardian(0xda7e);
        policy.guardians[4] = _hidden(_eoaGuardian(0xe4e));
        policy.guardians[5] = _codesGuardian(1);
        policy.guardians[6] = _tokenGuardian(1);
        policy.guardians[7] = _hostileGuardian();
        policy.guardians[8] = _hidden(_tokenGuardian(2));
        policy.guardians[9] = _eoaGuardian(0xf4a4);
        policy.guardians[9].validUntil = uint40(vm.getBlockTimestamp() + 10 days);
    }

    function _vetoable() private returns (Policy memory policy) {
        policy.windowHours = 72;
        policy.tiers = new Tier[](2);
        policy.tiers[0] = Tier(2, 1, 6 hours, false);
        policy.tiers[1] = Tier(5, 3, 0, false);
        policy.guardians = new Guardian[](6);
        policy.guardians[0] = _eoaGuardian(0xa11ce);
        policy.guardians[1] = _walletGuardian(0xca402);
        policy.guardians[2] = _hidden(_passkeyGuardian(0xda7e));
        policy.guardians[3] = _codesGuardian(2);
        policy.guardians[4] = _tokenGuardian(1);
        policy.guardians[5] = _eoaGuardian(0x9e9e);
    }

    function _unstoppable() private returns (Policy memory policy) {
        (policy.windowHours, policy.freezeHours) = (48, 72);
        policy.tiers = new Tier[](2);
        policy.tiers[0] = Tier(3, 2, 2 days, true);
        policy.tiers[1] = Tier(6, 3, 0, true);
        policy.guardians = new Guardian[](6);
        policy.guardians[0] = _eoaGuardian(0xa11ce);
        policy.guardians[0].weight = 2;
        policy.guardians[1] = _eoaGuardian(0xb0b);
        policy.guardians[2] = _walletGuardian(0xca403);
        policy.guardians[3] = _hostileGuardian();
        policy.guardians[4] = _tokenGuardian(2);
        policy.guardians[5] = _codesGuardian(1);
    }

    function _largest() private returns (Policy memory policy) {
        (policy.windowHours, policy.freezeHours) = (48, 24);
        policy.tiers = new Tier[](4);
        policy.tiers[0] = Tier(8, 1, 1 days, false);
        policy.tiers[1] = Tier(12, 2, 3 days, true);
        policy.tiers[2] = Tier(30, 2, 1 hours, false);
        policy.tiers[3] = Tier(32, 2, 0, false);
        policy.guardians = new Guardian[](32);
        for (uint256 i = 0; i < 32; ++i) {
            Guardian memory guardian = i % 4 == 0 ? _walletGuardian(0x10000 + i) : _eoaGuardian(0x10000 + i);
            policy.guardians[i] = i % 2 == 0 ? _hidden(guardian) : guardian;
        }
    }

    function _codesGuardian(uint256 set) private view returns (Guardian memory) {
        bytes memory signer = abi.encodePacked(codeVerifier, keyOf(_sets[set]));
        return Guardian(KIND_CODES, 1, 0, signer, SignsAs.Verifier, set, 0, 0);
    }

    function _tokenGuardian(uint256 issuer) private view returns (Guardian memory guardian) {
        guardian = _evidenceGuardian(KIND_TOKEN, address(issuers), abi.encode(issuer));
        guardian.seed = issuer;
    }

    function _hostileGuardian() private view returns (Guardian memory) {
        return Guardian(KIND_CONTRACT, 1, 0, abi.encodePacked(address(hostile)), SignsAs.Wallet, 0, 0, 0);
    }
}
