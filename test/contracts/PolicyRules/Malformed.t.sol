// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PolicyRules} from "../../../contracts/libraries/PolicyRules.sol";
import {RecoveryFixture} from "../support/RecoveryFixture.sol";

/// @notice Which rule a policy breaks whose bytes end too early: the first that its bytes let be told.
contract MalformedPolicyTest is RecoveryFixture {
    address private constant ACCOUNT = address(0xacc0047acc0047);
    uint256 private constant HEAD = 38;

    function setUp() public {
        _deploySystem();
    }

    /// [61] cut off anywhere it is malformed, and breaks no other rule
    function test_everyTruncationIsMalformed() public {
        bytes memory policy = _encode(_usualPolicy());
        for (uint256 length = 0; length < policy.length; ++length) {
            _expectRule(_cut(policy, length), PolicyRules.MALFORMED);
        }
        assertEq(recovery.checkPolicy(ACCOUNT, policy), keccak256(policy));
    }

    /// [61] a head with nothing behind it is whole: what it says is looked at
    function test_headAlone() public {
        bytes memory head = _cut(_encode(_usualPolicy()), HEAD);
        head[37] = 0;
        _expectRule(head, PolicyRules.TIER_COUNT);
        head[33] = 0x02;
        _expectRule(head, PolicyRules.UNKNOWN_OPTION);
        _expectRule(_cut(head, HEAD - 1), PolicyRules.MALFORMED);
    }

    /// [61] the last guardian is whole with its length, and says that it has no signer
    function test_lastGuardianWithoutSigner() public {
        Policy memory policy = _usualPolicy();
        policy.guardians[3].signer = "";
        bytes memory encoded = _encode(policy);
        _expectRule(encoded, PolicyRules.SIGNER_LENGTH);
        _expectRule(_cut(encoded, encoded.length - 1), PolicyRules.MALFORMED);
    }

    function _expectRule(bytes memory policy, uint8 rule) private {
        vm.expectRevert(abi.encodeWithSelector(PolicyRules.BadPolicy.selector, rule));
        recovery.checkPolicy(ACCOUNT, policy);
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory cut) {
        cut = new bytes(length);
        for (uint256 i = 0; i < length; ++i) cut[i] = data[i];
    }
}
