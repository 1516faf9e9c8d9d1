import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { getAccount, type PasskeyAccount, sendCalls } from '@rekey/sdk'
import { codesGuardian, createCodes, forgetCodes, revealCode } from '@rekey/sdk/codes'
import { exportKit, type RecoveryKit, toKitText } from '@rekey/sdk/kit'
import { createPassphrase } from '@rekey/sdk/passphrase'
import { type GuardianInput, walletGuardian } from '@rekey/sdk/recovery'
import { createPublicClient, type Hex, http, parseEther } from 'viem'
import { afterAll, describe, expect, test } from 'vitest'
import { readKeyFile, toCredentialRecord } from '../../apps/cli/src/files/keyFile.ts'
import { softwareCredentials } from '../../apps/cli/src/keys/softwareKey.ts'
import { localKey } from '../../scripts/stack/accounts.ts'
import { configFor, stackRelay } from '../../scripts/stack/client.ts'
import { bothChains, calls, createGuardedOwner, day } from '../stories/support/owner.ts'
import { temporaryDirectory } from './support/directory.ts'
import { createMachine, type Machine, processArguments, readRun, rpcOptions } from './support/rekeyCommand.ts'
import { stack } from './support/runningStack.ts'

const directory = temporaryDirectory()
let count = 0

afterAll(() => directory[Symbol.dispose]())

const phrase = 'vivid gravity nurse plunge orbit tackle wisdom'
const rpcUrls = () => stack.chains.map(({ rpcUrl }) => rpcUrl)
const rpc = () => rpcOptions(stack)

/** A computer of somebody's. */
function machine(name: string): Machine {
  return createMachine(path.join(directory.path, `${name} ${count++}`), rpcUrls())
}

/** An account with guardians, its owner's kit, and a computer with nothing but the kit and money to pay for gas. */
async function lose(seed: string, guardians: readonly GuardianInput[]) {
  const { account } = await createGuardedOwner(stack, seed, { guardians: [...guardians] })
  const { kit } = await exportKit(account, { name: 'ada' })
  const owner = machine(seed)
  owner.file('kit.txt', toKitText(kit))
  owner.file('relayer.key', localKey('relayer'))
  return { kit, owner }
}

const wallet = () => walletGuardian(stack.accounts.guardian.address)
const begin = ['recover', '--kit', 'kit.txt', '--new-key', 'new-key.json', '--save', 'recovery.json'] as const
const resume = ['recover', '--resume', 'recovery.json'] as const
const paid = ['--relayer', 'relayer.key', '--yes', '--json'] as const

/** The new key sends on both chains. */
async function expectNewKeySends(owner: Machine, kit: RecoveryKit): Promise<PasskeyAccount> {
  const file = path.join(owner.folder, 'new-key.json')
  const { key, account } = await readKeyFile(file)
  expect(account).toBe(kit.account)
  const config = configFor(
    stack,
    { credentials: softwareCredentials(key) },
    { rpId: key.rpId, origins: [...key.origins] },
  )
  const recovered = getAccount(config, { address: account, genesis: kit.genesis, credential: toCredentialRecord(key) })
  for (const chainId of bothChains) expect((await sendCalls(recovered, { chainId, calls })).success).toBe(true)
  return recovered
}

/** So does `rekey send`, with a bundler: it says what it does, and does nothing before it is told to. */
async function expectCommandSends({ folder }: Machine, { account }: RecoveryKit): Promise<void> {
  const { chainId, rpcUrl, bundlerUrl } = stack.chain(0)
  const payee = stack.accounts.stranger.address
  const client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 })
  const before = await client.getBalance({ address: payee })
  const sender = createMachine(folder, [rpcUrl, bundlerUrl ?? ''])
  const send = ['send', '--key', 'new-key.json', '--to', payee, '--value', '0.25', '--json'] as const
  const reach = ['--rpc', `${chainId}=${rpcUrl}`, '--bundler', `${chainId}=${bundlerUrl}`] as const

  expect(readRun(await sender.run([...send, '--rpc', `${chainId}=${rpcUrl}`, '--yes']), 2).error.code).toBe('CLI_USAGE')
  const asked = await sender.run([...send, ...reach])
  expect(readRun(asked, 4)).toMatchObject({ ok: false, command: 'send' })
  expect(asked.stderr).toContain(`Account ${account} on chain ${chainId}`)
  expect(asked.stderr).toContain(`sends 0.25 of the coin to ${payee}`)
  expect(await client.getBalance({ address: payee })).toBe(before)

  const data = '0xdeadbeef'
  const failing = await sender.run(['send', '--key', 'new-key.json', '--to', stack.token, '--data', data, ...reach])
  expect([failing.exit, failing.stderr]).toEqual([4, expect.stringContaining('It would fail now')])

  const sent = readRun(await sender.run([...send, ...reach, '--yes']), 0)
  expect(sent).toMatchObject({ ok: true, command: 'send', account, chainId, status: 'done' })
  expect((await client.getTransactionReceipt({ hash: sent.transactionHash })).status).toBe('success')
  expect(await client.getBalance({ address: payee })).toBe(before + parseEther('0.25'))
}

