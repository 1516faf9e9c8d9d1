// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IAccountUnderTest} from "../../support/IAccountUnderTest.sol";
import {Liveness} from "./Liveness.sol";

/// @notice Two chains beside each other: the same so far on both, then other things on each. Tried out, undone.
abstract contract Chains is Liveness {
    /// @notice The same message does the same on two chains in the same state; and two recoveries delivered in either
    ///         order leave the same passkeys, signers and code: those of the newer one. Empty if so.
    function chainsDiffer(uint256 i) external returns (string memory problem) {
        uint256 policy = model.rulesOf(i).policy;
        if (policy == 0) return "";
        uint256 present = vm.snapshotState();
        // A bench is not part of what is asked here, and the newer request is a second ahead.
        skip(2);
        if (model.rulesOf(i).benchedUntil > vm.getBlockTimestamp()) vm.warp(model.rulesOf(i).benchedUntil);
        Quest memory older = _quest(i, 7_001, 0, _quorum(policy));
        Quest memory newer = _quest(i, 7_002, 1, _quorum(policy));

        (bool done, bytes32 here) = _start(model.HERE(), newer);
        (bool alsoDone, bytes32 there) = _start(model.ELSEWHERE(), newer);
        if (!done || !alsoDone || here != there) problem = "one message";
        (done, here) = _both(model.HERE(), older, newer);
        if (!done) problem = "in order";
        (done, there) = _both(model.ELSEWHERE(), newer, older);
        if (done) problem = "the older one after the newer one";
        if (here != there) problem = "what is left";
        if (_policiesDiffer(i)) problem = "policies";
        vm.chainId(chain);
        vm.revertToState(present);
    }

    /// @notice True if an account's address depends on the chain, or not on its genesis.
    function addressesDiffer() external returns (bool differ) {
        uint8[ACCOUNTS] memory first = [1, 0, 4];
        vm.chainId(chain + 1);
        for (uint256 k = 0; k < ACCOUNTS; ++k) {
            bytes32 commitment = _passkey(1 + k).credential.commitment();
            bytes32 policyHash = _policyHash(policyBytes[first[k]]);
            for (uint256 i = 0; i < ACCOUNTS; ++i) {
                bytes32 handle = bytes32(i);
                address there = factory.accountAddress(implementation, commitment, policyHash, handle);
                if ((there == address(accounts[i])) != (i == k)) differ = true;
            }
        }
        vm.chainId(chain);
    }

    function _start(uint256 on, Quest memory quest) private returns (bool done, bytes32 print) {
        uint256 fork = vm.snapshotState();
        vm.chainId(on);
        done = _try(quest.startCall);
        address account = quest.request.account;
        bytes memory rules = abi.encode(
            recovery.getHead(account),
            recovery.getChange(account),
            recovery.getAux(account),
            recovery.getRecord(account, quest.digest)
        );
        print = keccak256(abi.encode(rules, _config(quest.i)));
        vm.revertToState(fork);
    }

    /// @dev The answer is whether the second one, too, came to its end.
    function _both(uint256 on, Quest memory first, Quest memory second) private returns (bool done, bytes32 print) {
        uint256 fork = vm.snapshotState();
        vm.chainId(on);
        done = _complete(first) && _complete(second);
        print = _config(first.i);
        vm.revertToState(fork);
    }

    /// @dev Two announcements of the owner, delivered in either order: the newer one stands.
    function _policiesDiffer(uint256 i) private returns (bool) {
        uint256 nowAt = vm.getBlockTimestamp();
        uint256 first = nowAt > model.newest(i) ? nowAt : model.newest(i) + 1;
        (uint256 inOrder, bytes32 here) = _announceBoth(model.HERE(), i, [first, first + 1], [uint256(2), 3]);
        (uint256 reversed, bytes32 there) = _announceBoth(model.ELSEWHERE(), i, [first + 1, first], [uint256(3), 2]);
        return inOrder != 2 || reversed != 1 || here != there;
    }

    function _announceBoth(
        uint256 on,
        uint256 i,
        uint256[2] memory issuedAt,
        uint256[2] memory policy
    ) private returns (uint256 accepted, bytes32 print) {
        uint256 fork = vm.snapshotState();
        vm.chainId(on);
        address account = address(accounts[i]);
        for (uint256 k = 0; k < 2; ++k) {
            bytes memory call = abi.encodeCall(
                recovery.setPolicy,
                (account, policyBytes[policy[k]], uint40(issuedAt[k]), "")
            );
            vm.prank(account);
            if (_try(call)) ++accepted;
        }
        print = keccak256(abi.encode(recovery.getHead(account), recovery.getChange(account)));
        vm.revertToState(fork);
    }

    function _complete(Quest memory quest) private returns (bool done) {
        if (!_try(quest.startCall)) return false;
        vm.warp(recovery.getRecord(quest.request.account, quest.digest).readyAt);
        done = _try(quest.executeCall);
        skip(1);
    }

    function _config(uint256 i) private view returns (bytes32) {
        IAccountUnderTest account = accounts[i];
        (uint8[] memory indexes, bytes24[] memory live, ) = passkeys.getCredentials(address(account));
        (uint8[] memory places, bytes32[] memory others) = signers.getSigners(address(account));
        bytes memory keys = abi.encode(indexes, live, places, others);
        return keccak256(abi.encode(keys, account.implementation(), account.frozenUntil()));
    }
}
