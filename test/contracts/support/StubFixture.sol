// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC7579Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IAccountUnderTest} from "./IAccountUnderTest.sol";
import {RekeyFixture} from "./RekeyFixture.sol";
import {StubRecovery} from "./StubRecovery.sol";

/// @notice Accounts whose recovery module does what a test tells it.
abstract contract StubFixture is RekeyFixture {
    bytes internal constant POLICY = "policy";
    bytes32 internal constant DIGEST = keccak256("recovery");

    StubRecovery internal stub;
    Passkey internal owner;
    Passkey internal fresh;
    Passkey internal thief;

    function _deployWithStub() internal {
        _deploySystem();
        _deployEntryPoint();
        stub = new StubRecovery();
        implementation = _deployImplementation(address(stub));
        (owner, fresh, thief) = (_passkey(1), _passkey(2), _passkey(666));
    }

    /// @notice The call with which anyone makes `fresh` the account's passkey.
    function _recoverCall(IAccountUnderTest account, uint8 keep) internal view returns (bytes memory) {
        bytes memory possession = _stateless(fresh, passkeys.possessionDigest(DIGEST));
        return abi.encodeCall(stub.recover, (account, fresh.credential, keep, DIGEST, possession));
    }

    /// @notice Recovers in a second of its own, as in a transaction of its own.
    function _recover(IAccountUnderTest account, uint8 keep) internal {
        (bool success, ) = address(stub).call(_recoverCall(account, keep));
        assertTrue(success, "recovered");
        skip(1);
    }

    function _command(IAccountUnderTest account, bytes memory call) internal returns (bool success, bytes memory data) {
        vm.prank(address(ENTRY_POINT));
        return address(account).call(call);
    }

    function _mustCommand(IAccountUnderTest account, bytes memory call) internal {
        (bool success, bytes memory problem) = _command(account, call);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(problem, 0x20), mload(problem))
            }
        }
    }

    function _refuses(IAccountUnderTest account, bytes memory call, bytes memory problem) internal {
        (bool success, bytes memory answer) = _command(account, call);
        assertFalse(success, "refused");
        assertEq(answer, problem);
    }

    /// @notice What the account's validation answers to a userOp that `by` signed, in PasskeyValidator's lane.
    function _validationOf(IAccountUnderTest account, Passkey memory by) internal returns (uint256) {
        bytes32 hash = keccak256("userOp");
        return _validationOf(account, address(0), _assertion(by, 0, hash), hash);
    }

    function _validationOf(
        IAccountUnderTest account,
        address validator,
        bytes memory signature,
        bytes32 hash
    ) internal returns (uint256) {
        PackedUserOperation memory userOp;
        userOp.sender = address(account);
        userOp.nonce = uint256(_nonceKey(validator)) << 64;
        userOp.signature = signature;
        vm.prank(address(ENTRY_POINT));
        return account.validateUserOp(userOp, hash, 0);
    }

    function _executeCall(address target, bytes memory data) internal pure returns (bytes memory) {
        bytes memory call = abi.encodePacked(target, uint256(0), data);
        return abi.encodeCall(IERC7579Execution.execute, (MODE_SINGLE, call));
    }

    /// @notice A userOp of PasskeyValidator's lane with this call, signed by `by`.
    function _signedOp(
        IAccountUnderTest account,
        Passkey memory by,
        bytes memory callData
    ) internal view returns (PackedUserOperation memory userOp) {
        userOp = _userOp(account, 0, callData);
        userOp.signature = _assertion(by, 0, ENTRY_POINT.getUserOpHash(userOp));
    }

    function _isPasskey(IAccountUnderTest account, Passkey memory wanted) internal view returns (bool) {
        (, bytes24[] memory commitments, ) = passkeys.getCredentials(address(account));
        bytes24 commitment = bytes24(uint192(uint256(wanted.credential.commitment())));
        for (uint256 i = 0; i < commitments.length; ++i) {
            if (commitments[i] == commitment) return true;
        }
        return false;
    }
}
