import {
  type Address,
  encodeFunctionData,
  type Hex,
  hexToBigInt,
  keccak256,
  numberToHex,
  pad,
  parseAbi,
  toHex,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { judgeTrace } from './judge.ts'
import { isAssignedOpcode, opcodes } from './opcodes.ts'
import type { Entity, ValidationContext } from './phases.ts'
import type { CallEvent, TraceEvent } from './trace.ts'

const entryPoint: Address = '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108'
const senderCreator: Address = '0x0000000000000000000000000000000000c0ffee'
const account: Address = '0x00000000000000000000000000000000000acc01'
const factory: Address = '0x00000000000000000000000000000000000fac01'
const paymaster: Address = '0x00000000000000000000000000000000000bad01'
const other: Address = '0x0000000000000000000000000000000000077777'

const context: ValidationContext = {
  entryPoint,
  account,
  factory,
  paymaster,
  accountExists: true,
  staked: { account: false, factory: false, paymaster: false },
  p256Precompile: true,
}

const opening: Record<Entity, { target: Address; input: Hex }> = {
  factory: { target: senderCreator, input: '0x570e1a36' },
  account: { target: account, input: '0x19822f7c' },
  paymaster: { target: paymaster, input: '0x52b7512c' },
}
const addressOf: Record<Entity, Address> = { account, factory, paymaster }

const call = (parts: Partial<CallEvent>): CallEvent => ({
  kind: 'call',
  depth: 3,
  address: account,
  opcode: opcodes.CALL,
  target: other,
  codeSize: 1,
  value: '0x0',
  input: '0x',
  inputSize: 0,
  ...parts,
})

/** Judges events as if they had happened in the phase of one entity. */
function judge(entity: Entity, events: readonly TraceEvent[], changes: Partial<ValidationContext> = {}) {
  const trace = {
    events: [
      call({ depth: 1, address: entryPoint, ...opening[entity], inputSize: 100 }),
      ...events,
      { kind: 'exit', depth: 2, gasUsed: 1000 } as const,
    ],
    hasValidated: true,
    output: '0x' as const,
  }
  return judgeTrace(trace, { ...context, ...changes }).map(({ rule }) => rule)
}

const opcode = (number: number, next?: number, address = account): TraceEvent => ({
  kind: 'opcode',
  depth: 3,
  address,
  opcode: number,
  ...(next === undefined ? {} : { next }),
})
const access = (address: Address, slot: Hex, number: number = opcodes.SLOAD): TraceEvent => ({
  kind: 'storage',
  depth: 4,
  address,
  opcode: number,
  slot,
})
const preimage = (address: Address): Hex => `0x${pad(address).slice(2)}${'00'.repeat(32)}`
const hash = (address: Address): TraceEvent => ({ kind: 'hash', preimage: preimage(address) })
const behind = (address: Address, offset: bigint): Hex =>
  pad(toHex(BigInt.asUintN(256, hexToBigInt(keccak256(preimage(address))) + offset)))

describe('opcodes', () => {
  const blocked = [0x32, 0x3a, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x48, 0x49, 0x4a, 0xf0, 0xfe, 0xff]

  it.each(blocked)('OP-011 reports opcode %i once, whatever the entity', (number) => {
    for (const entity of ['account', 'factory', 'paymaster'] as const)
      expect(judge(entity, [opcode(number), opcode(number)])).toEqual(['OP-011'])
  })

  it('OP-012 takes GAS before each *CALL and nothing else', () => {
    for (const next of [opcodes.CALL, opcodes.CALLCODE, opcodes.DELEGATECALL, opcodes.STATICCALL])
      expect(judge('account', [opcode(opcodes.GAS, next)])).toEqual([])
    expect(judge('account', [opcode(opcodes.GAS, 0x80)])).toEqual(['OP-012'])
    expect(judge('account', [opcode(opcodes.GAS, opcodes.CREATE2)])).toEqual(['OP-012'])
    expect(judge('account', [opcode(opcodes.GAS)])).toEqual(['OP-012'])
  })

  it('OP-013 knows the opcodes of Osaka and reports the others', () => {
    const unassigned = Array.from({ length: 256 }, (_, number) => number).filter((number) => !isAssignedOpcode(number))
    expect(unassigned).toHaveLength(256 - 150)
    for (const number of [0x0c, 0x0f, 0x1f, 0x21, 0x4b, 0xa5, 0xef, 0xf6, 0xfb, 0xfc])
      expect(judge('account', [opcode(number)])).toEqual(['OP-013'])
    for (const number of [0x00, 0x1e, 0x5c, 0x5e, 0x5f, 0x7f, 0xa4, 0xf5, 0xfa, 0xfd])
      expect(isAssignedOpcode(number)).toBe(true)
  })

  it('OP-020 reports any frame out of gas, and no other failure', () => {
    const exit = (error: string): TraceEvent => ({ kind: 'exit', depth: 4, gasUsed: 50, error })
    expect(judge('account', [exit('out of gas')])).toEqual(['OP-020'])
    expect(judge('account', [exit('OutOfGas')])).toEqual(['OP-020'])
    expect(judge('account', [exit('execution reverted')])).toEqual([])
  })

  it('OP-080 asks for the stake of the entity whose phase it is', () => {
    const staked = { account: false, factory: false, paymaster: true }
    expect(judge('paymaster', [opcode(opcodes.SELFBALANCE)], { staked })).toEqual([])
    expect(judge('account', [opcode(opcodes.BALANCE)], { staked })).toEqual(['OP-080'])
  })

  it('judges neither the EntryPoint, nor the SenderCreator, nor what comes between phases', () => {
    expect(judge('account', [opcode(0x42, 0, entryPoint)])).toEqual([])
    const creator = { ...opcode(0x42, 0, senderCreator), depth: 2 } as TraceEvent
    expect(judge('factory', [creator])).toEqual([])
    expect(judge('account', [creator])).toEqual(['OP-011'])
    const events = [opcode(0x42), call({ depth: 1, target: other, input: '0x01020304' }), opcode(0x42)]
    expect(judgeTrace({ events, hasValidated: true, output: '0x' }, context)).toEqual([])
  })

  it('attributes the initialisation of an EIP-7702 account to the account', () => {
    const start = call({ depth: 1, address: entryPoint, target: senderCreator, input: '0xc09ad0d9' })
    const events: TraceEvent[] = [start, opcode(0x42), { kind: 'exit', depth: 2, gasUsed: 1 }]
    const [violation] = judgeTrace({ events, hasValidated: true, output: '0x' }, { ...context, factory: undefined })
    expect(violation).toMatchObject({ rule: 'OP-011', entity: 'account' })
  })
})

describe('creation', () => {
  const create = (created?: Address): TraceEvent => ({
    kind: 'create',
    depth: 3,
    address: factory,
    opcode: opcodes.CREATE2,
    ...(created ? { created } : {}),
  })

  it('OP-031 allows the factory one CREATE2, of the account', () => {
    expect(judge('factory', [create(account)])).toEqual([])
    expect(judge('factory', [create(account), create(account)])).toEqual(['OP-031'])
    expect(judge('factory', [create(other)])).toEqual(['OP-031'])
    expect(judge('factory', [create()])).toEqual(['OP-031'])
    expect(judge('account', [create(account)])).toEqual(['OP-031'])
    expect(judge('paymaster', [create(account)])).toEqual(['OP-031'])
  })
})

describe('calls', () => {
  const at = (number: number): Address => pad(numberToHex(number), { size: 20 })

  it('OP-062 takes the precompiles 0x01 to 0x11 and, by option, 0x100', () => {
    const to = (number: number, changes?: Partial<ValidationContext>) =>
      judge('account', [call({ opcode: opcodes.STATICCALL, target: at(number), codeSize: 0 })], changes)
    expect(to(0x00)).toEqual(['OP-041'])
    expect(to(0x01)).toEqual([])
    expect(to(0x11)).toEqual([])
    expect(to(0x12)).toEqual(['OP-062'])
    expect(to(0x100)).toEqual([])
    expect(to(0x100, { p256Precompile: false })).toEqual(['OP-062'])
    expect(to(0x101)).toEqual(['OP-062'])
    expect(to(0xffff)).toEqual(['OP-062'])
    expect(to(0x10000)).toEqual(['OP-041'])
  })

  it('OP-041 and OP-042: addresses without code, but for the account in its deployment', () => {
    const code = (target: Address, codeSize = 0): TraceEvent => ({
      kind: 'code',
      depth: 3,
      address: factory,
      opcode: opcodes.EXTCODEHASH,
      target,
      codeSize,
    })
    expect(judge('factory', [code(other), call({ target: other, codeSize: 0 })])).toEqual(['OP-041', 'OP-041'])
    expect(judge('factory', [code(account), call({ target: account, codeSize: 0 })])).toEqual([])
    expect(judge('paymaster', [code(account), call({ target: account, codeSize: 0 })])).toEqual(['OP-041', 'OP-041'])
    expect(judge('account', [code(other, 1), call({ target: other, codeSize: 1 })])).toEqual([])
    expect(judge('account', [code(at(0x100))])).toEqual(['OP-041'])
  })

  it('OP-051 to OP-055: the EntryPoint, by caller and selector', () => {
    const to = (parts: Partial<CallEvent>, entity: Entity = 'account') =>
      judge(entity, [call({ address: addressOf[entity], target: entryPoint, value: '0x1', ...parts })])
    const input = (signature: string, functionName: string, argument: unknown) => {
      const data = encodeFunctionData({ abi: parseAbi([signature]) as never, functionName, args: [argument] } as never)
      return { input: data, inputSize: 36 }
    }
    const deposit = (target: Address) => input('function depositTo(address)', 'depositTo', target)
    const increment = input('function incrementNonce(uint192)', 'incrementNonce', 0n)
    expect(to({})).toEqual([])
    expect(to({}, 'factory')).toEqual(['OP-053'])
    expect(to({}, 'paymaster')).toEqual(['OP-053'])
    expect(to(deposit(account))).toEqual([])
    expect(to(deposit(account), 'factory')).toEqual([])
    expect(to(deposit(other))).toEqual(['OP-052'])
    expect(to(deposit(account), 'paymaster')).toEqual(['OP-052'])
    expect(to({ ...deposit(account), address: other })).toEqual(['OP-052'])
    expect(to(increment)).toEqual([])
    expect(to(increment, 'factory')).toEqual(['OP-054'])
    expect(to({ opcode: opcodes.STATICCALL, input: '0x70a08231', inputSize: 36, value: '0x0' })).toEqual(['OP-055'])
    expect(to({ opcode: opcodes.DELEGATECALL, value: '0x0' })).toEqual(['OP-055'])
    expect(to({ input: '0x205c2878', inputSize: 68 })).toEqual(['OP-055'])

    const code = (number: number, next: number): TraceEvent => ({
      kind: 'code',
      depth: 2,
      address: account,
      opcode: number,
      target: entryPoint,
      codeSize: 1,
      next,
    })
    expect(judge('account', [code(opcodes.EXTCODESIZE, opcodes.ISZERO)])).toEqual([])
    expect(judge('account', [code(opcodes.EXTCODESIZE, 0x50)])).toEqual(['OP-051'])
    expect(judge('account', [code(opcodes.EXTCODEHASH, opcodes.ISZERO)])).toEqual(['OP-055'])
  })

  it('OP-061 reports value to anyone but the EntryPoint', () => {
    expect(judge('account', [call({ value: '0x1' })])).toEqual(['OP-061'])
    expect(judge('account', [call({ value: '0x1', codeSize: 0 })])).toEqual(['OP-061', 'OP-041'])
    expect(judge('account', [call({ value: '0x0' })])).toEqual([])
  })
})

describe('storage', () => {
  const unassociated = pad('0x01')
  const staked = (entity: Entity) => ({ staked: { ...context.staked, [entity]: true } })

  it('STO-010 leaves the storage of the account free to all', () => {
    for (const entity of ['account', 'factory', 'paymaster'] as const)
      expect(judge(entity, [access(account, unassociated, opcodes.SSTORE)], { accountExists: false })).toEqual([])
  })

  it('STO-021 takes slots from keccak(A ‖ x) to 128 behind it, and the slot A', () => {
    const at = (slot: Hex) => judge('account', [hash(account), hash(factory), access(other, slot, opcodes.SSTORE)])
    expect(at(behind(account, 0n))).toEqual([])
    expect(at(behind(account, 128n))).toEqual([])
    expect(at(pad(account))).toEqual([])
    expect(at(behind(account, 129n))).toEqual(['STO-021'])
    expect(at(behind(account, -1n))).toEqual(['STO-021'])
    expect(at(behind(other, 0n))).toEqual(['STO-021'])
    expect(at(behind(factory, 0n))).toEqual(['STO-021'])
    expect(at(unassociated)).toEqual(['STO-021'])
  })

  it('STO-021 counts only hashes this validation computed', () => {
    expect(judge('account', [access(other, behind(account, 0n))])).toEqual(['STO-021'])
  })

  it('STO-022 lets an account in creation use associated storage with a staked factory only', () => {
    const events = [hash(account), access(other, behind(account, 3n))]
    const creation = { accountExists: false }
    expect(judge('account', events, creation)).toEqual(['STO-022'])
    expect(judge('factory', events, creation)).toEqual(['STO-022'])
    expect(judge('account', events, { ...creation, ...staked('factory') })).toEqual([])
    expect(judge('account', events, { ...creation, ...staked('paymaster') })).toEqual(['STO-022'])
  })

  it('STO-031 and STO-032 ask for a stake, also at slots associated with the account', () => {
    const own = [hash(account), access(paymaster, behind(account, 0n), opcodes.SSTORE)]
    expect(judge('paymaster', own)).toEqual(['STO-031'])
    expect(judge('paymaster', own, staked('paymaster'))).toEqual([])
    const associated = [hash(paymaster), access(other, behind(paymaster, 0n), opcodes.SSTORE)]
    expect(judge('paymaster', associated)).toEqual(['STO-032'])
    expect(judge('paymaster', associated, staked('paymaster'))).toEqual([])
  })

  it('STO-033 keeps the account out of the storage of other entities, associated or not', () => {
    for (const entity of [paymaster, factory]) {
      expect(judge('account', [hash(account), access(entity, behind(account, 0n))])).toEqual(['STO-033'])
      expect(judge('account', [access(entity, unassociated)])).toEqual(['STO-033'])
    }
  })

  it("STO-033 lets a staked entity read what is nobody's, not write it", () => {
    const read = [access(other, unassociated)]
    const write = [access(other, unassociated, opcodes.SSTORE)]
    expect(judge('paymaster', read)).toEqual(['STO-033'])
    expect(judge('paymaster', read, staked('paymaster'))).toEqual([])
    expect(judge('paymaster', write, staked('paymaster'))).toEqual(['STO-033'])
    expect(judge('account', read, staked('account'))).toEqual([])
    expect(judge('account', [access(paymaster, unassociated)], staked('account'))).toEqual(['STO-033'])
  })

  it('OP-070 judges transient storage alike', () => {
    expect(judge('account', [access(account, unassociated, opcodes.TSTORE)])).toEqual([])
    expect(judge('account', [access(other, unassociated, opcodes.TLOAD)])).toEqual(['OP-070'])
    expect(judge('account', [access(other, unassociated, opcodes.TSTORE)])).toEqual(['OP-070'])
    expect(judge('account', [hash(account), access(other, behind(account, 0n), opcodes.TSTORE)])).toEqual([])
  })
})
