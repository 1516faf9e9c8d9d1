import {
  type Address,
  bytesToHex,
  concat,
  createClient,
  custom,
  defineChain,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  size,
  stringToHex,
  toEventHash,
  zeroHash,
} from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { oidcKeyRegistryAbi } from '../abis/used.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { placeNotes } from '../encoding/notes.ts'
import type { Guardian, Policy } from '../encoding/policy.ts'
import { unsignedToken } from '../testing/fakeSignIn.ts'
import { toBase64Url } from '../webauthn/base64url.ts'
import {
  approveWithProvider,
  approveWithSignIn,
  findIssuerKey,
  google,
  type IssuerKey,
  issuerKeyHash,
  issuerKeyId,
  linkSignIn,
  oidcAlgorithms,
  oidcGuardian,
  oidcNonce,
  type SignInWith,
} from './index.ts'

const now = 2_000_000_000
const clock = () => now
const keyAdded = 'KeyAdded(bytes32,bytes32,string,string,uint8,bytes,uint40)'
const registry: Address = '0x00000000000000000000000000000000000000aa'
const provider = google({ clientId: 'rekey', otherAudiences: ['second'] })
const { issuer } = provider
const digest = keccak256('0x01')
const key: IssuerKey = { algorithm: 'RS256', key: bytesToHex(new Uint8Array(256).fill(0xc1)) }
const otherKey: IssuerKey = { ...key, key: bytesToHex(new Uint8Array(256).fill(0xd1)) }
const claims = { iss: issuer, aud: 'rekey', sub: 'grace', nonce: oidcNonce(digest), iat: now, exp: now + 3_600 }
const token = unsignedToken(claims)

type Registry = {
  readonly keyHash?: Hex
  readonly activeFrom?: number
  readonly suspendedUntil?: number
  readonly revoked?: boolean
  readonly isOld?: boolean
  /** Keys in events, true or not. */
  readonly shown?: readonly IssuerKey[]
  /** The node serves another chain. */
  readonly servedId?: number
}

/** What a chain's registry and node answer, or that they do not. */
function chainWith(id: number, known: Registry | 'down'): ConfiguredChain & { readonly requests: string[] } {
  const requests: string[] = []
  const request = async ({ method }: { method: string }) => {
    requests.push(method)
    if (known === 'down') throw new TypeError('fetch failed')
    if (method === 'eth_call') return answerOf(id, known)
    if (method === 'eth_getLogs') return (known.shown ?? []).map(logOf)
    throw new Error(`${method} was not expected.`)
  }
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: ['http://127.0.0.1:1'] } },
  })
  const client = createClient({ chain, transport: custom({ request }, { retryCount: 0 }) })
  return { id, client, bundler: undefined, relay: undefined, fromBlock: 0n, requests }
}

function answerOf(id: number, registryState: Registry): Hex {
  const { keyHash = zeroHash, activeFrom = 0, suspendedUntil = 0, revoked = false, isOld = false } = registryState
  const isUsable = !revoked && !isOld && activeFrom <= now && suspendedUntil <= now
  const state = { keyHash, activeFrom, lastSeen: 0, suspendedUntil, algorithm: 1, revoked }
  const answers = [
    encodeFunctionResult({ abi: oidcKeyRegistryAbi, functionName: 'keyState', result: state }),
    encodeFunctionResult({ abi: oidcKeyRegistryAbi, functionName: 'usableKey', result: isUsable ? keyHash : zeroHash }),
  ]
  const word = (value: number): Hex => pad(numberToHex(value), { size: 32 })
  const head = [word(now), word(registryState.servedId ?? id)]
  return concat([...head, ...answers.flatMap((answer) => [word(1), word(size(answer)), answer])])
}

function logOf({ algorithm, key: bytes }: IssuerKey) {
  const inputs = ['string', 'string', 'uint8', 'bytes', 'uint40'].map((type) => ({ type }))
  return {
    address: registry,
    topics: [toEventHash(keyAdded), issuerKeyId(issuer, 'k'), keccak256(stringToHex(issuer))],
    data: encodeAbiParameters(inputs, [issuer, 'k', oidcAlgorithms[algorithm], bytes, 0]),
    blockNumber: '0x1',
    blockHash: zeroHash,
    transactionHash: zeroHash,
    transactionIndex: '0x0',
    logIndex: '0x0',
    removed: false,
  }
}

const usable: Registry = { keyHash: issuerKeyHash(key), shown: [key] }
const jwk = { kty: 'RSA', kid: 'k', e: 'AQAB', n: toBase64Url(new Uint8Array(256).fill(0xc1)) }
const showing = (...keys: object[]): typeof globalThis.fetch => {
  return async () => new Response(JSON.stringify({ keys }))
}
const silent: typeof globalThis.fetch = async () => {
  throw new TypeError('fetch failed')
}
const find = (chains: readonly ConfiguredChain[], more: Partial<Parameters<typeof findIssuerKey>[1]> = {}) =>
  findIssuerKey({ chains }, { registry, token, ...more })

