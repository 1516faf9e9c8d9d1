// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Approvals} from "../../../contracts/libraries/Approvals.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {HostileGuardian, ReenteringGuardian} from "../support/Guardians.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Which approvals count.
contract RecoveryVotesTest is RecoveryFixture {
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
        _use(_usualPolicy());
    }

    /// [63] [65] a guardian of each kind counts, exactly the ones that signed
    function testFuzz_exactlyTheSignersCount(uint256 mask) public {
        mask = bound(mask, 0, 15);
        uint256 count = (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1);
        if (count < 2) return _expectNoTier(_approvals(policy, mask, digest), count);
        _startWith(_approvals(policy, mask, digest));
        if (count < 4) assertEq(_record(request).votes, mask);
        else assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [37] [38] [63] the same guardian twice, or out of order, is no valid blob
    function test_duplicateAndUnorderedItems() public {
        bytes memory one = _item(1, _approval(policy.guardians[1], digest));
        bytes memory two = _item(2, _approval(policy.guardians[2], digest));
        _expectMalformed(abi.encodePacked(one, one), one.length);
        _expectMalformed(abi.encodePacked(two, one), two.length);
        _expectMalformed(abi.encodePacked(one, two, _item(2, "")), one.length + two.length);
        _expectMalformed(abi.encodePacked(one, _item(4, "")), one.length);
        _expectMalformed(_item(255, ""), 0);
    }

    /// [38] [63] cut off items are no valid blob
    function test_truncatedBlob() public {
        bytes memory blob = _item(0, _approval(policy.guardians[0], digest));
        for (uint256 length = 1; length < blob.length; ++length) {
            bytes memory cut = _item(0, _approval(policy.guardians[0], digest));
            assembly ("memory-safe") {
                mstore(cut, length)
            }
            _expectMalformed(cut, 0);
        }
    }

    /// [63] a guardian who supports again does not count twice
    function test_supportTwiceCountsOnce() public {
        _startWith(_approvals(policy, 3, digest));
        _support(request, policy, 3);
        _support(request, policy, 1);
        assertEq(_record(request).votes, 3);
        assertEq(_record(request).protectedAt, 0, "two are not three");
    }

    /// [96] a stranger's signature, and one guardian's in another's place
    function test_strangers() public {
        uint256 index = _indexOf(policy, SignsAs.Eoa);
        _expectNoTier(_twoVotes(index, signEoa(0x5742a27e, digest)), 1);
        uint256 other = _indexOf(policy, SignsAs.Wallet);
        _expectNoTier(_twoVotes(index, _approval(policy.guardians[other], digest)), 1);
    }

    /// [65] v of 0, 1 and 29, high s, zero and 64 bytes: not counted
    function test_badEcdsa() public {
        uint256 index = _indexOf(policy, SignsAs.Eoa);
        uint256 key = policy.guardians[index].seed;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bytes32 highS = bytes32(SECP256K1_ORDER - uint256(s));
        _expectNoTier(_twoVotes(index, abi.encodePacked(r, s, v - 27)), 1);
        _expectNoTier(_twoVotes(index, abi.encodePacked(r, s, uint8(29))), 1);
        _expectNoTier(_twoVotes(index, abi.encodePacked(r, s, v == 27 ? uint8(28) : uint8(27))), 1);
        _expectNoTier(_twoVotes(index, abi.encodePacked(r, highS, v == 27 ? uint8(28) : uint8(27))), 1);
        _expectNoTier(_twoVotes(index, new bytes(65)), 1);
        _expectNoTier(_twoVotes(index, abi.encodePacked(r, s)), 1);
        _expectNoTier(_twoVotes(index, abi.encodePacked(r, s, v, uint8(0))), 1);
        _expectNoTier(_twoVotes(index, ""), 1);
        _startWith(_twoVotes(index, abi.encodePacked(r, s, v)));
    }

    /// [65] an EOA that has delegated its code (EIP-7702) still signs like an EOA
    function test_delegatedEoaStillCounts() public {
        uint256 index = _indexOf(policy, SignsAs.Eoa);
        HostileGuardian delegate = new HostileGuardian();
        vm.etch(address(bytes20(policy.guardians[index].signer)), abi.encodePacked(hex"ef0100", address(delegate)));
        _startWith(_twoVotes(index, _approval(policy.guardians[index], digest)));
    }

    /// [66] a contract guardian that reverts, bombs, burns, lies or writes loses its own vote and nothing else
    function test_hostileWallets() public {
        HostileGuardian hostile = new HostileGuardian();
        _replaceWallet(abi.encodePacked(address(hostile)));
        _hostileVotes(hostile);
    }

    /// [66] the same for a hostile ERC-7913 verifier
    function test_hostileVerifiers() public {
        HostileGuardian hostile = new HostileGuardian();
        _replaceWallet(abi.encodePacked(address(hostile), keccak256("key")));
        _hostileVotes(hostile);
    }

    /// [66] [92] a wallet that calls back finds a static frame: nothing it calls can change anything
    function test_reenteringWallet() public {
        ReenteringGuardian reentering = new ReenteringGuardian();
        _replaceWallet(abi.encodePacked(address(reentering)));
        uint256 index = _indexOf(policy, abi.encodePacked(address(reentering)));
        uint256 others = 15 ^ (1 << index);
        bytes memory inner = abi.encodeCall(
            recovery.start,
            (request, policyBytes, _approvals(policy, others, digest), _possession(fresh, digest))
        );
        reentering.prepare(address(recovery), inner);
        // It says yes only because its own start was refused; the outer one counts it and all four execute at once.
        _startWith(_approvals(policy, 15, digest));
        assertTrue(_isOnlyPasskey(account, fresh));
        assertEq(recovery.getHead(address(account)).epoch, 1, "once");
    }

    /// [66] [99] votes are taken when delivered: a wallet that changes its answer later changes nothing
    function test_answerChangesLater() public {
        HostileGuardian hostile = new HostileGuardian();
        hostile.behave(HostileGuardian.Behaviour.SaysYes);
        _replaceWallet(abi.encodePacked(address(hostile)));
        uint256 index = _indexOf(policy, abi.encodePacked(address(hostile)));
        _startWith(_twoVotes(index, ""));
        hostile.behave(HostileGuardian.Behaviour.Reverts);
        skip(1 days);
        _execute(request, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [17] [67] an ERC-6492 wrapper is not unwrapped: nothing is deployed or called for a guardian without code
    function test_erc6492IsNotUnwrapped() public {
        uint256 index = _indexOf(policy, SignsAs.Eoa);
        bytes memory wrapped = abi.encodePacked(
            abi.encode(address(factory), hex"00", _approval(policy.guardians[index], digest)),
            bytes32(0x6492649264926492649264926492649264926492649264926492649264926492)
        );
        _expectNoTier(_twoVotes(index, wrapped), 1);
    }

    /// [99] a verifier or wallet without code never counts
    function test_guardianWithoutCode() public {
        _replaceWallet(abi.encodePacked(address(0xc0de1e55), keccak256("key")));
        uint256 index = _indexOf(policy, abi.encodePacked(address(0xc0de1e55), keccak256("key")));
        _expectNoTier(_twoVotes(index, "anything"), 1);
    }

    /// [66] a WebAuthn guardian's assertion over another digest, with an index, or by another passkey
    function test_webAuthnGuardian() public {
        uint256 index = _indexOf(policy, SignsAs.Passkey);
        Passkey memory guardian = _passkey(policy.guardians[index].seed);
        _expectNoTier(_twoVotes(index, _stateless(guardian, keccak256("other"))), 1);
        _expectNoTier(_twoVotes(index, _assertion(guardian, 0, digest)), 1);
        _expectNoTier(_twoVotes(index, _stateless(owner, digest)), 1);
        _startWith(_twoVotes(index, _stateless(guardian, digest)));
    }

    /// [64] another Rekey account as guardian: its ERC-1271 answer counts, under ERC-7739
    function test_rekeyAccountAsGuardian() public {
        Passkey memory friend = _passkey(77);
        IAccountUnderTest friends = _newAccount(friend, "", keccak256("friend"));
        _replaceWallet(abi.encodePacked(address(friends)));
        uint256 index = _indexOf(policy, abi.encodePacked(address(friends)));
        bytes32 personal = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), digest));
        bytes32 nested = keccak256(abi.encodePacked(hex"1901", _accountSeparator(address(friends)), personal));
        _expectNoTier(_twoVotes(index, abi.encodePacked(address(0), _assertion(friend, 0, digest))), 1);
        _startWith(_twoVotes(index, abi.encodePacked(address(0), _assertion(friend, 0, nested))));
    }

    // ---------------------------------------------------------------- Weights, kinds, expiry

    /// [I12] weight is the sum over distinct guardians, kinds are counted once each
    function testFuzz_weightsAndKinds(uint256 seed, uint256 mask) public {
        Policy memory weighted = _usualPolicy();
        weighted.salt = keccak256(abi.encode(seed));
        uint256[4] memory weights;
        uint256 total;
        for (uint256 i = 0; i < 4; ++i) {
            weights[i] = bound(uint256(keccak256(abi.encode(seed, i))), 1, 255);
            weighted.guardians[i].weight = uint8(weights[i]);
            weighted.guardians[i].kind = uint8(bound(uint256(keccak256(abi.encode(seed, "kind", i))), 1, 3));
            total += weights[i];
        }
        weighted.tiers = new Tier[](1);
        weighted.tiers[0] = Tier(uint16(bound(seed, 1, total)), 1, 1 days, false);
        _use(weighted);
        mask = bound(mask, 0, 15);
        uint256 weight;
        uint256 kinds;
        for (uint256 i = 0; i < 4; ++i) {
            if ((mask >> i) & 1 == 0) continue;
            weight += weights[i];
            kinds |= 1 << weighted.guardians[i].kind;
        }
        bytes memory approvals = _approvals(policy, mask, digest);
        if (weight >= weighted.tiers[0].weight) {
            _startWith(approvals);
            assertEq(_record(request).votes, mask);
        } else {
            vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, weight, _bits(kinds)));
            this.startExternal(approvals);
        }
    }

    /// [I12] three votes of one kind do not make two kinds
    function test_kindsAreDistinct() public {
        Policy memory plain = _usualPolicy();
        plain.tiers = new Tier[](1);
        plain.tiers[0] = Tier(2, 2, 1 days, false);
        _use(plain);
        uint256 a = _indexOf(policy, SignsAs.Eoa);
        uint256 b = a;
        for (uint256 i = 0; i < 4; ++i) {
            if (i != a && policy.guardians[i].signsAs == SignsAs.Eoa) b = i;
        }
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 2, 1));
        this.startExternal(_approvals(policy, (1 << a) | (1 << b), digest));
        _startWith(_approvals(policy, (1 << a) | (1 << _indexOf(policy, SignsAs.Passkey)), digest));
    }

    /// [70] a guardian counts in the last second of his validity and not after
    function test_validUntil() public {
        Policy memory expiring = _usualPolicy();
        uint40 end = uint40(vm.getBlockTimestamp() + 1 days);
        expiring.guardians[1].validUntil = end;
        _use(expiring);
        uint256 snapshot = vm.snapshotState();
        vm.warp(end);
        _startWith(_approvals(policy, 3, digest));
        vm.revertToState(snapshot);
        vm.warp(uint256(end) + 1);
        _expectNoTier(_approvals(policy, 3, digest), 1);
    }

    /// [70] a vote given in time stays given when the guardian's time ends during the delay
    function test_voteOutlivesValidity() public {
        Policy memory expiring = _usualPolicy();
        expiring.guardians[1].validUntil = uint40(vm.getBlockTimestamp() + 1 hours);
        _use(expiring);
        _startWith(_approvals(policy, 3, digest));
        skip(2 hours);
        _support(request, policy, 4);
        assertEq(_record(request).votes, 7);
        skip(22 hours);
        _execute(request, fresh);
    }

    // ---------------------------------------------------------------- Helpers

    function startExternal(bytes calldata approvals) external {
        recovery.start(request, policyBytes, approvals, _possession(fresh, digest));
    }

    function _use(Policy memory used) private {
        policy = used;
        policyBytes = _encode(used);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    /// @dev Puts another contract in the place of the contract wallet.
    function _replaceWallet(bytes memory signer) private {
        Policy memory changed = _usualPolicy();
        changed.guardians[_indexOf(changed, SignsAs.Wallet)].signer = signer;
        _sort(changed.guardians);
        _use(changed);
    }

    function _hostileVotes(HostileGuardian hostile) private {
        uint256 index;
        for (uint256 i = 0; i < 4; ++i) {
            if (policy.guardians[i].signsAs == SignsAs.Wallet) index = i;
        }
        for (uint256 i = 0; i < uint256(HostileGuardian.Behaviour.SaysYes); ++i) {
            hostile.behave(HostileGuardian.Behaviour(i));
            uint256 snapshot = vm.snapshotState();
            _expectNoTier(_twoVotes(index, "anything"), 1);
            _startWith(_approvals(policy, 15, digest));
            assertEq(_record(request).votes, 15 ^ (1 << index), "only that vote is lost");
            vm.revertToState(snapshot);
        }
        hostile.behave(HostileGuardian.Behaviour.SaysYes);
        _startWith(_twoVotes(index, "anything"));
        assertEq((_record(request).votes >> index) & 1, 1);
    }

    /// @dev The given signature of guardian `index`, and one good vote beside it.
    function _twoVotes(uint256 index, bytes memory signature) private view returns (bytes memory) {
        uint256 other = index == 0 ? 1 : 0;
        bytes memory good = _item(other, _approval(policy.guardians[other], digest));
        bytes memory item = _item(index, signature);
        return other < index ? abi.encodePacked(good, item) : abi.encodePacked(item, good);
    }

    function _startWith(bytes memory approvals) private {
        recovery.start(request, policyBytes, approvals, _possession(fresh, digest));
    }

    function _expectNoTier(bytes memory approvals, uint256 weight) private {
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, weight, weight));
        recovery.start(request, policyBytes, approvals, possession);
    }

    function _expectMalformed(bytes memory approvals, uint256 position) private {
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(Approvals.MalformedApprovals.selector, position));
        recovery.start(request, policyBytes, approvals, possession);
    }

    function _accountSeparator(address target) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256("Rekey Account"),
                    keccak256("1"),
                    block.chainid,
                    target
                )
            );
    }

    function _bits(uint256 word) private pure returns (uint256 count) {
        for (; word != 0; word >>= 1) count += word & 1;
    }
}
