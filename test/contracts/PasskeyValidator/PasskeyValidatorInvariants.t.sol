// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {PasskeyValidator} from "../../../contracts/modules/PasskeyValidator.sol";
import {Credential} from "../../../contracts/types/Credential.sol";
import {PasskeyDeployer} from "../support/PasskeyDeployer.sol";
import {PasskeyHelper} from "../support/PasskeyHelper.sol";

/// @notice Three accounts and forty passkeys do everything the validator lets them, in any order.
/// @dev Keeps a model of what should be stored, and says before each call whether it should succeed.
contract RegistryHandler is PasskeyHelper {
    uint256 public constant ACCOUNTS = 3;
    uint256 public constant KEYS = 40;
    uint256 public constant SLOTS = 32;

    /// @dev One entry of the model: a key (1–40, 0 = none) and whether it has proven itself.
    struct Entry {
        uint256 key;
        bool isProven;
    }

    PasskeyValidator internal immutable VALIDATOR;
    mapping(address account => Entry[SLOTS]) internal model;
    bytes32[KEYS + 1] public commitments;

    error WrongOutcome(string action, bool seen, bool wanted);

    constructor(PasskeyValidator validator) {
        VALIDATOR = validator;
        for (uint256 key = 1; key <= KEYS; ++key) commitments[key] = credentialOf(key, passkey()).commitment();
    }

    // ---------------------------------------------------------------- The model

    function accountAt(uint256 i) public pure returns (address) {
        return address(uint160(0xacc0 + (i % ACCOUNTS)));
    }

    function entryOf(address account, uint256 index) external view returns (uint256 key, bool isProven) {
        Entry storage entry = model[account][index];
        return (entry.key, entry.isProven);
    }

    function liveCount(address account) public view returns (uint256 count) {
        for (uint256 i = 0; i < SLOTS; ++i) if (model[account][i].key != 0) ++count;
    }

    function _indexOf(address account, uint256 key) private view returns (uint256) {
        for (uint256 i = 0; i < SLOTS; ++i) if (model[account][i].key == key) return i;
        return SLOTS;
    }

    function _othersProven(address account, uint256 index) private view returns (bool) {
        for (uint256 i = 0; i < SLOTS; ++i) if (i != index && model[account][i].isProven) return true;
        return false;
    }

    function _reset(address account, uint256 key) private {
        delete model[account];
        if (key != 0) model[account][0] = Entry(key, true);
    }

    // ---------------------------------------------------------------- Actions

    function install(uint256 who, uint256 key, bool isEmpty) external {
        (address account, uint256 k) = (accountAt(who), _key(key));
        bool isLive = liveCount(account) != 0;
        bytes memory data = isEmpty ? bytes("") : abi.encode(_credential(k), credentialIdOf(k));
        bool done = _call(account, abi.encodeCall(VALIDATOR.onInstall, (data)), "install", isEmpty == isLive);
        if (done && !isEmpty) _reset(account, k);
    }

    function uninstall(uint256 who) external {
        // One in four, so that accounts live long enough to fill up.
        if (who % 4 != 0) return;
        address account = accountAt(who / 4);
        _call(account, abi.encodeCall(VALIDATOR.onUninstall, ("")), "uninstall", true);
        _reset(account, 0);
    }

    function add(uint256 who, uint256 key, bool isProven) external {
        _add(accountAt(who), _key(key), isProven);
    }

    /// @dev Up to the cap.
    function fill(uint256 who) external {
        if (who % 8 != 0) return;
        for (uint256 key = 1; key <= KEYS; ++key) _add(accountAt(who / 8), key, false);
    }

    function _add(address account, uint256 key, bool isProven) private {
        uint256 free = _indexOf(account, 0);
        bool wanted = liveCount(account) != 0 && free != SLOTS && _indexOf(account, key) == SLOTS;
        bytes memory proof = isProven ? _proof(account, key) : bytes("");
        bytes memory data = abi.encodeCall(VALIDATOR.addCredential, (_credential(key), credentialIdOf(key), proof));
        if (_call(account, data, "add", wanted)) model[account][free] = Entry(key, isProven);
    }

    /// @dev A well-formed call with a credential that is none.
    function addMalformed(uint256 who, uint256 key, uint256 flip) external {
        Credential memory credential = _credential(_key(key));
        credential.y ^= flip == 0 ? 1 : flip;
        bytes memory data = abi.encodeCall(VALIDATOR.addCredential, (credential, credentialIdOf(_key(key)), ""));
        _call(accountAt(who), data, "add malformed", false);
    }

    function prove(uint256 who, uint256 key, uint256 deliverer, bool isOwnProof) external {
        (address account, uint256 k) = (accountAt(who), _key(key));
        uint256 index = _indexOf(account, k);
        bytes memory proof = _proof(isOwnProof ? account : accountAt((who % ACCOUNTS) + 1), k);
        bytes memory data = abi.encodeCall(VALIDATOR.prove, (account, uint8(index), commitments[k], proof));
        bool wanted = index != SLOTS && isOwnProof;
        if (_call(accountAt(deliverer), data, "prove", wanted)) model[account][index].isProven = true;
    }

    /// @dev Names the passkey at `index`, or another one.
    function remove(uint256 who, uint256 index, uint256 key, bool isRightKey) external {
        address account = accountAt(who);
        index %= SLOTS;
        uint256 stored = model[account][index].key;
        uint256 named = isRightKey && stored != 0 ? stored : _key(key);
        bool wanted = stored == named && _othersProven(account, index);
        bytes24 expected = bytes24(uint192(uint256(commitments[named])));
        bytes memory data = abi.encodeCall(VALIDATOR.removeCredential, (uint8(index), expected));
        if (_call(account, data, "remove", wanted)) delete model[account][index];
    }

    function recover(uint256 who, uint256 key, bool keep, bool isPossessed) external {
        (address account, uint256 k) = (accountAt(who), _key(key));
        bytes32 digest = keccak256(abi.encode(who));
        bytes32 signed = VALIDATOR.possessionDigest(isPossessed ? digest : ~digest);
        bytes memory possession = statelessAssertion(k, passkey(), signed);
        bytes memory data = abi.encodeCall(VALIDATOR.recover, (_credential(k), keep, digest, possession));
        if (!_call(account, data, "recover", isPossessed)) return;
        uint256 index = _indexOf(account, k);
        if (index == SLOTS) index = _indexOf(account, 0);
        if (keep && index != SLOTS) model[account][index] = Entry(k, true);
        else _reset(account, k);
    }

    /// @dev A userOp by any key that names any index: valid exactly if that key is stored there.
    function sign(uint256 who, uint256 key, uint256 index, bytes32 hash, bool isRightIndex) external {
        (address account, uint256 k) = (accountAt(who), _key(key));
        index = isRightIndex ? _indexOf(account, k) : index % 64;
        bool wanted = index < SLOTS && model[account][index].key == k;
        _validate(account, hash, assertion(k, passkey(), hash, uint8(index)), wanted);
    }

    /// @dev Bytes that nobody signed.
    function forge(uint256 who, bytes32 hash, bytes calldata blob) external {
        _validate(accountAt(who), hash, blob, false);
    }

    function _validate(address account, bytes32 hash, bytes memory signature, bool wanted) private {
        PackedUserOperation memory userOp;
        (userOp.sender, userOp.signature) = (account, signature);
        vm.record();
        vm.prank(account);
        uint256 seen = VALIDATOR.validateUserOp(userOp, hash);
        (, bytes32[] memory writes) = vm.accesses(address(VALIDATOR));
        if (seen != (wanted ? 0 : 1)) revert WrongOutcome("validate", seen == 0, wanted);
        if (writes.length != 0) revert WrongOutcome("write in validation", true, false);
    }

    function _call(address account, bytes memory data, string memory action, bool wanted) private returns (bool done) {
        vm.prank(account);
        (done, ) = address(VALIDATOR).call(data);
        if (done != wanted) revert WrongOutcome(action, done, wanted);
    }

    function _key(uint256 key) private pure returns (uint256) {
        return 1 + (key % KEYS);
    }

    function _credential(uint256 key) private pure returns (Credential memory) {
        return credentialOf(key, passkey());
    }

    function _proof(address account, uint256 key) private view returns (bytes memory) {
        return statelessAssertion(key, passkey(), VALIDATOR.proveDigest(account, commitments[key]));
    }
}

