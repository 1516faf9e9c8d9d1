// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WebAuthn} from "../../../contracts/libraries/WebAuthn.sol";
import {PasskeyConfig, PasskeyHelper} from "../support/PasskeyHelper.sol";

/// @notice The library in a frame that has taken 64 KB of memory before.
contract FullFrame {
    function verify(bytes32 hash, bytes calldata blob, bool precompile) external view returns (bool, uint256, bytes32) {
        assembly ("memory-safe") {
            mstore(0x40, add(mload(0x40), 0x10000))
        }
        return WebAuthn.verify(hash, blob, 0, precompile);
    }
}

/// @notice What the library does with the frame it is called in: its memory, and its end if SHA-256 gives no answer.
contract WebAuthnFrameTest is PasskeyHelper {
    bytes32 private constant HASH = keccak256("what the owner signs");
    uint256 private constant KEY = 0xf2a3e;
    uint8 private constant INDEX = 11;

    FullFrame private frame;
    bool private precompile;

    function setUp() public {
        frame = new FullFrame();
        precompile = hasP256Verifier();
    }

    /// [35] it writes behind what is taken, and no further: the frame grows by what it needs
    function test_takesMemoryWhereItIsFree() public view {
        for (uint256 form = 0; form < 2; ++form) {
            PasskeyConfig memory config = passkey();
            config.isFull = form == 1;
            bytes memory blob = assertion(KEY, config, HASH, INDEX);
            (bool ok, , bytes32 commitment) = frame.verify{gas: 20_000_000}(HASH, blob, precompile);
            assertTrue(ok);
            assertEq(commitment, credentialOf(KEY, config).commitment());
        }
    }

    /// [32] without the hash of clientDataJSON there is no verdict, and nothing that could be taken for one
    function test_noHashOfClientData() public {
        PasskeyConfig memory config = passkey();
        _expectNothing(config, bytes(clientDataOf(config, HASH)));
    }

    /// [32] nor without the hash that was signed, in either form
    function test_noSignedHash() public {
        PasskeyConfig memory config = passkey();
        for (uint256 form = 0; form < 2; ++form) {
            config.isFull = form == 1;
            bytes32 clientDataHash = sha256(bytes(clientDataOf(config, HASH)));
            _expectNothing(config, abi.encodePacked(authDataOf(config), clientDataHash));
        }
    }

    /// @dev SHA-256 of `text` fails.
    function _expectNothing(PasskeyConfig memory config, bytes memory text) private {
        bytes memory query = abi.encodeCall(frame.verify, (HASH, assertion(KEY, config, HASH, INDEX), precompile));
        (bool success, ) = address(frame).staticcall(query);
        assertTrue(success);
        vm.mockCallRevert(address(2), text, "no hash");
        bytes memory answer;
        (success, answer) = address(frame).staticcall(query);
        vm.clearMockedCalls();
        assertFalse(success);
        assertEq(answer, "");
    }
}
