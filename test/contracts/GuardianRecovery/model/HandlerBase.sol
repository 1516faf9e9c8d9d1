// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IRecoveryTypes} from "../../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../../support/IAccountUnderTest.sol";
import {ForeignModule} from "../../support/Modules.sol";
import {SabotageCode} from "../../support/OtherCode.sol";
import {Catalogue} from "./Catalogue.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {VotesModel} from "./VotesModel.sol";

/// @notice Three accounts and what acts on them; after every action, what may never happen is looked for.
/// @dev An action that does not end as the model says reverts with {WrongOutcome}, which fails the run.
abstract contract HandlerBase is Catalogue {
    uint256 public constant ACCOUNTS = 3;
    uint256 public constant ENTRIES = 9;
    uint256 public constant MODULES = 3;
    uint256 internal constant FUNDS = 1_000 ether;
    uint256 internal constant OWNERS_SIGNER = 0x5161;
    /// @dev Far above what any call of an owner needs, far below what a module could burn.
    uint256 internal constant OWNERS_GAS = 8_000_000;

    /// @dev For the selectors of an account's functions.
    IAccountUnderTest internal constant ACCOUNT = IAccountUnderTest(address(0));

    IAccountUnderTest[ACCOUNTS] public accounts;
    ForeignModule[MODULES] internal modules;
    address[3] internal codes;
    bytes32[ENTRIES] public digests;
    uint256 public steps;
    uint256 internal chain;
    uint256 internal seeds = 100;

    mapping(bytes32 action => uint256) public calls;
    mapping(bytes32 action => uint256) public successes;
    bytes32[] public actions;

    mapping(uint256 seed => bytes24) private _commitments;
    mapping(bytes32 digest => bytes32 message) private _messages;
    mapping(bytes32 digest => bool) internal wasExecuted;

    /// @dev What the monitor compares before and after.
    struct Seen {
        uint256[ENTRIES] status;
        bool[ENTRIES] isSuperseded;
        uint256[ACCOUNTS] floor;
        uint256[ACCOUNTS] epoch;
    }

    error WrongOutcome(string action, bool seen, bool wanted);
    error Forbidden(string what, uint256 which);

    /// @dev Numbers 13, 17, 39 and 43 of the invariants look at each step, not only at where it leads.
    modifier step() {
        ++steps;
        vm.chainId(chain);
        Seen memory before = _look();
        vm.record();
        _;
        _checkWrites();
        _checkMoves(before);
    }

    constructor() {
        chain = model.HERE();
        codes[0] = implementation;
        codes[1] = _deployImplementation(address(recovery));
        codes[2] = address(new SabotageCode());
        uint8[ACCOUNTS] memory first = [1, 0, 4];
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            modules[i] = new ForeignModule();
            accounts[i] = _newAccount(_passkey(1 + i), policyBytes[first[i]], bytes32(i));
            model.create(i, 1 + i, FUNDS);
            if (first[i] != 0) model.begin(i, first[i]);
            vm.deal(address(accounts[i]), FUNDS);
        }
        _fill(2);
    }

    /// @dev With as many passkeys as there can be.
    function _fill(uint256 i) private {
        for (uint256 seed = 8_001; seed < 8_032; ++seed) {
            Passkey memory own = _passkey(seed);
            vm.prank(address(accounts[i]));
            passkeys.addCredential(own.credential, own.id, "");
            model.addKey(i, seed, false);
            _commitments[seed] = _truncated(own);
        }
    }

    /// @notice The low 192 bits of what commits to a passkey.
    function _commitment(uint256 seed) internal view returns (bytes24 known) {
        known = _commitments[seed];
        if (known == 0) known = _truncated(_passkey(seed));
    }

    function _truncated(Passkey memory own) private pure returns (bytes24) {
        return bytes24(uint192(uint256(own.credential.commitment())));
    }

    // ---------------------------------------------------------------- Doing

    /// @notice Anyone delivers something to GuardianRecovery.
    function _try(bytes memory call) internal returns (bool success) {
        (success, ) = address(recovery).call(call);
    }

    function _check(bytes32 action, bool seen, bool wanted) internal {
        if (seen != wanted) revert WrongOutcome(string(abi.encodePacked(action)), seen, wanted);
        _count(action, seen);
    }

    function _count(bytes32 action, bool success) internal {
        if (calls[action] == 0) actions.push(action);
        ++calls[action];
        if (success) ++successes[action];
    }

    function actionCount() external view returns (uint256) {
        return actions.length;
    }

    /// @notice A live passkey of the account commands a call, as a userOp would: validated, not early, executed.
    function _command(uint256 i, address target, bytes memory data) internal returns (bool success) {
        return _command(i, target, 0, data);
    }

    function _command(uint256 i, address target, uint256 value, bytes memory data) internal returns (bool success) {
        uint256 index = model.someKey(i, seeds % 32);
        PackedUserOperation memory userOp;
        userOp.sender = address(accounts[i]);
        userOp.callData = abi.encodeCall(ACCOUNT.execute, (MODE_SINGLE, abi.encodePacked(target, value, data)));
        bytes32 hash = keccak256(abi.encode(userOp.sender, userOp.callData, ++seeds));
        userOp.signature = _assertion(_passkey(model.accountOf(i).keys[index]), uint8(index), hash);
        bytes memory answer;
        vm.prank(address(ENTRY_POINT));
        (success, answer) = userOp.sender.call{gas: OWNERS_GAS}(
            abi.encodeCall(ACCOUNT.validateUserOp, (userOp, hash, 0))
        );
        if (!success) return false;
        uint256 verdict = abi.decode(answer, (uint256));
        if (uint160(verdict) != 0 || (verdict != 0 && vm.getBlockTimestamp() <= verdict >> 208)) return false;
        vm.prank(address(ENTRY_POINT));
        (success, ) = userOp.sender.call{gas: OWNERS_GAS}(userOp.callData);
    }

    /// @notice Waits until then, or in one of four cases until the second before.
    function _until(uint256 time, uint256 random) internal {
        if (random % 4 == 0 && time != 0) --time;
        if (time > vm.getBlockTimestamp()) vm.warp(time);
    }

    // ---------------------------------------------------------------- Telling

    function _request(uint256 n) internal view returns (Recovery memory request) {
        RecoveryModel.Request memory asked = model.requestOf(n);
        request = _recovery(accounts[asked.account], policyBytes[asked.policy], _passkey(asked.key));
        request.keep = uint8(asked.keep);
        request.issuedAt = uint40(asked.issuedAt);
        request.deadline = uint40(asked.deadline);
        (uint256 here, uint256 elsewhere) = (model.HERE(), model.ELSEWHERE());
        if (asked.scope == 1) {
            request.chainIds = new uint256[](1);
            request.chainIds[0] = elsewhere;
        } else if (asked.scope != 0) {
            request.chainIds = new uint256[](2);
            (request.chainIds[0], request.chainIds[1]) = asked.scope == 2 ? (here, elsewhere) : (elsewhere, here);
        }
    }

    function _evidence(uint256 n) internal view returns (IRecoveryTypes.Evidence[] memory evidence) {
        VotesModel.Ground[] memory grounds = model.recordOf(n).grounds;
        uint256 policy = model.requestOf(n).policy;
        evidence = new IRecoveryTypes.Evidence[](grounds.length);
        for (uint256 g = 0; g < grounds.length; ++g) {
            (uint256 seat, uint256 key) = (grounds[g].seat, grounds[g].key);
            evidence[g] = IRecoveryTypes.Evidence(uint8(seat), _signerOf(policy, seat), bytes32(key));
        }
    }

    /// @notice A recovery that lives, if there is one from `n` on; so that most actions hit something.
    function _living(uint256 n) internal view returns (uint256) {
        n = bound(n, 0, ENTRIES - 1);
        for (uint256 k = 0; k < ENTRIES; ++k) if (model.isLive((n + k) % ENTRIES)) return (n + k) % ENTRIES;
        return n;
    }

    function _record(uint256 n) internal view returns (IRecoveryTypes.Record memory) {
        return recovery.getRecord(address(accounts[n % ACCOUNTS]), digests[n]);
    }

    /// @notice No two different messages have the same digest.
    function _digest(bytes32 digest, bytes memory message) internal returns (bytes32) {
        bytes32 known = _messages[digest];
        bytes32 id = keccak256(message);
        if (known != 0 && known != id) revert Forbidden("digest of two messages", uint256(digest));
        _messages[digest] = id;
        return digest;
    }

    // ---------------------------------------------------------------- Watching

    function _look() private view returns (Seen memory seen) {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            IRecoveryTypes.Head memory head = recovery.getHead(address(accounts[i]));
            (seen.floor[i], seen.epoch[i]) = (head.floor, head.epoch);
        }
        for (uint256 n = 0; n < ENTRIES; ++n) {
            IRecoveryTypes.Record memory record = _record(n);
            seen.status[n] = uint256(record.status);
            bool waits = seen.status[n] == 1 || seen.status[n] == 2;
            seen.isSuperseded[n] = waits && record.epoch != seen.epoch[n % ACCOUNTS];
        }
    }

    /// @dev Bits of what each status may become in one action: None, Scheduled, Protected, Vetoed, Cancelled.
    function _checkMoves(Seen memory was) private view {
        uint8[5] memory allowed = [27, 31, 29, 29, 16];
        Seen memory is_ = _look();
        for (uint256 n = 0; n < ENTRIES; ++n) {
            (uint256 from, uint256 to) = (was.status[n], is_.status[n]);
            if ((allowed[from] >> to) & 1 == 0) revert Forbidden("move of a recovery", from * 10 + to);
            if (was.isSuperseded[n] && to != from && to != 4) revert Forbidden("superseded, and yet it moved", n);
            if (wasExecuted[digests[n]] && (to == 1 || to == 2)) revert Forbidden("executed, and yet it waits", n);
        }
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (is_.floor[i] < was.floor[i]) revert Forbidden("floor fell", i);
            if ((is_.epoch[i] + 256 - was.epoch[i]) % 256 > 1) revert Forbidden("epoch jumped", i);
        }
    }

    /// @dev An account writes its own word and the tables of its modules, nothing else.
    function _checkWrites() private {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            (, bytes32[] memory writes) = vm.accesses(address(accounts[i]));
            for (uint256 w = 0; w < writes.length; ++w) {
                if (!_isDocumented(i, writes[w])) revert Forbidden("slot written", uint256(writes[w]));
            }
        }
    }

    function _isDocumented(uint256 i, bytes32 slot) private view returns (bool) {
        uint256 root = uint256(
            keccak256(abi.encode(uint256(keccak256("rekey.account.config")) - 1)) & ~bytes32(uint256(0xff))
        );
        if (uint256(slot) == root) return true;
        uint256 generations = model.accountOf(i).generation + 1;
        for (uint256 g = 0; g < generations; ++g) {
            for (uint256 m = 0; m < MODULES; ++m) {
                bytes32 module = bytes32(uint256(uint160(address(modules[m]))));
                bytes32 table = _entry(bytes32(g), bytes32(root + 1));
                if (slot == _entry(module, _entry(bytes32(uint256(1)), table))) return true;
                if (slot == _entry(module, _entry(bytes32(uint256(2)), table))) return true;
                if (slot == _entry(bytes32(_selector(m)), _entry(bytes32(g), bytes32(root + 2)))) return true;
                if (slot == _entry(module, _entry(bytes32(g), bytes32(root + 3)))) return true;
            }
        }
        return false;
    }

    function _entry(bytes32 key, bytes32 slot) private pure returns (bytes32) {
        return keccak256(abi.encode(key, slot));
    }

    /// @notice The function that a module answers as a fallback handler.
    function _selector(uint256 module) internal pure returns (bytes4) {
        return bytes4(keccak256(abi.encode("selector", module)));
    }
}
