import { readFileSync } from 'node:fs'
import { bytesToHex, type Hex, hexToBytes, stringToBytes } from 'viem'
import { expect, test } from 'vitest'
import { parseCode } from '../codes/recoveryCode.ts'
import { costOf } from '../passphrase/costs.ts'
import { normalisePassphrase } from '../passphrase/normalise.ts'
import { stretch } from '../passphrase/stretch.ts'
import { withSecretKey } from './secretKey.ts'

type Vectors = {
  readonly codes: readonly { index: number; secret: Hex; text: string; address: string }[]
  readonly passphrases: readonly {
    typed: string
    normal: string
    salt: Hex
    cost: number
    memoryKiB: number
    iterations: number
    stretched: Hex
    address: string
  }[]
}

const { codes, passphrases }: Vectors = JSON.parse(
  readFileSync(new URL('../../../vectors/derivation.json', import.meta.url), 'utf8'),
)

test('a code on paper leads to the key that it has always led to', () => {
  expect(codes.length).toBeGreaterThan(2)
  for (const { index, secret, text, address } of codes) {
    expect(parseCode(text)).toMatchObject({ index, address })
    const derived = withSecretKey(hexToBytes(secret), `recovery code ${index}`, (key) => key.address)
    expect(derived).toBe(address)
  }
})

test.each(passphrases)(
  '[146] [150] a passphrase, typed $typed, at cost $cost, leads to the key that it has always led to',
  async ({ typed, normal, salt, cost, memoryKiB, iterations, stretched, address }) => {
    expect(normalisePassphrase(typed)).toBe(normal)
    expect(costOf(cost)).toMatchObject({ memoryKiB, iterations })
    const key = await stretch({ secret: stringToBytes(normal), salt: hexToBytes(salt), memoryKiB, iterations })
    expect(bytesToHex(key)).toBe(stretched)
    expect(withSecretKey(key, 'passphrase guardian', (one) => one.address)).toBe(address)
  },
  120_000,
)
