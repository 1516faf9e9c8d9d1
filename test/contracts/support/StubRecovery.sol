// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7579Module, IERC7579ModuleConfig} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRekeyAccount} from "../../../contracts/interfaces/IRekeyAccount.sol";
import {Credential} from "../../../contracts/types/Credential.sol";

/// @notice In GuardianRecovery's place: recovers and freezes for whoever asks, and lets happen what was announced.
contract StubRecovery is IERC7579Module {
    uint8 public constant UNINSTALL = 2;
    uint8 public constant UPGRADE = 3;

    /// @notice What its accounts were installed with.
    mapping(address account => bytes) public policyOf;
    mapping(address account => bytes32) private _ripe;

    error ChangeNotReady();
    error NotInstalled();

    function ripen(address account, uint8 kind, address value) external {
        _ripe[account] = keccak256(abi.encode(kind, value));
    }

    function consume(uint8 kind, address value) public {
        if (policyOf[msg.sender].length == 0) return;
        if (_ripe[msg.sender] != keccak256(abi.encode(kind, value))) revert ChangeNotReady();
        delete _ripe[msg.sender];
    }

    function onInstall(bytes calldata policy) external {
        if (!IERC7579ModuleConfig(msg.sender).isModuleInstalled(2, address(this), "")) revert NotInstalled();
        policyOf[msg.sender] = policy;
    }

    function onUninstall(bytes calldata) external {
        consume(UNINSTALL, address(0));
        delete policyOf[msg.sender];
    }

    function isModuleType(uint256 moduleTypeId) external pure returns (bool) {
        return moduleTypeId == 2;
    }

    /// @notice A recovery that is due: anyone delivers it.
    function recover(
        IRekeyAccount account,
        Credential calldata credential,
        uint8 keep,
        bytes32 digest,
        bytes calldata possession
    ) external {
        account.recover(credential, keep, digest, possession);
    }

    function freeze(IRekeyAccount account, uint40 until) external {
        account.freeze(until);
    }
}
