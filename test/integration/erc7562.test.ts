import {
  assertErc7562,
  type CheckUserOpParameters,
  checkUserOp,
  Erc7562TraceError,
  Erc7562ViolationError,
} from '@rekey/sdk/testing'
import { type Address, encodeFunctionData, type Hex, parseAbi, parseEther } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ENTRY_POINT } from '../../scripts/deploy/constants.ts'
import { type Fixture, nobody, startFixture, unassigned } from './erc7562.fixture.ts'

let fixture: Fixture
let snapshot: Hex

beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.stop())
beforeEach(async () => {
  snapshot = await fixture.client.snapshot()
})
afterEach(() => fixture.client.revert({ id: snapshot }))

type Options = Partial<CheckUserOpParameters>

const check = (userOp: CheckUserOpParameters['userOp'], options: Options = {}) =>
  checkUserOp({ client: fixture.client, userOp, ...options })

/** What a misdeed in the validation of the account is reported as: rule and opcode. */
async function reports(misdeed: Hex, options: Options = {}) {
  const { violations } = await check(fixture.byAccount(misdeed), options)
  return violations.map(({ rule, entity, opcode }) => [rule, entity, opcode])
}

/** A userOp of a new account that has the deposit its validation needs. */
async function creation(misdeeds: Parameters<Fixture['byFactory']>[0] = {}) {
  const userOp = fixture.byFactory(misdeeds)
  await fixture.fund(userOp.sender)
  return userOp
}

const rulesOf = ({ violations }: Awaited<ReturnType<typeof check>>) => violations.map(({ rule }) => rule)

describe('a clean userOp', () => {
  it('[217] passes, with the gas its validation used', async () => {
    const result = await check(fixture.byAccount('0x'))
    expect(result).toMatchObject({ ok: true, violations: [], gas: { factory: 0n, paymaster: 0n } })
    expect(result.gas.account).toBeGreaterThan(0n)
  })

  it('passes when the account pays the EntryPoint itself (OP-053)', async () => {
    const { client, byFactory } = fixture
    const userOp = byFactory()
    await client.setBalance({ address: userOp.sender, value: parseEther('1') })
    expect(await check(userOp)).toMatchObject({ ok: true, violations: [] })
  })

  it('[218] passes when an unstaked factory creates the account', async () => {
    const userOp = await creation()
    const result = await check(userOp)
    expect(result).toMatchObject({ ok: true, violations: [] })
    expect(result.gas.factory).toBeGreaterThan(0n)
    expect(await fixture.client.getCode({ address: userOp.sender })).toBeUndefined()
  })

  it('passes with a paymaster that is not staked', async () => {
    const result = await check(fixture.byPaymaster('0x'))
    expect(result).toMatchObject({ ok: true, violations: [] })
    expect(result.gas.paymaster).toBeGreaterThan(0n)
  })

  it('is not judged by what its execution does', async () => {
    const { byAccount, misdeed } = fixture
    const abi = parseAbi(['function execute(bytes)'])
    const callData = encodeFunctionData({ abi, args: [misdeed('opcode', 0x42n)] })
    expect(await check({ ...byAccount('0x'), callData })).toMatchObject({ ok: true, violations: [] })
  })

  it('may come packed', async () => {
    const { account } = fixture
    const packed = {
      sender: account,
      nonce: 0n,
      initCode: '0x',
      callData: '0x',
      accountGasLimits: `0x${(400_000).toString(16).padStart(32, '0')}${(100_000).toString(16).padStart(32, '0')}`,
      preVerificationGas: 50_000n,
      gasFees: `0x${'00'.repeat(15)}01${'00'.repeat(15)}01`,
      paymasterAndData: '0x',
    } as const
    expect(await check({ ...packed, signature: '0x' })).toMatchObject({ ok: true })
    expect(rulesOf(await check({ ...packed, signature: fixture.misdeed('gas') }))).toEqual(['OP-012'])
  })
})