/// @notice What holds after any sequence of calls by several accounts.
/// @dev The handler itself fails the run when a call succeeds or reverts against its model, when a userOp is valid
///      without a signature by a live passkey (7), when a removed passkey signs (8), and when validation reverts or
///      writes (6).
contract PasskeyValidatorInvariants is PasskeyDeployer {
    PasskeyValidator internal validator;
    RegistryHandler internal handler;

    function setUp() public {
        validator = deployPasskeyValidator();
        handler = new RegistryHandler(validator);
    }

    /// @dev The runner asks for the contracts it may call.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice An account with passkeys has a proven one: it cannot lock itself out by mistake.
    function invariant_01_aProvenPasskeyRemains() public view {
        for (uint256 i = 0; i < handler.ACCOUNTS(); ++i) {
            uint256 head = _word(handler.accountAt(i), 0);
            uint256 live = (head >> 192) & type(uint32).max;
            uint256 proven = head >> 224;
            assertEq(live != 0, proven != 0, "proven");
            assertEq(proven & ~live, 0, "proven but not live");
        }
    }

    /// @notice [I5] [I6] [I7] [I8] The words are those of the model, bit by bit: every stored key is one that was
    ///         registered (2), by its own account (5), and nothing remains of one that was removed (8, 25).
    function invariant_02_wordsAreThoseOfTheModel() public view {
        for (uint256 i = 0; i < handler.ACCOUNTS(); ++i) {
            address account = handler.accountAt(i);
            uint256 bitmaps;
            for (uint256 index = 32; index > 0; --index) {
                (uint256 key, bool isProven) = handler.entryOf(account, index - 1);
                if (key != 0) bitmaps |= 1 << (192 + index - 1);
                if (isProven) bitmaps |= 1 << (224 + index - 1);
                uint256 wanted = uint192(uint256(handler.commitments(key)));
                assertEq(_word(account, index - 1), index == 1 ? wanted | bitmaps : wanted);
            }
        }
    }

    /// @notice The list is the table: as long as the count, within the cap, and each entry at its index.
    function invariant_03_listAndTableAgree() public view {
        for (uint256 i = 0; i < handler.ACCOUNTS(); ++i) {
            address account = handler.accountAt(i);
            (uint8[] memory indexes, bytes24[] memory listed, bool[] memory proven) = validator.getCredentials(account);
            assertEq(indexes.length, handler.liveCount(account));
            assertLe(indexes.length, 32);
            assertEq(validator.isInitialized(account), indexes.length != 0);
            for (uint256 j = 0; j < indexes.length; ++j) {
                (uint256 key, bool isProven) = handler.entryOf(account, indexes[j]);
                assertEq(listed[j], bytes24(uint192(uint256(handler.commitments(key)))));
                assertEq(proven[j], isProven);
            }
        }
    }

    /// @notice No passkey is stored twice in one account.
    function invariant_04_passkeysAreUnique() public view {
        for (uint256 i = 0; i < handler.ACCOUNTS(); ++i) {
            (, bytes24[] memory listed, ) = validator.getCredentials(handler.accountAt(i));
            for (uint256 j = 0; j < listed.length; ++j) {
                assertNotEq(listed[j], 0);
                for (uint256 k = j + 1; k < listed.length; ++k) assertNotEq(listed[j], listed[k]);
            }
        }
    }

    function _word(address account, uint256 index) private view returns (uint256) {
        bytes32 base = keccak256(abi.encode(account, uint256(0)));
        return uint256(vm.load(address(validator), bytes32(uint256(base) + index)));
    }
}
