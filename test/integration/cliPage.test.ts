import path from 'node:path'
import { httpRelay, loadAccount, type RekeyConfig, sendCalls } from '@rekey/sdk'
import { loadApprovalRequest, loadRecovery, type RecoveryRequest, startRecovery } from '@rekey/sdk/recovery'
import { type Address, type Hex, http } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { localKey } from '../../scripts/stack/accounts.ts'
import { configFor, createDevice, type Device, stackChain, stackRelay } from '../../scripts/stack/client.ts'
import { buildSites } from '../e2e/buildSites.ts'
import {
  begin,
  bothChains,
  calls,
  createGuardedOwner,
  day,
  expectSends,
  outcomesOf,
  statesOf,
} from '../stories/support/owner.ts'
import { temporaryDirectory } from './support/directory.ts'
import { createMachine, type Machine, rpcOptions } from './support/rekeyCommand.ts'
import { stack } from './support/runningStack.ts'
import { type ServedPage, startPage } from './support/servedPage.ts'

const directory = temporaryDirectory()
let machine: Machine
let served: ServedPage | undefined
let count = 0

beforeAll(buildSites)
afterAll(() => directory[Symbol.dispose]())

/** A computer that reaches the nodes and nothing else, with money for gas. */
function prepare(): void {
  const folder = path.join(directory.path, `machine ${count++}`)
  machine = createMachine(
    folder,
    stack.chains.map(({ rpcUrl }) => rpcUrl),
  )
  machine.file('relayer.key', localKey('relayer'))
}
afterEach(async () => {
  await served?.stop()
  served = undefined
})

const rpc = () => rpcOptions(stack)
const page = ['recover', '--passkey', '--port', '0'] as const
const paid = ['--relayer', 'relayer.key', '--yes'] as const

async function serve(...args: readonly string[]): Promise<ServedPage> {
  served = await startPage(machine, [...page, ...args, ...rpc()])
  return served
}

/** A browser at the address that the command printed: it has the page's settings, and reaches nothing but the page. */
async function openPage({ link }: ServedPage, seed: string): Promise<{ device: Device; config: RekeyConfig }> {
  const { origin } = new URL(link)
  const entered = await fetch(link, { redirect: 'manual' })
  const headers = { origin, cookie: entered.headers.get('set-cookie')?.split(';')[0] ?? '' }
  const settings = await (await fetch(`${origin}/config.json`, { headers })).json()
  const { chains, urls } = settings as { chains: { chainId: number; rpcUrl: string }[]; urls: { relay: string } }
  for (const url of [...chains.map(({ rpcUrl }) => rpcUrl), urls.relay]) expect(new URL(url).origin).toBe(origin)
  const device = createDevice(seed, { page: origin })
  const config = configFor(stack, device, {
    origins: [origin],
    chains: chains.map(({ chainId, rpcUrl }) => ({
      chain: stackChain(chainId, rpcUrl),
      rpc: http(rpcUrl, { retryCount: 0, fetchOptions: { headers } }),
      pollingInterval: 50,
    })),
    relay: httpRelay(urls.relay, {
      fetch: (url, init) => fetch(url, { ...init, headers: { 'content-type': 'application/json', ...headers } }),
    }),
  })
  return { device, config }
}

/** Makes a passkey on the page, and has the guardian approve it. */
async function beginOn(config: RekeyConfig, account: Address): Promise<RecoveryRequest> {
  const request = await startRecovery(config, { account, name: 'Ada' })
  await request.approve({ wallet: stack.accounts.guardian })
  return request
}

