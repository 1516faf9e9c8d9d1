// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IRecoveryProvider} from "../../../contracts/interfaces/IRecoveryProvider.sol";
import {OzAccount} from "./OzAccount.sol";

/// @notice An account that does what ERC-7947 says: whoever brings a proof that its provider accepts gets access.
contract Erc7947Account is OzAccount {
    mapping(address provider => bool) public recoveryProviderAdded;
    bytes public access;

    error UnknownProvider(address provider);

    constructor(address validator, bytes memory initData) OzAccount(validator, initData) {}

    function addRecoveryProvider(address provider, bytes calldata recoveryData) external payable onlyEntryPointOrSelf {
        recoveryProviderAdded[provider] = true;
        IRecoveryProvider(provider).subscribe{value: msg.value}(recoveryData);
    }

    function removeRecoveryProvider(address provider) external payable onlyEntryPointOrSelf {
        recoveryProviderAdded[provider] = false;
        IRecoveryProvider(provider).unsubscribe{value: msg.value}();
    }

    function recoverAccess(bytes calldata subject, address provider, bytes calldata proof) external returns (bool) {
        if (!recoveryProviderAdded[provider]) revert UnknownProvider(provider);
        IRecoveryProvider(provider).recover(subject, proof);
        access = subject;
        return true;
    }
}
