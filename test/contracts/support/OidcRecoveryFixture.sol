// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IOidcKeyRegistry} from "../../../contracts/interfaces/IOidcKeyRegistry.sol";
import {IOidcRecoveryValidator} from "../../../contracts/interfaces/IOidcRecoveryValidator.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {OidcKeyRegistry} from "../../../contracts/registries/OidcKeyRegistry.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "./IAccountUnderTest.sol";
import {IdTokens} from "./IdTokens.sol";
import {RecoveryFixture} from "./RecoveryFixture.sol";

/// @notice An account whose guardians are its owner's sign-in and a friend with a wallet. Either of them: half a day;
///         both: at once. The issuer's key is in a registry, and counts.
abstract contract OidcRecoveryFixture is RecoveryFixture, IdTokens {
    uint8 internal constant KIND_OIDC = 3;
    uint256 internal constant FRIEND = 0xa11ce;
    uint32 internal constant ALONE = 12 hours;

    IOidcRecoveryValidator internal signIn;
    OidcKeyRegistry internal registry;
    bytes32 internal keyId;
    Passkey internal owner;
    Passkey internal fresh;
    Policy internal policy;
    bytes internal policyBytes;
    IAccountUnderTest internal account;
    Recovery internal request;
    bytes32 internal digest;

    function setUp() public virtual {
        _deploySystem();
        signIn = deployValidator();
        registry = deployRegistry();
        keyId = keyIdOf(ISSUER, KID);
        _observe(KID, ISSUER_KEY);
        skip(DELAY);
        _store(policy, _policyOf(_signInGuardian(address(registry), CLIENT)));
        policyBytes = _encode(policy);
        (owner, fresh) = (_passkey(1), _passkey(2));
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    // ---------------------------------------------------------------- Policies

    function _signInGuardian(address registry_, string memory client) internal view returns (Guardian memory) {
        bytes32 identity = identityOf(ISSUER, client, "1101694", SALT);
        return _evidenceGuardian(KIND_OIDC, address(signIn), abi.encodePacked(registry_, identity));
    }

    function _policyOf(Guardian memory guardian) internal pure returns (Policy memory made) {
        made.salt = keccak256("salt");
        made.windowHours = 48;
        made.tiers = new Tier[](2);
        made.tiers[0] = Tier(1, 1, ALONE, false);
        made.tiers[1] = Tier(2, 2, 0, false);
        made.guardians = new Guardian[](2);
        made.guardians[0] = guardian;
        made.guardians[1] = _eoaGuardian(FRIEND);
        _sort(made.guardians);
    }

    // ---------------------------------------------------------------- Approvals

    /// @notice A sign-in for `hash` that is good for a day.
    function _token(bytes32 hash) internal view returns (bytes memory) {
        Says memory says = good();
        says.expiresAt = 1 days;
        return approvalOf(says, hash);
    }

    /// @notice An approval of the guardian who signs in.
    function _byToken(bytes memory token) internal view returns (bytes memory) {
        return _item(_signInIndex(), token);
    }

    function _byFriend(bytes32 hash) internal view returns (bytes memory) {
        return _item(1 - _signInIndex(), signEoa(FRIEND, hash));
    }

    function _byBoth(bytes memory token, bytes32 hash) internal view returns (bytes memory) {
        (bytes memory first, bytes memory second) = (_byToken(token), _byFriend(hash));
        return _signInIndex() == 0 ? bytes.concat(first, second) : bytes.concat(second, first);
    }

    function _signInIndex() internal view returns (uint256) {
        return policy.guardians[0].signsAs == SignsAs.Verifier ? 0 : 1;
    }

    /// @notice What the sign-in's vote rests on.
    function _keyEvidence() internal view returns (IRecoveryTypes.Evidence[] memory evidence) {
        evidence = new IRecoveryTypes.Evidence[](1);
        uint256 index = _signInIndex();
        evidence[0] = IRecoveryTypes.Evidence(uint8(index), policy.guardians[index].signer, keyId);
    }

    // ---------------------------------------------------------------- Recoveries

    function _startBy(bytes memory approvals) internal {
        bytes memory possession = _possession(fresh, digest);
        recovery.start(request, policyBytes, approvals, possession);
    }

    function _refuseStart(bytes memory approvals, bytes memory error_) internal {
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(error_);
        recovery.start(request, policyBytes, approvals, possession);
    }

    function _executeWith(IRecoveryTypes.Evidence[] memory evidence) internal {
        bytes memory possession = _possession(fresh, digest);
        recovery.execute(request, possession, evidence);
    }

    function _refuseExecution(IRecoveryTypes.Evidence[] memory evidence, bytes memory error_) internal {
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(error_);
        recovery.execute(request, possession, evidence);
    }

    /// @notice The votes reach nothing: those of guardians together have this weight.
    function _noTier(uint256 weight) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, weight, weight);
    }

    // ---------------------------------------------------------------- Attesters

    function _observe(string memory kid, uint256 secret) internal {
        (IOidcKeyRegistry.JwksObservation memory seen, bytes memory key) = observationOf(kid, secret);
        registry.observe(seen, key, signAs(3, registry.observationDigest(seen)));
    }

    /// @notice One attester alone distrusts the issuer's key.
    function _suspend(uint256 who) internal {
        uint40 issuedAt = uint40(vm.getBlockTimestamp());
        registry.suspend(keyId, issuedAt, signEoa(attesterKeys[who], registry.suspensionDigest(keyId, issuedAt)));
    }

    function _revokeKey() internal {
        registry.revoke(keyId, signAs(5, registry.revocationDigest(keyId)));
    }
}
