import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { observationTypedData, toObservation } from '@rekey/sdk/oidc'
import { openStore, type Store } from '@rekey/service-kit'
import { concat, encodeErrorResult, parseSignature, recoverTypedDataAddress, toHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listSigned } from './exchange/observations.ts'
import { migrations } from './store/migrations.ts'
import {
  createChain,
  createKey,
  createWorld,
  interval,
  issuer,
  jwksUri,
  type Key,
  peers,
  registry,
  second,
  self,
  signedBy,
  start,
  stranger,
  third,
} from './testing/world.ts'

const key = createKey('k')
const other = createKey('k')
const turns = 3 * interval

let store: Store
// A new database is made: that takes seconds of computing.
beforeAll(async () => {
  store = await openStore({ kind: 'memory' }, migrations)
}, 120_000)
afterAll(() => store.close())
beforeEach(async () => {
  await store.query('TRUNCATE keys, looks, observations, alarms')
})

const signed = () => listSigned(store, self.address, 0)

describe('delivering', () => {
  test('what two signed alike goes to every chain, once, ascending by attester', async () => {
    const world = createWorld(store)
    world.show(key)
    world.peer('third', [await signedBy(third, key)])
    for (let rounds = 0; rounds < 3; rounds += 1) await world.round()
    expect(world.sent()).toEqual([['k'], ['k']])
    const typedData = observationTypedData(registry, toObservation(issuer, 'k', key.key, start))
    const signatures = world.chains[0].sent[0]?.signatures ?? []
    const signers = await Promise.all(
      signatures.map((signature) => recoverTypedDataAddress({ ...typedData, signature })),
    )
    expect(signers).toEqual([self.address, third.address])
  })

  test('a known key is told again when the last time is long ago, not before', async () => {
    const world = createWorld(store)
    const deliver = async (passed: number): Promise<void> => {
      world.pass(passed)
      world.peer('second', [await signedBy(second, key, { observedAt: start + total })])
      await world.round()
    }
    let total = 0
    world.show(key)
    await deliver(0)
    total = 5 * turns
    await deliver(5 * turns)
    expect(world.sent()).toEqual([['k'], ['k']])
    total += turns
    await deliver(turns)
    expect(world.sent()).toEqual([
      ['k', 'k'],
      ['k', 'k'],
    ])
  })

  test('nothing is sent when it is the turn of another', async () => {
    const world = createWorld(store)
    world.show(key)
    world.peer('third', [await signedBy(third, key)])
    world.pass(interval / 2)
    await world.round()
    world.pass(interval / 2)
    await world.round()
    expect(world.sent()).toEqual([[], []])
  })

  test('a chain that fails keeps no other from being told, and is told later', async () => {
    const world = createWorld(store)
    world.show(key)
    world.peer('third', [await signedBy(third, key)])
    await world.round()
    world.chains[1].states.clear()
    world.chains[0].down = new Error('ECONNREFUSED')
    await world.round()
    expect(world.sent()).toEqual([['k'], ['k', 'k']])
    expect(await world.openAlarms()).toContain('CHAIN_SILENT chain 1')
    world.chains[0].down = undefined
    await world.round()
    expect(await world.openAlarms()).not.toContain('CHAIN_SILENT chain 1')
  })

  test('a revoked key is not told of', async () => {
    const world = createWorld(store)
    world.show(key)
    world.peer('third', [await signedBy(third, key)])
    for (const chain of world.chains)
      chain.keyState = async () => ({ keyHash: '0x', activeFrom: 0, lastSeen: 0, suspendedUntil: 0, revoked: true })
    await world.round()
    expect(world.sent()).toEqual([[], []])
  })

  test('what the registry refuses is told; that somebody was faster is not', async () => {
    const refusal = (errorName: 'KeyChanged' | 'OutOfTime', args: readonly [never, never, never]) => ({
      data: encodeErrorResult({ abi: oidcKeyRegistryAbi, errorName, args }),
    })
    const world = createWorld(store)
    world.show(key)
    world.peer('third', [await signedBy(third, key)])
    world.chains[0].refusal = refusal('OutOfTime', [1n, 2n, 3n] as never)
    await world.round()
    expect((await world.openAlarms()).filter((alarm) => alarm.startsWith('REGISTRY'))).toEqual([])
    world.chains[0].refusal = refusal('KeyChanged', [
      `0x${'1'.repeat(64)}`,
      `0x${'2'.repeat(64)}`,
      `0x${'3'.repeat(64)}`,
    ] as never)
    await world.round()
    expect(await world.openAlarms()).toContain(`REGISTRY_REFUSES chain 1: ${issuer} k`)
  })

  test.each([
    ['wants another number of attesters', { quorum: 3 }],
    ['has other attesters', { signer: stranger }],
  ])('a registry that %s is told nothing', async (_, changes) => {
    const world = createWorld(store, changes)
    world.show(key)
    for (const name of ['second', 'third'] as const)
      world.peer(name, [await signedBy(name === 'second' ? second : third, key)])
    await world.round()
    expect(world.sent()).toEqual([[], []])
    expect(await world.openAlarms()).toEqual(['REGISTRY_DIFFERS chain 2', 'REGISTRY_DIFFERS chain 1'])
  })
})

