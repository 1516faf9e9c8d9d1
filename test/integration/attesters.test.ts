import { readFileSync } from 'node:fs'
import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import {
  findSigningKey,
  issuerKeyHash,
  issuerKeyId,
  observationTypedData,
  revocationTypedData,
  suspensionTypedData,
  toObservation,
} from '@rekey/sdk/oidc'
import { createPublicClient, type Hex, hashTypedData, http, parseEventLogs, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localAccount, localKey } from '../../scripts/stack/accounts.ts'
import { type Stack, startStack } from '../../scripts/stack/startStack.ts'
import {
  type AttesterName,
  attesterNames,
  createIssuerKey,
  createTemplate,
  listOf,
  payerOf,
  type RunningAttester,
  registryOf,
  runAttester,
  startAttester,
  startWeb,
  type Web,
} from './support/attesters.ts'
import { temporaryDirectory } from './support/directory.ts'

const DELAY = 2 * 86_400
/** Issuers whose lists go wrong, each in its way. */
const troubled = ['empty', 'page', 'huge', 'moved', 'double', 'gone'] as const
const issuers = ['main', ...troubled]
const directory = temporaryDirectory()
const attesters = new Map<AttesterName, RunningAttester>()
let stack: Stack
let web: Web
let template: string

const parameters = () => ({ stack, directory: directory.path, template, web, issuers })
const issuerOf = (name: string) => `${web.origin}/${name}`
const show = (name: string, text: string) => web.show(`/${name}/jwks`, text)
const start = async (name: AttesterName) => void attesters.set(name, await startAttester(name, parameters()))

async function stop(name: AttesterName): Promise<void> {
  await attesters.get(name)?.stop()
  attesters.delete(name)
}

beforeAll(async () => {
  web = await startWeb()
  ;[stack, template] = await Promise.all([
    startStack({ directory: directory.path, sites: [], hasBundlers: false }),
    createTemplate(directory.path),
  ])
  await Promise.all(attesterNames.map(start))
})
afterAll(async () => {
  await Promise.all([...attesters.keys()].map(stop))
  await stack?.stop()
  await web?.[Symbol.asyncDispose]()
  directory[Symbol.dispose]()
})

const clientOf = (at: number) => createPublicClient({ transport: http(stack.chain(at).rpcUrl), cacheTime: 0 })

function read<const name extends 'usableKey' | 'isTrusted' | 'keyState'>(at: number, functionName: name, keyId: Hex) {
  const parameters = { address: registryOf(stack), abi: oidcKeyRegistryAbi, functionName, args: [keyId] } as const
  return clientOf(at).readContract(parameters as never) as Promise<
    name extends 'usableKey' ? Hex : name extends 'isTrusted' ? boolean : { keyHash: Hex; lastSeen: number }
  >
}

type Key = ReturnType<typeof createIssuerKey>

/** Waits until chains know a key of an issuer, and that it is this one. */
async function expectKnown(issuer: string, { kid, key }: Key, chains: readonly number[] = [0, 1]): Promise<void> {
  for (const at of chains) {
    const hash = async () => (await read(at, 'keyState', issuerKeyId(issuerOf(issuer), kid))).keyHash
    await expect.poll(hash, { timeout: 60_000, interval: 200 }).not.toBe(zeroHash)
    expect(await hash()).toBe(issuerKeyHash(key))
  }
}

type Alarm = { readonly code: string; readonly subject: string; readonly ended: number | null }

async function alarmsOf(name: AttesterName): Promise<readonly Alarm[]> {
  const answer = await fetch(`${attesters.get(name)?.url}/alarms`)
  return ((await answer.json()) as { alarms: Alarm[] }).alarms
}

async function expectAlarm(name: AttesterName, code: string, subject: string, isOpen = true): Promise<void> {
  const found = async () =>
    (await alarmsOf(name)).some(
      (one) => one.code === code && one.subject.includes(subject) && (one.ended === null) === isOpen,
    )
  await expect.poll(found, { timeout: 60_000, interval: 200, message: `${code} ${subject}` }).toBe(true)
}

