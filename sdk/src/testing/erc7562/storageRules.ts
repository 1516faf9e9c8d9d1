import { isAddressEqual } from 'viem'
import type { IsAssociated } from './association.ts'
import { opcodeName, opcodes } from './opcodes.ts'
import type { Phase, ValidationContext } from './phases.ts'
import type { StorageEvent } from './trace.ts'
import type { Rule, Violation } from './violation.ts'

/**
 * STO-010 to STO-033, for transient storage too (OP-070).
 *
 * The rules are one list of permissions, so the rule reported is the one that comes closest to permitting the access:
 * the account's own storage (STO-010) is always free and never reported.
 */
export function judgeStorage(
  event: StorageEvent,
  phase: Phase,
  context: ValidationContext,
  isAssociated: IsAssociated,
): Violation | undefined {
  if (isAddressEqual(event.address, context.account)) return undefined
  const broken = judgeForeignStorage(event, phase, context, isAssociated)
  if (!broken) return undefined
  const isTransient = event.opcode === opcodes.TLOAD || event.opcode === opcodes.TSTORE
  return {
    rule: isTransient ? 'OP-070' : broken.rule,
    entity: phase.entity,
    address: event.address,
    opcode: opcodeName(event.opcode),
    slot: event.slot,
    detail: isTransient ? `transient storage is judged as storage (${broken.rule}): ${broken.detail}` : broken.detail,
  }
}

function judgeForeignStorage(
  event: StorageEvent,
  phase: Phase,
  context: ValidationContext,
  isAssociated: IsAssociated,
): { rule: Rule; detail: string } | undefined {
  const isStaked = context.staked[phase.entity]
  const owner = entityAt(event, context)
  if (owner === phase.entity) {
    if (isStaked) return undefined
    return { rule: 'STO-031', detail: `own storage of the ${phase.entity}, which is not staked` }
  }
  if (!owner && isAssociated(event.slot, context.account)) {
    if (context.accountExists || context.staked.factory) return undefined
    return { rule: 'STO-022', detail: 'the account does not exist yet and its factory is not staked' }
  }
  if (!owner && isAssociated(event.slot, phase.address)) {
    if (isStaked) return undefined
    return { rule: 'STO-032', detail: `storage associated with the ${phase.entity}, which is not staked` }
  }
  const isRead = event.opcode === opcodes.SLOAD || event.opcode === opcodes.TLOAD
  if (owner) return { rule: 'STO-033', detail: `storage of the ${owner}, which is an entity of this userOp` }
  if (isStaked) {
    if (isRead) return undefined
    return { rule: 'STO-033', detail: `a staked ${phase.entity} may read, not write, storage not associated with it` }
  }
  if (phase.entity === 'account') return { rule: 'STO-021', detail: 'the slot is not associated with the account' }
  return {
    rule: 'STO-033',
    detail: `storage associated with neither the account nor the ${phase.entity}, which is not staked`,
  }
}

/** Which of the other entities of the userOp the storage belongs to. */
function entityAt(event: StorageEvent, context: ValidationContext): 'factory' | 'paymaster' | undefined {
  if (context.factory && isAddressEqual(event.address, context.factory)) return 'factory'
  if (context.paymaster && isAddressEqual(event.address, context.paymaster)) return 'paymaster'
  return undefined
}
