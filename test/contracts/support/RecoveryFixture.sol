// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "./IAccountUnderTest.sol";
import {WalletGuardian} from "./Guardians.sol";
import {RekeyFixture} from "./RekeyFixture.sol";

/// @notice Policies, guardians of three kinds, and recoveries.
abstract contract RecoveryFixture is RekeyFixture {
    enum SignsAs {
        Eoa,
        Wallet,
        Passkey,
        Verifier
    }

    struct Tier {
        uint16 weight;
        uint8 kinds;
        uint32 delay;
        bool isProtected;
    }

    /// @param seed Private key, or seed of the passkey.
    /// @param flags Bit 0 hidden, bit 1 its vote rests on evidence.
    /// @param secret Salt of a hidden guardian.
    struct Guardian {
        uint8 kind;
        uint8 weight;
        uint40 validUntil;
        bytes signer;
        SignsAs signsAs;
        uint256 seed;
        uint8 flags;
        bytes32 secret;
    }

    struct Policy {
        bytes32 salt;
        uint8 options;
        uint16 windowHours;
        uint8 freezeHours;
        Tier[] tiers;
        Guardian[] guardians;
    }

    uint8 internal constant KIND_WALLET = 1;
    uint8 internal constant KIND_CONTRACT = 2;
    uint8 internal constant KIND_PASSKEY = 3;

    // ---------------------------------------------------------------- Policies

    function _eoaGuardian(uint256 key) internal pure returns (Guardian memory) {
        return Guardian(KIND_WALLET, 1, 0, abi.encodePacked(vm.addr(key)), SignsAs.Eoa, key, 0, 0);
    }

    /// @notice A contract wallet that answers ERC-1271 for the EOA with this key.
    function _walletGuardian(uint256 key) internal returns (Guardian memory) {
        address wallet = address(new WalletGuardian(vm.addr(key)));
        return Guardian(KIND_CONTRACT, 1, 0, abi.encodePacked(wallet), SignsAs.Wallet, key, 0, 0);
    }

    function _passkeyGuardian(uint256 seed) internal view returns (Guardian memory) {
        bytes32 commitment = _passkey(seed).credential.commitment();
        bytes memory signer = abi.encodePacked(webAuthnVerifier, commitment);
        return Guardian(KIND_PASSKEY, 1, 0, signer, SignsAs.Passkey, seed, 0, 0);
    }

    /// @notice The same guardian, of whom the policy has only a commitment.
    function _hidden(Guardian memory guardian) internal pure returns (Guardian memory) {
        guardian.flags |= 1;
        guardian.secret = keccak256(abi.encode("secret", guardian.signer));
        return guardian;
    }

    /// @notice A verifier whose verdict rests on something that can be withdrawn.
    function _evidenceGuardian(uint8 kind, address verifier, bytes memory key) internal pure returns (Guardian memory) {
        return Guardian(kind, 1, 0, abi.encodePacked(verifier, key), SignsAs.Verifier, 0, 2, 0);
    }

    /// @notice Four guardians of three kinds. Any two: 1 day, the owner can veto. Any three: 3 days, protected. All: at once.
    function _usualPolicy() internal returns (Policy memory policy) {
        policy.salt = keccak256("salt");
        policy.windowHours = 48;
        policy.tiers = new Tier[](3);
        policy.tiers[0] = Tier(2, 1, 1 days, false);
        policy.tiers[1] = Tier(3, 2, 3 days, true);
        policy.tiers[2] = Tier(4, 3, 0, false);
        policy.guardians = new Guardian[](4);
        policy.guardians[0] = _eoaGuardian(0xa11ce);
        policy.guardians[1] = _eoaGuardian(0xb0b);
        policy.guardians[2] = _walletGuardian(0xca401);
        policy.guardians[3] = _passkeyGuardian(0xda7e);
        _sort(policy.guardians);
    }

    /// @notice Copies a policy into an empty one in storage.
    function _store(Policy storage to, Policy memory from) internal {
        to.salt = from.salt;
        to.options = from.options;
        to.windowHours = from.windowHours;
        to.freezeHours = from.freezeHours;
        for (uint256 i = 0; i < from.tiers.length; ++i) to.tiers.push(from.tiers[i]);
        for (uint256 i = 0; i < from.guardians.length; ++i) to.guardians.push(from.guardians[i]);
    }

    /// @notice Puts guardians in the order a policy needs. A guardian's index is its place in that order.
    function _sort(Guardian[] memory guardians) internal pure {
        for (uint256 i = 1; i < guardians.length; ++i) {
            for (uint256 j = i; j > 0; --j) {
                if (_id(guardians[j - 1]) <= _id(guardians[j])) break;
                (guardians[j - 1], guardians[j]) = (guardians[j], guardians[j - 1]);
            }
        }
    }

    /// @notice What guardians are ordered by.
    function _id(Guardian memory guardian) internal pure returns (bytes32) {
        if (guardian.flags & 1 == 0) return keccak256(guardian.signer);
        return keccak256(abi.encodePacked(guardian.secret, guardian.signer));
    }

    function _indexOf(Policy memory policy, bytes memory signer) internal pure returns (uint256) {
        for (uint256 i = 0; i < policy.guardians.length; ++i) {
            if (keccak256(policy.guardians[i].signer) == keccak256(signer)) return i;
        }
        fail("no such guardian");
    }

    function _indexOf(Policy memory policy, SignsAs signsAs) internal pure returns (uint256) {
        for (uint256 i = 0; i < policy.guardians.length; ++i) {
            if (policy.guardians[i].signsAs == signsAs) return i;
        }
        fail("no such guardian");
    }

    function _encode(Policy memory policy) internal pure returns (bytes memory encoded) {
        encoded = abi.encodePacked(
            uint8(1),
            policy.salt,
            policy.options,
            policy.windowHours,
            policy.freezeHours,
            uint8(policy.tiers.length)
        );
        for (uint256 i = 0; i < policy.tiers.length; ++i) {
            Tier memory tier = policy.tiers[i];
            encoded = abi.encodePacked(encoded, tier.weight, tier.kinds, tier.delay, uint8(tier.isProtected ? 1 : 0));
        }
        encoded = abi.encodePacked(encoded, uint8(policy.guardians.length));
        for (uint256 i = 0; i < policy.guardians.length; ++i) {
            Guardian memory guardian = policy.guardians[i];
            bytes memory signer = guardian.flags & 1 == 0 ? guardian.signer : abi.encodePacked(_id(guardian));
            encoded = abi.encodePacked(
                abi.encodePacked(encoded, guardian.kind, guardian.weight, guardian.flags, guardian.validUntil),
                uint16(signer.length),
                signer
            );
        }
    }

    // ---------------------------------------------------------------- Approvals

    function _approval(Guardian memory guardian, bytes32 digest) internal pure returns (bytes memory signature) {
        signature = _signature(guardian, digest);
        if (guardian.flags & 1 == 0) return signature;
        return abi.encodePacked(guardian.secret, uint16(guardian.signer.length), guardian.signer, signature);
    }

    function _signature(Guardian memory guardian, bytes32 digest) private pure returns (bytes memory) {
        if (guardian.signsAs == SignsAs.Verifier) return abi.encodePacked(digest);
        if (guardian.signsAs == SignsAs.Passkey) return _stateless(_passkey(guardian.seed), digest);
        return signEoa(guardian.seed, digest);
    }

    function _item(uint256 index, bytes memory signature) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(index), uint16(signature.length), signature);
    }

    /// @notice Approvals of the guardians whose bits are set in `mask`.
    function _approvals(Policy memory policy, uint256 mask, bytes32 digest) internal pure returns (bytes memory blob) {
        for (uint256 i = 0; i < policy.guardians.length; ++i) {
            if ((mask >> i) & 1 == 0) continue;
            blob = abi.encodePacked(blob, _item(i, _approval(policy.guardians[i], digest)));
        }
    }

    // ---------------------------------------------------------------- Recoveries

    function _recovery(
        IAccountUnderTest account,
        bytes memory policy,
        Passkey memory fresh
    ) internal view returns (Recovery memory) {
        return
            Recovery({
                account: address(account),
                policy: keccak256(policy),
                credential: fresh.credential,
                keep: 0,
                chainIds: new uint256[](0),
                issuedAt: uint40(vm.getBlockTimestamp()),
                deadline: uint40(vm.getBlockTimestamp() + 7 days)
            });
    }

    function _possession(Passkey memory fresh, bytes32 digest) internal view returns (bytes memory) {
        return _stateless(fresh, passkeys.possessionDigest(digest));
    }

    /// @notice Starts `request` with the approvals in `mask`.
    function _start(
        Recovery memory request,
        Policy memory policy,
        uint256 mask,
        Passkey memory fresh
    ) internal returns (bytes32 digest) {
        digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, mask, digest);
        bytes memory possession = _possession(fresh, digest);
        assertEq(recovery.start(request, _encode(policy), approvals, possession), digest);
    }

    function _support(Recovery memory request, Policy memory policy, uint256 mask) internal {
        bytes memory approvals = _approvals(policy, mask, recovery.hashRecovery(request));
        recovery.support(request, _encode(policy), approvals);
    }

    function _execute(Recovery memory request, Passkey memory fresh) internal {
        bytes memory possession = _possession(fresh, recovery.hashRecovery(request));
        recovery.execute(request, possession, new IRecoveryTypes.Evidence[](0));
    }

    function _record(Recovery memory request) internal view returns (IRecoveryTypes.Record memory) {
        return recovery.getRecord(request.account, recovery.hashRecovery(request));
    }

    function _status(Recovery memory request) internal view returns (IRecoveryTypes.Status) {
        return _record(request).status;
    }

    function assertStatus(Recovery memory request, IRecoveryTypes.Status wanted) internal view {
        assertEq(uint256(_status(request)), uint256(wanted), "status");
    }
}
