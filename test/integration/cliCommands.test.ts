import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { exportKit, toKitJson } from '@rekey/sdk/kit'
import type { Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KeyFile, writeKeyFile } from '../../apps/cli/src/files/keyFile.ts'
import { localKey } from '../../scripts/stack/accounts.ts'
import { origin } from '../../scripts/stack/client.ts'
import {
  begin,
  bothChains,
  createGuardedOwner,
  day,
  type Owner,
  outcomesOf,
  statesOf,
} from '../stories/support/owner.ts'
import { temporaryDirectory } from './support/directory.ts'
import { createMachine, type Machine, readRun, rpcOptions } from './support/rekeyCommand.ts'
import { stack } from './support/runningStack.ts'
import { startStallingNode } from './support/stallingNode.ts'

const directory = temporaryDirectory()
let count = 0

afterAll(() => directory[Symbol.dispose]())

const rpc = () => rpcOptions(stack)
const paid = ['--relayer', 'relayer.key', '--yes', '--json'] as const
const start = ['recover', '--kit', 'kit.json', '--new-key', 'new-key.json', '--save', 'recovery.json'] as const
const resume = ['recover', '--resume', 'recovery.json'] as const

/** A computer with a relayer's and a guardian's key, and the kit of an account. */
async function prepare({ account }: Owner, otherNodes: readonly string[] = []): Promise<Machine> {
  const folder = path.join(directory.path, `machine ${count++}`)
  const machine = createMachine(folder, [...stack.chains.map(({ rpcUrl }) => rpcUrl), ...otherNodes])
  machine.file('relayer.key', localKey('relayer'))
  machine.file('wallet.key', localKey('guardian'))
  machine.file('kit.json', JSON.stringify(toKitJson((await exportKit(account)).kit)))
  return machine
}

const statesIn = ({ chains }: { chains: { state: string }[] }) => chains.map(({ state }) => state)

describe('a recovery that is broken off between two chains', () => {
  test('by kill -9 goes on from its file; what was done is not done twice', async () => {
    const owner = await createGuardedOwner(stack, 'killed')
    const [first, second] = stack.chains
    if (!first || !second) throw new Error('There are two chains.')
    await using node = await startStallingNode(second.rpcUrl)
    const machine = await prepare(owner, [node.url])
    const nodes = ['--rpc', `${first.chainId}=${first.rpcUrl}`, '--rpc', `${second.chainId}=${node.url}`]
    const killed = await machine.run([...start, '--wallet', 'wallet.key', ...nodes, ...paid], {
      onStderr: (seen, child) => {
        if (seen.includes(`Chain ${first.chainId}: in, transaction`)) child.kill('SIGKILL')
      },
    })
    expect(killed).toMatchObject({ exit: null, stdout: '' })
    expect(readdirSync(machine.folder).filter((name) => name.endsWith('.tmp'))).toEqual([])

    expect(statesIn(readRun(await machine.run([...resume, ...rpc(), ...paid]), 3))).toEqual(['scheduled', 'scheduled'])
    await stack.clock.increase(day)
    expect(statesIn(readRun(await machine.run([...resume, ...rpc(), ...paid]), 0))).toEqual(['done', 'done'])
    const { recoveries } = readRun(await machine.run(['health', '--kit', 'kit.json', ...rpc(), '--json']), 0)
    expect(recoveries).toMatchObject([{ chainIds: [...bothChains] }])
  })

  test('by Ctrl-C says how to go on, and ends with 130', async () => {
    const owner = await createGuardedOwner(stack, 'interrupted')
    const [first, second] = stack.chains
    if (!first || !second) throw new Error('There are two chains.')
    await using node = await startStallingNode(second.rpcUrl)
    const machine = await prepare(owner, [node.url])
    const nodes = ['--rpc', `${first.chainId}=${first.rpcUrl}`, '--rpc', `${second.chainId}=${node.url}`]
    let isStopped = false
    const stopped = await machine.run([...start, '--wallet', 'wallet.key', ...nodes, ...paid], {
      onStderr: (seen, child) => {
        // Once: the second time would end it at once.
        if (!isStopped && seen.includes(`Chain ${first.chainId}: in, transaction`)) isStopped = child.kill('SIGINT')
      },
    })
    expect(readRun(stopped, 130)).toMatchObject({ ok: false, error: { code: 'CLI_INTERRUPTED' } })
    expect(stopped.stdout).toContain('--resume')
    expect(statesIn(readRun(await machine.run([...resume, ...rpc(), ...paid]), 3))).toEqual(['scheduled', 'scheduled'])
  })
})

