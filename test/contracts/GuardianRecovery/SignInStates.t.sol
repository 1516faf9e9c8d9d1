// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC7579Module} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {HalfwayAccount} from "../mocks/HalfwayAccount.sol";
import {HostileGuardian} from "../support/Guardians.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {OidcRecoveryFixture} from "../support/OidcRecoveryFixture.sol";
import {TurncoatRegistry} from "../support/TurncoatRegistry.sol";

/// @notice A recovery that a sign-in has started, until it is over.
contract SignInStatesTest is OidcRecoveryFixture {
    /// [J74] whoever starts another recovery meanwhile moves nothing of the first one
    function test_aSecondStartMovesNothing() public {
        _startBy(_byToken(_token(digest)));
        IRecoveryTypes.Record memory record = _record(request);
        skip(1 hours);
        Recovery memory other = _recovery(account, policyBytes, _passkey(3));
        bytes32 otherDigest = recovery.hashRecovery(other);
        bytes memory approvals = _byFriend(otherDigest);
        bytes memory possession = _possession(_passkey(3), otherDigest);
        recovery.start(other, policyBytes, approvals, possession);
        assertEq(abi.encode(_record(request)), abi.encode(record));
        assertEq(_record(other).readyAt, record.readyAt + 1 hours);
        skip(ALONE - 1 hours);
        _executeWith(_keyEvidence());
        skip(1 hours);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Superseded.selector, 0, 1));
        recovery.execute(other, possession, new IRecoveryTypes.Evidence[](0));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [J75] neither early nor late, not with another passkey, not twice
    function test_executesOnceInItsTime() public {
        _startBy(_byToken(_token(digest)));
        uint256 readyAt = _record(request).readyAt;
        vm.warp(readyAt - 1);
        _refuseExecution(
            _keyEvidence(),
            abi.encodeWithSelector(IRecoveryTypes.NotReady.selector, readyAt - 1, readyAt)
        );
        uint256 closedAt = readyAt + 48 hours;
        vm.warp(closedAt);
        bytes memory error_ = abi.encodeWithSelector(IRecoveryTypes.WindowClosed.selector, closedAt, closedAt);
        _refuseExecution(_keyEvidence(), error_);
        vm.warp(closedAt - 1);
        Recovery memory other = request;
        other.credential = _passkey(3).credential;
        bytes32 otherDigest = recovery.hashRecovery(other);
        bytes memory possession = _possession(_passkey(3), otherDigest);
        IRecoveryTypes.Evidence[] memory evidence = _keyEvidence();
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotScheduled.selector, otherDigest));
        recovery.execute(other, possession, evidence);
        // Nor by showing that another one can sign.
        possession = _possession(_passkey(3), digest);
        vm.expectRevert();
        recovery.execute(request, possession, evidence);
        _executeWith(evidence);
        _refuseExecution(evidence, abi.encodeWithSelector(IRecoveryTypes.NotScheduled.selector, digest));
    }

    /// [J76] strangers stop nothing; of the owner's veto and the execution the first one in the block counts
    function test_vetoAndExecutionInOneBlock() public {
        _startBy(_byToken(_token(digest)));
        skip(ALONE);
        bytes memory badOwner = abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, account);
        vm.expectRevert(badOwner);
        recovery.veto(address(account), digest, "");
        bytes memory signature = _ownerSignature(_passkey(3), keccak256("anything"));
        vm.expectRevert(badOwner);
        recovery.veto(address(account), digest, signature);

        uint256 before = vm.snapshotState();
        _asAccount(account, address(recovery), 0, abi.encodeCall(recovery.veto, (address(account), digest, "")));
        _refuseExecution(_keyEvidence(), abi.encodeWithSelector(IRecoveryTypes.Vetoed.selector, digest));
        assertTrue(_isOnlyPasskey(account, owner));

        vm.revertToState(before);
        _executeWith(_keyEvidence());
        vm.prank(address(account));
        recovery.veto(address(account), digest, "");
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [J77] an owner, or a thief, who changes passkeys meanwhile changes nothing of what was approved
    function test_passkeysChangeMeanwhile() public {
        _startBy(_byToken(_token(digest)));
        Passkey memory next = _passkey(4);
        vm.startPrank(address(account));
        passkeys.addCredential(next.credential, next.id, "");
        vm.stopPrank();
        (uint8[] memory indexes, bytes24[] memory live, ) = passkeys.getCredentials(address(account));
        assertEq(indexes.length, 2);
        bytes32 digestOfKey = passkeys.proveDigest(address(account), next.credential.commitment());
        passkeys.prove(address(account), 1, next.credential.commitment(), _stateless(next, digestOfKey));
        vm.prank(address(account));
        passkeys.removeCredential(0, live[0]);
        skip(ALONE);
        _executeWith(_keyEvidence());
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [J78] a new passkey that is none is refused at the start; one that the account has stays its only one
    function test_badNewPasskeys() public {
        uint256[2][3] memory points = [[uint256(0), 0], [uint256(1), 1], [uint256(0), 5]];
        for (uint256 i = 0; i < 3; ++i) {
            request.credential = fresh.credential;
            (request.credential.x, request.credential.y) = (points[i][0], points[i][1]);
            digest = recovery.hashRecovery(request);
            bytes memory error_ = abi.encodeWithSelector(
                IRecoveryTypes.InvalidNewCredential.selector,
                request.credential.idHash
            );
            _refuseStart(_byToken(_token(digest)), error_);
        }
        request.credential = owner.credential;
        digest = recovery.hashRecovery(request);
        fresh = owner;
        _startBy(_byToken(_token(digest)));
        skip(ALONE);
        _executeWith(_keyEvidence());
        assertTrue(_isOnlyPasskey(account, owner));
    }

    /// [J79] one person at two clients is two guardians of one kind: weight adds up, kinds do not
    function test_onePersonTwice() public {
        Policy memory made = _policyOf(_signInGuardian(address(registry), CLIENT));
        made.tiers[1].delay = 1 hours;
        made.guardians = new Guardian[](3);
        made.guardians[0] = _signInGuardian(address(registry), CLIENT);
        made.guardians[1] = _signInGuardian(address(registry), "client-2");
        made.guardians[2] = _eoaGuardian(FRIEND);
        _sort(made.guardians);
        policyBytes = _encode(made);
        account = _newAccount(owner, policyBytes, keccak256("twice"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);

        Says memory says = good();
        bytes memory first = approvalOf(says, digest);
        says.audience = "client-2";
        string memory payload = claimsOf(says, digest);
        bytes memory second = abi.encodePacked(
            shown("client-2", HEADER, payload),
            ecKey(ISSUER_KEY),
            signToken(HEADER, payload)
        );
        uint256 index = _indexOf(made, made.guardians[0].signer);
        bytes memory approvals;
        for (uint256 i = 0; i < 3; ++i) {
            if (made.guardians[i].signsAs == SignsAs.Eoa) continue;
            bytes memory signer = _signInGuardian(address(registry), CLIENT).signer;
            bool isFirst = keccak256(made.guardians[i].signer) == keccak256(signer);
            approvals = bytes.concat(approvals, _item(i, isFirst ? first : second));
        }
        assertLt(index, 3);
        _startBy(approvals);
        // Both count, and yet it waits as one of them alone.
        assertEq(_record(request).readyAt, uint40(vm.getBlockTimestamp()) + ALONE);
        uint256 votes = _record(request).votes;
        assertGt(votes & (votes - 1), 0);
    }

    /// [J80] [92] a registry that calls back finds a static frame, and an account that does finds everything done
    function test_nobodyReenters() public {
        TurncoatRegistry turncoat = new TurncoatRegistry();
        turncoat.use(keyHashOf(ES256, ecKey(ISSUER_KEY)), true);
        _useRegistry(address(turncoat));
        bytes memory inner = abi.encodeCall(
            recovery.start,
            (request, policyBytes, _byFriend(digest), _possession(fresh, digest))
        );
        turncoat.prepare(address(recovery), inner);
        _startBy(_byBoth(_token(digest), digest));
        if (hasP256Verifier()) {
            assertTrue(_isOnlyPasskey(account, fresh));
            assertEq(recovery.getHead(address(account)).epoch, 1, "once");
        } else {
            // Its call has used up the gas that a signature takes without the precompile: it lost its vote.
            assertEq(_record(request).votes, uint32(1 << (1 - _signInIndex())));
        }

        HalfwayAccount halfway = new HalfwayAccount();
        halfway.installExecutor(address(recovery), policyBytes);
        halfway.run(address(passkeys), abi.encodeCall(passkeys.onInstall, (abi.encode(owner.credential, owner.id))));
        halfway.set(true, false, 9);
        request.account = address(halfway);
        digest = recovery.hashRecovery(request);
        bytes memory approvals = _byBoth(_token(digest), digest);
        turncoat.prepare(address(0), "");
        halfway.setMore(
            address(recovery),
            abi.encodeCall(recovery.start, (request, policyBytes, approvals, _possession(fresh, digest)))
        );
        uint40 issuedAt = request.issuedAt;
        _refuseStart(approvals, abi.encodeWithSelector(IRecoveryTypes.Stale.selector, issuedAt, issuedAt));
    }

    /// [J81] a registry that reverts, bombs, burns or answers nonsense costs that vote and no other
    function test_hostileRegistries() public {
        HostileGuardian hostile = new HostileGuardian();
        _useRegistry(address(hostile));
        uint256 before = vm.snapshotState();
        for (uint256 i = 0; i <= uint256(type(HostileGuardian.Behaviour).max); ++i) {
            hostile.behave(HostileGuardian.Behaviour(i));
            bytes memory both = _byBoth(_token(digest), digest);
            _startBy(both);
            assertEq(_record(request).votes, uint32(1 << (1 - _signInIndex())));
            assertEq(_record(request).readyAt, uint40(vm.getBlockTimestamp()) + ALONE);
            vm.revertToState(before);
        }
    }

    /// [J81] nor does one that said yes and says something else at the end
    function test_registryThatTurns() public {
        TurncoatRegistry turncoat = new TurncoatRegistry();
        bytes32 keyHash = keyHashOf(ES256, ecKey(ISSUER_KEY));
        turncoat.use(keyHash, true);
        _useRegistry(address(turncoat));
        _startBy(_byToken(_token(digest)));
        skip(ALONE);
        turncoat.use(keyHash, false);
        bytes memory failed = abi.encodeWithSelector(IRecoveryTypes.EvidenceFailed.selector, _signInIndex());
        _refuseExecution(_keyEvidence(), failed);
        vm.etch(address(turncoat), "");
        _refuseExecution(_keyEvidence(), failed);
        HostileGuardian hostile = new HostileGuardian();
        vm.etch(address(turncoat), address(hostile).code);
        _refuseExecution(_keyEvidence(), failed);
    }

    /// [J82] a token never validates an op: the verifier is no validator, and no key of it signs ops
    function test_notInValidation() public {
        assertFalse(IERC7579Module(address(signIn)).isModuleType(1));
        bytes memory key = policy.guardians[_signInIndex()].signer;
        bytes memory install = abi.encodeCall(account.installModule, (1, address(signIn), ""));
        assertFalse(_tryAsAccount(account, address(account), install));
        // As one of the account's signers it is not asked either.
        install = abi.encodeCall(account.installModule, (1, address(signers), abi.encode(_list(key))));
        assertTrue(_tryAsAccount(account, address(account), install));
        PackedUserOperation memory userOp;
        userOp.sender = address(account);
        bytes32 hash = keccak256("op");
        bytes memory token = _token(hash);
        userOp.signature = abi.encodePacked(uint8(1), uint16(key.length), key, token);
        vm.expectCall(address(signIn), "", 0);
        address[2] memory validators = [address(signers), address(signIn)];
        for (uint256 i = 0; i < 2; ++i) {
            userOp.nonce = uint256(_nonceKey(validators[i])) << 64;
            vm.prank(address(ENTRY_POINT));
            assertEq(account.validateUserOp(userOp, hash, 0), 1);
        }
    }

    /// [124] a sign-in alone and at once only if the owner said so in the policy
    function test_aloneAtOnceOnlyIfTheOwnerSaysSo() public {
        Policy memory made = _policyOf(_signInGuardian(address(registry), CLIENT));
        made.tiers[0].delay = 0;
        bytes memory bad = _encode(made);
        vm.expectRevert(abi.encodeWithSignature("BadPolicy(uint8)", 18));
        recovery.checkPolicy(address(account), bad);
        made.options = 1;
        policyBytes = _encode(made);
        account = _newAccount(owner, policyBytes, keccak256("at once"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
        _startBy(_byToken(_token(digest)));
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev Another account, whose owner trusts this registry.
    function _useRegistry(address chosen) private {
        Policy memory made = _policyOf(_signInGuardian(chosen, CLIENT));
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256(abi.encode(chosen)));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    function _list(bytes memory one) private pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = one;
    }
}