describe('opcodes', () => {
  const blocked = [
    ['ORIGIN', 0x32],
    ['GASPRICE', 0x3a],
    ['BLOCKHASH', 0x40],
    ['COINBASE', 0x41],
    ['TIMESTAMP', 0x42],
    ['NUMBER', 0x43],
    ['PREVRANDAO', 0x44],
    ['GASLIMIT', 0x45],
    ['BASEFEE', 0x48],
    ['BLOBHASH', 0x49],
    ['BLOBBASEFEE', 0x4a],
    ['CREATE', 0xf0],
    ['INVALID', 0xfe],
    ['SELFDESTRUCT', 0xff],
  ] as const

  it.each(blocked)('[217] OP-011 %s in validation is reported', async (name, opcode) => {
    expect(await reports(fixture.misdeed('opcode', BigInt(opcode)))).toEqual([['OP-011', 'account', name]])
  })

  it('[217] OP-011 in the phase of the factory and of the paymaster is theirs', async () => {
    const timestamp = fixture.misdeed('opcode', 0x42n)
    const { violations: byFactory } = await check(await creation({ before: timestamp }))
    expect(byFactory).toMatchObject([{ rule: 'OP-011', entity: 'factory', opcode: 'TIMESTAMP' }])
    const { violations: byPaymaster } = await check(fixture.byPaymaster(timestamp))
    expect(byPaymaster).toMatchObject([{ rule: 'OP-011', entity: 'paymaster', opcode: 'TIMESTAMP' }])
  })

  it('[217] OP-012 GAS that the code can see is reported', async () => {
    expect(await reports(fixture.misdeed('gas'))).toEqual([['OP-012', 'account', 'GAS']])
  })

  it('[217] OP-013 an unassigned opcode is reported', async () => {
    expect(await reports(fixture.misdeed('callWithGas', unassigned, 1000n))).toEqual([['OP-013', 'account', '0x0c']])
  })

  it('[217] OP-020 an inner frame out of gas is reported though its caller lives on', async () => {
    const result = await check(fixture.byAccount(fixture.misdeed('runOutOfGas')))
    expect(rulesOf(result)).toEqual(['OP-020'])
    expect(result.revert).toBeUndefined()
  })

  it('[217] OP-020 a validation out of gas is reported with the refusal of the EntryPoint', async () => {
    const userOp = { ...fixture.byAccount('0x'), verificationGasLimit: 100n }
    const result = await check(userOp)
    expect(rulesOf(result)).toEqual(['OP-020'])
    expect(result.revert?.reason).toBe('AA23 reverted')
  })

  it('[217] OP-080 BALANCE and SELFBALANCE are for staked entities', async () => {
    const { misdeed, byPaymaster } = fixture
    expect(await reports(misdeed('opcode', 0x31n))).toEqual([['OP-080', 'account', 'BALANCE']])
    expect(await reports(misdeed('opcode', 0x47n))).toEqual([['OP-080', 'account', 'SELFBALANCE']])
    expect(await reports(misdeed('opcode', 0x31n), { stakes: { account: true } })).toEqual([])
    const userOp = byPaymaster(misdeed('opcode', 0x47n))
    expect(rulesOf(await check(userOp))).toEqual(['OP-080'])
    expect(rulesOf(await check(userOp, { stakes: { paymaster: true } }))).toEqual([])
  })
})

describe('creation', () => {
  const salt: Hex = `0x${'31'.repeat(32)}`

  it('OP-031 a second CREATE2 of the factory is reported', async () => {
    const { violations } = await check(await creation({ after: fixture.misdeed('create2', salt) }))
    expect(violations).toMatchObject([{ rule: 'OP-031', entity: 'factory', opcode: 'CREATE2' }])
  })

  it('OP-031 a CREATE2 of another contract than the account is reported', async () => {
    const { violations } = await check(await creation({ before: fixture.misdeed('create2', salt) }))
    expect(violations).toHaveLength(2)
    expect(violations[0]?.detail).toContain('not of the account')
    expect(violations[1]?.detail).toContain('number 2')
  })

  it('OP-031 a CREATE2 by the account or the paymaster is reported', async () => {
    const create2 = fixture.misdeed('create2', salt)
    expect(await reports(create2)).toEqual([['OP-031', 'account', 'CREATE2']])
    expect(rulesOf(await check(fixture.byPaymaster(create2)))).toEqual(['OP-031'])
  })
})

