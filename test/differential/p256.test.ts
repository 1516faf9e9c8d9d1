import { inspect } from 'node:util'
import { p256 } from '@noble/curves/nist.js'
import type { PublicKey, Signature } from '@rekey/sdk/webauthn'
import fc from 'fast-check'
import { concat, type Hex, hexToBytes, keccak256, numberToHex, sha256 } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { word } from './support/arbitraries.ts'
import { curve, forge, keyOf, liftSmall } from './support/p256.ts'
import { startChains } from './support/world.ts'

let chains: Awaited<ReturnType<typeof startChains>>
beforeAll(async () => {
  chains = await startChains()
})
afterAll(() => chains?.stop())

/** What is verified; `message` when there is one whose SHA-256 is the hash. */
type Tuple = { readonly hash: Hex; readonly message?: Hex } & Signature & PublicKey

const { p, n } = curve
const half = n / 2n
const fits = (value: bigint) => value >= 0n && value < 2n ** 256n

/** Both implementations on both chains; under prague the precompile does not exist and answers nothing. */
async function contractVerdicts({ hash, r, s, x, y }: Tuple): Promise<readonly unknown[]> {
  const ask = ({ harness, read }: typeof chains.osaka, precompile: boolean) =>
    read(harness, 'verifyP256', [hash, r, s, x, y, precompile])
  return Promise.all([ask(chains.osaka, true), ask(chains.osaka, false), ask(chains.prague, false)])
}

function nobleVerdict({ hash, r, s, x, y }: Tuple): boolean {
  if (![r, s, x, y].every(fits)) return false
  try {
    return p256.verify(join('0x', r, s), hexToBytes(hash), join('0x04', x, y), { prehash: false, lowS: true })
  } catch {
    return false
  }
}

/** WebCrypto hashes the message itself and takes high s, which is refused here as the contracts refuse it. */
async function webCryptoVerdict({ message, r, s, x, y }: Tuple & { message: Hex }): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const [key, signature, data] = [join('0x04', x, y), join('0x', r, s), join(message)]
  try {
    const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['verify'])
    return (await crypto.subtle.verify(algorithm, imported, signature, data)) && s <= half
  } catch {
    return false
  }
}

/** Bytes in a buffer of their own, as WebCrypto's types ask. */
function join(start: Hex, ...words: readonly bigint[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hexToBytes(concat([start, ...words.map((value) => numberToHex(value, { size: 32 }))])))
}

/** Asserts that all implementations agree, and returns their verdict. */
async function judge(tuple: Tuple): Promise<boolean> {
  const noble = nobleVerdict(tuple)
  expect(await contractVerdicts(tuple), inspect(tuple)).toEqual([noble, noble, noble])
  const { message } = tuple
  if (message !== undefined) expect(await webCryptoVerdict({ ...tuple, message })).toBe(noble)
  return noble
}

const message = keccak256('0x01')
const hash = sha256(message)
const secret = p256.utils.randomSecretKey(new Uint8Array(48).fill(7))
const key = keyOf(secret)
const good: Tuple = { hash, message, ...sign(hash), ...key }

function sign(digest: Hex): Signature {
  const bytes = p256.sign(hexToBytes(digest), secret, { prehash: false, lowS: true })
  const { r, s } = p256.Signature.fromBytes(bytes)
  return { r, s }
}

test('[28] a chain with the precompile uses it, one without uses Solidity', async () => {
  for (const [chain, isThere] of [
    [chains.osaka, true],
    [chains.prague, false],
  ] as const) {
    const { client, harness, passkeyValidator, read } = chain
    expect(await client.readContract({ ...passkeyValidator, functionName: 'usesPrecompile' })).toBe(isThere)
    expect(await read(harness, 'usesPrecompile')).toBe(isThere)
  }
  const { hash: digest, r, s, x, y } = good
  expect(await chains.prague.read(chains.prague.harness, 'verifyP256', [digest, r, s, x, y, true])).toBe(false)
})

