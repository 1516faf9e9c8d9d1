// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {ForeignModule} from "../support/Modules.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Guardians, owners, relayers, strangers and a thief act at random on accounts, beside a model of what must happen.
/// @dev The model knows thresholds by the number of votes, and times; it shares no code with the module. Every action says
///      beforehand whether it must succeed. `mismatches` counts where the module disagreed.
contract RecoveryHandler is RecoveryFixture {
    uint256 public constant ACCOUNTS = 3;
    uint256 public constant ENTRIES = 9;

    struct Entry {
        uint256 account;
        uint256 seed;
        uint40 issuedAt;
        uint8 keep;
        // The model from here on.
        IRecoveryTypes.Status status;
        uint256 startedAt;
        uint256 readyAt;
        uint256 protectedAt;
        uint256 votes;
        uint256 epoch;
        bool executed;
    }

    struct Model {
        uint256 owner; // seed of the passkey at index 0
        uint256 extra; // seed of a passkey that a thief added, 0 = none
        bool foreign;
        uint256 floor;
        uint256 epoch;
    }

    Policy private policy;
    bytes private policyBytes;
    ForeignModule private module;

    IAccountUnderTest[ACCOUNTS] public accounts;
    Model[ACCOUNTS] public models;
    Entry[ENTRIES] public entries;

    uint256 public mismatches;
    string public lastMismatch;
    mapping(bytes32 action => uint256) public calls;
    mapping(bytes32 action => uint256) public successes;
    uint256 private seeds = 100;

    constructor() {
        _deploySystem();
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        module = new ForeignModule();
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            models[i].owner = 1 + i;
            accounts[i] = _newAccount(_passkey(1 + i), policyBytes, bytes32(i));
        }
        for (uint256 i = 0; i < ENTRIES; ++i) _propose(i, 0);
    }

    // ---------------------------------------------------------------- Actions

    /// @notice Somebody lost his passkeys and makes a new request in the place of an old one.
    function propose(uint256 which, uint8 keep) external {
        which = bound(which, 0, ENTRIES - 1);
        // Not over one that is still alive: the model would lose sight of it.
        Entry memory entry = entries[which];
        bool alive = entry.status != IRecoveryTypes.Status.None && !_isDead(entry);
        if (!alive) _propose(which, uint8(bound(keep, 0, 15)));
        _count("propose", !alive, !alive);
    }

    function start(uint256 which, uint256 mask) external {
        which = bound(which, 0, ENTRIES - 1);
        mask = bound(mask, 0, 15);
        Entry memory entry = entries[which];
        Model memory model = models[entry.account];
        (uint256 delay, uint256 protectedDelay) = _delays(_popcount(mask));
        bool wasVetoed = entry.status == IRecoveryTypes.Status.Vetoed;
        if (wasVetoed) delay = protectedDelay;
        uint256 nowAt = vm.getBlockTimestamp();
        bool wanted =
            (wasVetoed || entry.status == IRecoveryTypes.Status.None) &&
                delay != type(uint256).max &&
                entry.issuedAt > model.floor &&
                nowAt <= uint256(entry.issuedAt) + 7 days;
        (Recovery memory request, bytes32 digest) = requestOf(which);
        bytes memory call = abi.encodeCall(
            recovery.start,
            (request, policyBytes, _approvals(policy, mask, digest), _possession(_passkey(entry.seed), digest))
        );
        if (!_check("start", call, wanted)) return;
        if (delay == 0) return _executed(which);
        Entry storage stored = entries[which];
        stored.status = wasVetoed ? IRecoveryTypes.Status.Protected : IRecoveryTypes.Status.Scheduled;
        stored.startedAt = nowAt;
        stored.readyAt = nowAt + delay;
        stored.protectedAt = protectedDelay == type(uint256).max ? 0 : nowAt + protectedDelay;
        stored.votes = mask;
        stored.epoch = model.epoch;
    }

    function support(uint256 which, uint256 mask) external {
        which = _scheduled(which);
        mask = bound(mask, 0, 15);
        Entry memory entry = entries[which];
        (Recovery memory request, bytes32 digest) = requestOf(which);
        bool wanted = _isLive(entry) && vm.getBlockTimestamp() < entry.readyAt + 48 hours;
        bytes memory call = abi.encodeCall(recovery.support, (request, policyBytes, _approvals(policy, mask, digest)));
        if (!_check("support", call, wanted)) return;
        Entry storage stored = entries[which];
        stored.votes |= mask;
        (uint256 delay, uint256 protectedDelay) = _delays(_popcount(stored.votes));
        if (entry.status == IRecoveryTypes.Status.Protected) delay = protectedDelay;
        uint256 time = _atLeastNow(entry.startedAt, delay);
        if (time < entry.readyAt) stored.readyAt = time;
        time = _atLeastNow(entry.startedAt, protectedDelay);
        if (protectedDelay != type(uint256).max && (entry.protectedAt == 0 || time < entry.protectedAt)) {
            stored.protectedAt = time;
        }
    }

    function execute(uint256 which, bool wait) external {
        which = _scheduled(which);
        Entry memory entry = entries[which];
        if (wait && entry.readyAt > vm.getBlockTimestamp()) vm.warp(entry.readyAt);
        uint256 nowAt = vm.getBlockTimestamp();
        bool wanted = _isLive(entry) && nowAt >= entry.readyAt && nowAt < entry.readyAt + 48 hours;
        (Recovery memory request, bytes32 digest) = requestOf(which);
        bytes memory call = abi.encodeCall(
            recovery.execute,
            (request, _possession(_passkey(entry.seed), digest), new IRecoveryTypes.Evidence[](0))
        );
        if (_check("execute", call, wanted)) _executed(which);
    }

    function veto(uint256 which) external {
        which = _scheduled(which);
        Entry memory entry = entries[which];
        bool wanted =
            entry.status == IRecoveryTypes.Status.None ||
                (entry.status == IRecoveryTypes.Status.Scheduled && vm.getBlockTimestamp() < entry.readyAt + 48 hours);
        if (!_check("veto", _vetoCall(which, models[entry.account].owner), wanted)) return;
        Entry storage stored = entries[which];
        if (entry.status == IRecoveryTypes.Status.None || entry.protectedAt == 0) {
            stored.status = IRecoveryTypes.Status.Vetoed;
        } else {
            stored.status = IRecoveryTypes.Status.Protected;
            stored.readyAt = entry.protectedAt;
        }
    }

    /// @notice Anyone else tries to veto: a key the account never had, or another account's.
    function strangersVeto(uint256 which, bool otherOwner) external {
        which = bound(which, 0, ENTRIES - 1);
        uint256 seed = otherOwner ? models[(entries[which].account + 1) % ACCOUNTS].owner : 1;
        if (!otherOwner) seed = type(uint256).max;
        _check("strangersVeto", _vetoCall(which, seed), false);
    }

    /// @notice Approvals for one account, delivered for the next.
    function replay(uint256 which) external {
        which = bound(which, 0, ENTRIES - 1);
        (Recovery memory request, bytes32 digest) = requestOf(which);
        request.account = address(accounts[(entries[which].account + 1) % ACCOUNTS]);
        bytes memory possession = _possession(_passkey(entries[which].seed), recovery.hashRecovery(request));
        bytes memory call = abi.encodeCall(
            recovery.start,
            (request, policyBytes, _approvals(policy, 15, digest), possession)
        );
        _check("replay", call, false);
    }

    /// @notice A thief with a passkey adds one of his own or a module, and tries to get rid of the guardians.
    function thief(uint256 which, uint8 what) external {
        which = bound(which, 0, ACCOUNTS - 1);
        IAccountUnderTest account = accounts[which];
        bool did;
        // A recovery ends the account's transaction; the thief is back in the next one.
        skip(1);
        if (what % 3 == 0 && models[which].extra == 0) {
            Passkey memory own = _passkey(++seeds);
            did = _tryAsAccount(
                account,
                address(passkeys),
                abi.encodeCall(passkeys.addCredential, (own.credential, own.id, ""))
            );
            models[which].extra = seeds;
        } else if (what % 3 == 1 && !models[which].foreign) {
            bytes memory install = abi.encodeCall(account.installModule, (2, address(module), ""));
            did = _tryAsAccount(account, address(account), install);
            models[which].foreign = true;
        } else {
            uint40 issuedAt = uint40(vm.getBlockTimestamp());
            bytes memory set = abi.encodeCall(recovery.setPolicy, (address(account), policyBytes, issuedAt, ""));
            bytes memory uninstall = abi.encodeCall(account.uninstallModule, (2, address(recovery), ""));
            did =
                !_tryAsAccount(account, address(recovery), set) && !_tryAsAccount(account, address(account), uninstall);
        }
        if (!did) _mismatch("thief");
        _count("thief", true, did);
    }

    function wait_(uint256 time) external {
        skip(bound(time, 1, 30 hours));
        _count("wait", true, true);
    }

    // ---------------------------------------------------------------- For the invariants

    function requestOf(uint256 which) public view returns (Recovery memory request, bytes32 digest) {
        Entry memory entry = entries[which];
        request = _recovery(accounts[entry.account], policyBytes, _passkey(entry.seed));
        request.issuedAt = entry.issuedAt;
        request.deadline = entry.issuedAt + 7 days;
        request.keep = entry.keep;
        digest = recovery.hashRecovery(request);
    }

    /// @notice Compares everything stored with the model. Empty if they agree.
    function difference() external view returns (string memory) {
        for (uint256 i = 0; i < ENTRIES; ++i) {
            Entry memory entry = entries[i];
            (Recovery memory request, bytes32 digest) = requestOf(i);
            IRecoveryTypes.Record memory record = recovery.getRecord(request.account, digest);
            if (record.status != entry.status) return "status";
            if (record.startedAt != entry.startedAt || record.votes != entry.votes) return "votes";
            if (record.readyAt != entry.readyAt || record.protectedAt != entry.protectedAt) return "times";
            if (record.epoch != entry.epoch) return "epoch of a record";
        }
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            IRecoveryTypes.Head memory head = recovery.getHead(address(accounts[i]));
            if (head.policyId != uint160(uint256(keccak256(policyBytes)))) return "policy";
            if (head.floor != models[i].floor || head.epoch != models[i].epoch) return "floor or epoch";
            if (!_hasExactly(i)) return "passkeys";
            if (accounts[i].isModuleInstalled(2, address(module), "") != models[i].foreign) return "modules";
        }
        return "";
    }

    /// @notice Whether two honest guardians alone bring an unvetoed recovery of this account to its end. Leaves no trace.
    function honestQuorumCompletes(uint256 which) external returns (bool done) {
        uint256 snapshot = vm.snapshotState();
        Passkey memory fresh = _passkey(type(uint256).max - 1);
        Recovery memory request = _recovery(accounts[which], policyBytes, fresh);
        bytes32 digest = recovery.hashRecovery(request);
        if (request.issuedAt <= models[which].floor) {
            request.issuedAt = uint40(models[which].floor + 1);
            digest = recovery.hashRecovery(request);
        }
        bytes memory possession = _possession(fresh, digest);
        recovery.start(request, policyBytes, _approvals(policy, 3, digest), possession);
        skip(1 days);
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
        done = _isOnlyPasskey(accounts[which], fresh);
        vm.revertToState(snapshot);
    }

    /// @notice Whether the owner can stop or slow down every recovery that waits. Leaves no trace.
    function ownerCanVetoWhatWaits() external returns (bool able) {
        able = true;
        for (uint256 i = 0; i < ENTRIES && able; ++i) {
            Entry memory entry = entries[i];
            if (entry.status != IRecoveryTypes.Status.Scheduled || _isDead(entry)) continue;
            uint256 snapshot = vm.snapshotState();
            (able, ) = address(recovery).call(_vetoCall(i, models[entry.account].owner));
            vm.revertToState(snapshot);
        }
    }

    // ---------------------------------------------------------------- Model

    function _propose(uint256 which, uint8 keep) private {
        Entry storage entry = entries[which];
        delete entries[which];
        entry.account = which % ACCOUNTS;
        entry.seed = ++seeds;
        entry.keep = keep;
        uint256 floor = models[entry.account].floor;
        uint256 nowAt = vm.getBlockTimestamp();
        entry.issuedAt = uint40(nowAt > floor ? nowAt : floor + 1);
    }

    function _executed(uint256 which) private {
        Entry memory entry = entries[which];
        Model storage model = models[entry.account];
        if (entry.executed) _mismatch("executed twice");
        model.floor = entry.issuedAt;
        ++model.epoch;
        if (entry.keep & 8 == 0) model.foreign = false;
        if (entry.keep & 1 == 0) (model.owner, model.extra) = (entry.seed, 0);
        else kept[entry.account].push(entry.seed);
        if (entry.keep & 1 == 0) delete kept[entry.account];
        uint256 seed = entry.seed;
        uint256 account = entry.account;
        uint40 issuedAt = entry.issuedAt;
        delete entries[which];
        Entry storage stored = entries[which];
        (stored.seed, stored.account, stored.issuedAt, stored.keep) = (seed, account, issuedAt, entry.keep);
        stored.executed = true;
    }

    /// @dev Passkeys that recoveries added beside the others.
    mapping(uint256 account => uint256[]) private kept;

    function _hasExactly(uint256 which) private view returns (bool) {
        (, bytes24[] memory live, ) = passkeys.getCredentials(address(accounts[which]));
        Model memory model = models[which];
        uint256 count = 1 + (model.extra == 0 ? 0 : 1) + kept[which].length;
        if (live.length != count || !_contains(live, model.owner)) return false;
        if (model.extra != 0 && !_contains(live, model.extra)) return false;
        for (uint256 i = 0; i < kept[which].length; ++i) {
            if (!_contains(live, kept[which][i])) return false;
        }
        return true;
    }

    function _contains(bytes24[] memory live, uint256 seed) private pure returns (bool) {
        bytes24 wanted = bytes24(uint192(uint256(_passkey(seed).credential.commitment())));
        for (uint256 i = 0; i < live.length; ++i) if (live[i] == wanted) return true;
        return false;
    }

    function _isLive(Entry memory entry) private view returns (bool) {
        Model memory model = models[entry.account];
        return
            (entry.status == IRecoveryTypes.Status.Scheduled || entry.status == IRecoveryTypes.Status.Protected) &&
            entry.epoch == model.epoch &&
            entry.issuedAt > model.floor;
    }

    function _isDead(Entry memory entry) private view returns (bool) {
        if (entry.status == IRecoveryTypes.Status.Vetoed) {
            return vm.getBlockTimestamp() > uint256(entry.issuedAt) + 7 days;
        }
        return !_isLive(entry) || vm.getBlockTimestamp() >= entry.readyAt + 48 hours;
    }

    /// @dev The usual policy, by number of votes.
    function _delays(uint256 votes) private pure returns (uint256 delay, uint256 protectedDelay) {
        delay =
            votes == 4
                ? 0
                : votes >= 2
                    ? 1 days
                    : type(uint256).max;
        protectedDelay = votes >= 3 ? 3 days : type(uint256).max;
    }

    function _atLeastNow(uint256 startedAt, uint256 delay) private view returns (uint256) {
        if (delay == type(uint256).max) return delay;
        uint256 nowAt = vm.getBlockTimestamp();
        return startedAt + delay > nowAt ? startedAt + delay : nowAt;
    }

    /// @dev A recovery that has been started, if there is one from `which` on; so that most actions hit something.
    function _scheduled(uint256 which) private view returns (uint256) {
        which = bound(which, 0, ENTRIES - 1);
        for (uint256 i = 0; i < ENTRIES; ++i) {
            uint256 candidate = (which + i) % ENTRIES;
            if (_isLive(entries[candidate])) return candidate;
        }
        return which;
    }

    function _vetoCall(uint256 which, uint256 seed) private view returns (bytes memory) {
        (Recovery memory request, bytes32 digest) = requestOf(which);
        bytes memory signature = _ownerSignature(_passkey(seed), recovery.vetoDigest(request.account, digest));
        return abi.encodeCall(recovery.veto, (request.account, digest, signature));
    }

    function _check(bytes32 action, bytes memory call, bool wanted) private returns (bool success) {
        (success, ) = address(recovery).call(call);
        if (success != wanted) _mismatch(string.concat(_text(action), wanted ? " refused" : " accepted"));
        _count(action, true, success);
    }

    function _mismatch(string memory what) private {
        ++mismatches;
        lastMismatch = what;
    }

    function _count(bytes32 action, bool called, bool success) private {
        if (called) ++calls[action];
        if (success) ++successes[action];
    }

    function _text(bytes32 word) private pure returns (string memory) {
        return string(abi.encodePacked(word));
    }

    function _popcount(uint256 mask) private pure returns (uint256) {
        return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1);
    }
}
