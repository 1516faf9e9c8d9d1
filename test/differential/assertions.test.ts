import { isRekeyError } from '@rekey/sdk/errors'
import { parseClientData, toBase64Url } from '@rekey/sdk/webauthn'
import fc from 'fast-check'
import { concat, type Hex, hexToBytes, hexToString, keccak256, numberToHex, size, slice, stringToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticatorData, createPasskey, origin, packBlob } from '../../scripts/gen/vectors/passkey.ts'
import { word } from './support/arbitraries.ts'
import { type Judged, makeGoodBlobs, mutations } from './support/blobs.ts'
import { judgeAssertion } from './support/judgeAssertion.ts'
import { startChains } from './support/world.ts'

const hash = keccak256('0xa55e')
let chains: Awaited<ReturnType<typeof startChains>>
let good: readonly Judged[]
beforeAll(async () => {
  chains = await startChains()
  good = await makeGoodBlobs(chains.osaka.passkeyValidator.address, hash)
})
afterAll(() => chains?.stop())

/** The verdict of both builds, with the precompile and without, and of the SDK. */
async function judge({ hash: digest, blob, commitment }: Judged): Promise<{ contract: boolean; sdk: boolean }> {
  const [precompile, solidity] = await Promise.all(
    [chains.osaka, chains.prague].map(({ client, passkeyValidator }) =>
      client.readContract({
        ...passkeyValidator,
        functionName: 'validateSignatureWithData',
        args: [digest, blob, commitment],
      }),
    ),
  )
  expect(solidity).toBe(precompile)
  const sdk = await judgeAssertion(chains.osaka.passkeyValidator.address, digest, blob, commitment)
  return { contract: precompile === true, sdk }
}

const oneOf = fc.nat(1_000).map((place) => good[place % good.length] as Judged)

test('good blobs of every form are accepted by both', async () => {
  expect(good.length).toBe(13)
  for (const one of good) expect(await judge(one)).toEqual({ contract: true, sdk: true })
})

test.each(Object.entries(mutations))('%s: refused by both', (_, mutation) =>
  fc.assert(
    fc.asyncProperty(oneOf, mutation, async (blob, mutate) => {
      expect(await judge(mutate(blob))).toEqual({ contract: false, sdk: false })
    }),
    { numRuns: 60 },
  ),
)

test('[43] every single bit of a compact blob', async () => {
  const [compact] = good
  if (!compact) throw new Error('There is no blob.')
  const bits = Array.from({ length: size(compact.blob) * 8 }, (_, bit) => bit)
  const flipped = bits.map((bit) => {
    const byte = Number(slice(compact.blob, bit >> 3, (bit >> 3) + 1)) ^ (1 << (bit & 7))
    const head = bit < 8 ? '0x' : slice(compact.blob, 0, bit >> 3)
    const tail = (bit >> 3) + 1 === size(compact.blob) ? '0x' : slice(compact.blob, (bit >> 3) + 1)
    return { ...compact, blob: concat([head, numberToHex(byte, { size: 1 }), tail]) }
  })
  const { client, passkeyValidator } = chains.osaka
  const verdicts = await Promise.all(
    flipped.map(({ blob, commitment }) =>
      client.readContract({
        ...passkeyValidator,
        functionName: 'validateSignatureWithData',
        args: [hash, blob, commitment],
      }),
    ),
  )
  expect(verdicts).toEqual(bits.map(() => false))
})

