import { findAssociations, type IsAssociated } from './association.ts'
import { judgeCall, judgeCodeAccess, judgeCreate } from './callRules.ts'
import { judgeExit, judgeOpcode } from './opcodeRules.ts'
import { type Phase, splitPhases, type ValidationContext } from './phases.ts'
import { judgeStorage } from './storageRules.ts'
import type { TraceEvent, ValidationTrace } from './trace.ts'
import type { Violation } from './violation.ts'

/** Judges a trace by the opcode and storage rules of ERC-7562. Pure: no node, no clock; every violation once. */
export function judgeTrace(trace: ValidationTrace, context: ValidationContext): Violation[] {
  const isAssociated = findAssociations(trace.events)
  const violations = splitPhases(trace, context).flatMap((phase) => judgePhase(phase, context, isAssociated))
  return [...new Map(violations.map((violation) => [JSON.stringify(violation), violation])).values()]
}

function judgePhase(phase: Phase, context: ValidationContext, isAssociated: IsAssociated): Violation[] {
  let created = 0
  const judge = (event: TraceEvent): Violation | Violation[] | undefined => {
    switch (event.kind) {
      case 'opcode':
        return judgeOpcode(event, phase, context)
      case 'storage':
        return judgeStorage(event, phase, context, isAssociated)
      case 'code':
        return judgeCodeAccess(event, phase, context)
      case 'call':
        return judgeCall(event, phase, context)
      case 'create':
        return judgeCreate(event, created++, phase, context)
      case 'exit':
        return judgeExit(event, phase)
      case 'hash':
        return undefined
    }
  }
  return phase.events.flatMap((event) => judge(event) ?? [])
}