/** The secret half of the new key is in its file and nowhere else; nothing but nodes was asked. */
function expectKept(owner: Machine, ...secrets: readonly string[]): void {
  const file = path.join(owner.folder, 'new-key.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const { privateKey } = JSON.parse(readFileSync(file, 'utf8'))
  const kept = readFileSync(path.join(owner.folder, 'recovery.json'), 'utf8')
  for (const secret of [privateKey.d, localKey('relayer'), localKey('guardian'), ...secrets]) {
    expect(owner.seen()).not.toContain(secret)
    expect(kept).not.toContain(secret)
  }
  expect(owner.strangers()).toBe('')
}

describe('an owner has lost every device, and has the kit and nodes', () => {
  test('a wallet guardian approves on another machine; a day later the new key has both chains', async () => {
    const { kit, owner } = await lose('wallet', [wallet()])
    const asked = readRun(await owner.run([...begin, ...rpc(), ...paid]), 3)
    expect(asked).toMatchObject({ ok: true, command: 'recover', next: 'approve', account: kit.account, approvals: [] })

    const friend = machine('friend')
    friend.file('wallet.key', localKey('guardian'))
    const approved = readRun(
      await friend.run(['approve', asked.request, '--wallet', 'wallet.key', ...rpc(), '--yes', '--json']),
      0,
    )
    expect(approved).toMatchObject({ asks: 'Recovery', account: kit.account, phrase: asked.phrase })
    expect(friend.seen()).not.toContain(localKey('guardian').slice(2))
    expect(friend.strangers()).toBe('')

    const started = readRun(await owner.run([...resume, '--approval', approved.approval, ...rpc(), ...paid]), 3)
    expect(started.next).toBe('wait')
    expect(started.chains.map(({ state }: { state: string }) => state)).toEqual(['scheduled', 'scheduled'])
    await stack.clock.increase(day)
    const done = readRun(await owner.run([...resume, ...rpc(), ...paid]), 0)
    expect(done.chains.map(({ state }: { state: string }) => state)).toEqual(['done', 'done'])
    await expectNewKeySends(owner, kit)
    await expectCommandSends(owner, kit)
    expectKept(owner)
    // Once more does no harm, and costs nothing.
    expect(readRun(await owner.run([...resume, ...rpc(), ...paid]), 0).next).toBe('nothing')
  })

  test('with a passphrase that is typed and seen nowhere, not in the list of processes either', async () => {
    const { guardian } = await createPassphrase({ phrase })
    const { kit, owner } = await lose('passphrase', [guardian])
    let processes = ''
    const onStderr = (seen: string): void => {
      if (processes === '' && seen.includes('Deriving')) processes = processArguments()
    }
    const first = await owner.run([...begin, '--passphrase', ...rpc(), ...paid], { input: [phrase], onStderr })
    expect(readRun(first, 3).next).toBe('wait')
    expect(processes).toContain('apps/cli/src/main.ts')
    await stack.clock.increase(day)
    readRun(await owner.run([...resume, ...rpc(), ...paid]), 0)
    await expectNewKeySends(owner, kit)
    expectKept(owner, ...phrase.split(' '))
    for (const word of phrase.split(' ')) expect(processes).not.toContain(word)
  })

  test('with a recovery code, and two kinds of guardians at once need no day', async () => {
    const codes = createCodes()
    const [first, second] = codes.codes.map(revealCode)
    forgetCodes(codes.codes)
    const { kit, owner } = await lose('code', [
      codesGuardian(configFor(stack, { credentials: never }), codes),
      wallet(),
    ])
    const typo = await owner.run([...begin, '--code', ...rpc(), ...paid], { input: [`${first?.slice(0, -1)}`] })
    expect(readRun(typo, 1).error.code).toBe('CODE_INVALID')
    const waits = readRun(await owner.run([...resume, '--code', ...rpc(), ...paid], { input: [`${first}`] }), 3)
    expect(waits.next).toBe('wait')
    owner.file('wallet.key', localKey('guardian'))
    const done = readRun(await owner.run([...resume, '--wallet', 'wallet.key', ...rpc(), ...paid]), 0)
    expect(done.approvals).toHaveLength(2)
    await expectNewKeySends(owner, kit)
    expectKept(owner, `${first}`, `${second}`)
  })

  test('and no money: what is to be sent is printed, and anybody sends it', async () => {
    const { kit, owner } = await lose('printed', [wallet()])
    owner.file('wallet.key', localKey('guardian'))
    const send = async ({ transactions }: { transactions: { chainId: number; to: Hex; data: Hex }[] }) => {
      expect(transactions.map(({ chainId }) => chainId).toSorted()).toEqual([...bothChains])
      for (const transaction of transactions) await stackRelay(stack).send(transaction)
    }
    const started = readRun(await owner.run([...begin, '--wallet', 'wallet.key', ...rpc(), '--json']), 3)
    expect(started).toMatchObject({
      next: 'send',
      chains: [{ state: 'collecting', error: null }, { state: 'collecting' }],
    })
    await send(started)
    expect(readRun(await owner.run([...resume, ...rpc(), '--json']), 3)).toMatchObject({
      next: 'wait',
      transactions: [],
    })
    await stack.clock.increase(day)
    await send(readRun(await owner.run([...resume, ...rpc(), '--json']), 3))
    expect(readRun(await owner.run([...resume, ...rpc(), '--json']), 0).next).toBe('nothing')
    await expectNewKeySends(owner, kit)
    expectKept(owner)
  })
})

/** A device that nobody asks. */
const never = {
  create: () => Promise.reject(new Error('Nobody is here.')),
  get: () => Promise.reject(new Error('Nobody is here.')),
}