describe('bad input changes nothing', () => {
  let machine: Machine
  beforeAll(async () => {
    machine = await prepare(await createGuardedOwner(stack, 'careless'))
  })

  test.each<[string, () => readonly string[], number]>([
    ['an option that there is not', () => [...start, '--force', ...rpc()], 2],
    ['no node', () => [...start], 2],
    ['something else than a node', () => [...start, '--rpc', '1'], 2],
    ['a node of another chain', () => [...start, '--rpc', `1=${stack.chain(0).rpcUrl}`], 1],
    ['nobody who answers', () => [...start, '--rpc', '31337=http://127.0.0.1:9'], 1],
    ['a kit of another account', () => [...start, '--account', stack.accounts.stranger.address, ...rpc()], 1],
    ['a kit that is no kit', () => ['recover', '--kit', 'relayer.key', '--new-key', 'new-key.json', ...rpc()], 1],
    ['a guardian’s key that is not there', () => [...start, '--wallet-env', 'NOTHING', ...rpc()], 2],
    ['a relayer’s key that is none', () => [...start, '--relayer', 'kit.json', ...rpc()], 2],
    ['a passphrase among the arguments', () => [...start, '--passphrase', 'vivid', ...rpc()], 2],
    [
      'an account without guardians',
      () => ['recover', '--account', stack.accounts.stranger.address, '--new-key', 'new-key.json', ...rpc()],
      1,
    ],
  ])('%s', async (_, args, exit) => {
    const before = readdirSync(machine.folder)
    const { ok, error } = readRun(await machine.run([...args(), '--json', '--yes']), exit)
    expect([ok, typeof error.message, error.code]).toEqual([false, 'string', expect.stringMatching(/^[A-Z_]+$/)])
    const after = readdirSync(machine.folder)
    if (!after.includes('recovery.json'))
      expect(after.filter((name) => name !== 'strangers.log')).toEqual(
        before.filter((name) => name !== 'strangers.log'),
      )
    expect(existsSync(path.join(machine.folder, 'new-key.json'))).toBe(false)
  })

  test('what is there is not overwritten: neither key nor recovery', async () => {
    const key = machine.file('taken.json', 'precious')
    const args = ['recover', '--kit', 'kit.json', ...rpc(), '--json'] as const
    const asKey = readRun(await machine.run([...args, '--new-key', 'taken.json', '--save', 'free.json']), 2)
    const asRecovery = readRun(await machine.run([...args, '--new-key', 'free.json', '--save', 'taken.json']), 2)
    for (const { error } of [asKey, asRecovery]) expect(error.code).toBe('CLI_FILE')
    expect(readFileSync(key, 'utf8')).toBe('precious')
    expect(existsSync(path.join(machine.folder, 'free.json'))).toBe(false)
  })

  test('nobody is there to say yes: nothing is sent', async () => {
    const args = [...start, '--wallet', 'wallet.key', '--relayer', 'relayer.key', ...rpc(), '--json']
    expect(readRun(await machine.run(args), 4).error.code).toBe('CLI_DECLINED')
    const { recoveries } = readRun(await machine.run(['health', '--kit', 'kit.json', ...rpc(), '--json']), 0)
    expect(recoveries).toEqual([])
  })
})

test('veto: the owner’s key stops on both chains what a guardian has started', async () => {
  const owner = await createGuardedOwner(stack, 'vetoed')
  const machine = await prepare(owner)
  await writeKeyFile(path.join(machine.folder, 'key.json'), keyOf(owner))
  const { request } = await begin(stack, owner.account, 'somebody else')
  await request.approve({ wallet: stack.accounts.guardian })
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])

  const { recoveries, findings } = readRun(await machine.run(['health', '--kit', 'kit.json', ...rpc(), '--json']), 0)
  expect(recoveries).toMatchObject([{ digest: request.digest, chainIds: [...bothChains] }])
  expect(findings.map(({ code }: { code: string }) => code)).toContain('recoveryPending')

  const args = ['veto', '--key', 'key.json', '--recovery', request.digest, ...rpc()]
  expect(readRun(await machine.run([...args, '--yes', '--json']), 3).transactions).toHaveLength(2)
  expect(await statesOf(request)).toEqual(['scheduled', 'scheduled'])
  const vetoed = readRun(await machine.run([...args, ...paid]), 0)
  expect(vetoed.chains).toMatchObject([{ status: 'done' }, { status: 'done' }])
  expect(await statesOf(request)).toEqual(['vetoed', 'vetoed'])
  expect(machine.strangers()).toBe('')
})

