import type { Address, Hex } from 'viem'

/** Where an opcode ran: `address` is the contract whose storage it sees, `depth` is 1 for the EntryPoint's own frame. */
type Site = { address: Address; depth: number }

/** An opcode OP-011, OP-012, OP-013 or OP-080 judges. `next` is the opcode that ran right after it in its frame. */
export type OpcodeEvent = Site & { kind: 'opcode'; opcode: number; next?: number }

/** SLOAD, SSTORE, TLOAD or TSTORE. */
export type StorageEvent = Site & { kind: 'storage'; opcode: number; slot: Hex }

/** EXTCODESIZE, EXTCODECOPY or EXTCODEHASH. */
export type CodeEvent = Site & { kind: 'code'; opcode: number; target: Address; codeSize: number; next?: number }

/** A *CALL about to run. `input` is at most its first 36 bytes, `value` is in wei and 0 where the opcode has none. */
export type CallEvent = Site & {
  kind: 'call'
  opcode: number
  target: Address
  codeSize: number
  value: Hex
  input: Hex
  inputSize: number
}

/** A CREATE2. `created` is missing when no frame was entered, for example for want of balance. */
export type CreateEvent = Site & { kind: 'create'; opcode: number; created?: Address }

/** The 64 bytes of a KECCAK256 whose first word can be an address. */
export type HashEvent = { kind: 'hash'; preimage: Hex }

/** The end of a frame; `depth` is the depth of the frame that ended, `gasUsed` what it used. */
export type ExitEvent = { kind: 'exit'; depth: number; gasUsed: number; error?: string }

/** What the rules look at, in the order it happened. */
export type TraceEvent = OpcodeEvent | StorageEvent | CodeEvent | CallEvent | CreateEvent | HashEvent | ExitEvent

/** The validation phase of one userOp as the tracer reports it. */
export type ValidationTrace = {
  events: readonly TraceEvent[]
  /** Whether the EntryPoint emitted `BeforeExecution`, so every validation passed. */
  hasValidated: boolean
  /** What the EntryPoint returned, or the data of its revert. */
  output: Hex
  /** The node's word for why the EntryPoint's own frame failed. */
  error?: string
}
