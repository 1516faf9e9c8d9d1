// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC7579Execution, IERC7579Module} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";

/// @notice A module of every type that does what it is told and remembers who asked.
contract ForeignModule is IERC7579Module {
    enum Behaviour {
        Works,
        Reverts,
        BurnsGas,
        Reenters
    }

    Behaviour public behaviour;
    uint256 public types = type(uint256).max;
    uint256 public validationData;
    bytes public installedWith;
    bytes public uninstalledWith;
    uint256 public uninstalls;
    address public asker;
    bytes private reentry;
    bool public reentrySucceeded;

    error Told();

    function behave(Behaviour behaviour_) external {
        behaviour = behaviour_;
    }

    function setTypes(uint256 types_) external {
        types = types_;
    }

    function setValidationData(uint256 validationData_) external {
        validationData = validationData_;
    }

    function setReentry(bytes calldata reentry_) external {
        reentry = reentry_;
        behaviour = Behaviour.Reenters;
    }

    function onInstall(bytes calldata data) external {
        installedWith = data;
        _act();
    }

    function onUninstall(bytes calldata data) external {
        uninstalledWith = data;
        ++uninstalls;
        _act();
    }

    function isModuleType(uint256 moduleTypeId) external view returns (bool) {
        return (types >> moduleTypeId) & 1 != 0;
    }

    // As validator

    function validateUserOp(PackedUserOperation calldata, bytes32) external returns (uint256) {
        _act();
        return validationData;
    }

    function isValidSignatureWithSender(
        address sender,
        bytes32,
        bytes calldata signature
    ) external pure returns (bytes4) {
        // Answers with who asked, so that a test can see it.
        return signature.length == 0 ? bytes4(bytes20(sender)) : bytes4(0x1626ba7e);
    }

    // As executor

    function executeOn(
        IERC7579Execution account,
        bytes32 mode,
        bytes calldata executionCalldata
    ) external payable returns (bytes[] memory) {
        return account.executeFromExecutor{value: msg.value}(mode, executionCalldata);
    }

    // As fallback handler

    function whoAsks() external payable returns (address sender, address caller, uint256 value) {
        _act();
        return (address(bytes20(msg.data[msg.data.length - 20:])), msg.sender, msg.value);
    }

    function _act() private {
        if (behaviour == Behaviour.Reverts) revert Told();
        if (behaviour == Behaviour.BurnsGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (behaviour == Behaviour.Reenters) (reentrySucceeded, ) = msg.sender.call(reentry);
    }
}

/// @notice Somewhere to call: counts, keeps ETH, fails on request.
contract Target {
    uint256 public count;
    address public caller;

    error Refused(uint256 code);

    function add(uint256 amount) external payable returns (uint256) {
        caller = msg.sender;
        return count += amount;
    }

    function refuse(uint256 code) external pure {
        revert Refused(code);
    }
}

/// @notice Writes its own storage word 0 to 7 wherever it is run: what a delegatecall would do to an account.
contract Eraser {
    fallback() external payable {
        assembly ("memory-safe") {
            for {
                let i := 0
            } lt(i, 8) {
                i := add(i, 1)
            } {
                sstore(i, not(0))
            }
        }
    }
}