describe('calls', () => {
  const entryPointAbi = parseAbi(['function withdrawTo(address, uint256)', 'function balanceOf(address)'])
  const depositTo = (account: Address) =>
    encodeFunctionData({ abi: parseAbi(['function depositTo(address)']), args: [account] })
  const incrementNonce = encodeFunctionData({ abi: parseAbi(['function incrementNonce(uint192)']), args: [1n] })

  it('[217] OP-041 a call of an address without code is reported', async () => {
    const { misdeed } = fixture
    expect(await reports(misdeed('call', nobody, 0n, '0x'))).toEqual([['OP-041', 'account', 'CALL']])
    expect(await reports(misdeed('staticCall', nobody, '0x'))).toEqual([['OP-041', 'account', 'STATICCALL']])
  })

  it('[217] OP-041 EXTCODE* of an address without code is reported', async () => {
    const { misdeed, ledger } = fixture
    expect(await reports(misdeed('codeSize', nobody))).toEqual([['OP-041', 'account', 'EXTCODESIZE']])
    expect(await reports(misdeed('codeHash', nobody))).toEqual([['OP-041', 'account', 'EXTCODEHASH']])
    expect(await reports(misdeed('codeHash', ledger))).toEqual([])
  })

  it('[218] OP-042 the factory may look at the account it is about to create, not at others', async () => {
    const { sender } = fixture.byFactory()
    expect(rulesOf(await check(await creation({ before: fixture.misdeed('codeSize', sender) })))).toEqual([])
    expect(rulesOf(await check(await creation({ before: fixture.misdeed('call', sender, 0n, '0x') })))).toEqual([])
    expect(rulesOf(await check(await creation({ before: fixture.misdeed('codeSize', nobody) })))).toEqual(['OP-041'])
  })

  it('OP-051 EXTCODESIZE of the EntryPoint is free before ISZERO only', async () => {
    const { misdeed } = fixture
    expect(await reports(misdeed('hasNoCode', ENTRY_POINT))).toEqual([])
    expect(await reports(misdeed('codeSize', ENTRY_POINT))).toEqual([['OP-051', 'account', 'EXTCODESIZE']])
  })

  it('OP-052 depositTo is for the account and the factory, to the account', async () => {
    const { misdeed, account, client, factory, byPaymaster } = fixture
    expect(await reports(misdeed('call', ENTRY_POINT, 0n, depositTo(account)))).toEqual([])
    expect(await reports(misdeed('call', ENTRY_POINT, 0n, depositTo(nobody)))).toEqual([['OP-052', 'account', 'CALL']])
    await client.setBalance({ address: factory, value: 5n })
    const { sender } = fixture.byFactory()
    const byFactory = await creation({ before: misdeed('call', ENTRY_POINT, 5n, depositTo(sender)) })
    expect(rulesOf(await check(byFactory))).toEqual([])
    const fromPaymaster = byPaymaster(misdeed('call', ENTRY_POINT, 0n, depositTo(account)))
    expect(rulesOf(await check(fromPaymaster))).toEqual(['OP-052'])
  })

  it('OP-053 the fallback of the EntryPoint is for the account', async () => {
    const { misdeed, byPaymaster } = fixture
    expect(await reports(misdeed('call', ENTRY_POINT, 0n, '0x'))).toEqual([])
    expect(rulesOf(await check(byPaymaster(misdeed('call', ENTRY_POINT, 0n, '0x'))))).toEqual(['OP-053'])
  })

  it('OP-054 incrementNonce is for the account', async () => {
    const { misdeed, byPaymaster } = fixture
    expect(await reports(misdeed('call', ENTRY_POINT, 0n, incrementNonce))).toEqual([])
    expect(rulesOf(await check(byPaymaster(misdeed('call', ENTRY_POINT, 0n, incrementNonce))))).toEqual(['OP-054'])
  })

  it('OP-055 any other use of the EntryPoint is reported', async () => {
    const { misdeed } = fixture
    const withdraw = encodeFunctionData({ abi: entryPointAbi, functionName: 'withdrawTo', args: [nobody, 0n] })
    expect(await reports(misdeed('call', ENTRY_POINT, 0n, withdraw))).toEqual([['OP-055', 'account', 'CALL']])
    const balanceOf = encodeFunctionData({ abi: entryPointAbi, functionName: 'balanceOf', args: [nobody] })
    const { violations } = await check(fixture.byAccount(misdeed('staticCall', ENTRY_POINT, balanceOf)))
    expect(violations).toMatchObject([{ rule: 'OP-055', opcode: 'STATICCALL' }])
    expect(violations[0]?.detail).toContain(balanceOf.slice(0, 10))
    expect(await reports(misdeed('codeHash', ENTRY_POINT))).toEqual([['OP-055', 'account', 'EXTCODEHASH']])
  })

  it('[217] OP-061 value to anyone but the EntryPoint is reported', async () => {
    const { misdeed, client, account, ledger } = fixture
    await client.setBalance({ address: account, value: 5n })
    expect(await reports(misdeed('call', ENTRY_POINT, 5n, '0x'))).toEqual([])
    expect(await reports(misdeed('call', ledger, 5n, '0x'))).toEqual([['OP-061', 'account', 'CALL']])
  })

  it('[217] OP-062 P256VERIFY and the core precompiles are accepted, others are reported', async () => {
    const { misdeed } = fixture
    const call = (last: string): Hex => misdeed('staticCall', `0x${last.padStart(40, '0')}`, '0x')
    expect(await reports(call('100'))).toEqual([])
    expect(await reports(call('100'), { p256Precompile: false })).toEqual([['OP-062', 'account', 'STATICCALL']])
    expect(await reports(call('2'))).toEqual([])
    expect(await reports(call('64'))).toEqual([['OP-062', 'account', 'STATICCALL']])
  })
})

