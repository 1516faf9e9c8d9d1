import { blockedOpcodes, isAssignedOpcode, isCallOpcode, opcodeName, opcodes } from './opcodes.ts'
import type { Phase, ValidationContext } from './phases.ts'
import type { ExitEvent, OpcodeEvent } from './trace.ts'
import type { Violation } from './violation.ts'

/** OP-011, OP-012, OP-013 and OP-080: single opcodes. */
export function judgeOpcode(event: OpcodeEvent, phase: Phase, context: ValidationContext): Violation | undefined {
  const found = { entity: phase.entity, address: event.address, opcode: opcodeName(event.opcode) }
  if (blockedOpcodes.has(event.opcode))
    return { rule: 'OP-011', ...found, detail: `${found.opcode} is blocked during validation` }
  if (!isAssignedOpcode(event.opcode))
    return { rule: 'OP-013', ...found, detail: `opcode ${found.opcode} is not assigned` }
  if (event.opcode === opcodes.GAS) {
    if (isCallOpcode(event.next)) return undefined
    const next = event.next === undefined ? 'the end of the frame' : `opcode 0x${event.next.toString(16)}`
    return { rule: 'OP-012', ...found, detail: `GAS is followed by ${next}, not by a *CALL` }
  }
  if (context.staked[phase.entity]) return undefined
  return { rule: 'OP-080', ...found, detail: `${found.opcode} needs a staked ${phase.entity}` }
}

/** OP-020: no frame of an entity may run out of gas, also when its caller survives. */
export function judgeExit(event: ExitEvent, phase: Phase): Violation | undefined {
  if (event.error === undefined || !/out of gas|outofgas/i.test(event.error)) return undefined
  return {
    rule: 'OP-020',
    entity: phase.entity,
    address: phase.address,
    detail: `a frame at depth ${event.depth} ran out of gas (${event.error}) after ${event.gasUsed} gas`,
  }
}
