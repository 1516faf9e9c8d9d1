// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {IEvidenceVerifier} from "../../../contracts/interfaces/IEvidenceVerifier.sol";
import {IRecoveryTypes} from "../../../contracts/interfaces/IRecoveryTypes.sol";
import {Approvals} from "../../../contracts/libraries/Approvals.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice A guardian's contract that answers what it is told to, byte for byte.
contract AnsweringGuardian {
    mapping(bytes4 selector => bytes) private _answers;
    bytes32 private immutable KEY;

    /// @param key What it wants to hear when it is asked whether evidence holds.
    constructor(bytes32 key) {
        KEY = key;
    }

    function set(bytes4 selector, bytes calldata answer) external {
        _answers[selector] = answer;
    }

    function evidenceHolds(bytes calldata key, bytes32) external view returns (bytes4) {
        return keccak256(key) == keccak256(abi.encode(KEY)) ? IEvidenceVerifier.evidenceHolds.selector : bytes4(0);
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return _answers[msg.sig];
    }
}

/// @notice Answers of guardians' contracts, to the byte: how long they have to be, and what of them is read.
contract AnswersTest is RecoveryFixture {
    bytes32 private constant KEY = keccak256("key");
    bytes4 private constant WALLET = IERC1271.isValidSignature.selector;
    bytes4 private constant VERIFIER = IERC7913SignatureVerifier.verify.selector;

    AnsweringGuardian private first;
    AnsweringGuardian private second;
    Passkey private fresh;
    Policy private policy;
    bytes private policyBytes;
    IAccountUnderTest private account;
    Recovery private request;
    bytes32 private digest;

    function setUp() public {
        _deploySystem();
        fresh = _passkey(2);
        first = new AnsweringGuardian(KEY);
        second = new AnsweringGuardian(KEY);
    }

    /// [66] a word is enough, a byte less is none, and what follows is not looked at
    function test_walletAnswers() public {
        _useWallets(false);
        bytes memory ones = abi.encodePacked(type(uint256).max, type(uint256).max, type(uint256).max);
        first.set(WALLET, abi.encodePacked(WALLET, new bytes(28), ones));
        for (uint256 zeros = 0; zeros < 28; ++zeros) {
            second.set(WALLET, abi.encodePacked(WALLET, new bytes(zeros)));
            _expectNoTier(_approvals(policy, 3, digest));
        }
        second.set(WALLET, abi.encodePacked(WALLET, new bytes(28)));
        _start(request, policy, 3, fresh);
        assertEq(_record(request).votes, 3);
        assertEq(_record(request).evidence, 0);
    }

    /// a contract wallet that is hidden may need no signature, like one in the open
    function test_hiddenWalletWithoutSignature() public {
        _useWallets(true);
        first.set(WALLET, abi.encode(WALLET));
        second.set(WALLET, abi.encode(WALLET));
        bytes memory approvals;
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory reveal = abi.encodePacked(policy.guardians[i].secret, uint16(20), policy.guardians[i].signer);
            approvals = abi.encodePacked(approvals, _item(i, reveal));
        }
        recovery.start(request, policyBytes, approvals, _possession(fresh, digest));
        assertEq(_record(request).votes, 3);
    }

    /// [123] the evidence is the second word; of an answer that has none, or only part of one, it is zero behind it
    function test_evidenceOfAnAnswer() public {
        bytes32 all = bytes32(type(uint256).max);
        for (uint256 length = 0; length <= 32; ++length) {
            _useVerifiers();
            AnsweringGuardian asked = AnsweringGuardian(address(bytes20(policy.guardians[0].signer)));
            asked.set(_selector(), abi.encode(VERIFIER, all));
            asked = AnsweringGuardian(address(bytes20(policy.guardians[1].signer)));
            bytes memory part = new bytes(length);
            for (uint256 i = 0; i < length; ++i) part[i] = 0xff;
            asked.set(_selector(), abi.encodePacked(VERIFIER, new bytes(28), part));
            _start(request, policy, 3, fresh);
            skip(1 days);

            IRecoveryTypes.Evidence[] memory evidence = new IRecoveryTypes.Evidence[](2);
            evidence[0] = IRecoveryTypes.Evidence(0, policy.guardians[0].signer, all);
            evidence[1] = IRecoveryTypes.Evidence(1, policy.guardians[1].signer, bytes32(part));
            recovery.execute(request, _possession(fresh, digest), evidence);
            assertTrue(_isOnlyPasskey(account, fresh));
        }
    }

    /// [66] [90] too little gas to ask a contract is said with what was wanted
    function test_saysHowMuchGasItTakes() public {
        _useWallets(false);
        bytes32 message = recovery.drillDigest(address(account), keccak256(policyBytes), 0, request.deadline);
        bytes memory approvals = _approvals(policy, 3, message);
        bytes memory call = abi.encodeCall(
            recovery.drill,
            (address(account), policyBytes, 0, request.deadline, approvals)
        );
        uint256 wanted = (uint256(500_000) * 64) / 63 + 50_000;
        (bool success, bytes memory answer) = address(recovery).call{gas: wanted}(call);
        assertFalse(success);
        assertEq(answer.length, 4 + 64);
        assertEq(bytes32(bytes4(answer)), bytes32(Approvals.InsufficientGas.selector));
        uint256 said;
        assembly ("memory-safe") {
            said := mload(add(answer, 0x44))
        }
        assertEq(said, wanted);
    }

    /// [66] where there is no code nobody is asked: a bad signature for an EOA takes no gas in reserve
    function test_eoaIsNotAsked() public {
        Guardian[] memory guardians = new Guardian[](2);
        guardians[0] = _eoaGuardian(1);
        guardians[1] = _eoaGuardian(2);
        _use(guardians);
        bytes memory approvals = abi.encodePacked(_item(0, ""), _item(1, "x"));
        (uint32 votes, ) = recovery.drill{gas: (uint256(500_000) * 64) / 63 + 50_000}(
            address(account),
            policyBytes,
            0,
            request.deadline,
            approvals
        );
        assertEq(votes, 0);
    }

    // ---------------------------------------------------------------- Helpers

    function _useWallets(bool hidden) private {
        Guardian[] memory guardians = new Guardian[](2);
        guardians[0] = Guardian(KIND_CONTRACT, 1, 0, abi.encodePacked(address(first)), SignsAs.Wallet, 1, 0, 0);
        guardians[1] = Guardian(KIND_CONTRACT, 1, 0, abi.encodePacked(address(second)), SignsAs.Wallet, 2, 0, 0);
        if (hidden) for (uint256 i = 0; i < 2; ++i) guardians[i] = _hidden(guardians[i]);
        _use(guardians);
    }

    function _useVerifiers() private {
        Guardian[] memory guardians = new Guardian[](2);
        guardians[0] = _evidenceGuardian(5, address(first), abi.encodePacked(KEY));
        guardians[1] = _evidenceGuardian(5, address(second), abi.encodePacked(KEY));
        _use(guardians);
    }

    function _use(Guardian[] memory guardians) private {
        _sort(guardians);
        Policy memory made;
        made.salt = bytes32(vm.getBlockTimestamp());
        made.windowHours = 48;
        made.tiers = new Tier[](1);
        made.tiers[0] = Tier(2, 1, 1 days, false);
        made.guardians = guardians;
        delete policy;
        _store(policy, made);
        policyBytes = _encode(policy);
        account = _newAccount(_passkey(1), policyBytes, keccak256(policyBytes));
        request = _recovery(account, policyBytes, fresh);
        digest = recovery.hashRecovery(request);
    }

    function _selector() private pure returns (bytes4) {
        return IEvidenceVerifier.verifyWithEvidence.selector;
    }

    function _expectNoTier(bytes memory approvals) private {
        bytes memory possession = _possession(fresh, digest);
        vm.expectRevert(abi.encodeWithSelector(IRecoveryTypes.NoTier.selector, 1, 1));
        recovery.start(request, policyBytes, approvals, possession);
    }
}