test('the event that is looked for is the registry’s', () => {
  const [topic] = encodeEventTopics({ abi: oidcKeyRegistryAbi, eventName: 'KeyAdded' })
  expect(topic).toBe(toEventHash(keyAdded))
})

describe('the key of an issuer', () => {
  test('is found on the chains themselves, with two requests to each', async () => {
    const chains = [chainWith(1, usable), chainWith(2, usable)]
    expect(await find(chains)).toEqual({
      key,
      state: 'usable',
      chains: [
        { chainId: 1, state: 'usable' },
        { chainId: 2, state: 'usable' },
      ],
    })
    expect(chains.map(({ requests }) => requests)).toEqual(Array(2).fill(['eth_call', 'eth_getLogs']))
  })

  test.each<[state: string, known: Registry, activeFrom: number | undefined]>([
    ['waiting', { ...usable, activeFrom: now + 9 }, now + 9],
    ['suspended', { ...usable, suspendedUntil: now + 7 }, now + 7],
    ['suspended', { ...usable, suspendedUntil: now + 7, activeFrom: now + 9 }, now + 9],
    ['revoked', { ...usable, revoked: true }, undefined],
    ['revoked', { revoked: true }, undefined],
    ['old', { ...usable, isOld: true }, undefined],
    ['unknown', {}, undefined],
    ['unknown', { keyHash: issuerKeyHash(otherKey), shown: [otherKey] }, undefined],
  ])(
    '[105] [J62] [J63] is %s on one chain and usable on the other: the worse is told, and when it ends',
    async (state, known, activeFrom) => {
      const found = await find([chainWith(1, usable), chainWith(2, known)])
      expect(found).toMatchObject({ key, state, chains: [{ state: 'usable' }, { chainId: 2, state }] })
      expect([found.activeFrom, found.chains[1]?.activeFrom]).toEqual([activeFrom, activeFrom])
    },
  )

  test('is found although a chain does not answer; not when none does', async () => {
    const found = await find([chainWith(1, 'down'), chainWith(2, usable)])
    expect(found).toMatchObject({ key, state: 'usable' })
    expect(found.chains[0]).toMatchObject({ chainId: 1, error: { code: 'CHAIN_UNREACHABLE' } })
    expect(found.chains[0]?.state).toBeUndefined()
    await expect(find([chainWith(1, 'down')])).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
  })

  test('[J98] is not believed from a node that serves another chain', async () => {
    const found = await find([chainWith(1, { ...usable, servedId: 7 }), chainWith(2, usable)])
    expect(found.chains[0]).toMatchObject({ chainId: 1, error: { code: 'CHAIN_WRONG_ID' } })
    expect(found.chains[0]?.state).toBeUndefined()
  })

  test('[J99] is the one whose hash the registry keeps, whatever events a node makes up', async () => {
    const lying = { keyHash: issuerKeyHash(key), shown: [otherKey] }
    expect(await find([chainWith(1, lying)])).toMatchObject({ state: 'usable' })
    expect((await find([chainWith(1, lying)])).key).toBeUndefined()
    expect((await find([chainWith(1, { ...lying, shown: [otherKey, key] })])).key).toEqual(key)
  })

  test('is asked of the issuer when no chain shows it, and believed in what the registries know', async () => {
    const hidden = chainWith(1, { keyHash: issuerKeyHash(key) })
    const jwksUri = 'https://keys.example.com'
    expect((await find([hidden], { jwksUri, fetch: showing(jwk) })).key).toEqual(key)
    const other = { ...jwk, n: toBase64Url(new Uint8Array(256).fill(0xd1)) }
    expect((await find([hidden], { jwksUri, fetch: showing(other) })).key).toBeUndefined()
    for (const fetch of [silent, showing(), showing(jwk, jwk)])
      expect(await find([hidden], { jwksUri, fetch })).toMatchObject({ state: 'usable', chains: [{ state: 'usable' }] })
    const asked = vi.fn(showing(jwk))
    await find([chainWith(1, usable)], { jwksUri, fetch: asked })
    expect(asked).not.toHaveBeenCalled()
  })
})

