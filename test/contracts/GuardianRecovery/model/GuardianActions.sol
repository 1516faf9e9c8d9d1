// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {HostileGuardian} from "../../support/Guardians.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {VotesModel} from "./VotesModel.sol";
import {ChangesModel} from "./ChangesModel.sol";

/// @notice What guardians do, the good, the bad and those whose issuer has been hacked; and who delivers for them.
abstract contract GuardianActions is HandlerBase {
    constructor() {
        for (uint256 n = 0; n < ENTRIES; ++n) _propose(n, 0, 0);
    }

    /// @notice Somebody lost his passkeys and makes a new request in the place of one that is over.
    function propose(uint256 n, uint256 keep, uint256 random) external {
        ++steps;
        n = bound(n, 0, ENTRIES - 1);
        bool free = !model.isAlive(n);
        _count("propose", free);
        if (free) _propose(n, bound(keep, 0, 15), random);
    }

    function start(uint256 n, uint256 random, uint256 code) external {
        n = bound(n, 0, ENTRIES - 1);
        // Mostly one that can be started: else most calls would fail for the same reason.
        if ((random >> 240) % 8 != 0 && !model.isAlive(n) && !model.isStartable(n)) _propose(n, random >> 244, 0);
        uint256 voters = _voters(model.requestOf(n).policy, random);
        _start("start", n, voters, _junk(model.requestOf(n).policy, voters, random), code);
    }

    /// @notice Those whom the owner has stopped try it again with another request.
    function startAgain(uint256 n, uint256 code) external {
        n = bound(n, 0, ENTRIES - 1);
        for (uint256 k = 0; k < ENTRIES; ++k) {
            RecoveryModel.Record memory record = model.recordOf((n + k) % ENTRIES);
            uint256 next = (n + k + ACCOUNTS) % ENTRIES;
            if (record.status != model.VETOED() || record.votes == 0 || model.isAlive(next)) continue;
            _propose(next, 0, 0);
            return _start("startAgain", next, record.votes, 0, code);
        }
    }

    function _start(bytes32 action, uint256 n, uint256 voters, uint256 junk, uint256 code) private step {
        RecoveryModel.Request memory asked = model.requestOf(n);
        code = bound(code, 0, CODES - 1);
        voters &= (1 << model.seatsOf(asked.policy)) - 1;
        bytes memory call = abi.encodeCall(
            recovery.start,
            (
                _request(n),
                policyBytes[asked.policy],
                _blob(asked.policy, voters, junk, digests[n], code),
                _possession(_passkey(asked.key), digests[n])
            )
        );
        uint256 before = model.rulesOf(asked.account).epoch;
        bool wanted = model.start(n, voters & ~junk, code, chain);
        _check(action, _try(call), wanted);
        if (model.rulesOf(asked.account).epoch != before) _executed(n);
    }

    function support(uint256 n, uint256 random, uint256 code) external step {
        n = _living(n);
        uint256 policy = model.requestOf(n).policy;
        code = bound(code, 0, CODES - 1);
        uint256 voters = _voters(policy, random);
        uint256 junk = _junk(policy, voters, random);
        bytes memory blob = _blob(policy, voters, junk, digests[n], code);
        bytes memory call = abi.encodeCall(recovery.support, (_request(n), policyBytes[policy], blob));
        _check("support", _try(call), model.support(n, voters & ~junk, code));
    }

    function execute(uint256 n, uint256 wait) external step {
        n = _living(n);
        RecoveryModel.Request memory asked = model.requestOf(n);
        RecoveryModel.Record memory record = model.recordOf(n);
        if (wait % 32 == 1) _until(record.readyAt + record.window, wait >> 8);
        else if (wait % 4 != 0) _until(record.readyAt, wait >> 8);
        bytes memory possession = _possession(_passkey(asked.key), digests[n]);
        bytes memory call = abi.encodeCall(recovery.execute, (_request(n), possession, _evidence(n)));
        bool wanted = model.execute(n);
        _check("execute", _try(call), wanted);
        if (wanted) _executed(n);
    }

    function recount(uint256 n, uint256 random) external step {
        n = bound(n, 0, ENTRIES - 1);
        for (uint256 k = 0; k < ENTRIES && (!model.isLive(n) || model.recordOf(n).grounds.length == 0); ++k) {
            n = (n + 1) % ENTRIES;
        }
        VotesModel.Ground[] memory grounds = model.recordOf(n).grounds;
        // Mostly after somebody found out that an issuer's key is in other hands.
        if (random % 4 != 0 && grounds.length != 0) _revoke(grounds[random % grounds.length].key, true);
        uint256 policy = model.requestOf(n).policy;
        bytes memory call = abi.encodeCall(recovery.recount, (_request(n), policyBytes[policy], _evidence(n), 0));
        _check("recount", _try(call), model.recount(n));
        for (uint256 which = 1; which <= ISSUERS; ++which) {
            if (model.isRevoked(model.issuerKey(which))) _rotate(which, ++seeds);
        }
    }

    function guardianCancel(uint256 n, uint256 random, uint256 code) external step {
        n = random % 4 == 0 ? bound(n, 0, ENTRIES - 1) : _living(n);
        address account = address(accounts[n % ACCOUNTS]);
        uint256 policy = model.rulesOf(n % ACCOUNTS).policy;
        if (policy == 0 || (random >> 200) % 8 == 0) policy = 1 + ((random >> 208) % POLICIES);
        code = bound(code, 0, CODES - 1);
        // Mostly many: it takes the greatest tier.
        uint256 voters = _voters(policy, (random >> 220) % 4 == 0 ? random : type(uint256).max);
        bytes32 digest = recovery.guardianCancelDigest(account, _idOf(policy), digests[n]);
        _digest(digest, abi.encode("cancel", account, policy, digests[n]));
        bytes memory blob = _blob(policy, voters, 0, digest, code);
        bytes memory call = abi.encodeCall(recovery.guardianCancel, (account, digests[n], policyBytes[policy], blob));
        _check("guardianCancel", _try(call), model.guardianCancel(n, policy, voters, code));
    }

    function freeze(uint256 i, uint256 random, uint256 duration, uint256 age) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        address account = address(accounts[i]);
        uint256 policy = model.rulesOf(i).policy;
        if (policy == 0) policy = 1 + (random % POLICIES);
        duration = bound(duration, 0, 30 hours);
        uint256 issuedAt = vm.getBlockTimestamp() + 20 minutes - bound(age, 0, 28 hours);
        uint256 code = (random >> 200) % CODES;
        uint256 voters = _voters(policy, random);
        bytes32 digest = recovery.freezeDigest(account, _idOf(policy), uint32(duration), uint40(issuedAt));
        _digest(digest, abi.encode("freeze", account, policy, duration, issuedAt));
        bytes memory call = abi.encodeCall(
            recovery.freeze,
            (account, policyBytes[policy], uint32(duration), uint40(issuedAt), _blob(policy, voters, 0, digest, code))
        );
        bool wanted = model.freeze(i, policy, voters, code, duration, issuedAt);
        _check("freeze", _try(call), wanted);
        if (wanted) skip(1);
    }

    function drill(uint256 i, uint256 random) external step {
        i = bound(i, 0, ACCOUNTS - 1);
        address account = address(accounts[i]);
        uint256 policy = 1 + (random % POLICIES);
        if ((random >> 2) % 4 != 0 && model.rulesOf(i).policy != 0) policy = model.rulesOf(i).policy;
        uint256 code = (random >> 200) % CODES;
        uint256 voters = _voters(policy, random);
        uint40 deadline = uint40(vm.getBlockTimestamp() + 1 days);
        bytes32 digest = recovery.drillDigest(account, _idOf(policy), bytes32(random), deadline);
        _digest(digest, abi.encode("drill", account, policy, random, deadline));
        bytes memory blob = _blob(policy, voters, 0, digest, code);
        (bool wanted, uint256 votes) = model.drill(i, policy, voters, code);
        (bool success, bytes memory answer) = address(recovery).call(
            abi.encodeCall(recovery.drill, (account, policyBytes[policy], bytes32(random), deadline, blob))
        );
        _check("drill", success, wanted);
        if (success) {
            (uint32 seen, ) = abi.decode(answer, (uint32, uint8));
            if (seen != votes) revert Forbidden("votes in a drill", seen ^ votes);
        }
    }

    /// @notice An issuer gets a new key, or loses one to a thief, or takes that back.
    function issuer(uint256 which, uint256 what) external step {
        which = bound(which, 1, ISSUERS);
        uint256 key = model.issuerKey(which);
        if (what % 3 == 0) {
            _rotate(which, ++seeds);
        } else {
            _revoke(key, what % 3 == 1);
        }
        _count("issuer", true);
    }

    function hostileBehaves(uint256 behaviour) external step {
        HostileGuardian.Behaviour next = HostileGuardian.Behaviour(bound(behaviour, 0, 19) % 10);
        // Every other time it says yes: lies are what it is for.
        if (behaviour % 2 == 0) next = HostileGuardian.Behaviour.SaysYes;
        hostile.behave(next);
        model.setHostile(next == HostileGuardian.Behaviour.SaysYes);
        _count("hostileBehaves", true);
    }

    function wait_(uint256 time) external step {
        skip(bound(time, 1, 10 hours));
        _count("wait", true);
    }

    /// @notice The next actions are on the other chain, or back on this one.
    function travel() external step {
        chain = chain == model.HERE() ? model.ELSEWHERE() : model.HERE();
        _count("travel", true);
    }

    function _propose(uint256 n, uint256 keep, uint256 random) private {
        RecoveryModel.Request memory request;
        request.account = n % ACCOUNTS;
        ChangesModel.Rules memory rules = model.rulesOf(request.account);
        request.policy = rules.policy;
        if (rules.policy == 0 || random % 16 == 7) request.policy = 1 + ((random >> 4) % POLICIES);
        request.key = ++seeds;
        request.keep = keep % 16;
        uint256 scope = (random >> 8) % 16;
        request.scope = scope < model.SCOPES() ? scope : 0;
        uint256 when = (random >> 16) % 16;
        uint256 nowAt = vm.getBlockTimestamp();
        request.issuedAt =
            when == 1
                ? nowAt + 10 minutes
                : when == 2
                    ? nowAt + 16 minutes
                    : nowAt;
        if (request.issuedAt <= rules.floor && when != 3) request.issuedAt = rules.floor + 1;
        request.deadline = request.issuedAt + (when == 4 ? 30 days + 1 : 14 days);
        model.propose(n, request);
        digests[n] = _digest(recovery.hashRecovery(_request(n)), abi.encode(_request(n)));
    }

    function _revoke(uint256 key, bool is_) private {
        issuers.revoke(bytes32(key), is_);
        model.revoke(key, is_);
    }

    function _executed(uint256 n) private {
        if (wasExecuted[digests[n]]) revert Forbidden("executed twice", n);
        wasExecuted[digests[n]] = true;
        // What follows is in a transaction of its own.
        skip(1);
    }
}