test('drill: a guardian answers by the same command, the chains tell what they reach, and health knows', async () => {
  const owner = await createGuardedOwner(stack, 'drilled')
  const machine = await prepare(owner)
  const asked = readRun(await machine.run(['drill', '--kit', 'kit.json', ...rpc(), '--json']), 3)
  const answer = readRun(
    await machine.run(['approve', asked.request, '--wallet', 'wallet.key', ...rpc(), '--yes', '--json']),
    0,
  )
  expect(answer).toMatchObject({ asks: 'Drill', phrase: asked.phrase })
  const goOn = ['drill', '--request', asked.request, '--approval', answer.approval, ...rpc()]
  const tried = readRun(await machine.run([...goOn, '--json']), 0)
  expect(tried.chains).toMatchObject([
    { guardians: [0], tiers: [0] },
    { guardians: [0], tiers: [0] },
  ])
  const codes = async () =>
    readRun(await machine.run(['health', '--kit', 'kit.json', ...rpc(), '--json']), 0).findings.map(
      ({ code }: { code: string }) => code,
    )
  expect(await codes()).toContain('neverDrilled')
  expect(readRun(await machine.run([...goOn, '--record', ...paid]), 0).recorded).toMatchObject([
    { status: 'done' },
    { status: 'done' },
  ])
  expect(await codes()).not.toContain('neverDrilled')
})

test('an external wallet signs typed data, and its signature becomes an approval', async () => {
  const owner = await createGuardedOwner(stack, 'external')
  const machine = await prepare(owner)
  const { request } = await begin(stack, owner.account, 'new device')
  const asked = readRun(await machine.run(['approve', request.text, '--typed-data', ...rpc(), '--json']), 0)
  const wallet = stack.accounts.guardian
  const signature: Hex = await wallet.signTypedData(asked.typedData)
  const args = ['approve', request.text, '--signer', wallet.address, '--signature', signature, ...rpc()]
  const approved = readRun(await machine.run([...args, '--yes', '--json']), 0)
  await request.addApproval(approved.approval)
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  const stranger = readRun(
    await machine.run([
      ...args.map((part) => (part === wallet.address ? stack.accounts.stranger.address : part)),
      '--yes',
      '--json',
    ]),
    2,
  )
  expect(stranger.error.code).toBe('CLI_USAGE')
})

test('kit and policy: exported, checked, printed, shown, and compared', async () => {
  const owner = await createGuardedOwner(stack, 'kept')
  const machine = await prepare(owner)
  const { address } = owner.account
  const out = ['--rp-id', 'localhost', '--out', 'made.txt', '--name', 'ada']
  const made = readRun(await machine.run(['kit', 'export', '--account', address, ...out, ...rpc(), '--json']), 0)
  const checked = readRun(await machine.run(['kit', 'check', 'made.txt', ...rpc(), '--json']), 0)
  expect(checked).toMatchObject({
    account: address,
    phrase: made.phrase,
    chains: [{ state: 'current' }, { state: 'current' }],
  })
  expect((await machine.run(['kit', 'print', 'made.txt'])).stdout).toContain('REKEY RECOVERY KIT')
  expect((await machine.run(['kit', 'print', 'made.txt', '--format', 'html'])).stdout).toContain('<html')
  const shown = await machine.run(['policy', 'show', '--account', address, ...rpc()])
  expect(shown).toMatchObject({ exit: 0, stdout: expect.stringContaining('wallet, weight 1') })
  expect(shown.stdout).toContain('Approvals of weight 1: after 1 day, unless the owner objects.')
  const compare = ['policy', 'diff', '--kit', 'made.txt', ...rpc()] as const
  expect(readRun(await machine.run([...compare, '--json']), 0).chains).toMatchObject([
    { diff: { isSame: true } },
    { diff: { isSame: true } },
  ])
})

/** The passkey of a device as a key file: what a device would not give away, but one in software does. */
function keyOf({ device, account }: Owner): KeyFile {
  const [passkey] = device.authenticator.exportPasskeys()
  if (!passkey) throw new Error('The device has a passkey.')
  const { x, y } = account.credential.publicKey
  const text = (value: bigint | Hex) =>
    Buffer.from(typeof value === 'bigint' ? value.toString(16).padStart(64, '0') : value.slice(2), 'hex').toString(
      'base64url',
    )
  const privateKey = { kty: 'EC', crv: 'P-256', x: text(x), y: text(y), d: text(passkey.privateKey) } as const
  return { account: account.address, key: { id: passkey.id, rpId: passkey.rpId, origins: [origin], privateKey } }
}
