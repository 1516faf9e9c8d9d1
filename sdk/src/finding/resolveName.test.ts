import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { ResolveName } from '../config/createConfig.ts'
import { resolveName } from './resolveName.ts'

const ada = '0x00000000000000000000000000000000000000Ad' as const
const evil = '0x0000000000000000000000000000000000000e01' as const
const resolving = (answer: Address | undefined) => ({ resolveName: async () => answer })

test('a name leads to an address, in its checksummed form', async () => {
  expect(await resolveName(resolving(ada.toLowerCase() as Address), { name: 'ada' })).toBe(ada)
  expect(await resolveName(resolving(ada), { name: 'ada', expected: ada.toLowerCase() as Address })).toBe(ada)
})

test('a name that leads to another account than the known one is refused, and both are named', async () => {
  await expect(resolveName(resolving(evil), { name: 'ada', expected: ada })).rejects.toMatchObject({
    code: 'NAME_MISMATCH',
    resolved: evil,
    expected: ada,
  })
})

test.each([
  ['', 'nothing'],
  ['  ', 'nothing that is seen'],
  ['ad\u200ba', 'a space of no width'],
  ['\u202eada', 'a turn of direction'],
  ['ada\u0000', 'a control character'],
  ['ad\u{e0061}', 'a tag'],
  ['ada\ufe0f', 'a variation selector'],
  ['a\u0308da', 'two characters for one'],
  ['ada\n', 'a line break'],
  ['x'.repeat(256), 'too much'],
])('[252] a name with %j has %s, and nobody is asked', async (name) => {
  let asked = 0
  const config = {
    resolveName: async () => {
      asked += 1
      return ada
    },
  }
  await expect(resolveName(config, { name })).rejects.toMatchObject({ code: 'NAME_INVALID' })
  expect(asked).toBe(0)
})

test('whatever the service of names does, the error says what else to use', async () => {
  const failing: readonly [ResolveName | undefined, string][] = [
    [undefined, 'NAME_RESOLVER_MISSING'],
    [async () => undefined, 'NAME_UNKNOWN'],
    [() => Promise.reject(new TypeError('fetch failed')), 'NAME_SERVICE_FAILED'],
    [
      () => {
        throw new Error('at once')
      },
      'NAME_SERVICE_FAILED',
    ],
    [async () => 'ada.eth' as Address, 'NAME_SERVICE_FAILED'],
  ]
  for (const [resolver, code] of failing)
    await expect(resolveName({ resolveName: resolver }, { name: 'ada' })).rejects.toMatchObject({
      code,
      metaMessages: [expect.stringMatching(/address/)],
    })
  const signal = AbortSignal.abort()
  await expect(resolveName(resolving(ada), { name: 'ada', signal })).rejects.toMatchObject({ code: 'CHAIN_ABORTED' })
})