/** What attesters have paid for on a chain, and what came of it. */
async function paidAndDone(at: number) {
  const client = clientOf(at)
  const counts = await Promise.all(
    attesterNames.map((name) => client.getTransactionCount({ address: payerOf(name).address })),
  )
  const logs = await client.getLogs({ address: registryOf(stack), fromBlock: 0n })
  return {
    paid: counts.reduce((sum, count) => sum + count, 0),
    done: parseEventLogs({ abi: oidcKeyRegistryAbi, logs }).length,
  }
}

const first = createIssuerKey('first', 'rsa')
const second = createIssuerKey('second')
const keys = Object.fromEntries(troubled.map((name) => [name, createIssuerKey(`of ${name}`.replace(' ', '-'))]))
const keyOf = (name: string): Key => keys[name] ?? first

test('what attesters sign is what the registry checks', async () => {
  const registry = registryOf(stack)
  const observation = toObservation('https://issuer.example', 'k', first.key, 2_000_000_000)
  const keyId = issuerKeyId('https://issuer.example', 'k')
  const contract = { address: registry, abi: oidcKeyRegistryAbi } as const
  const client = clientOf(0)
  expect(hashTypedData(observationTypedData(registry, observation))).toBe(
    await client.readContract({ ...contract, functionName: 'observationDigest', args: [observation] }),
  )
  expect(hashTypedData(suspensionTypedData(registry, { keyId, issuedAt: 2_000_000_000 }))).toBe(
    await client.readContract({ ...contract, functionName: 'suspensionDigest', args: [keyId, 2_000_000_000] }),
  )
  expect(hashTypedData(revocationTypedData(registry, keyId))).toBe(
    await client.readContract({ ...contract, functionName: 'revocationDigest', args: [keyId] }),
  )
})

