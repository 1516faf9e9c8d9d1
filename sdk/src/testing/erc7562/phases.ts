import { type Address, type Hex, isAddressEqual, toFunctionSelector } from 'viem'
import type { CallEvent, TraceEvent, ValidationTrace } from './trace.ts'

/** The contract a phase of the validation is attributed to. */
export type Entity = 'account' | 'factory' | 'paymaster'

/** The contracts of one userOp and what is known of them before it runs. */
export type ValidationContext = {
  entryPoint: Address
  account: Address
  factory?: Address | undefined
  paymaster?: Address | undefined
  /** Whether the account had code before this userOp. */
  accountExists: boolean
  /** Entities with a locked stake of the size and delay the mempool asks for. */
  staked: Readonly<Record<Entity, boolean>>
  /** Whether the chain has P256VERIFY at 0x100 and its bundlers accept it (OP-062). */
  p256Precompile: boolean
}

/** What one entity did in its phase, without hashes, and without the EntryPoint's and the SenderCreator's own frames. */
export type Phase = {
  entity: Entity
  address: Address
  events: readonly TraceEvent[]
  /** Gas its outermost frame used. */
  gasUsed: bigint
}

const selector = {
  createSender: toFunctionSelector('function createSender(bytes)'),
  initEip7702Sender: toFunctionSelector('function initEip7702Sender(address,bytes)'),
  validateUserOp: toFunctionSelector(
    'function validateUserOp((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes),bytes32,uint256)',
  ),
  validatePaymasterUserOp: toFunctionSelector(
    'function validatePaymasterUserOp((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes),bytes32,uint256)',
  ),
}

type Opening = { entity: Entity; address: Address; senderCreator?: Address }

/** The phase a call of the EntryPoint opens, or `undefined` for its other calls. */
function opens(call: CallEvent, context: ValidationContext): Opening | undefined {
  const called: Hex = `0x${call.input.slice(2, 10)}`
  if (called === selector.validateUserOp && isAddressEqual(call.target, context.account))
    return { entity: 'account', address: context.account }
  if (called === selector.validatePaymasterUserOp && context.paymaster)
    return { entity: 'paymaster', address: context.paymaster }
  if (called === selector.createSender && context.factory)
    return { entity: 'factory', address: context.factory, senderCreator: call.target }
  if (called === selector.initEip7702Sender)
    return { entity: 'account', address: context.account, senderCreator: call.target }
  return undefined
}

/**
 * Cuts a trace into the phases of its entities.
 *
 * A phase starts where the EntryPoint calls the SenderCreator, the account or the paymaster, and ends with that call.
 * Frames of the EntryPoint (`depositTo` and such) and the SenderCreator's own frame are trusted code and left out;
 * the calls into the EntryPoint are kept.
 */
export function splitPhases(trace: ValidationTrace, context: ValidationContext): Phase[] {
  const phases: Phase[] = []
  let open: (Opening & { events: TraceEvent[] }) | undefined
  for (const event of trace.events) {
    if (event.kind === 'call' && event.depth === 1) {
      const opening = opens(event, context)
      open = opening && { ...opening, events: [] }
    } else if (open && event.kind === 'exit' && event.depth === 2) {
      phases.push({
        entity: open.entity,
        address: open.address,
        events: [...open.events, event],
        gasUsed: BigInt(event.gasUsed),
      })
      open = undefined
    } else if (open && !isTrusted(event, context.entryPoint, open.senderCreator)) {
      open.events.push(event)
    }
  }
  return phases
}

function isTrusted(event: TraceEvent, entryPoint: Address, senderCreator: Address | undefined): boolean {
  if (event.kind === 'exit') return false
  if (event.kind === 'hash') return true
  if (isAddressEqual(event.address, entryPoint)) return true
  return senderCreator !== undefined && event.depth === 2 && isAddressEqual(event.address, senderCreator)
}