describe('the page of `rekey recover --passkey`', () => {
  test('has all it takes: through it alone the account is back on both chains, and its passkey sends', async () => {
    prepare()
    const { account } = await createGuardedOwner(stack, 'by page')
    const { link } = await serve(...paid)
    const { config, device } = await openPage({ link, stop: async () => expect.fail() }, 'new, by page')
    const request = await beginOn(config, account.address)
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    expect(await statesOf(request)).toEqual(['done', 'done'])

    const { exit, stdout, stderr } = (await served?.stop()) ?? {}
    served = undefined
    expect([exit, stdout]).toEqual([0, ''])
    expect(stderr?.match(/^Chain \d+: sent, transaction 0x[0-9a-f]{64}$/gm)).toHaveLength(4)
    await expect(fetch(link)).rejects.toThrow()
    expect(machine.strangers()).toBe('')
    expect(machine.seen()).not.toContain(localKey('relayer').slice(2))

    const { origin } = new URL(link)
    const recovered = (at: string, credentials = device.credentials) =>
      loadAccount(configFor(stack, { credentials }, { origins: [at] }), request.toAccount().toJSON())
    await expectSends(recovered(origin))
    await expect(sendCalls(account, { chainId: bothChains[0], calls })).rejects.toMatchObject({
      code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
    })
    // The relying party is the same at every port, so that a browser would sign there. The account wants its own.
    const otherPort = 'http://localhost:1'
    const elsewhere = recovered(otherPort, device.authenticator.credentialsAt(otherPort))
    await expect(sendCalls(elsewhere, { chainId: bothChains[0], calls })).rejects.toMatchObject({
      code: expect.stringMatching(/^(ACCOUNT_PASSKEY_CANNOT_SIGN|WEBAUTHN_)/),
    })
  })

  test('delivers nothing without money: the transactions are printed once, and anybody sends them', async () => {
    prepare()
    const { account } = await createGuardedOwner(stack, 'by page, unpaid')
    const shown = await serve('--json')
    const { config } = await openPage(shown, 'new, unpaid')
    const request = await beginOn(config, account.address)
    for (const _ of [1, 2])
      expect(outcomesOf(await request.submit())).toEqual(['CHAIN_RELAY_FAILED', 'CHAIN_RELAY_FAILED'])
    expect(await statesOf(request)).toEqual(['collecting', 'collecting'])
    const { exit, stdout, stderr } = await shown.stop()
    expect(exit).toBe(0)
    expect(stderr.match(/^To be sent on chain/gm)).toHaveLength(2)
    const ended: { transactions: { chainId: number; to: Hex; data: Hex }[] } = JSON.parse(stdout)
    expect(ended).toMatchObject({ ok: true, command: 'recover', page: new URL(shown.link).origin })
    expect(ended.transactions).toHaveLength(2)
    for (const transaction of ended.transactions) await stackRelay(stack).send(transaction)
    expect(await statesOf(loadElsewhere(request))).toEqual(['scheduled', 'scheduled'])
  })
})

describe('a guardian’s page', () => {
  test('is opened with the request, also out of the longer link; one for another account is refused before', async () => {
    prepare()
    const { account } = await createGuardedOwner(stack, 'asked by link')
    const { request } = await begin(stack, account, 'new, asked by link')
    const links = [request.text, request.toApprovalLink('https://a.example/x'), request.toLink('https://a.example/x')]
    for (const given of links) {
      const guardian = await startPage(machine, ['approve', given, '--browser', '--port', '0', ...rpc()])
      const { pathname, hash } = new URL(guardian.link)
      expect([pathname, loadApprovalRequest(configFor(stack, never), hash).digest]).toEqual([
        '/guardian',
        request.digest,
      ])
      expect((await guardian.stop()).exit).toBe(0)
    }
    const other = ['--account', stack.accounts.stranger.address]
    const refused = await machine.run(['approve', request.text, '--browser', ...other, ...rpc(), '--json'])
    expect([refused.exit, JSON.parse(refused.stdout).error.code]).toEqual([1, 'RECOVERY_LINK_WRONG_ACCOUNT'])
    expect(machine.strangers()).toBe('')
  })
})

const never = { credentials: { create: () => Promise.reject(), get: () => Promise.reject() } }

/** The same recovery as another machine reads it, from the nodes. */
function loadElsewhere(request: RecoveryRequest): RecoveryRequest {
  return loadRecovery(configFor(stack, never), JSON.parse(JSON.stringify(request)))
}