describe('three attesters, two chains', () => {
  test('[121] a new key is on both chains, verifies nothing for two days, and then does', async () => {
    show('main', listOf(first))
    for (const name of troubled) show(name, listOf(keyOf(name)))
    await expectKnown('main', first)
    for (const name of troubled) await expectKnown(name, keyOf(name))
    const keyId = issuerKeyId(issuerOf('main'), first.kid)
    for (const at of [0, 1]) expect(await read(at, 'usableKey', keyId)).toBe(zeroHash)
    await stack.clock.increase(DELAY)
    for (const at of [0, 1]) expect(await read(at, 'usableKey', keyId)).toBe(issuerKeyHash(first.key))
  })

  test('every transaction had an effect: nothing was paid for twice', async () => {
    for (const at of [0, 1]) {
      const { paid, done } = await paidAndDone(at)
      expect(paid).toBeGreaterThanOrEqual(1 + troubled.length)
      expect(done).toBe(paid)
    }
  })

  test('pages of any origin get the keys, in the form that the SDK reads', async () => {
    const url = `${attesters.get('attester1')?.url}/keys?issuer=${encodeURIComponent(issuerOf('main'))}`
    const answer = await fetch(url, { headers: { origin: 'https://page.example' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const part = (value: object | Uint8Array) =>
      Buffer.from(value instanceof Uint8Array ? value : JSON.stringify(value)).toString('base64url')
    const claims = { iss: issuerOf('main'), aud: 'a', sub: 's', nonce: 'n'.repeat(43), iat: 1, exp: 2 }
    const token = [part({ alg: 'RS256', kid: first.kid }), part(claims), part(new Uint8Array(256))].join('.')
    expect(findSigningKey(await answer.json(), token)).toEqual(first.key)
  })

  test('[122] an issuer changes keys: the new one comes, the old one stays until it ages, and somebody is told', async () => {
    show('main', listOf(first, second))
    await expectKnown('main', second)
    show('main', listOf(second))
    await expectAlarm('attester1', 'KEY_VANISHED', first.kid)
    for (const at of [0, 1])
      expect(await read(at, 'usableKey', issuerKeyId(issuerOf('main'), first.kid))).toBe(issuerKeyHash(first.key))
  })
})

describe('lists that are none', () => {
  test('[J67] [J100] empty, a page, huge, sent to another host, a name twice, away: told, and nothing is wiped', async () => {
    const answers: Record<(typeof troubled)[number], Parameters<Web['show']>[1]> = {
      empty: JSON.stringify({ keys: [] }),
      page: (_, response) => void response.setHeader('content-type', 'text/html').end('<html>down for repairs</html>'),
      huge: `{"keys":[${' '.repeat(1_100_000)}]}`,
      moved: (_, response) =>
        void response.writeHead(302, { location: `http://localhost:${new URL(web.origin).port}/main/jwks` }).end(),
      double: listOf(keyOf('double'), { jwk: { ...createIssuerKey('x').jwk, kid: keyOf('double').kid } }),
      gone: (request) => void request.destroy(),
    }
    const stateOf = async (name: string) => {
      const { lastSeen: _, ...state } = await read(0, 'keyState', issuerKeyId(issuerOf(name), keyOf(name).kid))
      return state
    }
    const before = await Promise.all(troubled.map(stateOf))
    for (const name of troubled) web.show(`/${name}/jwks`, answers[name])
    await expectAlarm('attester1', 'LIST_EMPTY', issuerOf('empty'))
    await expectAlarm('attester1', 'LIST_UNREADABLE', issuerOf('page'))
    await expectAlarm('attester1', 'LIST_TOO_LARGE', issuerOf('huge'))
    await expectAlarm('attester1', 'KEY_DUPLICATE', keyOf('double').kid)
    await expectAlarm('attester1', 'ISSUER_SILENT', issuerOf('moved'))
    await expectAlarm('attester1', 'ISSUER_SILENT', issuerOf('gone'))
    const codes = (await alarmsOf('attester1')).filter(({ code }) => code === 'KEY_VANISHED')
    expect(codes.map(({ subject }) => subject)).toEqual([`${issuerOf('main')} ${first.kid}`])
    for (const [at, name] of troubled.entries()) {
      expect(await stateOf(name)).toEqual(before[at])
      const answer = await fetch(`${attesters.get('attester1')?.url}/keys?issuer=${encodeURIComponent(issuerOf(name))}`)
      expect(await answer.json()).toMatchObject({ keys: [{ kid: keyOf(name).kid }] })
    }
    for (const name of troubled) show(name, listOf(keyOf(name)))
    await expectAlarm('attester1', 'LIST_EMPTY', issuerOf('empty'), false)
    await expectAlarm('attester1', 'ISSUER_SILENT', issuerOf('gone'), false)
  })
})

describe('one attester is hostile', () => {
  const third = createIssuerKey('third')
  const forged = { ...createIssuerKey('x'), kid: 'third' }
  const invented = createIssuerKey('invented')

  test('[121] it signs another key for a name, one that nobody shows, and garbage: the other two go on', async () => {
    await stop('attester3')
    const registry = registryOf(stack)
    const signed = async (key: Key, as: 'attester3' | 'stranger') => {
      const observedAt = stack.clock.now() - (stack.clock.now() % 3)
      const observation = toObservation(issuerOf('main'), key.kid, key.key, observedAt)
      const signature = await localAccount(as).signTypedData(observationTypedData(registry, observation))
      return { ...observation, signature }
    }
    web.show('/attester3/observations', async (_, response) => {
      const observations = await Promise.all([
        signed(forged, 'attester3'),
        signed(invented, 'attester3'),
        signed(second, 'stranger'),
      ])
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ observations }))
    })
    show('main', listOf(second, third))
    await expectKnown('main', third)
    await expectAlarm('attester1', 'PEER_DIFFERS', '/attester3')
    await expectAlarm('attester1', 'PEER_UNREADABLE', '/attester3')
    for (const at of [0, 1])
      expect(await read(at, 'keyState', issuerKeyId(issuerOf('main'), invented.kid))).toMatchObject({
        keyHash: zeroHash,
      })
  })

  test('it answers with a page, another form, too much, in turn: the other two add a key meanwhile', async () => {
    const key = createIssuerKey('during-garbage')
    const answers = ['<html></html>', '{"observations":[{"issuer":1}]}', `{"observations":[${' '.repeat(1_100_000)}]}`]
    let asked = 0
    web.show('/attester3/observations', (_, response) => {
      response.setHeader('content-type', 'application/json').end(answers[asked++ % answers.length])
    })
    show('main', listOf(second, third, key))
    await expectKnown('main', key)
    await expectAlarm('attester2', 'PEER_UNREADABLE', '/attester3')
    expect(asked).toBeGreaterThanOrEqual(answers.length)
  })

  test('it is gone: the other two add a key', async () => {
    const key = createIssuerKey('while-gone')
    web.show('/attester3/observations', (request) => void request.destroy())
    show('main', listOf(second, third, key))
    await expectKnown('main', key)
    await expectAlarm('attester1', 'PEER_SILENT', '/attester3')
  })
})