describe('storage', () => {
  it('STO-010 the storage of the account is free, from its first userOp on', async () => {
    const { misdeed } = fixture
    expect(await reports(misdeed('ownSlot', 1n, true))).toEqual([])
    expect(rulesOf(await check(await creation({ signature: misdeed('ownSlot', 1n, true) })))).toEqual([])
  })

  it('[217] STO-021 storage associated with an account that exists is free, up to 128 slots behind', async () => {
    const { misdeed, ledger, account } = fixture
    const at = (owner: Address, offset: bigint, write: boolean) =>
      reports(misdeed('mappedSlot', ledger, owner, offset, write))
    expect(await at(account, 0n, false)).toEqual([])
    expect(await at(account, 128n, true)).toEqual([])
    expect(await at(account, 129n, false)).toEqual([['STO-021', 'account', 'SLOAD']])
    expect(await at(nobody, 0n, true)).toEqual([['STO-021', 'account', 'SSTORE']])
    expect(await reports(misdeed('plainSlot', ledger, BigInt(account), true))).toEqual([])
  })

  it("[217] STO-021 a slot that is nobody's is reported with its contract and number", async () => {
    const { misdeed, ledger, byAccount } = fixture
    const { violations } = await check(byAccount(misdeed('plainSlot', ledger, 7n, false)))
    expect(violations).toMatchObject([
      {
        rule: 'STO-021',
        entity: 'account',
        address: ledger.toLowerCase(),
        opcode: 'SLOAD',
        slot: `0x${'7'.padStart(64, '0')}`,
      },
    ])
  })

  it('STO-032 a hash over memory that was never written counts, as zeros', async () => {
    const { misdeed, client, factory } = fixture
    // MSTORE of the factory, then SLOAD of KECCAK256 over that word and the next, or over that word alone.
    const code = (size: string): Hex => `0x73${factory.slice(2)}5f5260${size}5f205400`
    const userOp = await creation({ before: misdeed('callWithGas', nobody, 100_000n) })
    await client.setCode({ address: nobody, bytecode: code('40') })
    expect(rulesOf(await check(userOp))).toEqual(['STO-032'])
    await client.setCode({ address: nobody, bytecode: code('20') })
    expect(rulesOf(await check(userOp))).toEqual(['STO-033'])
  })

  it('[219] STO-021 long bytes in a mapping of the account are not associated with it', async () => {
    const { misdeed, ledger, account } = fixture
    expect(await reports(misdeed('mappedBytes', ledger, account))).toEqual([['STO-021', 'account', 'SLOAD']])
  })

  it('[218] STO-022 associated storage of an account in creation needs a staked factory', async () => {
    const { misdeed, ledger, factory, addStake } = fixture
    const { sender } = fixture.byFactory()
    const userOp = await creation({ signature: misdeed('mappedSlot', ledger, sender, 0n, false) })
    expect(rulesOf(await check(userOp))).toEqual(['STO-022'])
    expect(rulesOf(await check(fixture.byFactory({ after: misdeed('mappedSlot', ledger, sender, 0n, true) })))).toEqual(
      ['STO-022'],
    )
    expect(rulesOf(await check(userOp, { stakes: { factory: true } }))).toEqual([])
    await addStake(factory, 86_400, parseEther('0.1'))
    expect(await check(userOp)).toMatchObject({ ok: true })
  })

  it('a stake that is too small or too short does not count', async () => {
    const { misdeed, paymaster, byPaymaster, addStake } = fixture
    const userOp = byPaymaster(misdeed('ownSlot', 1n, false))
    await addStake(paymaster, 86_399, parseEther('0.1'))
    expect(rulesOf(await check(userOp))).toEqual(['STO-031'])
    await addStake(paymaster, 86_400, 0n)
    expect(rulesOf(await check(userOp))).toEqual([])
    expect(rulesOf(await check(userOp, { minStake: parseEther('0.1') + 1n }))).toEqual(['STO-031'])
  })

  it('STO-031 own storage of a factory or paymaster needs its stake', async () => {
    const { misdeed, byPaymaster } = fixture
    const byFactory = await creation({ before: misdeed('ownSlot', 1n, true) })
    expect(rulesOf(await check(byFactory))).toEqual(['STO-031'])
    expect(rulesOf(await check(byFactory, { stakes: { factory: true } }))).toEqual([])
    expect(rulesOf(await check(byPaymaster(misdeed('ownSlot', 1n, false))))).toEqual(['STO-031'])
  })

  it('STO-032 storage associated with a paymaster needs its stake', async () => {
    const { misdeed, byPaymaster, ledger, paymaster } = fixture
    const userOp = byPaymaster(misdeed('mappedSlot', ledger, paymaster, 0n, true))
    expect(rulesOf(await check(userOp))).toEqual(['STO-032'])
    expect(rulesOf(await check(userOp, { stakes: { paymaster: true } }))).toEqual([])
  })

  it('STO-033 a staked paymaster may read, not write, any other storage', async () => {
    const { misdeed, byPaymaster, ledger } = fixture
    const slot = (write: boolean) => byPaymaster(misdeed('plainSlot', ledger, 7n, write))
    expect(rulesOf(await check(slot(false)))).toEqual(['STO-033'])
    expect(rulesOf(await check(slot(false), { stakes: { paymaster: true } }))).toEqual([])
    expect(rulesOf(await check(slot(true), { stakes: { paymaster: true } }))).toEqual(['STO-033'])
  })

  it('[217] OP-070 transient storage is judged as storage', async () => {
    const { misdeed, ledger, account } = fixture
    expect(await reports(misdeed('transientSlot', ledger, 7n, true))).toEqual([['OP-070', 'account', 'TSTORE']])
    expect(await reports(misdeed('transientSlot', ledger, 7n, false))).toEqual([['OP-070', 'account', 'TLOAD']])
    expect(await reports(misdeed('transientMappedSlot', ledger, account, true))).toEqual([])
  })
})

