// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7579Validator} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";

/// @notice An account of somebody else's: an EIP-712 domain, one validator, and ERC-1271 by it.
/// @dev What it says about its own chain and contract is false on purpose.
contract MinimalAccount {
    IERC7579Validator public immutable VALIDATOR;
    bytes32 public immutable SALT;

    constructor(IERC7579Validator validator, bytes32 salt, bytes memory initData) {
        (VALIDATOR, SALT) = (validator, salt);
        validator.onInstall(initData);
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return VALIDATOR.isValidSignatureWithSender(msg.sender, hash, signature);
    }

    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (0x0f, "Somebody's Account", "7", 424_242, address(0xdead), SALT, extensions);
    }
}
