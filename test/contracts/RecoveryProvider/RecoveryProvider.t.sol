// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7579Execution, IERC7579ModuleConfig} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IGuardianRecoveryProvider} from "../../../contracts/interfaces/IGuardianRecoveryProvider.sol";
import {IRecoveryProvider} from "../../../contracts/interfaces/IRecoveryProvider.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {Erc7947Account} from "../mocks/Erc7947Account.sol";
import {ExecutorEraser} from "../mocks/OzAccount.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice A Rekey account, and an account that believes in ERC-7947 and nothing else, before the façade.
contract RecoveryProviderTest is RecoveryFixture {
    uint256 private constant ALL = 15;
    uint256 private constant TWO = 3; // a day, the owner can veto

    IGuardianRecoveryProvider private provider;
    IRecoveryTypes.Evidence[] private noEvidence;
    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Erc7947Account private believer;
    uint40 private nowAt;

    function setUp() public {
        _deploySystem();
        provider = IGuardianRecoveryProvider(
            deployCode("RecoveryProvider.sol:RecoveryProvider", abi.encode(address(recovery)))
        );
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        believer = new Erc7947Account(address(passkeys), abi.encode(owner.credential, owner.id));
        skip(1 days);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    // ---------------------------------------------------------------- What it is

    function test_interfaceIds() public view {
        assertEq(bytes32(type(IRecoveryProvider).interfaceId), bytes32(bytes4(0x47510661)));
        assertEq(bytes32(IRecoveryProvider.subscribe.selector), bytes32(bytes4(0x4610b70a)));
        assertEq(bytes32(IRecoveryProvider.unsubscribe.selector), bytes32(bytes4(0xfcae4484)));
        assertEq(bytes32(IRecoveryProvider.getRecoveryData.selector), bytes32(bytes4(0xe33ec8f4)));
        assertEq(bytes32(IRecoveryProvider.recover.selector), bytes32(bytes4(0x1ed13d1b)));
        assertTrue(IERC165(address(provider)).supportsInterface(0x47510661), "provider");
        assertTrue(IERC165(address(provider)).supportsInterface(0x01ffc9a7), "ERC-165");
        assertFalse(IERC165(address(provider)).supportsInterface(0xffffffff), "none");
        assertFalse(
            IERC165(address(provider)).supportsInterface(0x59d52f71),
            "the account's side is not ours to promise"
        );
        assertEq(provider.guardianRecovery(), address(recovery));
    }

    /// a policy reference as long as the account has policy and module, nothing otherwise
    function test_recoveryData() public {
        uint40 setAt = recovery.getHead(address(account)).setAt;
        bytes memory wanted = abi.encode(address(recovery), _policyId(), setAt);
        assertEq(provider.getRecoveryData(address(account)), wanted);
        assertEq(provider.getRecoveryData(address(believer)), "", "no module");
        assertEq(provider.getRecoveryData(vm.addr(7)), "", "no account");
        IAccountUnderTest without = _newAccount(owner, "", keccak256("without"));
        assertEq(provider.getRecoveryData(address(without)), "", "no policy");
        _guardBeliever();
        assertEq(provider.getRecoveryData(address(believer)), abi.encode(address(recovery), _policyId(), nowAt));
        _eraseModule();
        assertEq(provider.getRecoveryData(address(believer)), "", "a policy without the module protects nobody");
        vm.etch(address(account), "");
        assertEq(provider.getRecoveryData(address(account)), "", "an EOA that delegates no more");
    }

    // ---------------------------------------------------------------- Subscribing

    /// an account that has its guardians already just says so
    function test_subscribeWithNothing() public {
        _guardBeliever();
        vm.expectEmit(address(provider));
        emit IRecoveryProvider.AccountSubscribed(address(believer));
        _as(address(believer), abi.encodeCall(believer.addRecoveryProvider, (address(provider), "")));
        assertTrue(believer.recoveryProviderAdded(address(provider)));
    }

    /// [59] nobody subscribes without a policy, nor with a policy whose module is gone
    function test_subscribeWithoutGuardians() public {
        vm.prank(address(believer));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoPolicy.selector, address(believer)));
        provider.subscribe("");
        _guardBeliever();
        _eraseModule();
        vm.prank(address(believer));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(believer)));
        provider.subscribe("");
    }

    /// the first policy takes effect at once, by the owner's signature; who delivers that first spoils nothing
    function testFuzz_subscribeWithFirstPolicy(bool deliveredBefore) public {
        account = _newAccount(owner, "", keccak256("without"));
        bytes memory signature = _policySignature(policyBytes);
        if (deliveredBefore) recovery.setPolicy(address(account), policyBytes, nowAt, signature);
        vm.prank(address(account));
        vm.expectEmit(address(provider));
        emit IRecoveryProvider.AccountSubscribed(address(account));
        provider.subscribe(abi.encode(policyBytes, nowAt, signature));
        assertEq(recovery.getHead(address(account)).policyId, _policyId());
    }

    /// [93] no policy without its owner's signature, for oneself or anybody else
    function test_subscribeNeedsTheOwner() public {
        account = _newAccount(owner, "", keccak256("without"));
        bytes memory signature = _policySignature(policyBytes);
        bytes memory byAnother = _ownerSignature(
            fresh,
            recovery.setPolicyDigest(address(account), keccak256(policyBytes), nowAt)
        );
        vm.startPrank(address(account));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        provider.subscribe(abi.encode(policyBytes, nowAt, bytes("")));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(account)));
        provider.subscribe(abi.encode(policyBytes, nowAt, byAnother));
        vm.stopPrank();
        vm.prank(address(0xbad));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.BadOwnerSignature.selector, address(0xbad)));
        provider.subscribe(abi.encode(policyBytes, nowAt, signature));
        assertEq(recovery.getHead(address(account)).policyId, 0);
    }

    /// [73] the façade is no way around the wait: another policy is refused, and not even announced
    function test_subscribeReplacesNothing() public {
        Policy memory other = policy;
        other.salt = keccak256("thief");
        bytes memory otherBytes = _encode(other);
        bytes memory data = abi.encode(otherBytes, nowAt, _policySignature(otherBytes));
        vm.prank(address(account));
        vm.expectRevert(
            abi.encodeWithSelector(
                IGuardianRecoveryProvider.SubscriptionTakesTime.selector,
                address(account),
                _policyId()
            )
        );
        provider.subscribe(data);
        assertEq(recovery.getHead(address(account)).policyId, _policyId());
        assertEq(recovery.getChange(address(account)).value, 0);
    }

    /// [191] ETH sent along comes back with the refusal
    function test_refusesValue() public {
        vm.deal(address(account), 2);
        bytes memory refusal = abi.encodeWithSelector(IGuardianRecoveryProvider.ValueNotAccepted.selector, 1);
        vm.startPrank(address(account));
        vm.expectRevert(refusal);
        provider.subscribe{value: 1}("");
        vm.expectRevert(refusal);
        provider.unsubscribe{value: 1}();
    }

    // ---------------------------------------------------------------- Leaving

    /// [73] [87] guardians cannot be sent away at once; when they have left in the usual way, the façade says so
    function test_unsubscribe() public {
        _guardBeliever();
        _as(address(believer), abi.encodeCall(believer.addRecoveryProvider, (address(provider), "")));
        bytes memory removal = abi.encodeCall(believer.removeRecoveryProvider, (address(provider)));
        bytes memory refusal = abi.encodeWithSelector(
            IGuardianRecoveryProvider.UnsubscriptionTakesTime.selector,
            address(believer),
            _policyId()
        );
        _expectAs(address(believer), removal, refusal);
        IRecoveryTypes.ChangeKind kind = IRecoveryTypes.ChangeKind.Uninstall;
        bytes memory announce = abi.encodeCall(recovery.announce, (address(believer), kind, address(0), nowAt + 1, ""));
        _as(address(recovery), announce);
        _expectAs(address(believer), removal, refusal);
        skip(4 days);
        _expectAs(address(believer), removal, refusal);
        _as(address(believer), abi.encodeCall(believer.uninstallModule, (2, address(recovery), "")));
        vm.expectEmit(address(provider));
        emit IRecoveryProvider.AccountUnsubscribed(address(believer));
        _as(address(believer), removal);
        assertFalse(believer.recoveryProviderAdded(address(provider)));
    }

    /// an account that has lost the module in another way is not kept
    function test_unsubscribeWithoutTheModule() public {
        _guardBeliever();
        _eraseModule();
        vm.prank(address(believer));
        vm.expectEmit(address(provider));
        emit IRecoveryProvider.AccountUnsubscribed(address(believer));
        provider.unsubscribe();
    }

    // ---------------------------------------------------------------- Recovering

    /// a relayer that knows ERC-7947 only starts a recovery that waits, and executes it
    function testFuzz_relayed(address relayer) public {
        vm.assume(relayer.code.length == 0);
        Recovery memory request = _recovery(account, policyBytes, fresh);
        bytes memory proof = _startProof(request, TWO);
        vm.prank(relayer);
        provider.recover(abi.encode(request), proof);
        assertStatus(request, IRecoveryTypes.Status.Scheduled);
        proof = _executeProof(request);
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotReady.selector, nowAt, nowAt + 1 days));
        provider.recover(abi.encode(request), proof);
        skip(1 days);
        vm.prank(relayer);
        provider.recover(abi.encode(request), proof);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    function test_relayedAtOnce() public {
        Recovery memory request = _recovery(account, policyBytes, fresh);
        bytes memory proof = _startProof(request, ALL);
        vm.prank(vm.addr(7));
        provider.recover(abi.encode(request), proof);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [79] an account that asks for its own recovery gets it, once
    function test_believerIsRecovered() public {
        _subscribeBeliever();
        Recovery memory request = _recovery(IAccountUnderTest(address(believer)), policyBytes, fresh);
        bytes memory proof = _startProof(request, ALL);
        assertTrue(believer.recoverAccess(abi.encode(request), address(provider), proof));
        assertTrue(_isOnlyPasskey(IAccountUnderTest(address(believer)), fresh));
        assertEq(believer.access(), abi.encode(request));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt));
        believer.recoverAccess(abi.encode(request), address(provider), proof);
    }

    /// [77] a recovery that waits proves nothing yet: the account gives no access, and what was started is undone
    function test_waitingIsNoProof() public {
        _subscribeBeliever();
        Recovery memory request = _recovery(IAccountUnderTest(address(believer)), policyBytes, fresh);
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory proof = _startProof(request, TWO);
        vm.expectRevert(
            abi.encodeWithSelector(IGuardianRecoveryProvider.RecoveryWaits.selector, digest, nowAt + 1 days)
        );
        believer.recoverAccess(abi.encode(request), address(provider), proof);
        assertEq(believer.access(), "");
        assertStatus(request, IRecoveryTypes.Status.None);

        vm.prank(vm.addr(7));
        provider.recover(abi.encode(request), proof);
        skip(1 days);
        assertTrue(believer.recoverAccess(abi.encode(request), address(provider), _executeProof(request)));
        assertTrue(_isOnlyPasskey(IAccountUnderTest(address(believer)), fresh));
    }

    /// [68] [83] a thief's own recovery, approved by his own guardians, is no proof about anybody else
    function testFuzz_anothersRecoveryIsNoProof(bool atOnce) public {
        _subscribeBeliever();
        Recovery memory request = _recovery(account, policyBytes, fresh);
        bytes memory proof = _startProof(request, atOnce ? ALL : TWO);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGuardianRecoveryProvider.NotTheAccount.selector,
                address(believer),
                address(account)
            )
        );
        believer.recoverAccess(abi.encode(request), address(provider), proof);
        assertEq(believer.access(), "");
        assertStatus(request, IRecoveryTypes.Status.None);
    }

    /// [83] approvals are for the very object: another one under the same proof is refused
    function test_objectIsUnderTheApprovals() public {
        _subscribeBeliever();
        Recovery memory request = _recovery(IAccountUnderTest(address(believer)), policyBytes, fresh);
        bytes memory proof = _startProof(request, ALL);
        request.credential = _passkey(0xbad).credential;
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 0, 0));
        believer.recoverAccess(abi.encode(request), address(provider), proof);
    }

    function test_unknownProofs() public {
        bytes memory object = abi.encode(_recovery(account, policyBytes, fresh));
        vm.startPrank(vm.addr(7));
        vm.expectRevert(IGuardianRecoveryProvider.UnknownProof.selector);
        provider.recover(object, "");
        vm.expectRevert(IGuardianRecoveryProvider.UnknownProof.selector);
        provider.recover(object, hex"02");
        vm.expectRevert();
        provider.recover(object, hex"00");
        vm.expectRevert();
        provider.recover("", hex"00");
    }

    // ---------------------------------------------------------------- Helpers

    function _policyId() private view returns (uint160) {
        return uint160(uint256(keccak256(policyBytes)));
    }

    function _policySignature(bytes memory of_) private view returns (bytes memory) {
        return _ownerSignature(owner, recovery.setPolicyDigest(address(account), keccak256(of_), nowAt));
    }

    function _startProof(Recovery memory request, uint256 mask) private view returns (bytes memory) {
        bytes32 digest = recovery.hashRecovery(request);
        bytes memory approvals = _approvals(policy, mask, digest);
        return abi.encodePacked(bytes1(0x00), abi.encode(policyBytes, approvals, _possession(fresh, digest)));
    }

    function _executeProof(Recovery memory request) private view returns (bytes memory) {
        bytes memory possession = _possession(fresh, recovery.hashRecovery(request));
        return abi.encodePacked(bytes1(0x01), abi.encode(possession, noEvidence));
    }

    function _guardBeliever() private {
        _as(address(believer), abi.encodeCall(IERC7579ModuleConfig.installModule, (2, address(recovery), policyBytes)));
    }

    function _subscribeBeliever() private {
        _guardBeliever();
        _as(address(believer), abi.encodeCall(believer.addRecoveryProvider, (address(provider), "")));
    }

    function _eraseModule() private {
        ExecutorEraser eraser = new ExecutorEraser();
        bytes memory call = abi.encodePacked(address(eraser), abi.encodeCall(eraser.erase, (address(recovery))));
        vm.prank(address(ENTRY_POINT));
        IERC7579Execution(address(believer)).execute(bytes32(uint256(0xff) << 248), call);
    }

    function _as(address target, bytes memory data) private {
        vm.prank(address(ENTRY_POINT));
        IERC7579Execution(address(believer)).execute(MODE_SINGLE, abi.encodePacked(target, uint256(0), data));
    }

    function _expectAs(address target, bytes memory data, bytes memory refusal) private {
        vm.prank(address(ENTRY_POINT));
        vm.expectRevert(refusal);
        IERC7579Execution(address(believer)).execute(MODE_SINGLE, abi.encodePacked(target, uint256(0), data));
    }
}
