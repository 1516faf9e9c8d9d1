import { BaseError } from '../../errors/base.ts'
import type { Violation } from './violation.ts'

/** Thrown when a userOp breaks rules of ERC-7562, or the EntryPoint refuses it. */
export class Erc7562ViolationError extends BaseError {
  override readonly name = 'Testing.Erc7562ViolationError'
  readonly code = 'TESTING_ERC7562_VIOLATION'
  readonly violations: readonly Violation[]
  /** Why the EntryPoint refused the userOp, when it did. */
  readonly revertReason: string | undefined

  constructor(violations: readonly Violation[], revertReason?: string) {
    const lines = violations.map(({ rule, entity, address, detail }) => `[${rule}] ${entity} ${address}: ${detail}`)
    super(
      violations.length > 0
        ? `The userOp breaks ${violations.length} rule(s) of ERC-7562.`
        : 'The EntryPoint refused the userOp.',
      { metaMessages: lines, details: revertReason },
    )
    this.violations = violations
    this.revertReason = revertReason
  }
}

/** Thrown when a node cannot trace the validation of a userOp. */
export class Erc7562TraceError extends BaseError {
  override readonly name = 'Testing.Erc7562TraceError'
  readonly code = 'TESTING_ERC7562_TRACE'

  constructor(problem: string, cause?: unknown) {
    super(`The node cannot trace the userOp: ${problem}.`, {
      cause,
      metaMessages: ['Use a node with debug_traceCall and JavaScript tracers, such as anvil, reth or geth.'],
    })
  }
}
