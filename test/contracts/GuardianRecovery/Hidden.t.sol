// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Guardians of whom the policy has only a commitment.
contract HiddenGuardiansTest is RecoveryFixture {
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;

    function setUp() public {
        _deploySystem();
        fresh = _passkey(2);
        Policy memory made = _usualPolicy();
        for (uint256 i = 0; i < 4; ++i) made.guardians[i] = _hidden(made.guardians[i]);
        _sort(made.guardians);
        _use(made);
    }

    /// hidden guardians of each kind vote like others, and their names are not in the policy
    function testFuzz_hiddenGuardiansVote(uint256 mask) public {
        mask = bound(mask, 0, 15);
        uint256 count = (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1);
        if (count < 2) {
            _expectNoTier(_approvals(policy, mask, digest), count);
        } else {
            _start(request, policy, mask, fresh);
            if (count < 4) assertEq(_record(request).votes, mask);
            else assertTrue(_isOnlyPasskey(account, fresh));
        }
        for (uint256 i = 0; i < 4; ++i) assertFalse(_contains(policyBytes, policy.guardians[i].signer));
    }

    /// [65] a revealed signer that is not the committed one, another salt, a cut or empty reveal: not counted
    function testFuzz_badReveal(uint8 which, uint256 noise) public {
        Guardian memory guardian = policy.guardians[0];
        bytes memory good = _approval(guardian, digest);
        bytes memory bad = bytes.concat(good);
        which %= 4;
        if (which == 0) bad[noise % 32] ^= 0x01;
        if (which == 1) bad[34 + (noise % guardian.signer.length)] ^= 0x01;
        if (which == 2) bad[33] = bytes1(uint8(guardian.signer.length + 1));
        if (which == 3) bad = _cut(good, noise % (34 + guardian.signer.length));
        _expectNoTier(abi.encodePacked(_item(0, bad), _item(1, _approval(policy.guardians[1], digest))), 1);
        bytes memory blob = abi.encodePacked(_item(0, good), _item(1, _approval(policy.guardians[1], digest)));
        bytes memory possession = _possession(fresh, digest);
        recovery.start(request, policyBytes, blob, possession);
    }

    /// [63] one signer behind two commitments counts once, also beside a guardian in the open
    function testFuzz_sameSignerTwice(bool bothHidden) public {
        Policy memory made = _usualPolicy();
        Guardian memory twin = _hidden(_eoaGuardian(0xa11ce));
        if (bothHidden) {
            Guardian memory first = _hidden(_eoaGuardian(0xa11ce));
            first.secret = keccak256("another salt");
            made.guardians[_indexOf(made, twin.signer)] = first;
        }
        made.guardians[_indexOf(made, SignsAs.Passkey)] = twin;
        made.tiers[2] = Tier(4, 2, 0, false);
        _sort(made.guardians);
        _use(made);
        uint256 mask;
        for (uint256 i = 0; i < 4; ++i) if (policy.guardians[i].seed == 0xa11ce) mask |= 1 << i;
        _expectNoTier(_approvals(policy, mask, digest), 1);
    }

    /// [98] the account, a contract of the system, or a reserved address behind a commitment never votes
    function test_forbiddenSigners() public {
        // Its address must be known before its policy is.
        account = _newAccount(_passkey(1), "", keccak256("handle"));
        address[7] memory forbidden = [
            address(account),
            address(passkeys),
            address(signers),
            address(recovery),
            codeVerifier,
            address(ENTRY_POINT),
            address(0xffff)
        ];
        bytes memory asked = abi.encodeWithSignature("isValidSignature(bytes32,bytes)");
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < forbidden.length; ++i) {
            Policy memory made = _usualPolicy();
            uint256 place = _indexOf(made, SignsAs.Wallet);
            made.guardians[place].signer = abi.encodePacked(forbidden[i]);
            made.guardians[place] = _hidden(made.guardians[place]);
            _sort(made.guardians);
            delete policy;
            _store(policy, made);
            policyBytes = _encode(policy);
            vm.prank(address(account));
            recovery.setPolicy(address(account), policyBytes, uint40(vm.getBlockTimestamp() - 1), "");
            request = _recovery(account, policyBytes, fresh);
            digest = recovery.hashRecovery(request);
            uint256 index = _indexOf(policy, abi.encodePacked(forbidden[i]));
            // Whatever it would answer.
            if (forbidden[i].code.length == 0) vm.etch(forbidden[i], hex"00");
            vm.mockCall(forbidden[i], asked, abi.encode(bytes4(0x1626ba7e)));
            _expectNoTier(_approvals(policy, (1 << index) | (1 << (index == 0 ? 1 : 0)), digest), 1);
            vm.revertToState(snapshot);
        }
    }

    /// [65] [75] a signer too short or too long to be one never votes, and does not get in the way of the others
    function test_revealedLengths() public {
        address verifier = address(0xacce97);
        vm.etch(verifier, hex"00");
        vm.mockCall(verifier, abi.encodeWithSignature("verify(bytes,bytes32,bytes)"), abi.encode(bytes4(0x024ad318)));
        uint16[4] memory lengths = [0, 19, 256, 257];
        for (uint256 i = 0; i < 4; ++i) {
            Policy memory made = _usualPolicy();
            uint256 place = _indexOf(made, SignsAs.Wallet);
            bytes memory signer = _cut(abi.encodePacked(verifier, new bytes(300)), lengths[i]);
            made.guardians[place].signer = signer;
            made.guardians[place] = _hidden(made.guardians[place]);
            _sort(made.guardians);
            _use(made);
            uint256 index = _indexOf(policy, signer);
            bytes memory approvals = _approvals(policy, (1 << index) | (1 << (index == 0 ? 1 : 0)), digest);
            if (lengths[i] != 256) {
                _expectNoTier(approvals, 1);
            } else {
                bytes memory possession = _possession(fresh, digest);
                recovery.start(request, policyBytes, approvals, possession);
            }
        }
    }

    /// a commitment has 32 bytes, and commitments are ordered like guardians in the open
    function test_commitmentsInThePolicy() public {
        Policy memory made = policy;
        (made.guardians[0], made.guardians[1]) = (made.guardians[1], made.guardians[0]);
        _expectBadPolicy(_encode(made), 15);
        made = policy;
        made.guardians[1] = made.guardians[0];
        _expectBadPolicy(_encode(made), 15);
        made = _usualPolicy();
        made.guardians[_indexOf(made, SignsAs.Wallet)].flags = 0;
        bytes memory encoded = _encode(made);
        // The flags of the first guardian: hidden, but 20 or 52 bytes long.
        encoded[38 + 24 + 1 + 2] = 0x01;
        _expectBadPolicy(encoded, 13);
    }

    // ---------------------------------------------------------------- Helpers

    function _use(Policy memory made) private {
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(_passkey(1), policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    function _expectNoTier(bytes memory approvals, uint256 weight) private {
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, weight, weight));
        recovery.start(request, policyBytes, approvals, possession);
    }

    function _expectBadPolicy(bytes memory encoded, uint8 rule) private {
        vm.expectRevert(abi.encodeWithSignature("BadPolicy(uint8)", rule));
        recovery.checkPolicy(address(account), encoded);
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory cut) {
        cut = new bytes(length);
        for (uint256 i = 0; i < length; ++i) cut[i] = data[i];
    }

    function _contains(bytes memory data, bytes memory part) private pure returns (bool) {
        bytes32 wanted = keccak256(part);
        for (uint256 i = 0; i + part.length <= data.length; ++i) {
            bytes32 seen;
            uint256 length = part.length;
            assembly ("memory-safe") {
                seen := keccak256(add(add(data, 0x20), i), length)
            }
            if (seen == wanted) return true;
        }
        return false;
    }
}
