// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Credential} from "./Credential.sol";

/// @notice Everything a recovery will do; its EIP-712 digest is its id, and what guardians sign.
/// @param account The account to recover.
/// @param policy keccak256 of the policy bytes the guardians act under.
/// @param credential The new passkey, complete.
/// @param keep Bit 0 keeps the other passkeys, bit 1 signers, bit 2 sessions, bit 3 foreign modules; 0 throws all out.
/// @param chainIds Chains on which it counts, ascending; empty = all.
/// @param issuedAt Seconds since 1970. On each chain the newest executed recovery wins; older ones are dead.
/// @param deadline Seconds since 1970 until which it can be started.
struct Recovery {
    address account;
    bytes32 policy;
    Credential credential;
    uint8 keep;
    uint256[] chainIds;
    uint40 issuedAt;
    uint40 deadline;
}
