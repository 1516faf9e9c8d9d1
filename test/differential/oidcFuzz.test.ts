import { oidcNonce } from '@rekey/sdk/oidc'
import fc from 'fast-check'
import { bytesToHex, type Hex, hexToBytes } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Approval,
  approve,
  client,
  digest,
  googleClaims,
  googleHeader,
  pack,
  testKey,
} from '../../scripts/gen/vectors/idTokens.ts'
import { judge } from './support/judgeToken.ts'
import { startChains } from './support/world.ts'

let chains: Awaited<ReturnType<typeof startChains>>
let now: number
beforeAll(async () => {
  chains = await startChains()
  now = Number((await chains.osaka.client.getBlock()).timestamp)
})
afterAll(() => chains?.stop())

const rsa = testKey('rsa2048')
const wanted = ['iss', 'aud', 'sub', 'nonce', 'iat', 'exp'] as const
const header = JSON.stringify(googleHeader)
/** A text that nobody signed: if all else is accepted, the signature is what is refused. */
const unsigned = new Uint8Array(256).fill(1)

/** One member of an object as text: any key, any value, white space and escapes as JSON allows them. */
const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r ')
const plainValue = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value))
const member = fc
  .record({
    key: fc.oneof(
      { arbitrary: fc.constantFrom(...wanted, 'azp', 'nbf', 'events', 'token_use'), weight: 1 },
      { arbitrary: fc.string({ maxLength: 40 }), weight: 3 },
    ),
    value: fc.oneof(
      plainValue,
      fc.constantFrom('"a"', '1', 'tru', '01', '1.', '{"a":}', '[1,]', '"\\x"', '"\\u12g4"', '"', '{', '-', ''),
    ),
    gaps: fc.tuple(space, space, space, space),
  })
  .map(({ key, value, gaps: [a, b, c, d] }) => `${a}${JSON.stringify(key)}${b}:${c}${value}${d}`)

const damage = fc.option(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 2 }),
    insert: fc.string({ maxLength: 2 }),
  }),
  { freq: 2, nil: undefined },
)

/** The claims of a good token among any others, in any order, perhaps damaged. */
function payloads(): fc.Arbitrary<string> {
  return fc
    .record({ others: fc.array(member, { maxLength: 5 }), order: fc.infiniteStream(fc.nat()), damage })
    .map(({ others, order, damage: hit }) => {
      const own = Object.entries(googleClaims(now)).map(
        ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
      )
      const members = [...own, ...others].map((text) => ({ text, rank: order.next().value as number }))
      const text = `{${members
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ text: one }) => one)
        .join(',')}}`
      if (!hit) return text
      const at = Math.floor(hit.at * text.length)
      return text.slice(0, at) + hit.insert + text.slice(at + hit.remove)
    })
    .filter((text) => new TextEncoder().encode(text).length <= 2_048)
}

/** Keys at the top of an object, as they are written. `text` is JSON. */
function topKeys(text: string): string[] {
  const keys: string[] = []
  let depth = 0
  for (const { 0: token } of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1 && token.endsWith(':')) keys.push(token.replace(/\s*:$/, ''))
  }
  return keys
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

test('[117] what the scanner accepts is JSON, with the claims that JSON.parse finds, once and at the top', async () => {
  let accepted = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(payloads(), async (payload) => {
      const claims = parse(payload) ?? {}
      const identity = {
        issuer: String(claims.iss),
        audiences: [typeof claims.aud === 'string' && claims.aud !== '' ? claims.aud : client],
        subject: String(claims.sub),
      }
      const verdict = await judge(
        chains.osaka,
        pack({ header, payload, signature: unsigned, issuerKey: rsa.issuerKey, ...identity }),
      )
      if (verdict === 'Claims') {
        refused++
        return
      }
      accepted++
      expect(parse(payload)).toBeDefined()
      const keys = topKeys(payload)
      for (const name of [...wanted, 'azp', 'nbf']) {
        const same = keys.filter((key) => JSON.parse(key) === name)
        expect(same.length, name).toBeLessThanOrEqual(1)
        for (const key of same) expect(key).toBe(`"${name}"`)
      }
      expect(verdict).toBe(expected(claims))
    }),
    { numRuns: 1_500 },
  )
  expect(accepted).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(100)
}, 120_000)

/** What has to be refused after the scanner, in the contract's order, were the claims those that JSON.parse finds. */
function expected(claims: Readonly<Record<string, unknown>>) {
  const {
    nonce,
    iat,
    exp,
    nbf = 0,
    aud,
    azp,
  } = claims as { nonce: string; iat: number; exp: number; nbf?: number; aud: string; azp?: string }
  if (nonce !== oidcNonce(digest)) return 'Nonce'
  if (exp < now || exp > iat + 86_400 || iat > now + 300 || nbf > now + 300) return 'Time'
  if (azp !== undefined && azp !== aud) return 'Audience'
  return 'Signature'
}

test('500 good tokens of other people, times and keys are accepted', async () => {
  const keys = ['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'otherRsa2048'].map(testKey)
  const printable = fc.stringMatching(/^[!#-[\]-~]{1,60}$/)
  let count = 0
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        iss: printable,
        aud: printable,
        sub: printable,
        age: fc.nat({ max: 1_000 }),
        life: fc.integer({ min: 2_000, max: 86_400 }),
        key: fc.constantFrom(...keys),
        extra: fc.dictionary(fc.stringMatching(/^x[a-z]{0,12}$/), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }),
        indent: fc.nat({ max: 2 }),
      }),
      async ({ iss, aud, sub, age, life, key, extra, indent }) => {
        const iat = now - age
        const claims = { ...extra, iss, aud, sub, nonce: oidcNonce(digest), iat, exp: iat + life }
        const alg = key.issuerKey.algorithm
        const payload = JSON.stringify(claims, null, indent)
        if (payload.length > 1_500) return
        const approval = approve(JSON.stringify({ alg, kid: 'k' }), payload, key, {
          issuer: iss,
          audiences: [aud],
          subject: sub,
        })
        expect(await judge(chains.osaka, approval)).toBe('None')
        count++
      },
    ),
    { numRuns: 520 },
  )
  expect(count).toBeGreaterThanOrEqual(500)
}, 120_000)

test('[129] 5,000 different bad tokens, each one byte from a good one: none is accepted', async () => {
  const good = approve(header, JSON.stringify(googleClaims(now)), rsa)
  expect(await judge(chains.osaka, good)).toBe('None')
  const bytes = hexToBytes(good.proof)
  const mutants = new Map<Hex, Approval>()
  // Every byte: its lowest and its highest bit, and what a quote, a brace or a backslash would be in its place.
  for (let at = 0; at < bytes.length; at++) {
    for (const value of [1, 0x80].map((bit) => (bytes[at] ?? 0) ^ bit).concat(0x22, 0x7d, 0x5c)) {
      if (value === bytes[at]) continue
      const changed = Uint8Array.from(bytes)
      changed[at] = value
      const proof = bytesToHex(changed)
      mutants.set(proof, { ...good, proof })
    }
  }
  expect(mutants.size).toBeGreaterThanOrEqual(5_000)
  const all = [...mutants.values()]
  for (let first = 0; first < all.length; first += 64) {
    const verdicts = await Promise.all(all.slice(first, first + 64).map((mutant) => judge(chains.osaka, mutant)))
    expect(verdicts).not.toContain('None')
  }
}, 300_000)