describe('linking a sign-in', () => {
  /** Signs in as the provider would have somebody do, with the nonce that was asked for. */
  const signInAs =
    (changes: object = {}): SignInWith =>
    async (_, { nonce }) =>
      unsignedToken({ ...claims, nonce, ...changes })
  const chains = [chainWith(1, usable)]
  const link = (changes: object = {}, on: readonly ConfiguredChain[] = chains) =>
    linkSignIn({ chains: on }, provider, { registry, signIn: signInAs(changes), clock, weight: 2, name: 'Google' })

  test('names the account as guardian, with all client ids of the app', async () => {
    const salt = digest
    const linked = await linkSignIn({ chains }, provider, { registry, signIn: signInAs(), clock, salt, weight: 2 })
    const wanted = { issuer, audiences: ['rekey', 'second'], subject: 'grace', registry, salt }
    expect(linked.guardian).toEqual(oidcGuardian(wanted, { weight: 2 }))
    expect(linked).toMatchObject({ issuer, subject: 'grace', key: { state: 'usable', key } })
    expect((await link()).guardian).toMatchObject({ weight: 2, name: 'Google' })
  })

  test('asks for a nonce that nobody could know before, unless one has come back', async () => {
    const nonces: string[] = []
    const signIn: SignInWith = async (at, request) => {
      nonces.push(request.nonce)
      return signInAs()(at, request)
    }
    for (const _ of [0, 1]) await linkSignIn({ chains }, provider, { registry, signIn, clock })
    await linkSignIn({ chains }, provider, { registry, signIn, clock, nonce: 'of the request' })
    expect(new Set(nonces).size).toBe(3)
    expect(nonces[2]).toBe('of the request')
  })

  test.each<[name: string, changes: object, expected: object]>([
    ['[J43] for something else', { nonce: oidcNonce(digest) }, { mismatch: 'nonce' }],
    ['[J39] at another issuer', { iss: 'https://evil.example' }, { mismatch: 'issuer' }],
    ['[J40] for another app', { aud: 'second' }, { mismatch: 'audience' }],
    ['[J52] of long ago', { exp: now - 1 }, { mismatch: 'expired' }],
    ['[J96] with an e-mail address', { email: 'grace@example.org' }, { code: 'OIDC_PERSONAL_CLAIMS' }],
  ])('does not take a sign-in %s', async (_, changes, expected) => {
    await expect(link(changes)).rejects.toMatchObject(expected)
  })

  test('says where the key is new, and refuses where it would never count', async () => {
    const waiting = { ...usable, activeFrom: now + 9 }
    const linked = await link({}, [chainWith(1, usable), chainWith(2, waiting)])
    expect(linked.key).toMatchObject({ state: 'waiting', activeFrom: now + 9 })
    for (const [state, known] of [
      ['unknown', {}],
      ['revoked', { ...usable, revoked: true }],
      ['old', { ...usable, isOld: true }],
    ] as const)
      await expect(link({}, [chainWith(1, known)])).rejects.toMatchObject({ code: 'OIDC_KEY_NOT_USABLE', state })
  })
})

describe('[J94] the salt of an identity', () => {
  const person = { issuer, audiences: ['rekey'], subject: 'grace', registry }

  test('is 32 bytes in hexadecimal, and the 0x is none of them', () => {
    expect(() => oidcGuardian({ ...person, salt: digest })).not.toThrow()
    const wrong = [
      '0x',
      `0x${'11'.repeat(31)}`,
      `0x${'11'.repeat(33)}`,
      '11'.repeat(32),
      'x'.repeat(32),
      `0x${'zz'.repeat(32)}`,
    ]
    for (const salt of wrong)
      expect(() => oidcGuardian({ ...person, salt: salt as Hex })).toThrow(
        expect.objectContaining({ code: 'ENCODING_INVALID' }),
      )
  })

  test('is random', () => {
    expect(oidcGuardian(person).signer).not.toBe(oidcGuardian(person).signer)
  })

  test('keeps members apart: the same letters elsewhere are somebody else', () => {
    const signerOf = (iss: string, aud: string, sub: string) =>
      oidcGuardian({ issuer: iss, audiences: [aud], subject: sub, registry, salt: digest }).signer
    const signers = [
      signerOf('a', 'bc', 'd'),
      signerOf('ab', 'c', 'd'),
      signerOf('a', 'b', 'cd'),
      signerOf('a', 'bcd', ''),
    ]
    expect(new Set(signers).size).toBe(4)
  })
})