type Signed = Awaited<ReturnType<typeof signedBy>>
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** (r, n − s) with the other recovery number recovers to the same address. */
function highForm({ signature, ...rest }: Signed): Signed {
  const { r, s, yParity } = parseSignature(signature)
  return { ...rest, signature: concat([r, toHex(order - BigInt(s), { size: 32 }), yParity === 0 ? '0x1c' : '0x1b']) }
}

/** 0 and 1 for 27 and 28. */
function withNumber({ signature, ...rest }: Signed): Signed {
  const { r, s, yParity } = parseSignature(signature)
  return { ...rest, signature: concat([r, s, yParity === 0 ? '0x00' : '0x01']) }
}

describe('[121] nothing that a peer says makes up for a second attester who sees the key', () => {
  const hour = 3_600
  test.each<[name: string, observation: () => Promise<object>]>([
    ['another key', () => signedBy(third, other)],
    [
      'another key, said to be this one',
      async () => ({ ...(await signedBy(third, other)), keyHash: (await signedBy(third, key)).keyHash }),
    ],
    ['a signature of somebody else', () => signedBy(stranger, key)],
    ["this attester's own signature", () => signedBy(self, key)],
    ['[J60] a signature for another registry', () => signedBy(third, key, { at: stranger.address })],
    ['[J60] a time a day ago', () => signedBy(third, key, { observedAt: start - 24 * hour })],
    ['a time in the future', () => signedBy(third, key, { observedAt: start + 2 * interval })],
    ['a time at which nobody signs', () => signedBy(third, key, { observedAt: start + 1 })],
    ['another interval', () => signedBy(third, key, { observedAt: start - interval })],
    ['a key that is not shown', () => signedBy(third, createKey('invented'))],
    [
      'an issuer that is not watched',
      async () => ({ ...(await signedBy(third, key)), issuer: 'https://other.example' }),
    ],
    [
      'its signature in the other form, which the registry does not take',
      async () => highForm(await signedBy(third, key)),
    ],
    ['its signature with another recovery number', async () => withNumber(await signedBy(third, key))],
    ['no signature', async () => ({ ...(await signedBy(third, key)), signature: `0x${'00'.repeat(65)}` })],
  ])('%s', async (name, observation) => {
    const world = createWorld(store)
    world.show(key)
    world.peer('third', [await observation()])
    world.peer('second', [])
    await world.round()
    await world.round()
    expect(world.sent()).toEqual([[], []])
    // A signature of another interval may be worth something with others of it; nothing else is kept.
    const kept = await store.query('SELECT attester FROM observations')
    expect(kept).toHaveLength(name === 'another interval' ? 2 : 1)
    // The same attester with a good one is enough.
    world.peer('third', [await signedBy(third, key)])
    await world.round()
    expect(world.sent()).toEqual([['k'], ['k']])
  })

  test('two peers that show the same signature are one attester', async () => {
    const chain = createChain(1, { attesters: [self, second, third].map(({ address }) => address), quorum: 3 })
    const world = createWorld(store, { quorum: 3, chains: [chain] })
    world.show(key)
    for (const name of ['second', 'third'] as const) world.peer(name, [await signedBy(third, key)])
    await world.round()
    expect(chain.sent).toEqual([])
    world.peer('second', [await signedBy(second, key)])
    await world.round()
    expect(chain.sent).toHaveLength(1)
  })

  test('who signed for another key is told', async () => {
    const world = createWorld(store)
    world.show(key)
    world.peer('second', [await signedBy(second, key)])
    world.peer('third', [await signedBy(third, other)])
    await world.round()
    expect(await world.openAlarms()).toEqual([`PEER_DIFFERS ${peers.third}`])
  })
})

