// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryTypes} from "../../../../contracts/interfaces/IRecoveryTypes.sol";
import {IAccountUnderTest} from "../../support/IAccountUnderTest.sol";
import {Costs} from "./Costs.sol";
import {GuardianActions} from "./GuardianActions.sol";
import {RecoveryModel} from "./RecoveryModel.sol";
import {ChangesModel} from "./ChangesModel.sol";
import {AccountModel} from "./AccountModel.sol";

/// @notice Everything that is stored, compared with the model.
abstract contract Comparison is GuardianActions, Costs {
    /// @notice What differs between the contracts and the model. Empty if nothing does.
    function difference() external view returns (string memory problem) {
        for (uint256 n = 0; n < ENTRIES && bytes(problem).length == 0; ++n) problem = _recordDiffers(n);
        for (uint256 i = 0; i < ACCOUNTS && bytes(problem).length == 0; ++i) {
            problem = _rulesDiffer(i);
            if (bytes(problem).length == 0) problem = _keysDiffer(i);
            if (bytes(problem).length == 0) problem = _accountDiffers(i);
        }
    }

    function _recordDiffers(uint256 n) private view returns (string memory) {
        RecoveryModel.Record memory wanted = model.recordOf(n);
        IRecoveryTypes.Record memory seen = _record(n);
        if (uint256(seen.status) != wanted.status) return "status";
        if (seen.startedAt != wanted.startedAt || seen.readyAt != wanted.readyAt) return "times";
        if (seen.protectedAt != wanted.guardedAt || uint256(seen.windowHours) * 1 hours != wanted.window)
            return "times";
        if (seen.votes != wanted.votes) return "votes";
        if (seen.epoch != uint8(wanted.epoch)) return "epoch of a record";
        uint72 evidence;
        uint256 policy = model.requestOf(n).policy;
        for (uint256 g = 0; g < wanted.grounds.length; ++g) {
            (uint256 seat, uint256 key) = (wanted.grounds[g].seat, wanted.grounds[g].key);
            bytes32 signerId = keccak256(_signerOf(policy, seat));
            evidence = uint72(uint256(keccak256(abi.encode(evidence, seat, signerId, key))));
        }
        return seen.evidence == evidence ? "" : "evidence";
    }

    function _rulesDiffer(uint256 i) private view returns (string memory) {
        address account = address(accounts[i]);
        ChangesModel.Rules memory wanted = model.rulesOf(i);
        IRecoveryTypes.Head memory head = recovery.getHead(account);
        if (head.policyId != (wanted.policy == 0 ? 0 : uint160(uint256(_idOf(wanted.policy))))) return "policy";
        if (head.setAt != wanted.setAt) return "time of the policy";
        if (head.floor != wanted.floor || head.epoch != uint8(wanted.epoch)) return "floor or epoch";
        if (uint256(head.changeDays) * 1 days != model.changeDelay(i)) return "days of a change";
        if (head.native != (wanted.policy != 0)) return "native";
        IRecoveryTypes.Change memory change = recovery.getChange(account);
        if (uint256(change.kind) != wanted.nextKind || change.issuedAt != wanted.nextIssuedAt) return "change";
        if (change.value != _value(wanted.nextKind, wanted.next)) return "value of a change";
        if (change.readyAt != wanted.nextReadyAt || change.epoch != uint8(wanted.nextEpoch)) return "time of a change";
        IRecoveryTypes.Aux memory aux = recovery.getAux(account);
        if (aux.holdUntil != wanted.heldUntil || aux.holdEpoch != uint8(wanted.heldEpoch)) return "hold";
        if (aux.benched != wanted.benched || aux.benchedUntil != wanted.benchedUntil) return "bench";
        if (aux.benchEpoch != uint8(wanted.benchEpoch)) return "epoch of a bench";
        return aux.freezeReadyAt == wanted.freezableAt ? "" : "freeze";
    }

    function _keysDiffer(uint256 i) private view returns (string memory) {
        AccountModel.Account memory wanted = model.accountOf(i);
        (uint8[] memory places, bytes24[] memory live, bool[] memory proven) = passkeys.getCredentials(
            address(accounts[i])
        );
        uint256 count;
        for (uint256 k = 0; k < wanted.keys.length; ++k) if (wanted.keys[k] != 0) ++count;
        if (live.length != count || count == 0) return "number of passkeys";
        for (uint256 k = 0; k < live.length; ++k) {
            uint256 seed = wanted.keys[places[k]];
            if (live[k] != _commitment(seed)) return "passkeys";
            if (proven[k] != ((wanted.proven >> places[k]) & 1 != 0)) return "proven passkeys";
        }
        (, bytes32[] memory others) = signers.getSigners(address(accounts[i]));
        if (others.length != (wanted.signerLives ? 1 : 0)) return "signers";
        bool isOurs = others.length == 0 || others[0] == keccak256(abi.encodePacked(vm.addr(OWNERS_SIGNER)));
        return isOurs ? "" : "signer";
    }

    function _accountDiffers(uint256 i) private view returns (string memory) {
        IAccountUnderTest account = accounts[i];
        AccountModel.Account memory wanted = model.accountOf(i);
        if (address(account).balance != wanted.funds) return "funds";
        if (account.implementation() != codes[wanted.code]) return "code";
        if (account.frozenUntil() != wanted.frozenUntil || account.generation() != wanted.generation) return "frozen";
        if (!account.isModuleInstalled(1, address(passkeys), "")) return "PasskeyValidator";
        if (account.isModuleInstalled(1, address(signers), "") != wanted.hasSigners) return "SignerValidator";
        if (account.isModuleInstalled(2, address(recovery), "") != wanted.hasGuardians) return "GuardianRecovery";
        // Code that refuses every call tells nothing about its modules.
        if (wanted.code == model.SABOTAGE()) return "";
        for (uint256 m = 0; m < MODULES; ++m) {
            address module = address(modules[m]);
            bool any;
            for (uint256 kind = 1; kind < 4; ++kind) {
                bool is_ = model.isInstalled(i, m, kind);
                bytes memory context = kind == 3 ? abi.encodePacked(_selector(m)) : bytes("");
                if (account.isModuleInstalled(kind, module, context) != is_) return "modules";
                if (is_) any = true;
            }
            if (account.isModule(module) != any) return "flag of a module";
        }
        return "";
    }
}
