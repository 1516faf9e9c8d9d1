// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice What is signed: EIP-712 of every message, and that it holds for nothing else.
contract RecoveryDigestsTest is RecoveryFixture {
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    /// [68] [103] the digest is EIP-712 of the message, computed here from the type strings alone
    function testFuzz_digestIsEip712(uint8 field, uint256 noise) public view {
        Recovery memory r = mutate(request, field, noise);
        bytes32 credentialHash = keccak256(
            abi.encode(
                keccak256(
                    "Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)"
                ),
                r.credential
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Recovery(address account,bytes32 policy,Credential credential,uint8 keep,uint256[] chainIds,uint40 issuedAt,uint40 deadline)Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)"
                ),
                r.account,
                r.policy,
                credentialHash,
                r.keep,
                keccak256(abi.encodePacked(r.chainIds)),
                r.issuedAt,
                r.deadline
            )
        );
        assertEq(recovery.hashRecovery(r), _typed(structHash));
    }

    /// [101] the domain that the contract tells is the one under which it hashes, and names no chain
    function test_domainSeparator() public view {
        assertEq(recovery.domainSeparator(), _separator());
    }

    /// [103] so are those of vetoes and policies
    function testFuzz_ownerDigestsAreEip712(address a, bytes32 b, uint40 c) public view {
        bytes32 structHash = keccak256(abi.encode(keccak256("Veto(address account,bytes32 recovery)"), a, b));
        assertEq(recovery.vetoDigest(a, b), _typed(structHash));
        structHash = keccak256(
            abi.encode(keccak256("SetPolicy(address account,bytes32 policy,uint40 issuedAt)"), a, b, c)
        );
        assertEq(recovery.setPolicyDigest(a, b, c), _typed(structHash));
    }

    /// [103] [199] and those of other changes, and of what guardians sign besides recoveries
    function testFuzz_otherDigestsAreEip712(address a, address b, uint40 c, bytes32 d, uint32 e) public view {
        bytes32 hash = keccak256(abi.encode(keccak256("Uninstall(address account,uint40 issuedAt)"), a, c));
        assertEq(recovery.uninstallDigest(a, c), _typed(hash));
        hash = keccak256(
            abi.encode(keccak256("Upgrade(address account,address implementation,uint40 issuedAt)"), a, b, c)
        );
        assertEq(recovery.upgradeDigest(a, b, c), _typed(hash));
        bytes32 change = keccak256(abi.encode(uint8(3), uint160(b), c));
        hash = keccak256(abi.encode(keccak256("CancelChange(address account,bytes32 change)"), a, change));
        assertEq(recovery.cancelChangeDigest(a, IRecoveryTypes.ChangeKind.Upgrade, uint160(b), c), _typed(hash));
        hash = keccak256(
            abi.encode(keccak256("GuardianCancel(address account,bytes32 policy,bytes32 recovery)"), a, d, change)
        );
        assertEq(recovery.guardianCancelDigest(a, d, change), _typed(hash));
        hash = keccak256(
            abi.encode(keccak256("Freeze(address account,bytes32 policy,uint32 duration,uint40 issuedAt)"), a, d, e, c)
        );
        assertEq(recovery.freezeDigest(a, d, e, c), _typed(hash));
        hash = keccak256(
            abi.encode(
                keccak256("Drill(address account,bytes32 policy,bytes32 challenge,uint40 deadline)"),
                a,
                d,
                change,
                c
            )
        );
        assertEq(recovery.drillDigest(a, d, change, c), _typed(hash));
    }

    /// [68] [103] [I41] every field is in the digest: a guardian's approval of one request approves no other
    function testFuzz_everyFieldIsSigned(uint8 field, uint256 noise) public {
        Recovery memory changed = mutate(request, field, noise);
        vm.assume(keccak256(abi.encode(changed)) != keccak256(abi.encode(request)));
        assertNotEq(recovery.hashRecovery(changed), digest);
        bytes memory approvals = _approvals(policy, 15, digest);
        bytes memory possession = _possession(fresh, recovery.hashRecovery(changed));
        (bool success, ) = address(recovery).call(
            abi.encodeCall(recovery.start, (changed, policyBytes, approvals, possession))
        );
        assertFalse(success);
    }

    /// [101] the digest does not depend on the chain, and the separator has no cached chain in it
    function testFuzz_digestIsTheSameOnEveryChain(uint64 chainId) public {
        vm.chainId(bound(chainId, 1, type(uint64).max));
        assertEq(recovery.hashRecovery(request), digest);
    }

    /// [199] what guardians, owners and new passkeys sign is never the same word, nor a userOp or an ERC-1271 message
    function test_familiesDoNotMeet() public view {
        bytes32[5] memory digests = [
            digest,
            recovery.vetoDigest(address(account), digest),
            recovery.setPolicyDigest(address(account), digest, uint40(vm.getBlockTimestamp())),
            passkeys.possessionDigest(digest),
            passkeys.proveDigest(address(account), digest)
        ];
        for (uint256 i = 0; i < 5; ++i) {
            for (uint256 j = 0; j < i; ++j) assertNotEq(digests[i], digests[j]);
            bytes memory raw = abi.encodePacked(address(0), _assertion(owner, 0, digests[i]));
            assertEq(
                bytes32(account.isValidSignature(digests[i], raw)),
                bytes32(bytes4(0xffffffff)),
                "not by ERC-1271"
            );
        }
    }

    /// [83] [93] [94] whatever field of the approved request is changed, there is nothing to execute
    function testFuzz_executeOnlyWhatWasApproved(uint8 field, uint256 noise) public {
        bytes memory possession = _possession(fresh, digest);
        _start(request, policy, 3, fresh);
        skip(1 days);
        Recovery memory changed = mutate(request, field, noise);
        bytes32 other = recovery.hashRecovery(changed);
        vm.assume(other != digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotScheduled.selector, other));
        recovery.execute(changed, possession, new IRecoveryTypes.Evidence[](0));
    }

    /// @dev `r` with one field changed.
    function mutate(Recovery memory r, uint8 field, uint256 noise) public pure returns (Recovery memory) {
        field %= 13;
        if (field == 0) r.account = address(uint160(noise));
        if (field == 1) r.policy = bytes32(noise);
        if (field == 2) r.credential.x = noise;
        if (field == 3) r.credential.y = noise;
        if (field == 4) r.credential.rpIdHash = bytes32(noise);
        if (field == 5) r.credential.originsHash = bytes32(noise);
        if (field == 6) r.credential.flags = uint8(noise);
        if (field == 7) r.credential.idHash = bytes32(noise);
        if (field == 8) r.keep = uint8(noise);
        if (field == 9) r.issuedAt = uint40(noise);
        if (field == 10) r.deadline = uint40(noise);
        if (field >= 11) {
            r.chainIds = new uint256[](field - 10);
            r.chainIds[0] = noise;
        }
        return r;
    }

    function _typed(bytes32 structHash) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", _separator(), structHash));
    }

    function _separator() private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,address verifyingContract)"),
                    keccak256("Rekey Recovery"),
                    keccak256("1"),
                    address(recovery)
                )
            );
    }
}
