import type { Address, Hex } from 'viem'
import type { Entity } from './phases.ts'

/** The rules that can be broken, by the number ERC-7562 gives them, and the two limits that have a name only. */
export const erc7562Rules = {
  'OP-011': 'blocked opcode',
  'OP-012': 'GAS not followed immediately by a *CALL',
  'OP-013': 'unassigned opcode',
  'OP-020': 'a frame ran out of gas',
  'OP-031': 'CREATE2 is for the factory, once, to deploy the account',
  'OP-041': 'use of an address without code',
  'OP-051': 'EXTCODESIZE of the EntryPoint is allowed before ISZERO only',
  'OP-052': 'depositTo is for the account or the factory, to the account',
  'OP-053': 'only the account may call the fallback of the EntryPoint',
  'OP-054': 'only the account may call incrementNonce',
  'OP-055': 'any other use of the EntryPoint',
  'OP-061': 'CALL with value',
  'OP-062': 'precompile that is not accepted',
  'OP-070': 'transient storage outside the storage rules',
  'OP-080': 'BALANCE or SELFBALANCE by an unstaked entity',
  'STO-021': 'storage of another contract that is not associated with the account',
  'STO-022': 'associated storage of an account that does not exist yet, with an unstaked factory',
  'STO-031': 'own storage of an unstaked entity',
  'STO-032': 'storage associated with an unstaked entity',
  'STO-033': 'storage of another contract that is neither associated nor read-only for a staked entity',
  MAX_USEROP_SIZE: 'userOp too large',
  MAX_VERIFICATION_GAS: 'verification gas limit too high',
} as const

/** The number of a rule of ERC-7562. */
export type Rule = keyof typeof erc7562Rules

/** One breach of one rule. */
export type Violation = {
  rule: Rule
  /** Whose phase it happened in; that entity answers for it, also when the code was another contract's. */
  entity: Entity
  /** The contract that did it; for storage rules the contract whose storage it is. */
  address: Address
  opcode?: string
  slot?: Hex
  /** What was seen and what was wanted. */
  detail: string
}