test('a chain is down: the other is told, and it is told when it is back', async () => {
  const key = createIssuerKey('while-down')
  await stack.chain(1).stop()
  show('main', listOf(second, key))
  await expectKnown('main', key, [0])
  await expectAlarm('attester1', 'CHAIN_SILENT', `chain ${stack.chain(1).chainId}`)
  await stack.chain(1).start()
  await expectKnown('main', key)
  await expectAlarm('attester1', 'CHAIN_SILENT', `chain ${stack.chain(1).chainId}`, false)
  for (const at of [0, 1]) {
    const { paid, done } = await paidAndDone(at)
    expect(done).toBe(paid)
  }
})

describe('commands', () => {
  const keyId = () => issuerKeyId(issuerOf('main'), second.kid)
  const run = (name: AttesterName, ...args: string[]) => runAttester(name, args, parameters())

  test('suspend says what it would do; with --yes one attester alone does it, on both chains', async () => {
    await stack.clock.increase(DELAY)
    for (const at of [0, 1]) expect(await read(at, 'usableKey', keyId())).toBe(issuerKeyHash(second.key))
    const shown = await run('attester2', 'suspend', issuerOf('main'), second.kid)
    expect(shown).toMatchObject({ exit: 3, text: expect.stringContaining('Nothing was signed or sent') })
    for (const at of [0, 1]) expect(await read(at, 'isTrusted', keyId())).toBe(true)
    expect(await run('attester2', 'suspend', issuerOf('main'), second.kid, '--yes')).toMatchObject({ exit: 0 })
    for (const at of [0, 1]) {
      expect(await read(at, 'usableKey', keyId())).toBe(zeroHash)
      expect(await read(at, 'isTrusted', keyId())).toBe(false)
    }
    const again = await run('attester2', 'suspend', issuerOf('main'), second.kid, '--yes')
    expect(again).toMatchObject({ exit: 0, text: expect.stringContaining('suspended already') })
  })

  test('suspend says when this attester may do so again', async () => {
    const { exit, text } = await run('attester2', 'suspend', issuerOf('main'), 'third', '--yes')
    expect(exit).toBe(3)
    expect(text).toMatch(/within the last month, and may do so again on \d{4}-\d\d-\d\d/)
    for (const at of [0, 1]) expect(await read(at, 'isTrusted', issuerKeyId(issuerOf('main'), 'third'))).toBe(true)
  })

  test('[123] revoke takes two: one prints a signature, the other delivers both', async () => {
    const alone = await run('attester1', 'revoke', issuerOf('main'), second.kid, '--yes')
    const signature = /--signature: (0x[0-9a-f]{130})/.exec(alone.text)?.[1] ?? ''
    expect(alone.exit).toBe(3)
    const other = await run('attester2', 'revoke', issuerOf('main'), 'third', '--signature', signature, '--yes')
    expect(other).toMatchObject({ exit: 2, text: expect.stringContaining('not one of an attester for this key') })
    const both = ['revoke', issuerOf('main'), second.kid, '--signature', signature, '--yes'] as const
    expect(await run('attester2', ...both)).toMatchObject({ exit: 0 })
    await stack.clock.increase(8 * 86_400)
    for (const at of [0, 1]) expect(await read(at, 'isTrusted', keyId())).toBe(false)
    expect(await run('attester2', ...both)).toMatchObject({ exit: 0, text: expect.stringContaining('revoked already') })
  })
})

test('[250] no log has a key in it', () => {
  for (const name of ['attester1', 'attester2'] as const) {
    const text = readFileSync(attesters.get(name)?.logFile ?? '', 'utf8')
    expect(text).toContain('"event":"observation delivered"')
    for (const secret of [localKey(name), payerOf(name).key]) expect(text).not.toContain(secret.slice(2))
  }
})