describe('approving with a provider', () => {
  const guardian = oidcGuardian({ issuer, audiences: ['rekey', 'second'], subject: 'grace', registry })
  const policyOf = (input: Guardian & { readonly notes?: readonly Hex[] | undefined }): Policy => {
    const { notes = [], ...bare } = input
    const tiers = [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }]
    return {
      salt: digest,
      allowsInstantSingle: false,
      windowHours: 48,
      freezeHours: 0,
      tiers,
      guardians: [bare],
      notes: placeNotes(notes, [bare]),
    }
  }
  const policy = policyOf(guardian)
  const signIn: SignInWith = async (_, { nonce }) => unsignedToken({ ...claims, nonce })
  const approve = (
    on: readonly ConfiguredChain[],
    more: Partial<Parameters<typeof approveWithProvider>[2]> = {},
    under: Policy = policy,
  ) => approveWithProvider({ chains: on }, { policy: under, digest }, { provider, signIn, clock, ...more })

  test('signs in for this recovery, and finds the key where the guardian says', async () => {
    const chains = [chainWith(1, usable), chainWith(2, 'down')]
    const { approval, key: found } = await approve(chains)
    expect(approval).toEqual(approveWithSignIn({ policy, digest }, { token, key, now }))
    expect(found).toMatchObject({ state: 'usable', key })
  })

  test('counts where the key is usable, and is refused where it is nowhere', async () => {
    const waiting = chainWith(2, { ...usable, activeFrom: now + 9 })
    expect((await approve([chainWith(1, usable), waiting])).key).toMatchObject({ state: 'waiting' })
    const refused = approve([waiting])
    await expect(refused).rejects.toMatchObject({ code: 'OIDC_KEY_NOT_USABLE', state: 'waiting', activeFrom: now + 9 })
    await expect(refused).rejects.toThrow(new Date((now + 9) * 1_000).toISOString())
    const hidden = chainWith(1, { keyHash: issuerKeyHash(key) })
    await expect(approve([hidden], { fetch: silent })).rejects.toMatchObject({
      code: 'OIDC_KEY_NOT_USABLE',
      state: 'usable',
    })
  })

  test('asks nobody to sign in when no guardian is there, or none of this app', async () => {
    const asked = vi.fn(signIn)
    const chains = [chainWith(1, usable)]
    const elsewhere = { ...provider, issuer: 'https://login.example.com' }
    await expect(approve(chains, { signIn: asked, provider: elsewhere })).rejects.toMatchObject({ mismatch: 'issuer' })
    const otherApp = google({ clientId: 'other', otherAudiences: ['rekey'] })
    await expect(approve(chains, { signIn: asked, provider: otherApp })).rejects.toMatchObject({ mismatch: 'audience' })
    const bare = { ...policy, notes: [] }
    await expect(approve(chains, { signIn: asked }, bare)).rejects.toMatchObject({ code: 'OIDC_NOTE_MISSING' })
    expect(asked).not.toHaveBeenCalled()
  })

  test('[J98] does not take a contract for the verifier of sign-ins that is another', async () => {
    const signer: Hex = `0x${'22'.repeat(20)}${guardian.signer.slice(42)}`
    const strange = policyOf({ ...guardian, signer })
    await expect(approve([chainWith(1, usable)], {}, strange)).rejects.toMatchObject({ code: 'OIDC_NOTE_MISSING' })
  })

  test.each<[name: string, changes: object, expected: object]>([
    ['[J43] [113] for something else', { nonce: oidcNonce(keccak256('0x02')) }, { mismatch: 'nonce' }],
    ['[J42] of somebody else', { sub: 'ida' }, { mismatch: 'person' }],
    ['[J40] for another client id than was asked for', { aud: 'second' }, { mismatch: 'audience' }],
    ['[J96] with a name', { name: 'Grace' }, { code: 'OIDC_PERSONAL_CLAIMS' }],
  ])('does not take a sign-in %s, nor asks the chains about it', async (_, changes, expected) => {
    const wrong: SignInWith = async () => unsignedToken({ ...claims, ...changes })
    const chain = chainWith(1, usable)
    await expect(approve([chain], { signIn: wrong })).rejects.toMatchObject(expected)
    expect(chain.requests).toEqual([])
  })

  test('with pinned keys asks the issuer, and no chain', async () => {
    const pinned = oidcGuardian({ issuer, audiences: ['rekey'], subject: 'grace', keys: [issuerKeyHash(key)] })
    const chain = chainWith(1, 'down')
    const { approval, key: found } = await approve([chain], { fetch: showing(jwk) }, policyOf(pinned))
    expect(approval).toEqual(approveWithSignIn({ policy: policyOf(pinned), digest }, { token, key, now }))
    expect([found, chain.requests]).toEqual([undefined, []])
    const other = { ...jwk, n: toBase64Url(new Uint8Array(256).fill(0xd1)) }
    await expect(approve([chain], { fetch: showing(other) }, policyOf(pinned))).rejects.toMatchObject({
      mismatch: 'key',
    })
    const nowhere = { ...provider, jwksUri: undefined }
    await expect(approve([chain], { provider: nowhere }, policyOf(pinned))).rejects.toMatchObject({
      code: 'OIDC_PROVIDER_INVALID',
    })
  })
})
