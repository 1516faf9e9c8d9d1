// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountModel} from "./AccountModel.sol";

/// @notice Policies and who votes under them, in the terms of the specification.
abstract contract VotesModel is AccountModel {
    uint256 internal constant NEVER = type(uint256).max;
    uint256 internal constant NOBODY = 0;

    /// @param codes Number of a set of recovery codes, 0 for no codes.
    /// @param issuer Number of the issuer whose key its vote rests on, 0 for none.
    /// @param isHostile Says what it likes.
    struct Seat {
        uint256 weight;
        uint256 kind;
        uint256 until;
        uint256 codes;
        uint256 issuer;
        bool isHostile;
    }

    struct Tier {
        uint256 weight;
        uint256 kinds;
        uint256 delay;
        bool isProtected;
    }

    /// @dev What votes lead to: delays, NEVER where no tier is reached.
    struct Outlook {
        uint256 any;
        uint256 guarded;
    }

    /// @dev A vote and the key of the issuer that it rests on.
    struct Ground {
        uint256 seat;
        uint256 key;
    }

    /// @dev Policies have the numbers 1, 2 and so on.
    struct Policy {
        Tier[] tiers;
        Seat[] seats;
        uint256 window;
        uint256 longestFreeze;
    }

    Policy[] internal _policies;
    mapping(uint256 account => mapping(uint256 set => uint256)) public spentCodes;
    mapping(uint256 issuer => uint256 key) public issuerKey;
    mapping(uint256 key => bool) public isRevoked;
    bool public hostileSaysYes;

    constructor() {
        _policies.push();
    }

    function addPolicy(Tier[] calldata tiers, Seat[] calldata seats, uint256 window, uint256 longestFreeze) external {
        Policy storage p = _policies.push();
        for (uint256 i = 0; i < tiers.length; ++i) p.tiers.push(tiers[i]);
        for (uint256 i = 0; i < seats.length; ++i) p.seats.push(seats[i]);
        (p.window, p.longestFreeze) = (window, longestFreeze);
    }

    function useKey(uint256 issuer, uint256 key) external {
        issuerKey[issuer] = key;
    }

    function revoke(uint256 key, bool is_) external {
        isRevoked[key] = is_;
    }

    function setHostile(bool saysYes) external {
        hostileSaysYes = saysYes;
    }

    function seatsOf(uint256 policy) external view returns (uint256) {
        return _policies[policy].seats.length;
    }

    /// @notice Guardians on whom one can always rely.
    function honest(uint256 policy) external view returns (uint256 votes) {
        Seat[] storage seats = _policies[policy].seats;
        for (uint256 s = 0; s < seats.length; ++s) {
            Seat storage seat = seats[s];
            if (seat.until == 0 && seat.codes == 0 && seat.issuer == 0 && !seat.isHostile) votes |= 1 << s;
        }
    }

    /// @notice True if everything that rules demand of a policy is so.
    function isSound(uint256 policy) external view returns (bool) {
        Policy storage p = _policies[policy];
        uint256 all = (1 << p.seats.length) - 1;
        uint256 lasting;
        for (uint256 s = 0; s < p.seats.length; ++s) if (p.seats[s].until == 0) lasting |= 1 << s;
        bool anyLasting;
        for (uint256 t = 0; t < p.tiers.length; ++t) {
            if (!_reaches(p, p.tiers[t], all) || p.tiers[t].weight == 0) return false;
            if (_reaches(p, p.tiers[t], lasting)) anyLasting = true;
        }
        return anyLasting;
    }

    // ---------------------------------------------------------------- Internal

    /// @dev A day more than the longest delay in whole days, two at least.
    function _changeDelay(uint256 policy) internal view returns (uint256 wait) {
        Tier[] storage tiers = _policies[policy].tiers;
        wait = 1 days;
        for (uint256 t = 0; t < tiers.length; ++t) {
            uint256 start = 1 days;
            while (start - 1 days < tiers[t].delay) start += 1 days;
            if (start > wait) wait = start;
        }
        if (wait < 2 days) wait = 2 days;
    }

    /// @dev Of those who signed, the ones whose vote is good now and was not counted before.
    function _fresh(
        uint256 account,
        uint256 policy,
        uint256 signed,
        uint256 code,
        uint256 counted
    ) internal view returns (uint256 votes) {
        Seat[] storage seats = _policies[policy].seats;
        for (uint256 s = 0; s < seats.length; ++s) {
            uint256 bit = 1 << s;
            if (signed & bit == 0 || counted & bit != 0) continue;
            Seat storage seat = seats[s];
            if (seat.until != 0 && block.timestamp > seat.until) continue;
            if (seat.isHostile && !hostileSaysYes) continue;
            if (seat.issuer != 0 && isRevoked[issuerKey[seat.issuer]]) continue;
            if (seat.codes != 0 && spentCodes[account][seat.codes] & (1 << code) != 0) continue;
            votes |= bit;
        }
    }

    function _spendCodes(uint256 account, uint256 policy, uint256 votes, uint256 code) internal {
        Seat[] storage seats = _policies[policy].seats;
        for (uint256 s = 0; s < seats.length; ++s) {
            if ((votes >> s) & 1 != 0 && seats[s].codes != 0) spentCodes[account][seats[s].codes] |= 1 << code;
        }
    }

    function _ground(Ground[] storage grounds, uint256 policy, uint256 votes) internal {
        Seat[] storage seats = _policies[policy].seats;
        for (uint256 s = 0; s < seats.length; ++s) {
            if ((votes >> s) & 1 == 0 || seats[s].issuer == 0) continue;
            grounds.push(Ground(s, issuerKey[seats[s].issuer]));
        }
    }

    /// @dev Benched guardians help only where the owner cannot veto.
    function _outlook(uint256 policy, uint256 votes, uint256 benched) internal view returns (Outlook memory o) {
        Policy storage p = _policies[policy];
        o = Outlook(NEVER, NEVER);
        for (uint256 t = 0; t < p.tiers.length; ++t) {
            Tier storage tier = p.tiers[t];
            if (!_reaches(p, tier, tier.isProtected ? votes : votes & ~benched)) continue;
            if (tier.delay < o.any) o.any = tier.delay;
            if (tier.isProtected && tier.delay < o.guarded) o.guarded = tier.delay;
        }
    }

    /// @dev The tier that takes most weight; of several, most kinds; and one that cannot be vetoed, if there is one.
    function _reachesGreatest(uint256 policy, uint256 votes) internal view returns (bool) {
        Policy storage p = _policies[policy];
        Tier storage top = p.tiers[0];
        bool needsProtected;
        bool hasProtected;
        for (uint256 t = 0; t < p.tiers.length; ++t) {
            Tier storage tier = p.tiers[t];
            if (tier.weight * 256 + tier.kinds > top.weight * 256 + top.kinds) top = tier;
            if (tier.isProtected) needsProtected = true;
            if (tier.isProtected && _reaches(p, tier, votes)) hasProtected = true;
        }
        return _reaches(p, top, votes) && (hasProtected || !needsProtected);
    }

    function _reaches(Policy storage p, Tier storage tier, uint256 votes) private view returns (bool) {
        uint256 weight;
        uint256 kinds;
        bool[32] memory seen;
        for (uint256 s = 0; s < p.seats.length; ++s) {
            if ((votes >> s) & 1 == 0) continue;
            Seat storage seat = p.seats[s];
            weight += seat.weight;
            if (!seen[seat.kind]) ++kinds;
            seen[seat.kind] = true;
        }
        return weight >= tier.weight && kinds >= tier.kinds;
    }
}