describe('limits', () => {
  it('MAX_USEROP_SIZE a userOp over 8192 bytes is reported', async () => {
    const callData: Hex = `0x${'00'.repeat(8192)}`
    expect(rulesOf(await check({ ...fixture.byAccount('0x'), callData }))).toEqual(['MAX_USEROP_SIZE'])
  })

  it('MAX_VERIFICATION_GAS a limit over 500,000 is reported unless the caller raises it', async () => {
    const userOp = { ...fixture.byAccount('0x'), verificationGasLimit: 500_001n }
    expect(rulesOf(await check(userOp))).toEqual(['MAX_VERIFICATION_GAS'])
    expect(rulesOf(await check(userOp, { limits: { maxVerificationGas: 600_000n } }))).toEqual([])
  })
})

describe('results', () => {
  it('a userOp the EntryPoint refuses is not ok, and its reason is given', async () => {
    const result = await check({ ...fixture.byAccount('0x'), nonce: 7n })
    expect(result).toMatchObject({ ok: false, violations: [], revert: { reason: 'AA25 invalid account nonce' } })
  })

  it('assertErc7562 returns for a clean userOp and throws an error that lists the violations', async () => {
    const { client, byAccount, misdeed } = fixture
    expect(await assertErc7562({ client, userOp: byAccount('0x') })).toMatchObject({ ok: true })
    const failure = await assertErc7562({ client, userOp: byAccount(misdeed('opcode', 0x42n)) }).catch((error) => error)
    expect(failure).toBeInstanceOf(Erc7562ViolationError)
    expect(failure.violations).toMatchObject([{ rule: 'OP-011' }])
    expect(failure.message).toContain('[OP-011] account')
    const refused = await assertErc7562({ client, userOp: { ...byAccount('0x'), nonce: 7n } }).catch((error) => error)
    expect(refused).toMatchObject({ code: 'TESTING_ERC7562_VIOLATION', revertReason: 'AA25 invalid account nonce' })
  })

  it('a node that cannot trace is an error, not a pass', async () => {
    const { client } = fixture
    const untraceable = {
      ...client,
      request: ((args: { method: string }) =>
        args.method === 'debug_traceCall'
          ? Promise.reject(new Error('the method debug_traceCall does not exist'))
          : client.request(args as never)) as typeof client.request,
    }
    await expect(check(fixture.byAccount('0x'), { client: untraceable })).rejects.toThrow(Erc7562TraceError)
    const mute = { ...untraceable, request: (() => Promise.resolve('0x')) as unknown as typeof client.request }
    await expect(
      check(fixture.byAccount('0x'), { client: mute, stakes: { account: true, factory: false, paymaster: false } }),
    ).rejects.toThrow(Erc7562TraceError)
  })
})
