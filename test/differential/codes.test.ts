import { codeSet, isCodeSignature, policyId, policyStoreAddress, readStoredPolicy, signWithCode } from '@rekey/sdk'
import fc from 'fast-check'
import { bytesToHex, concat, encodeFunctionData, type Hex, hexToBytes } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { address, hex, word } from './support/arbitraries.ts'
import { startChains, type TestChain } from './support/world.ts'

let chains: Awaited<ReturnType<typeof startChains>>
beforeAll(async () => {
  chains = await startChains()
})
afterAll(() => chains?.stop())

const both = (): readonly TestChain[] => [chains.osaka, chains.prague]
const magic = '0x024ad318'

/** Any key but zero and such as are above the order. */
const privateKey = hex(32).filter((key) => BigInt(key) > 0n && BigInt(key) < 2n ** 255n)
const privateKeys = fc.uniqueArray(privateKey, { minLength: 1, maxLength: 16 })

type Asked = { readonly key: Hex; readonly hash: Hex; readonly signature: Hex }

/** The verdict on which SDK and contract agree. */
async function verdict(chain: TestChain, { key, hash, signature }: Asked): Promise<boolean> {
  const args = [key, hash, signature] as const
  const answer = await chain.client.readContract({ ...chain.recoveryCodeVerifier, functionName: 'verify', args })
  expect([magic, '0xffffffff']).toContain(answer)
  expect(await isCodeSignature(key, hash, signature), JSON.stringify(args)).toBe(answer === magic)
  return answer === magic
}

/** Cuts off, changes or adds a byte. */
function mutate(bytes: Hex, place: number, value: number, kind: string): Hex {
  const list = hexToBytes(bytes)
  const at = place % list.length
  if (kind === 'cut') return bytesToHex(list.slice(0, at))
  if (kind === 'add') return bytesToHex(Uint8Array.of(...list.slice(0, at), value, ...list.slice(at)))
  return bytesToHex(list.with(at, value))
}

const change = fc.record({
  place: fc.oneof(fc.nat(4), fc.nat(), fc.constantFrom(32, 64, 65, 66)),
  value: fc.oneof(fc.nat(17), fc.nat(255)),
  kind: fc.constantFrom('set', 'set', 'cut', 'add'),
  isKey: fc.boolean(),
})

describe('recovery codes', () => {
  test('every code of any set signs for it on both chains, and for nothing else', () =>
    fc.assert(
      fc.asyncProperty(privateKeys, word, word, async (keys, hash, other) => {
        const set = codeSet(keys.map(privateKeyToAddress))
        for (const [index, privateKey] of keys.entries()) {
          const signature = await signWithCode({ privateKey, index, set, hash })
          for (const chain of both()) expect(await verdict(chain, { key: set.key, hash, signature })).toBe(true)
          expect(await verdict(chains.osaka, { key: set.key, hash: other, signature })).toBe(hash === other)
        }
      }),
      { numRuns: 20 },
    ))

  test('[135] any byte of key or signature changed, cut off or added: one verdict', () =>
    fc.assert(
      fc.asyncProperty(
        privateKeys,
        word,
        fc.nat(15),
        fc.array(change, { minLength: 12, maxLength: 12 }),
        async (keys, hash, which, changes) => {
          const set = codeSet(keys.map(privateKeyToAddress))
          const index = which % keys.length
          const signature = await signWithCode({ privateKey: keys[index] as Hex, index, set, hash })
          await Promise.all(
            changes.map(({ place, value, kind, isKey }) =>
              verdict(chains.osaka, {
                key: isKey ? mutate(set.key, place, value, kind) : set.key,
                hash,
                signature: isKey ? signature : mutate(signature, place, value, kind),
              }),
            ),
          )
        },
      ),
    ))

  test('[198] any bytes at all: one verdict, and never a revert', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(40).chain(hex), word, fc.nat(260).chain(hex), async (key, hash, signature) => {
        expect(await verdict(chains.osaka, { key, hash, signature })).toBe(false)
        expect(await verdict(chains.osaka, { key: concat([hash, '0x01']), hash, signature })).toBe(false)
      }),
    ))

  test('[131] a code is spent once on each chain', async () => {
    const [keys] = fc.sample(privateKeys, 1) as [Hex[]]
    const [hash] = fc.sample(word, 1) as [Hex]
    const set = codeSet(keys.map(privateKeyToAddress))
    const signature = await signWithCode({ privateKey: keys[0] as Hex, index: 0, set, hash })
    const [module, account] = fc.sample(address, 2) as [Hex, Hex]
    for (const { client, recoveryCodeVerifier, sendAs } of both()) {
      const read = { ...recoveryCodeVerifier, args: [module, account, set.key, hash, signature] } as const
      expect(await client.readContract({ ...read, functionName: 'verifyFor' })).toBe(magic)
      const args = [account, set.key, hash, signature] as const
      const data = encodeFunctionData({ abi: recoveryCodeVerifier.abi, functionName: 'consume', args })
      await sendAs(module, recoveryCodeVerifier.address, data)
      expect(await client.readContract({ ...read, functionName: 'verifyFor' })).toBe('0xffffffff')
      const again = { ...recoveryCodeVerifier, functionName: 'consume', args, account: module } as const
      expect((await client.simulateContract(again)).result).toBe('0xffffffff')
      const spent = { ...recoveryCodeVerifier, functionName: 'spentOf', args: [module, account, set.root] } as const
      expect(await client.readContract(spent)).toBe(1n)
    }
  })
})

describe('PolicyStore', () => {
  test('any id has one address, on both chains', () =>
    fc.assert(
      fc.asyncProperty(fc.array(hex(20), { minLength: 8, maxLength: 8 }), async (ids) => {
        for (const { client, policyStore } of both()) {
          const theirs = await Promise.all(
            ids.map((id) => client.readContract({ ...policyStore, functionName: 'addressOf', args: [BigInt(id)] })),
          )
          expect(theirs).toEqual(ids.map((id) => policyStoreAddress(policyStore.address, id)))
        }
      }),
      { numRuns: 20 },
    ))

  test('what is put is found where the SDK looks', async () => {
    const policies = [1, 2, 255, 4_096].flatMap((length) => fc.sample(hex(length), 1))
    for (const { client, policyStore, sendAs } of both()) {
      for (const policy of policies) {
        const id = policyId(policy)
        const place = policyStoreAddress(policyStore.address, id)
        expect(readStoredPolicy(await client.getCode({ address: place }), id)).toBeUndefined()
        const data = encodeFunctionData({ abi: policyStore.abi, functionName: 'put', args: [policy] })
        await sendAs('0x000000000000000000000000000000000000dead', policyStore.address, data)
        const code = await client.getCode({ address: place })
        expect(readStoredPolicy(code, id)).toBe(policy)
        expect(readStoredPolicy(code, policyId(id))).toBeUndefined()
        expect(await client.readContract({ ...policyStore, functionName: 'get', args: [BigInt(id)] })).toBe(policy)
      }
    }
  })
})
