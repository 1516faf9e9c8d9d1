// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Which announcements are too old, and what a module that leaves or comes back remembers.
contract ChangeOrderTest is RecoveryFixture {
    IRecoveryTypes.ChangeKind private constant POLICY = IRecoveryTypes.ChangeKind.Policy;
    IRecoveryTypes.ChangeKind private constant UNINSTALL = IRecoveryTypes.ChangeKind.Uninstall;
    IRecoveryTypes.ChangeKind private constant UPGRADE = IRecoveryTypes.ChangeKind.Upgrade;
    uint256 private constant WAIT = 4 days;

    Passkey private owner;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    bytes private otherBytes;
    IAccountUnderTest private account;
    uint40 private nowAt;

    function setUp() public {
        _deploySystem();
        owner = _passkey(1);
        fresh = _passkey(2);
        _store(policy, _usualPolicy());
        policyBytes = _encode(policy);
        Policy memory second = _usualPolicy();
        second.salt = keccak256("second");
        otherBytes = _encode(second);
        account = _newAccount(owner, policyBytes, keccak256("handle"));
        skip(1 days);
        nowAt = uint40(vm.getBlockTimestamp());
    }

    // ---------------------------------------------------------------- Too old

    /// [69] [212] what was announced before a recovery's issue is dead after it, on a chain that sees it later too
    function test_announcedBeforeARecovery() public {
        _start(_recovery(account, policyBytes, fresh), policy, 15, fresh);
        vm.startPrank(address(account));
        _expectStale(nowAt, nowAt);
        recovery.setPolicy(address(account), otherBytes, nowAt, "");
        _expectStale(nowAt - 1, nowAt);
        recovery.announce(address(account), UPGRADE, address(this), nowAt - 1, "");
        _expectStale(nowAt, nowAt);
        recovery.cancelChange(address(account), POLICY, _id(otherBytes), nowAt, "");
        recovery.setPolicy(address(account), otherBytes, nowAt + 1, "");
        assertEq(recovery.getChange(address(account)).epoch, 1);
    }

    /// [212] an uninstall or an upgrade from the future, or older than what waits, is not announced
    function test_announceOnlyTheNewest() public {
        vm.startPrank(address(account));
        uint256 latest = nowAt + 15 minutes;
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotYetIssued.selector, latest + 1, latest));
        recovery.announce(address(account), UNINSTALL, address(0), uint40(latest + 1), "");
        recovery.announce(address(account), UNINSTALL, address(0), uint40(latest), "");
        _expectStale(nowAt, uint40(latest));
        recovery.announce(address(account), UPGRADE, address(this), nowAt, "");
        assertEq(uint256(recovery.getChange(address(account)).kind), uint256(UNINSTALL));
    }

    /// calling off takes the very change that waits: its kind, its value and its time
    function test_cancelTakesAllOfTheChange() public {
        vm.startPrank(address(account));
        recovery.setPolicy(address(account), otherBytes, nowAt, "");
        _expectStale(nowAt, nowAt);
        recovery.cancelChange(address(account), UPGRADE, _id(otherBytes), nowAt, "");
        _expectStale(nowAt, nowAt);
        recovery.cancelChange(address(account), POLICY, _id(policyBytes), nowAt, "");
        _expectStale(nowAt - 1, nowAt);
        recovery.cancelChange(address(account), POLICY, _id(otherBytes), nowAt - 1, "");
        recovery.cancelChange(address(account), POLICY, _id(otherBytes), nowAt, "");
    }

    /// [214] [69] an upgrade that took effect ends recoveries issued up to its announcement, and no later ones
    function test_upgradeRaisesTheFloor() public {
        vm.prank(address(account));
        recovery.announce(address(account), UPGRADE, address(this), nowAt, "");
        Recovery memory older = _recovery(account, policyBytes, fresh);
        Recovery memory newer = _recovery(account, policyBytes, fresh);
        newer.issuedAt += 1;
        skip(WAIT - 1 hours);
        bytes32 digest = _start(older, policy, 3, fresh);
        _start(newer, policy, 3, fresh);
        skip(1 hours);
        vm.prank(address(account));
        recovery.consume(UPGRADE, address(this));
        skip(1 days);
        bytes memory possession = _possession(fresh, digest);
        _expectStale(nowAt, nowAt);
        recovery.execute(older, possession, new IRecoveryTypes.Evidence[](0));
        _execute(newer, fresh);
        assertTrue(_isOnlyPasskey(account, fresh));
    }

    /// [214] an account consumes uninstalls and upgrades only: a policy takes effect in {applyPolicy} or not at all
    function test_policiesAreNotConsumed() public {
        vm.startPrank(address(account));
        recovery.setPolicy(address(account), otherBytes, nowAt, "");
        skip(WAIT);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.UnknownChange.selector, POLICY, _id(otherBytes)));
        recovery.consume(POLICY, address(_id(otherBytes)));
        recovery.applyPolicy(address(account), otherBytes);
        assertEq(recovery.getHead(address(account)).policyId, _id(otherBytes));
    }

    // ---------------------------------------------------------------- Coming and leaving

    /// [60] [73] an account that has a policy gets no other one by another installation
    function test_installedTwice() public {
        vm.prank(address(account));
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveryTypes.PolicyExists.selector, address(account), _id(policyBytes))
        );
        recovery.onInstall(otherBytes);
    }

    /// the module comes without a policy too, and the owner names guardians later
    function test_installWithoutPolicy() public {
        account = _newAccount(owner, "", keccak256("bare"));
        vm.startPrank(address(account));
        recovery.onUninstall("");
        recovery.onInstall("");
        assertEq(recovery.getHead(address(account)).policyId, 0);
        recovery.setPolicy(address(account), policyBytes, nowAt, "");
        assertEq(recovery.getHead(address(account)).policyId, _id(policyBytes));
    }

    /// [60] before an account is set up it has no policy: one now would bar the one that its address commits to
    function test_notSetUp() public {
        IAccountUnderTest bare = _bareAccount(owner, policyBytes, keccak256("bare"));
        vm.startPrank(address(bare));
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(bare)));
        recovery.setPolicy(address(bare), otherBytes, nowAt, "");
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NotInstalled.selector, address(bare)));
        recovery.onInstall(otherBytes);
    }

    /// what was called off while there was no policy stays so when one comes by an installation, and what
    /// guardians signed is none the staler for it
    function test_installKeepsWhatWasCalledOff() public {
        account = _newAccount(owner, "", keccak256("bare"));
        vm.startPrank(address(account));
        recovery.cancelChange(address(account), POLICY, _id(policyBytes), nowAt, "");
        recovery.onInstall(otherBytes);
        IRecoveryTypes.Head memory head = recovery.getHead(address(account));
        assertEq(head.policyId, _id(otherBytes));
        assertEq(head.floor, 0);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, nowAt, nowAt));
        recovery.setPolicy(address(account), policyBytes, nowAt, "");
    }

    /// [87] a module that left takes hold, bench and cool-down with it; floor and epoch stay
    function test_uninstallClearsTheRest() public {
        Policy memory freezing = _usualPolicy();
        freezing.freezeHours = 1;
        bytes memory freezingBytes = _encode(freezing);
        account = _newAccount(owner, freezingBytes, keccak256("freezing"));
        bytes32 message = recovery.freezeDigest(address(account), keccak256(freezingBytes), 1 hours, nowAt);
        recovery.freeze(address(account), freezingBytes, 1 hours, nowAt, _approvals(freezing, 8, message));
        bytes32 digest = _start(_recovery(account, freezingBytes, fresh), freezing, 3, fresh);
        _start(_more(_recovery(account, freezingBytes, fresh)), freezing, 7, fresh);
        vm.startPrank(address(account));
        recovery.veto(address(account), digest, "");
        IRecoveryTypes.Aux memory aux = recovery.getAux(address(account));
        assertNotEq(uint256(aux.benched), 0);
        assertNotEq(uint256(aux.holdUntil), 0);
        assertNotEq(uint256(aux.freezeReadyAt), 0);
        recovery.announce(address(account), UNINSTALL, address(0), nowAt, "");
        skip(6 days);
        recovery.onUninstall("");
        aux = recovery.getAux(address(account));
        assertEq(keccak256(abi.encode(aux)), keccak256(abi.encode(IRecoveryTypes.Aux(0, 0, 0, 0, 0, 0))));
        assertEq(recovery.getHead(address(account)).epoch, 1);
        assertEq(recovery.getHead(address(account)).floor, nowAt);
    }

    function test_executorOnly() public view {
        for (uint256 i = 0; i < 10; ++i) assertEq(recovery.isModuleType(i), i == 2);
    }

    // ---------------------------------------------------------------- Helpers

    function _more(Recovery memory request) private pure returns (Recovery memory) {
        request.deadline += 1;
        return request;
    }

    function _id(bytes memory encoded) private pure returns (uint160) {
        return uint160(uint256(keccak256(encoded)));
    }

    function _expectStale(uint256 issuedAt, uint256 floor) private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.Stale.selector, issuedAt, floor));
    }
}
