// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";

/// @notice An account that does only part of what its executor tells it to, or more.
contract HalfwayAccount {
    bool public hasExecutor;
    bool public hasValidator;
    bool public takesValidators = true;
    /// @dev Number of calls of a batch that it makes.
    uint256 public calls = type(uint256).max;
    bytes public more;

    function accountId() external pure returns (string memory) {
        return "halfway.account.1.0.0";
    }

    function supportsModule(uint256 moduleTypeId) external view returns (bool) {
        return moduleTypeId == 2 || takesValidators;
    }

    function isModuleInstalled(uint256 moduleTypeId, address, bytes calldata) external view returns (bool) {
        return moduleTypeId == 2 ? hasExecutor : hasValidator;
    }

    function set(bool hasValidator_, bool takesValidators_, uint256 calls_) external {
        (hasValidator, takesValidators, calls) = (hasValidator_, takesValidators_, calls_);
    }

    /// @param target What it calls on its own account after each batch.
    function setMore(address target, bytes calldata data) external {
        more = abi.encode(target, data);
    }

    /// @dev ERC-7579 does not say that a module counts as installed while it is being installed.
    function installExecutor(address module, bytes calldata data) external {
        run(module, abi.encodeWithSignature("onInstall(bytes)", data));
        hasExecutor = true;
    }

    function run(address target, bytes memory data) public {
        (bool success, bytes memory reason) = target.call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function executeFromExecutor(bytes32, bytes calldata data) external payable returns (bytes[] memory) {
        Execution[] memory batch = abi.decode(data, (Execution[]));
        for (uint256 i = 0; i < batch.length && i < calls; ++i) run(batch[i].target, batch[i].callData);
        if (more.length == 0) return new bytes[](0);
        (address target, bytes memory own) = abi.decode(more, (address, bytes));
        run(target, own);
        return new bytes[](0);
    }
}
