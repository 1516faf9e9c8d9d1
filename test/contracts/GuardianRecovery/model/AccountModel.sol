// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What accounts are: passkeys, signers, modules, code, funds. A model beside the contracts: it imports none.
/// @dev Every action answers whether it must succeed, and if so has happened in the model.
abstract contract AccountModel {
    uint256 internal constant SLOTS = 32;
    uint256 internal constant MODULES = 3;

    /// @dev Code that an account runs.
    uint256 public constant OWN_CODE = 0;
    uint256 public constant SECOND_CODE = 1;
    uint256 public constant SABOTAGE = 2;

    uint256 public constant KEEP_PASSKEYS = 1;
    uint256 public constant KEEP_SIGNERS = 2;
    uint256 public constant KEEP_FOREIGN = 8;

    /// @param keys Seed of the passkey at each index, 0 for none.
    /// @param proven Bit by index.
    /// @param hadForeign A foreign module was installed in this generation.
    struct Account {
        uint256[32] keys;
        uint256 proven;
        bool hasSigners;
        bool signerLives;
        bool hasGuardians;
        uint256 code;
        uint256 generation;
        bool hadForeign;
        uint256 frozenUntil;
        uint256 funds;
    }

    /// @dev The model itself forbids it.
    error NoPasskey(uint256 account);

    Account[3] internal _accounts;
    mapping(uint256 account => mapping(uint256 generation => mapping(uint256 module => mapping(uint256 kind => bool))))
        internal _installed;

    function accountOf(uint256 i) external view returns (Account memory) {
        return _accounts[i];
    }

    function isInstalled(uint256 i, uint256 module, uint256 kind) public view returns (bool) {
        return _installed[i][_accounts[i].generation][module][kind];
    }

    /// @notice True if the account obeys its passkeys now.
    function obeys(uint256 i) public view returns (bool) {
        Account storage a = _accounts[i];
        return a.code != SABOTAGE && block.timestamp > a.frozenUntil;
    }

    /// @notice Index of a live passkey from `from` on, round the table.
    function someKey(uint256 i, uint256 from) external view returns (uint256 index) {
        for (uint256 n = 0; n < SLOTS; ++n) {
            index = (from + n) % SLOTS;
            if (_accounts[i].keys[index] != 0) return index;
        }
        revert NoPasskey(i);
    }

    // ---------------------------------------------------------------- Actions

    function create(uint256 i, uint256 seed, uint256 funds) external {
        Account storage a = _accounts[i];
        (a.keys[0], a.proven, a.hasGuardians, a.funds) = (seed, 1, true, funds);
    }

    function addKey(uint256 i, uint256 seed, bool proven) external returns (bool) {
        if (!obeys(i)) return false;
        Account storage a = _accounts[i];
        uint256 free = _find(a, 0);
        if (free == SLOTS || _find(a, seed) != SLOTS) return false;
        a.keys[free] = seed;
        if (proven) a.proven |= 1 << free;
        return true;
    }

    function removeKey(uint256 i, uint256 index) external returns (bool) {
        Account storage a = _accounts[i];
        uint256 rest = a.proven & ~(1 << index);
        if (!obeys(i) || a.keys[index] == 0 || rest == 0) return false;
        (a.keys[index], a.proven) = (0, rest);
        return true;
    }

    /// @param what 0 installs SignerValidator with the signer, 1 removes it, 2 adds the signer, 3 revokes all.
    function signer(uint256 i, uint256 what) external returns (bool) {
        Account storage a = _accounts[i];
        if (!obeys(i)) return false;
        if (what == 0) {
            if (a.hasSigners) return false;
            (a.hasSigners, a.signerLives) = (true, true);
        } else if (what == 1) {
            if (!a.hasSigners) return false;
            (a.hasSigners, a.signerLives) = (false, false);
        } else if (what == 2) {
            // The validator takes it whether it is installed or not.
            if (a.signerLives) return false;
            a.signerLives = true;
        } else {
            a.signerLives = false;
        }
        return true;
    }

    /// @param willing The module does not revert.
    function install(uint256 i, uint256 module, uint256 kind, bool willing) external returns (bool) {
        if (!obeys(i) || isInstalled(i, module, kind) || !willing) return false;
        Account storage a = _accounts[i];
        _installed[i][a.generation][module][kind] = true;
        a.hadForeign = true;
        return true;
    }

    /// @param asked The module is asked and may refuse; otherwise it is only told.
    function remove(uint256 i, uint256 module, uint256 kind, bool asked, bool willing) external returns (bool) {
        if (!obeys(i) || !isInstalled(i, module, kind) || (asked && !willing)) return false;
        _installed[i][_accounts[i].generation][module][kind] = false;
        return true;
    }

    /// @notice The owner, or an executor he installed, sends funds away.
    function spend(uint256 i, uint256 amount) external returns (bool) {
        return _spend(i, amount);
    }

    function spendByExecutor(uint256 i, uint256 module, uint256 amount) external returns (bool) {
        return isInstalled(i, module, 2) && _spend(i, amount);
    }

    // ---------------------------------------------------------------- Internal

    function _spend(uint256 i, uint256 amount) private returns (bool) {
        Account storage a = _accounts[i];
        if (!obeys(i) || a.funds < amount) return false;
        a.funds -= amount;
        return true;
    }

    /// @dev A recovery: the new passkey is in, and out goes what it does not keep.
    function _recover(uint256 i, uint256 seed, uint256 keep) internal {
        Account storage a = _accounts[i];
        uint256 index = _find(a, seed);
        if (index == SLOTS) index = _find(a, 0);
        if (keep & KEEP_PASSKEYS == 0 || index == SLOTS) {
            delete a.keys;
            (index, a.proven) = (0, 0);
        }
        a.keys[index] = seed;
        a.proven |= 1 << index;
        if (keep & KEEP_SIGNERS == 0 && a.hasSigners) a.signerLives = false;
        if (keep & KEEP_FOREIGN == 0 && (a.code != OWN_CODE || a.hadForeign)) {
            (a.code, a.hadForeign) = (OWN_CODE, false);
            ++a.generation;
        }
        a.frozenUntil = 0;
    }

    function _find(Account storage a, uint256 seed) private view returns (uint256 index) {
        while (index < SLOTS && a.keys[index] != seed) ++index;
    }
}
