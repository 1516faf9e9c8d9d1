// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangesModel} from "./ChangesModel.sol";

/// @notice Recoveries of three accounts as the specification has them.
contract RecoveryModel is ChangesModel {
    uint256 internal constant LIFETIME = 30 days;
    uint256 internal constant BENCH = 7 days;

    uint256 public constant NONE = 0;
    uint256 public constant SCHEDULED = 1;
    uint256 public constant PROTECTED = 2;
    uint256 public constant VETOED = 3;
    uint256 public constant CANCELLED = 4;

    /// @dev Chains a request names: all; only the other one; both, ascending; both, descending.
    uint256 public constant SCOPES = 4;
    uint256 public constant HERE = 31_337;
    uint256 public constant ELSEWHERE = 40_000;

    /// @param key Seed of the new passkey.
    struct Request {
        uint256 account;
        uint256 policy;
        uint256 key;
        uint256 keep;
        uint256 scope;
        uint256 issuedAt;
        uint256 deadline;
    }

    struct Record {
        uint256 status;
        uint256 startedAt;
        uint256 readyAt;
        uint256 guardedAt;
        uint256 window;
        uint256 votes;
        uint256 epoch;
        Ground[] grounds;
    }

    mapping(uint256 => Request) internal _requests;
    mapping(uint256 => Record) internal _records;

    function requestOf(uint256 n) external view returns (Request memory) {
        return _requests[n];
    }

    function recordOf(uint256 n) external view returns (Record memory) {
        return _records[n];
    }

    function propose(uint256 n, Request calldata request) external {
        _requests[n] = request;
        delete _records[n];
    }

    // ---------------------------------------------------------------- Actions

    function start(uint256 n, uint256 signed, uint256 code, uint256 chain) external returns (bool) {
        Request storage q = _requests[n];
        Record storage d = _records[n];
        if (!_isAcceptable(q, chain) || (d.status != NONE && d.status != VETOED)) return false;
        uint256 votes = _fresh(q.account, q.policy, signed, code, 0);
        Outlook memory o = _outlook(q.policy, votes, _benched(q.account));
        bool wasVetoed = d.status == VETOED;
        if (wasVetoed) o.any = o.guarded;
        if (o.any == NEVER) return false;
        _spendCodes(q.account, q.policy, votes, code);
        delete _records[n];
        if (o.any == 0) {
            _happens(q);
            return true;
        }
        d.status = wasVetoed ? PROTECTED : SCHEDULED;
        (d.startedAt, d.readyAt) = (block.timestamp, block.timestamp + o.any);
        if (o.guarded != NEVER) d.guardedAt = block.timestamp + o.guarded;
        (d.window, d.votes, d.epoch) = (_policies[q.policy].window, votes, _rules[q.account].epoch);
        _ground(d.grounds, q.policy, votes);
        _hold(q.account, d);
        return true;
    }

    function support(uint256 n, uint256 signed, uint256 code) external returns (bool) {
        Request storage q = _requests[n];
        Record storage d = _records[n];
        if (!isLive(n) || block.timestamp >= d.readyAt + d.window) return false;
        uint256 more = _fresh(q.account, q.policy, signed, code, d.votes);
        _spendCodes(q.account, q.policy, more, code);
        _ground(d.grounds, q.policy, more);
        d.votes |= more;
        Outlook memory o = _outlook(q.policy, d.votes, _benched(q.account));
        if (d.status == PROTECTED) o.any = o.guarded;
        uint256 time = _later(d.startedAt, o.any);
        if (time < d.readyAt) {
            // In whole hours, so that it closes when it would have or within the hour after.
            uint256 closes = d.readyAt + d.window;
            d.readyAt = time;
            while (d.readyAt + d.window < closes) d.window += 1 hours;
        }
        time = _later(d.startedAt, o.guarded);
        if (time != NEVER && (d.guardedAt == 0 || time < d.guardedAt)) d.guardedAt = time;
        _hold(q.account, d);
        return true;
    }

    function execute(uint256 n) external returns (bool) {
        Record storage d = _records[n];
        if (!isLive(n) || block.timestamp < d.readyAt || block.timestamp >= d.readyAt + d.window) return false;
        for (uint256 g = 0; g < d.grounds.length; ++g) if (isRevoked[d.grounds[g].key]) return false;
        delete _records[n];
        _happens(_requests[n]);
        return true;
    }

    function recount(uint256 n) external returns (bool) {
        Request storage q = _requests[n];
        Record storage d = _records[n];
        if (!isLive(n) || block.timestamp >= d.readyAt + d.window) return false;
        uint256 left = d.votes;
        for (uint256 g = 0; g < d.grounds.length; ++g) {
            if (isRevoked[d.grounds[g].key]) left &= ~(1 << d.grounds[g].seat);
        }
        if (left == d.votes) return false;
        Outlook memory o = _outlook(q.policy, left, _benched(q.account));
        bool isGuarded = d.status == PROTECTED;
        if (isGuarded) o.any = o.guarded;
        if (o.any == NEVER) {
            delete _records[n];
            if (isGuarded) d.status = VETOED;
            return true;
        }
        _dropGrounds(d.grounds, left);
        d.votes = left;
        // The window closes no earlier than the policy's after the new time, and as it would have, in whole hours.
        uint256 closes = d.readyAt + d.window;
        if (d.startedAt + o.any > d.readyAt) d.readyAt = d.startedAt + o.any;
        d.window = _policies[q.policy].window;
        while (d.readyAt + d.window + 1 hours <= closes) d.window += 1 hours;
        if (o.guarded == NEVER) d.guardedAt = 0;
        else if (d.startedAt + o.guarded > d.guardedAt) d.guardedAt = d.startedAt + o.guarded;
        _hold(q.account, d);
        return true;
    }

    function veto(uint256 n, bool owns) external returns (bool) {
        Request storage q = _requests[n];
        Record storage d = _records[n];
        if (!owns || d.status == VETOED || d.status == CANCELLED || d.status == PROTECTED) return false;
        if (d.status == SCHEDULED) {
            Rules storage r = _rules[q.account];
            if (d.epoch != r.epoch || block.timestamp >= d.readyAt + d.window) return false;
            if (d.guardedAt != 0) {
                (d.status, d.readyAt) = (PROTECTED, d.guardedAt);
                return true;
            }
            if (r.benchEpoch != d.epoch) r.benched = 0;
            r.benched |= d.votes;
            r.benchEpoch = d.epoch;
            r.benchedUntil = block.timestamp + BENCH;
        }
        d.status = VETOED;
        return true;
    }

    /// @param policy The one whose bytes are shown.
    function guardianCancel(uint256 n, uint256 policy, uint256 signed, uint256 code) external returns (bool) {
        uint256 account = _requests[n].account;
        if (policy == 0 || policy != _rules[account].policy || _records[n].status == CANCELLED) return false;
        uint256 votes = _fresh(account, policy, signed, code, 0) & ~_benched(account);
        if (!_reachesGreatest(policy, votes)) return false;
        _records[n].status = CANCELLED;
        return true;
    }

    /// @notice Votes that a drill counts.
    function drill(uint256 i, uint256 policy, uint256 signed, uint256 code) external view returns (bool, uint256) {
        if (policy == 0 || policy != _rules[i].policy) return (false, 0);
        return (true, _fresh(i, policy, signed, code, 0));
    }

    // ---------------------------------------------------------------- What is alive

    /// @notice It waits, and nothing newer has happened.
    function isLive(uint256 n) public view returns (bool) {
        Request storage q = _requests[n];
        Record storage d = _records[n];
        Rules storage r = _rules[q.account];
        if (d.status != SCHEDULED && d.status != PROTECTED) return false;
        if (d.epoch != r.epoch || q.issuedAt <= r.floor) return false;
        // One veto stops all that the same guardians had begun.
        bool allBenched = r.benchEpoch == d.epoch && d.votes & r.benched == d.votes;
        return d.guardedAt != 0 || !allBenched || d.startedAt + BENCH > r.benchedUntil;
    }

    /// @notice Nothing but votes is missing to start it, on whichever chain.
    function isStartable(uint256 n) external view returns (bool) {
        Record storage d = _records[n];
        return _isAcceptable(_requests[n], ELSEWHERE) && (d.status == NONE || d.status == VETOED);
    }

    /// @notice It can still become or stay a recovery.
    function isAlive(uint256 n) external view returns (bool) {
        Request storage q = _requests[n];
        Record storage d = _records[n];
        if (d.status == NONE || d.status == CANCELLED) return false;
        if (d.status == VETOED) return block.timestamp <= q.deadline;
        return isLive(n) && block.timestamp < d.readyAt + d.window;
    }

    // ---------------------------------------------------------------- Internal

    function _isAcceptable(Request storage q, uint256 chain) private view returns (bool) {
        Rules storage r = _rules[q.account];
        if (q.policy == 0 || q.policy != r.policy) return false;
        if (q.scope == 3 || (q.scope == 1 && chain != ELSEWHERE)) return false;
        if (q.issuedAt <= r.floor || q.issuedAt > block.timestamp + SKEW) return false;
        return block.timestamp <= q.deadline && q.deadline <= q.issuedAt + LIFETIME;
    }

    function _happens(Request storage q) private {
        Rules storage r = _rules[q.account];
        r.floor = q.issuedAt;
        ++r.epoch;
        _recover(q.account, q.key, q.keep);
    }

    function _hold(uint256 account, Record storage d) private {
        if (d.guardedAt == 0) return;
        Rules storage r = _rules[account];
        if (r.heldEpoch != d.epoch || r.heldUntil < d.guardedAt + d.window) {
            (r.heldUntil, r.heldEpoch) = (d.guardedAt + d.window, d.epoch);
        }
    }

    /// @dev Not in the past: the window has yet to open.
    function _later(uint256 startedAt, uint256 delay) private view returns (uint256 time) {
        if (delay == NEVER) return NEVER;
        time = startedAt + delay;
        if (time < block.timestamp) time = block.timestamp;
    }

    function _dropGrounds(Ground[] storage grounds, uint256 left) private {
        uint256 kept;
        for (uint256 g = 0; g < grounds.length; ++g) {
            if ((left >> grounds[g].seat) & 1 != 0) grounds[kept++] = grounds[g];
        }
        while (grounds.length > kept) grounds.pop();
    }
}
