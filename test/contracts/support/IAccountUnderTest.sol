// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IAccount, IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {
    IERC7579AccountConfig,
    IERC7579Execution,
    IERC7579Module,
    IERC7579ModuleConfig,
    IERC7579Validator
} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IGuardianRecovery} from "../../../contracts/interfaces/IGuardianRecovery.sol";
import {IPasskeyValidator} from "../../../contracts/interfaces/IPasskeyValidator.sol";
import {ISignerValidator} from "../../../contracts/interfaces/ISignerValidator.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";

/// @notice Everything an account answers to, in one place.
interface IAccountUnderTest is
    IRekeyAccount,
    IAccount,
    IERC1271,
    IERC5267,
    IERC7579Execution,
    IERC7579ModuleConfig,
    IERC7579AccountConfig,
    IERC721Receiver
{}

/// @notice PasskeyValidator with its module functions.
interface IPasskeyModule is IPasskeyValidator, IERC7579Module {
    function isInitialized(address account) external view returns (bool);
}

/// @notice SignerValidator with its module functions.
interface ISignerModule is ISignerValidator, IERC7579Validator {}

/// @notice GuardianRecovery with its module functions.
interface IRecoveryModule is IGuardianRecovery, IERC7579Module {
    function isInitialized(address account) external view returns (bool);
}

/// @notice EntryPoint v0.8 with the hash that its users sign.
interface IEntryPointV08 is IEntryPoint {
    function getUserOpHash(PackedUserOperation calldata userOp) external view returns (bytes32);
}