describe('client data', () => {
  // Depth-limited values without escapes, as both sides take them.
  const text = fc.string({ maxLength: 12 }).filter((value) => !/["\\\p{Cc}]/u.test(value))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text.map((one) => `"${one}"`),
      fc.constantFrom('0', '-1.5e3', 'true', 'null'),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    object: fc
      .array(fc.tuple(text, tie('value')), { maxLength: 3 })
      .map((items) => `{${items.map(([key, item]) => `"${key}":${item}`).join(',')}}`),
  })) as { value: fc.Arbitrary<string> }
  const space = fc.constantFrom('', '', '', ' ', '\n', '\t ')

  const wanted = fc.record({
    type: fc.constantFrom('"webauthn.get"', '"webauthn.get"', '"webauthn.get"', '"webauthn.create"', '1'),
    challenge: fc.constantFrom('good', 'good', 'good', '"AAAA"', 'null'),
    origin: fc.constantFrom(`"${origin}"`, `"${origin}"`, `"${origin}"`, '"https://evil.example"', '[]'),
    crossOrigin: fc.constantFrom('false', 'false', 'true', 'null', '"false"', undefined),
    twice: fc.constantFrom(undefined, undefined, undefined, undefined, 'type', 'challenge', 'origin', 'crossOrigin'),
    left: fc.constantFrom(undefined, undefined, undefined, undefined, 'type', 'challenge', 'origin', 'crossOrigin'),
  })

  /** Text of an object with the four wanted keys, others, any order and white space; mostly good. */
  const clientData = fc
    .tuple(
      wanted,
      fc.dictionary(text, value, { maxKeys: 4 }),
      fc.array(fc.nat(100), { minLength: 12, maxLength: 12 }),
      space,
    )
    .map(([fields, others, order, gap]) => {
      const { twice, left, ...named } = fields
      const challenge = named.challenge === 'good' ? `"${toBase64Url(hexToBytes(hash))}"` : named.challenge
      const entries = Object.entries({ ...others, ...named, challenge }).filter(
        ([key, item]) => item !== undefined && key !== left,
      )
      const all = twice ? [...entries, ...entries.filter(([key]) => key === twice)] : entries
      const shuffled = all
        .map((entry, place) => ({ entry, rank: order[place % order.length] ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
      return `{${gap}${shuffled.map(({ entry: [key, item] }) => `"${key}"${gap}:${gap}${item}`).join(`${gap},${gap}`)}${gap}}`
    })

  test('[11] [13] any client data that is signed: one verdict', async () => {
    const passkey = await createPasskey('client data')
    const data = authenticatorData()
    const accepted = { yes: 0, no: 0 }
    await fc.assert(
      fc.asyncProperty(clientData, async (clientDataJSON) => {
        const signature = passkey.sign(data, clientDataJSON)
        const parts = { signature, publicKey: passkey.credential.publicKey, authenticatorData: data }
        const { contract, sdk } = await judge({
          hash,
          commitment: passkey.commitment,
          blob: packBlob({ ...parts, clientDataJSON }),
        })
        expect(sdk, clientDataJSON).toBe(contract)
        accepted[contract ? 'yes' : 'no']++
      }),
      { numRuns: 200 },
    )
    expect(accepted.yes).toBeGreaterThan(10)
    expect(accepted.no).toBeGreaterThan(10)
  })

  test('[13] any text: what the SDK reads, the contract reads as the same', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          clientData,
          fc
            .tuple(clientData, fc.nat(), fc.string())
            .map(([json, at, junk]) => json.slice(0, at % json.length) + junk + json.slice(at % json.length)),
        ),
        async (json) => {
          const ours = read(json)
          const { harness, read: ask } = chains.osaka
          const [ok, challenge, at, crossOrigin] = (await ask(harness, 'scanClientData', [stringToHex(json)])) as [
            boolean,
            Hex,
            Hex,
            boolean,
          ]
          // The contract does not read the grammar of values it skips, so it may take more; never less, and never another.
          if (ours)
            expect({ ok, challenge: hexToString(challenge), origin: hexToString(at), crossOrigin }).toEqual({
              ok: true,
              ...ours,
            })
        },
      ),
      { numRuns: 200 },
    ))

  function read(json: string) {
    try {
      const { type, ...rest } = parseClientData(json)
      return type === 'webauthn.get' && !json.includes('\\') ? rest : undefined
    } catch (error) {
      if (isRekeyError(error)) return undefined
      throw error
    }
  }
})

test('[1] a blob over one hash is refused for any other', () =>
  fc.assert(
    fc.asyncProperty(oneOf, word, async (one, other) => {
      expect(await judge({ ...one, hash: other })).toEqual({ contract: false, sdk: false })
    }),
    { numRuns: 60 },
  ))