describe('edges', () => {
  const edges = {
    '0': 0n,
    '1': 1n,
    'n − 1': n - 1n,
    n,
    'n ÷ 2': half,
    'n ÷ 2 + 1': half + 1n,
    p,
    'n + 1': n + 1n,
    max: 2n ** 256n - 1n,
  }
  const pairs = Object.entries(edges).flatMap(([rName, r]) =>
    Object.entries(edges).map(([sName, s]) => ({ rName, r, sName, s })),
  )

  test.each(pairs)('[2] [3] r = $rName, s = $sName', async ({ r, s }) => {
    expect(await judge({ ...good, r, s })).toBe(false)
    // A key for which this very signature is good, where one exists.
    const forged = forge(hash, { r, s })
    if (forged) expect(await judge({ hash, message, r, s, ...forged })).toBe(s <= half)
  })

  test('[3] among them are good signatures with r and s at their bounds', () => {
    const made = pairs.filter(({ r, s }) => forge(hash, { r, s }) !== undefined)
    expect(made.some(({ s }) => s === half)).toBe(true)
    expect(made.some(({ s }) => s === half + 1n)).toBe(true)
    expect(made.some(({ r }) => r > half)).toBe(true)
  })

  test('[2] the same signature with high s', async () => {
    expect(await judge(good)).toBe(true)
    expect(await judge({ ...good, s: n - good.s })).toBe(false)
  })

  test('[4] x + p and y + p name no key', async () => {
    for (const point of [liftSmall.x, liftSmall.y]) {
      const { digest, signature } = liftSmall.sign(point)
      const tuple = { hash: digest, ...signature, ...point }
      expect(await judge(tuple)).toBe(true)
      const isX = point.x < 2n ** 200n
      const moved = isX ? { x: point.x + p } : { y: point.y + p }
      expect(Object.values(moved).every(fits)).toBe(true)
      expect(await judge({ ...tuple, ...moved })).toBe(false)
    }
  })

  test('[4] keys that are no points', async () => {
    for (const wrong of [
      { x: 0n, y: 0n },
      { y: 0n },
      { x: p },
      { y: p },
      { y: p - key.y },
      { y: key.y ^ 1n },
      { x: key.y, y: key.x },
    ])
      expect(await judge({ ...good, ...wrong })).toBe(false)
  })

  test('[44] hashes of zero, at the order and above', async () => {
    for (const value of [0n, 1n, n - 1n, n, n + 1n, 2n ** 256n - 1n]) {
      const digest = numberToHex(value, { size: 32 })
      expect(await judge({ hash: digest, ...sign(digest), ...key })).toBe(true)
      expect(await judge({ hash: digest, r: good.r, s: good.s, ...key })).toBe(false)
    }
  })
})

const seed = fc.uint8Array({ minLength: 48, maxLength: 48 })

describe('any', () => {
  test('[44] signature is accepted by all', () =>
    fc.assert(
      fc.asyncProperty(seed, word, async (bytes, text) => {
        const privateKey = p256.utils.randomSecretKey(bytes)
        const digest = sha256(text)
        const signature = p256.sign(hexToBytes(digest), privateKey, { prehash: false, lowS: true })
        const { r, s } = p256.Signature.fromBytes(signature)
        expect(await judge({ hash: digest, message: text, r, s, ...keyOf(privateKey) })).toBe(true)
      }),
    ))

  test('[43] [44] single bit flip in hash, r, s, x or y is refused by all', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1_279), async (bit) => {
        const parts = [BigInt(good.hash), good.r, good.s, good.x, good.y]
        const place = Math.floor(bit / 256)
        parts[place] = (parts[place] ?? 0n) ^ (1n << BigInt(bit % 256))
        const [digest = 0n, r = 0n, s = 0n, x = 0n, y = 0n] = parts
        expect(await judge({ hash: numberToHex(digest, { size: 32 }), r, s, x, y })).toBe(false)
      }),
    ))

  test('[44] random tuple has one verdict', () =>
    fc.assert(
      fc.asyncProperty(word, word, word, word, word, async (digest, r, s, x, y) => {
        const tuple = { hash: digest, r: BigInt(r), s: BigInt(s), x: BigInt(x), y: BigInt(y) }
        await judge(tuple)
        const forged = forge(digest, tuple)
        if (forged) await judge({ ...tuple, ...forged })
      }),
    ))
})
