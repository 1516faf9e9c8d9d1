// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PolicyRules} from "../../../contracts/libraries/PolicyRules.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Every rule a policy can break, through GuardianRecovery.checkPolicy.
contract PolicyRulesTest is RecoveryFixture {
    address private constant ACCOUNT = address(0xacc0047acc0047);
    uint256 private constant TIERS = 38;
    uint256 private constant TIER_COUNT = 37;

    Policy private usual;

    function setUp() public {
        _deploySystem();
        _store(usual, _usualPolicy());
    }

    function test_usualPolicyIsAccepted() public {
        bytes memory policy = _encode(usual);
        assertEq(recovery.checkPolicy(ACCOUNT, policy), keccak256(policy));
    }

    // ---------------------------------------------------------------- Form

    /// [61] cut off anywhere, or with bytes left over, it is refused
    function test_everyTruncationIsRefused() public {
        bytes memory policy = _encode(usual);
        for (uint256 length = 0; length < policy.length; ++length) {
            bytes memory cut = _encode(usual);
            assembly ("memory-safe") {
                mstore(cut, length)
            }
            assertGt(_brokenRule(cut), 0, "cut");
        }
        assertEq(_brokenRule(abi.encodePacked(policy, uint8(0))), 1, "trailing byte");
    }

    /// [61] any bytes whatever are accepted or refused with a rule, never with a panic
    function testFuzz_anyBytes(bytes memory noise) public {
        assertGt(_brokenRule(noise), 0);
    }

    /// [61] one byte changed anywhere but in the salt and the signers: accepted or refused with a rule, never a panic
    function testFuzz_anyByteChanged(uint256 position, uint8 value) public {
        bytes memory policy = _encode(usual);
        policy[bound(position, 0, policy.length - 1)] = bytes1(value);
        _brokenRule(policy);
    }

    function test_unknownVersion() public {
        bytes memory policy = _encode(usual);
        policy[0] = 0x02;
        assertEq(_brokenRule(policy), 1);
    }

    /// [54] more than 4,096 bytes
    function test_tooLong() public {
        Policy memory policy = usual;
        policy.tiers = new Tier[](1);
        policy.tiers[0] = Tier(2, 1, 1 days, false);
        policy.guardians = new Guardian[](16);
        for (uint256 i = 0; i < 16; ++i) policy.guardians[i] = _longGuardian(i, 248);
        _sort(policy.guardians);
        uint256 length = _encode(policy).length;
        assertGt(length, 4_096);
        assertEq(_brokenRule(_encode(policy)), 2);
        uint256 tooMuch = length - 4_096;
        // Shortened to exactly 4,096 bytes it is fine.
        policy.guardians[0].signer = abi.encodePacked(address(0x123456), new bytes(248 - 20 - tooMuch));
        _sort(policy.guardians);
        assertEq(_encode(policy).length, 4_096);
        assertEq(_brokenRule(_encode(policy)), 0);
        policy.guardians = _eoas(1);
        assertEq(_brokenRule(abi.encodePacked(_encode(policy), new bytes(4_097 - _encode(policy).length))), 2, "4,097");
    }

    function test_unknownOption() public {
        Policy memory policy = usual;
        policy.options = 1;
        assertEq(_brokenRule(_encode(policy)), 0);
        policy.options = 2;
        assertEq(_brokenRule(_encode(policy)), 3);
    }

    function test_windowRange() public {
        Policy memory policy = usual;
        uint16[4] memory hours_ = [uint16(47), 48, 1_440, 1_441];
        uint8[4] memory rules = [uint8(4), 0, 0, 4];
        for (uint256 i = 0; i < 4; ++i) {
            policy.windowHours = hours_[i];
            assertEq(_brokenRule(_encode(policy)), rules[i]);
        }
    }

    function test_freezeRange() public {
        Policy memory policy = usual;
        policy.freezeHours = 72;
        assertEq(_brokenRule(_encode(policy)), 0);
        policy.freezeHours = 73;
        assertEq(_brokenRule(_encode(policy)), 5);
    }

    // ---------------------------------------------------------------- Tiers

    /// [59] no tiers, or too many
    function test_tierCount() public {
        Policy memory policy = usual;
        policy.tiers = new Tier[](0);
        assertEq(_brokenRule(_encode(policy)), 6);
        policy.tiers = new Tier[](5);
        for (uint256 i = 0; i < 5; ++i) policy.tiers[i] = Tier(2, 1, 1 days, false);
        assertEq(_brokenRule(_encode(policy)), 6);
        policy.tiers = new Tier[](4);
        for (uint256 i = 0; i < 4; ++i) policy.tiers[i] = Tier(2, 1, 1 days, false);
        assertEq(_brokenRule(_encode(policy)), 0);
    }

    /// [59] [61] [I9] threshold 0 in weight or kinds is refused
    function test_zeroThreshold() public {
        Policy memory policy = usual;
        policy.tiers[0].weight = 0;
        assertEq(_brokenRule(_encode(policy)), 8);
        policy.tiers[0] = Tier(2, 0, 1 days, false);
        assertEq(_brokenRule(_encode(policy)), 8);
    }

    function test_delayLimit() public {
        Policy memory policy = usual;
        policy.tiers[0].delay = 90 days;
        assertEq(_brokenRule(_encode(policy)), 0);
        policy.tiers[0].delay = 90 days + 1;
        assertEq(_brokenRule(_encode(policy)), 9);
        policy.tiers[0].delay = type(uint32).max;
        assertEq(_brokenRule(_encode(policy)), 9);
    }

    /// [61] [62] [I10] a tier that the whole set cannot reach is refused
    function test_unreachableTier() public {
        Policy memory policy = usual;
        policy.tiers[2].weight = 5;
        assertEq(_brokenRule(_encode(policy)), 16);
        policy.tiers[2] = Tier(4, 4, 0, false);
        assertEq(_brokenRule(_encode(policy)), 16);
    }

    function test_unknownTierFlag() public {
        bytes memory policy = _encode(usual);
        policy[TIERS + 7] = 0x02;
        assertEq(_brokenRule(policy), 12);
    }

    /// [62] one tier at least is reachable by guardians who never expire
    function test_onlyExpiringGuardians() public {
        Policy memory policy = usual;
        for (uint256 i = 0; i < 3; ++i) policy.guardians[i].validUntil = 1;
        assertEq(_brokenRule(_encode(policy)), 17);
        policy.guardians[0].validUntil = 0;
        policy.tiers[0].kinds = 1;
        assertEq(_brokenRule(_encode(policy)), 0);
        policy.tiers[0].kinds = 3;
        assertEq(_brokenRule(_encode(policy)), 17);
    }

    /// [78] [74] one guardian alone needs an hour at least, and can always be vetoed
    function test_singleGuardian() public {
        Policy memory policy = usual;
        policy.tiers[0] = Tier(1, 1, 1 hours, false);
        assertEq(_brokenRule(_encode(policy)), 0, "an hour");
        policy.tiers[0].delay = 1 hours - 1;
        assertEq(_brokenRule(_encode(policy)), 18, "less");
        policy.options = 1;
        assertEq(_brokenRule(_encode(policy)), 0, "less, by option");
        policy.tiers[0].isProtected = true;
        assertEq(_brokenRule(_encode(policy)), 19, "protected");
        policy.tiers[0].delay = 30 days;
        assertEq(_brokenRule(_encode(policy)), 19, "protected and slow");
        // Heavier guardians: alone means alone, whatever the weight.
        policy.options = 0;
        policy.guardians[2].weight = 200;
        policy.tiers[0] = Tier(200, 1, 0, false);
        assertEq(_brokenRule(_encode(policy)), 18, "heavy");
        policy.tiers[0].weight = 201;
        assertEq(_brokenRule(_encode(policy)), 0, "not alone");
        policy.tiers[0] = Tier(200, 2, 0, true);
        assertEq(_brokenRule(_encode(policy)), 0, "two kinds are not alone");
    }

    // ---------------------------------------------------------------- Guardians

    /// [59] [61] [I9] no guardians, or more than 32
    function test_guardianCount() public {
        Policy memory policy = usual;
        policy.guardians = new Guardian[](0);
        assertEq(_brokenRule(_encode(policy)), 7);
        policy.tiers = new Tier[](1);
        policy.tiers[0] = Tier(2, 1, 1 days, false);
        policy.guardians = _eoas(33);
        assertEq(_brokenRule(_encode(policy)), 7);
        policy.guardians = _eoas(32);
        assertEq(_brokenRule(_encode(policy)), 0);
    }

    function test_guardianKind() public {
        Policy memory policy = usual;
        policy.guardians[1].kind = 0;
        assertEq(_brokenRule(_encode(policy)), 10);
        policy.guardians[1].kind = 31;
        assertEq(_brokenRule(_encode(policy)), 0);
        policy.guardians[1].kind = 32;
        assertEq(_brokenRule(_encode(policy)), 10);
    }

    function test_unknownGuardianFlag() public {
        bytes memory policy = _encode(usual);
        policy[TIERS + 8 * usual.tiers.length + 3] = 0x04;
        assertEq(_brokenRule(policy), 12);
    }

    function test_guardianWithoutWeight() public {
        Policy memory policy = usual;
        policy.guardians[1].weight = 0;
        assertEq(_brokenRule(_encode(policy)), 11);
    }

    function test_signerLength() public {
        Policy memory policy = usual;
        policy.guardians[0].signer = new bytes(19);
        assertEq(_brokenRule(_encode(policy)), 13, "19");
        policy.guardians[0].signer = "";
        assertEq(_brokenRule(_encode(policy)), 13, "0");
        policy.guardians[0] = _longGuardian(1, 257);
        _sort(policy.guardians);
        assertEq(_brokenRule(_encode(policy)), 13, "257");
        policy = usual;
        policy.guardians[0] = _longGuardian(1, 256);
        policy.tiers[2] = Tier(2, 1, 1 days, false);
        policy.tiers[1] = policy.tiers[2];
        _sort(policy.guardians);
        assertEq(_brokenRule(_encode(policy)), 0, "256");
    }

    /// [61] [98] [I11] zero, sentinel, precompiles, the account, the modules and the EntryPoint, alone and as verifiers
    function test_forbiddenSigners() public {
        address[9] memory forbidden = [
            address(0),
            address(1),
            address(0x100),
            address(0xffff),
            ACCOUNT,
            address(ENTRY_POINT),
            address(passkeys),
            address(signers),
            address(recovery)
        ];
        for (uint256 i = 0; i < forbidden.length; ++i) {
            assertEq(_ruleWithSigner(abi.encodePacked(forbidden[i])), 14, "alone");
            assertEq(_ruleWithSigner(abi.encodePacked(forbidden[i], keccak256("key"))), 14, "verifier");
        }
        assertEq(_ruleWithSigner(abi.encodePacked(address(0x10000))), 0, "the first that is not reserved");
        assertEq(_ruleWithSigner(abi.encodePacked(codeVerifier)), 14, "codes are no wallet");
        assertEq(_ruleWithSigner(abi.encodePacked(codeVerifier, keccak256("root"), uint8(10))), 0, "codes with a key");
    }

    /// [61] [63] [I11] the same signer twice, or guardians out of order
    function test_duplicatesAndOrder() public {
        Policy memory policy = usual;
        policy.guardians[1] = policy.guardians[0];
        assertEq(_brokenRule(_encode(policy)), 15, "twice");
        policy = usual;
        (policy.guardians[2], policy.guardians[3]) = (policy.guardians[3], policy.guardians[2]);
        assertEq(_brokenRule(_encode(policy)), 15, "order");
    }

    function test_changeDaysCoverTheLongestDelay() public {
        uint32[6] memory delays = [uint32(0), 1 hours, 1 days, 1 days + 1, 3 days, 90 days];
        uint8[6] memory days_ = [2, 2, 2, 3, 4, 91];
        for (uint256 i = 0; i < 6; ++i) {
            Policy memory policy = usual;
            policy.tiers = new Tier[](2);
            policy.tiers[0] = Tier(2, 1, delays[i], false);
            policy.tiers[1] = Tier(3, 1, 0, false);
            bytes memory encoded = _encode(policy);
            address account = address(_newAccount(_passkey(1), encoded, bytes32(i)));
            assertEq(recovery.getHead(account).changeDays, days_[i]);
        }
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev The rule that is broken, 0 if none. Any other revert fails the test.
    function _brokenRule(bytes memory policy) private returns (uint256) {
        (bool success, bytes memory answer) = address(recovery).staticcall(
            abi.encodeCall(recovery.checkPolicy, (ACCOUNT, policy))
        );
        if (success) return 0;
        assertEq(answer.length, 36, "neither accepted nor refused with a rule");
        assertEq(bytes32(bytes4(answer)), bytes32(PolicyRules.BadPolicy.selector));
        return uint8(answer[35]);
    }

    function _ruleWithSigner(bytes memory signer) private returns (uint256) {
        Policy memory policy = usual;
        policy.tiers[2].kinds = 1;
        policy.guardians[0].signer = signer;
        _sort(policy.guardians);
        return _brokenRule(_encode(policy));
    }

    function _longGuardian(uint256 salt, uint256 length) private pure returns (Guardian memory guardian) {
        bytes memory signer = abi.encodePacked(address(0x123456), bytes32(salt), new bytes(length - 52));
        return Guardian(KIND_PASSKEY, 1, 0, signer, SignsAs.Passkey, 0, 0, 0);
    }

    function _eoas(uint256 count) private pure returns (Guardian[] memory guardians) {
        guardians = new Guardian[](count);
        for (uint256 i = 0; i < count; ++i) guardians[i] = _eoaGuardian(i + 1);
        _sort(guardians);
    }
}
