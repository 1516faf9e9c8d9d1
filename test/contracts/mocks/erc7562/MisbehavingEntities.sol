// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";

interface IStakes {
    function addStake(uint32 unstakeDelaySec) external payable;
}

/// @title MisbehavingEntity
/// @notice Runs a call of {Misdeeds} as its own code and does not care how it ends; no data means a clean conscience.
abstract contract MisbehavingEntity {
    address internal immutable MISDEEDS;

    constructor(address misdeeds) {
        MISDEEDS = misdeeds;
    }

    receive() external payable {}

    /// @notice Locks stake of this entity in the EntryPoint.
    function addStake(IStakes entryPoint, uint32 unstakeDelaySec) external payable {
        entryPoint.addStake{value: msg.value}(unstakeDelaySec);
    }

    function _run(bytes calldata misdeed) internal {
        if (misdeed.length == 0) return;
        address misdeeds = MISDEEDS;
        assembly {
            let input := mload(0x40)
            calldatacopy(input, misdeed.offset, misdeed.length)
            pop(delegatecall(gas(), misdeeds, input, misdeed.length, 0, 0))
        }
    }
}

/// @title MisbehavingAccount
/// @notice Accepts every userOp, pays what is missing, and runs the misdeed in its signature.
contract MisbehavingAccount is MisbehavingEntity {
    constructor(address misdeeds) MisbehavingEntity(misdeeds) {}

    function validateUserOp(PackedUserOperation calldata userOp, bytes32, uint256 missing) external returns (uint256) {
        _run(userOp.signature);
        if (missing > 0) {
            assembly {
                pop(call(gas(), caller(), missing, 0, 0, 0, 0))
            }
        }
        return 0;
    }

    /// @notice Runs a misdeed where it is none: in the execution.
    function execute(bytes calldata misdeed) external {
        _run(misdeed);
    }
}

/// @title MisbehavingFactory
/// @notice Deploys a {MisbehavingAccount} by CREATE2; runs a misdeed before and another after.
contract MisbehavingFactory is MisbehavingEntity {
    constructor(address misdeeds) MisbehavingEntity(misdeeds) {}

    function createAccount(
        bytes32 salt,
        bytes calldata before,
        bytes calldata after_
    ) external returns (address account) {
        _run(before);
        account = address(new MisbehavingAccount{salt: salt}(MISDEEDS));
        _run(after_);
    }
}

/// @title MisbehavingPaymaster
/// @notice Pays for every userOp and runs the misdeed behind its gas limits.
contract MisbehavingPaymaster is MisbehavingEntity {
    constructor(address misdeeds) MisbehavingEntity(misdeeds) {}

    function validatePaymasterUserOp(
        PackedUserOperation calldata userOp,
        bytes32,
        uint256
    ) external returns (bytes memory context, uint256 validationData) {
        _run(userOp.paymasterAndData[52:]);
        return ("", 0);
    }
}
