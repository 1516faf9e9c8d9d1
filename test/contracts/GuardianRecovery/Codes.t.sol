// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryCodeVerifier} from "../../../contracts/interfaces/IRecoveryCodeVerifier.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryCodes} from "../support/RecoveryCodes.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Recovery codes as a guardian: spent by recoveries, only looked at by everything else.
contract CodeGuardianTest is RecoveryFixture, RecoveryCodes {
    CodeSet private set;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;
    uint40 private nowAt;

    /// @dev Codes and an EOA. One: 1 day. Both: 2 hours, protected.
    function setUp() public {
        _deploySystem();
        set = codeSet("ten", 10);
        fresh = _passkey(2);
        Policy memory made;
        made.salt = keccak256("salt");
        made.windowHours = 48;
        made.freezeHours = 72;
        made.tiers = new Tier[](2);
        made.tiers[0] = Tier(1, 1, 1 days, false);
        made.tiers[1] = Tier(2, 2, 2 hours, true);
        made.guardians = new Guardian[](2);
        made.guardians[0] = _eoaGuardian(0xa11ce);
        made.guardians[1] = _eoaGuardian(1);
        made.guardians[1].kind = 4;
        made.guardians[1].signer = abi.encodePacked(codeVerifier, keyOf(set));
        made.guardians[1].signsAs = SignsAs.Verifier;
        _sort(made.guardians);
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(_passkey(1), policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    /// [131] a code is spent by the recovery it starts, in the account's name, and votes for no other
    function testFuzz_startSpends(uint8 index) public {
        index %= 10;
        bytes memory possession = _possession(fresh, digest);
        recovery.start(request, policyBytes, _code(index, digest), possession);
        assertEq(_spent(account), 1 << index);
        request.deadline += 1;
        digest = recovery.hashRecovery(request);
        possession = _possession(fresh, digest);
        bytes memory again = _code(index, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        recovery.start(request, policyBytes, again, possession);
        recovery.start(request, policyBytes, _code((index + 1) % 10, digest), possession);
    }

    /// [131] so it is by the recovery it supports
    function test_supportSpends() public {
        bytes memory possession = _possession(fresh, digest);
        recovery.start(request, policyBytes, _wallet(digest), possession);
        assertEq(_spent(account), 0);
        recovery.support(request, policyBytes, _code(3, digest));
        assertEq(_spent(account), 8);
        assertEq(_record(request).protectedAt, nowAt + 2 hours);
    }

    /// [75] [131] who voted is not asked again: neither a spent code nor junk in his place takes his vote away
    function test_supportAgainTakesNothingAway() public {
        bytes memory code = _code(3, digest);
        bytes memory possession = _possession(fresh, digest);
        recovery.start(request, policyBytes, code, possession);
        recovery.support(request, policyBytes, code);
        recovery.support(request, policyBytes, _item(_place(), hex"deadbeef"));
        assertEq(_record(request).votes, 1 << _place());
    }

    /// [134] the same sheet at another account of the owner: its codes are spent there on their own
    function test_spentByAccount() public {
        recovery.start(request, policyBytes, _code(0, digest), _possession(fresh, digest));
        IAccountUnderTest other = _newAccount(_passkey(1), policyBytes, keccak256("other"));
        request = _recovery(other, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        assertEq(_spent(other), 0);
        recovery.start(request, policyBytes, _code(0, digest), _possession(fresh, digest));
        assertEq(_spent(other), 1);
    }

    /// [135] a code that signed something else, or a cut one, does not vote
    function test_badCode() public {
        bytes memory possession = _possession(fresh, digest);
        bytes memory other = _code(0, keccak256("other"));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        recovery.start(request, policyBytes, other, possession);
        assertEq(_spent(account), 0);
    }

    /// [139] a hundred guesses, a spent code and one of another set are refused in the same words: nobody learns from an
    /// answer what a code is, and no guess uses one up
    function test_guessesLearnNothing() public {
        recovery.start(request, policyBytes, _code(0, digest), _possession(fresh, digest));
        request.deadline += 1;
        digest = recovery.hashRecovery(request);
        bytes memory possession = _possession(fresh, digest);
        bytes[] memory tries = new bytes[](102);
        tries[0] = _code(0, digest);
        tries[1] = _item(_place(), signCode(codeSet("others", 10), 1, digest));
        bytes memory siblings = siblingsOf(set.leaves, 1);
        for (uint256 i = 2; i < tries.length; ++i) {
            uint256 guess = boundKey(uint256(keccak256(abi.encode("guess", i))));
            tries[i] = _item(_place(), codeSignature(1, signEoa(guess, digest), siblings));
        }
        for (uint256 i = 0; i < tries.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
            recovery.start(request, policyBytes, tries[i], possession);
        }
        assertEq(_spent(account), 1);
        recovery.start(request, policyBytes, _code(1, digest), possession);
        assertEq(_spent(account), 3);
    }

    /// [131] [63] drills, freezes and calling off look at codes: the sheet stays whole, and a spent code is worth nothing
    function test_othersOnlyLook() public {
        bytes32 policyHash = keccak256(policyBytes);
        bytes32 message = recovery.drillDigest(address(account), policyHash, 0, nowAt);
        (uint32 votes, uint8 tiers) = recovery.drill(address(account), policyBytes, 0, nowAt, _code(0, message));
        assertEq(votes, 1 << _place());
        assertEq(tiers, 1);
        message = recovery.freezeDigest(address(account), policyHash, 1 hours, nowAt);
        recovery.freeze(address(account), policyBytes, 1 hours, nowAt, _code(0, message));
        message = recovery.guardianCancelDigest(address(account), policyHash, digest);
        recovery.guardianCancel(address(account), digest, policyBytes, _both(0, message));
        assertEq(_spent(account), 0);

        request.deadline += 1;
        digest = recovery.hashRecovery(request);
        recovery.start(request, policyBytes, _code(0, digest), _possession(fresh, digest));
        message = recovery.drillDigest(address(account), policyHash, keccak256("2"), nowAt);
        (votes, ) = recovery.drill(address(account), policyBytes, keccak256("2"), nowAt, _code(0, message));
        assertEq(votes, 0, "spent");
        message = recovery.guardianCancelDigest(address(account), policyHash, digest);
        bytes memory approvals = _both(0, message);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 1, 1));
        recovery.guardianCancel(address(account), digest, policyBytes, approvals);
        recovery.guardianCancel(address(account), digest, policyBytes, _both(1, message));
    }

    // ---------------------------------------------------------------- Helpers

    function _place() private view returns (uint256) {
        return _indexOf(policy, SignsAs.Verifier);
    }

    function _code(uint256 index, bytes32 hash) private view returns (bytes memory) {
        return _item(_place(), signCode(set, index, hash));
    }

    function _wallet(bytes32 hash) private view returns (bytes memory) {
        return _approvals(policy, 1 << _indexOf(policy, SignsAs.Eoa), hash);
    }

    function _both(uint256 index, bytes32 hash) private view returns (bytes memory) {
        (bytes memory code, bytes memory wallet) = (_code(index, hash), _wallet(hash));
        return _place() == 0 ? bytes.concat(code, wallet) : bytes.concat(wallet, code);
    }

    function _spent(IAccountUnderTest of_) private view returns (uint256) {
        return IRecoveryCodeVerifier(codeVerifier).spentOf(address(recovery), address(of_), set.root);
    }
}
