import { type Address, type Hex, hexToBigInt, isAddressEqual, pad, toFunctionSelector } from 'viem'
import { opcodeName, opcodes } from './opcodes.ts'
import type { Phase, ValidationContext } from './phases.ts'
import type { CallEvent, CodeEvent, CreateEvent } from './trace.ts'
import type { Rule, Violation } from './violation.ts'

/** OP-062: the core precompiles, 0x01 to 0x11 since Prague. */
const lastCorePrecompile = 0x11n
/** P256VERIFY of RIP-7212 and EIP-7951. */
const p256Verify = 0x100n
/** Addresses up to here that have no code are taken for precompiles of the chain. */
const lastPrecompileAddress = 0xffffn

const depositTo = toFunctionSelector('function depositTo(address)')
const incrementNonce = toFunctionSelector('function incrementNonce(uint192)')

/** OP-041, OP-042, OP-052 to OP-055, OP-061 and OP-062: a *CALL. */
export function judgeCall(event: CallEvent, phase: Phase, context: ValidationContext): Violation[] {
  const found = { entity: phase.entity, address: event.address, opcode: opcodeName(event.opcode) }
  if (isAddressEqual(event.target, context.entryPoint)) {
    const broken = judgeEntryPointCall(event, context)
    return broken ? [{ ...found, ...broken }] : []
  }
  const violations: Violation[] = []
  const value = hexToBigInt(event.value)
  if (value > 0n)
    violations.push({
      rule: 'OP-061',
      ...found,
      detail: `${found.opcode} to ${event.target} carries ${value} wei; only calls to the EntryPoint may carry value`,
    })
  const unusable = judgeTarget(event.target, event.codeSize, context, phase)
  if (unusable) violations.push({ ...found, ...unusable })
  return violations
}

/** OP-041, OP-042, OP-051 and OP-055: EXTCODESIZE, EXTCODECOPY and EXTCODEHASH. */
export function judgeCodeAccess(event: CodeEvent, phase: Phase, context: ValidationContext): Violation | undefined {
  const found = { entity: phase.entity, address: event.address, opcode: opcodeName(event.opcode) }
  if (isAddressEqual(event.target, context.entryPoint)) {
    if (event.opcode !== opcodes.EXTCODESIZE)
      return { rule: 'OP-055', ...found, detail: `${found.opcode} of the EntryPoint` }
    if (event.next === opcodes.ISZERO) return undefined
    return { rule: 'OP-051', ...found, detail: 'EXTCODESIZE of the EntryPoint is not followed by ISZERO' }
  }
  if (event.codeSize > 0 || isAccountInDeployment(event.target, phase, context)) return undefined
  return { rule: 'OP-041', ...found, detail: `${found.opcode} of ${event.target}, which has no code` }
}

/** OP-031: CREATE2 `index` (0 for the first) of a phase. */
export function judgeCreate(
  event: CreateEvent,
  index: number,
  phase: Phase,
  context: ValidationContext,
): Violation | undefined {
  const found = { rule: 'OP-031', entity: phase.entity, address: event.address, opcode: 'CREATE2' } as const
  if (phase.entity !== 'factory') return { ...found, detail: `CREATE2 in the phase of the ${phase.entity}` }
  if (index > 0) return { ...found, detail: `CREATE2 number ${index + 1} of the deployment, where one is allowed` }
  if (event.created && isAddressEqual(event.created, context.account)) return undefined
  return { ...found, detail: `CREATE2 of ${event.created ?? 'nothing'}, not of the account ${context.account}` }
}

function isAccountInDeployment(target: Address, phase: Phase, context: ValidationContext): boolean {
  return phase.entity === 'factory' && isAddressEqual(target, context.account)
}

type Broken = { rule: Rule; detail: string }

function judgeTarget(target: Address, codeSize: number, context: ValidationContext, phase: Phase): Broken | undefined {
  if (codeSize > 0 || isAccountInDeployment(target, phase, context)) return undefined
  const number = hexToBigInt(target)
  if (number === 0n || number > lastPrecompileAddress)
    return { rule: 'OP-041', detail: `call of ${target}, which has no code` }
  if (number <= lastCorePrecompile) return undefined
  if (number === p256Verify && context.p256Precompile) return undefined
  return { rule: 'OP-062', detail: `call of ${target}, which is not an accepted precompile` }
}

function judgeEntryPointCall(event: CallEvent, context: ValidationContext): Broken | undefined {
  const isAccount = isAddressEqual(event.address, context.account)
  const isFactory = context.factory !== undefined && isAddressEqual(event.address, context.factory)
  const called: Hex = `0x${event.input.slice(2, 10)}`
  if (event.opcode !== opcodes.CALL)
    return { rule: 'OP-055', detail: `${opcodeName(event.opcode)} of the EntryPoint, selector ${called}` }
  if (event.inputSize === 0) {
    if (isAccount) return undefined
    return { rule: 'OP-053', detail: `${event.address}, not the account, calls the fallback of the EntryPoint` }
  }
  if (called === depositTo) {
    if (!isAccount && !isFactory)
      return { rule: 'OP-052', detail: `${event.address}, neither account nor factory, calls depositTo` }
    if (`0x${event.input.slice(10)}` === pad(context.account).toLowerCase()) return undefined
    return { rule: 'OP-052', detail: 'depositTo names another address than the account' }
  }
  if (called === incrementNonce) {
    if (isAccount) return undefined
    return { rule: 'OP-054', detail: `${event.address}, not the account, calls incrementNonce` }
  }
  return { rule: 'OP-055', detail: `call of the EntryPoint, selector ${called}` }
}
