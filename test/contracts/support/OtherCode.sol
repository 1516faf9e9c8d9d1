// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice Other code for an account: answers every call with who asked, where, and the calldata.
contract EchoCode {
    fallback() external payable {
        bytes memory answer = abi.encode(msg.sender, address(this), msg.data);
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }
}

/// @notice Other code for an account: refuses every call.
contract SabotageCode {
    error Sabotage(bytes4 selector);

    fallback() external payable {
        revert Sabotage(msg.sig);
    }
}