describe('watching', () => {
  const watch = async (...shown: readonly (readonly Key[] | string | undefined)[]) => {
    const world = createWorld(store, { peers: [] })
    for (const one of shown) {
      if (one === undefined) world.pages.delete(jwksUri)
      else if (typeof one === 'string') world.pages.set(jwksUri, one)
      else world.show(...one)
      await world.round()
      world.pass(interval)
    }
    return world
  }
  const kept = () => store.query('SELECT kid, key, is_shown FROM keys ORDER BY kid')

  test('[J61] another key under a known name is not signed for, and the first one stays', async () => {
    const world = await watch([key], [other])
    expect(await world.openAlarms()).toEqual([`KEY_CHANGED ${issuer} k`])
    expect((await signed()).map(({ keyHash }) => keyHash)).toEqual([(await signedBy(self, key)).keyHash])
    expect(await kept()).toEqual([{ kid: 'k', key: key.key.key, is_shown: true }])
  })

  test('a key that is gone is told, signed for no more, and kept; when it is back that is over', async () => {
    const next = createKey('next')
    const gone = await watch([key], [next])
    expect(await gone.openAlarms()).toEqual([`KEY_VANISHED ${issuer} k`])
    expect(await kept()).toEqual([
      { kid: 'k', key: key.key.key, is_shown: false },
      { kid: 'next', key: next.key.key, is_shown: true },
    ])
    expect((await signed()).map(({ kid }) => kid)).toEqual(['next', 'k'])
    const back = await watch([next], [key, next])
    expect(await back.openAlarms()).toEqual([])
  })

  test.each([
    ['empty', '{"keys":[]}', 'LIST_EMPTY'],
    ['no JSON', '<html>', 'LIST_UNREADABLE'],
    ['another JSON', '[]', 'LIST_UNREADABLE'],
  ])('[J67] a list that is %s makes no key vanish', async (_, text, code) => {
    const world = await watch([key], text, text)
    expect(await world.openAlarms()).toEqual([`${code} ${issuer}`])
    expect(await kept()).toEqual([{ kid: 'k', key: key.key.key, is_shown: true }])
    expect(await signed()).toHaveLength(1)
  })

  test('an issuer that does not answer is silent after three intervals', async () => {
    expect(await (await watch([key], undefined, undefined)).openAlarms()).toEqual([])
    await store.query('TRUNCATE keys, looks, observations, alarms')
    expect(await (await watch([key], undefined, undefined, undefined)).openAlarms()).toEqual([
      `ISSUER_SILENT ${issuer}`,
    ])
    await store.query('TRUNCATE keys, looks, observations, alarms')
    expect(await (await watch([key], undefined, undefined, undefined, [key])).openAlarms()).toEqual([])
  })

  test('the discovery document says where the keys are, when it is about the issuer', async () => {
    const document = (content: object, page = `${issuer}/.well-known/openid-configuration`) => {
      const world = createWorld(store, { peers: [], issuers: [{ issuer }] })
      world.pages.set(page, JSON.stringify(content))
      world.pages.set('https://keys.example/', JSON.stringify({ keys: [key.jwk] }))
      return world
    }
    await document({ issuer: 'https://evil.example', jwks_uri: 'https://keys.example/' }).round()
    await document({ issuer }).round()
    expect(await signed()).toEqual([])
    await document({ issuer, jwks_uri: 'https://keys.example/' }).round()
    expect((await signed()).map(({ kid }) => kid)).toEqual(['k'])
  })
})
