// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {AccountERC7579} from "@openzeppelin/contracts/account/extensions/draft-AccountERC7579.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {MODULE_TYPE_EXECUTOR, MODULE_TYPE_VALIDATOR} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";

/// @notice OpenZeppelin's ERC-7579 account as it is, for EntryPoint v0.8, with its first modules.
contract OzAccount is AccountERC7579 {
    constructor(address validator, bytes memory initData) {
        _installModule(MODULE_TYPE_VALIDATOR, validator, initData);
    }

    function entryPoint() public pure override returns (IEntryPoint) {
        return IEntryPoint(0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108);
    }
}

/// @notice What a thief can run in such an account's name by delegate call: it forgets its executors without telling them.
contract ExecutorEraser {
    /// @dev The account's set of executors: array at slot 2, positions at slot 3.
    function erase(address module) external {
        bytes32 position = keccak256(abi.encode(module, uint256(3)));
        assembly ("memory-safe") {
            sstore(2, 0)
            sstore(position, 0)
        }
    }
}

/// @notice An account that says yes to everything and does nothing.
contract LyingAccount {
    function accountId() external pure returns (string memory) {
        return "lying.account.1.0.0";
    }

    function supportsModule(uint256) external pure returns (bool) {
        return true;
    }

    function isModuleInstalled(uint256, address, bytes calldata) external pure returns (bool) {
        return true;
    }

    function executeFromExecutor(bytes32, bytes calldata) external payable returns (bytes[] memory) {}

    function install(address module, bytes calldata data) external {
        (bool success, bytes memory reason) = module.call(abi.encodeWithSignature("onInstall(bytes)", data));
        require(success, string(reason));
    }
}
