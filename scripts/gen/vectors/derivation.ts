import { argon2Sync, hkdfSync } from 'node:crypto'
import { bytesToBigInt, bytesToHex, hexToBytes, slice, stringToBytes } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { formatCode } from '@rekey/sdk/codes'
import type { GeneratedFile } from '../generator.ts'
import { vectorFile, word } from './file.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** What costs a guess, by the number that a policy names. */
const costs = { 1: { memoryKiB: 65_536, iterations: 3 }, 2: { memoryKiB: 262_144, iterations: 4 } } as const

/** As people type them, and what they are before they are stretched. */
const phrases = [
  { typed: 'vivid gravity nurse plunge orbit tackle wisdom', normal: 'vivid gravity nurse plunge orbit tackle wisdom' },
  { typed: ' Vivid  GRAVITY nurse plunge\torbit tackle wisdom\n', normal: 'vivid gravity nurse plunge orbit tackle wisdom' },
  { typed: '“Käse” – im Ofen, 42 Ja\u0308hre', normal: '"käse" - im ofen, 42 jähre' },
] as const

/**
 * Keys that people's secrets lead to, for ever: a code or passphrase that is on paper must lead to the same key with every
 * later version. Computed with Node's own functions and not with those of the SDK.
 */
export async function derivation(): Promise<GeneratedFile> {
  const codes = [0, 7, 15].map((index) => {
    const secret = hexToBytes(slice(word(`secret of code ${index}`), 0, 16))
    const address = addressOf(secret, `recovery code ${index}`)
    return { index, secret: bytesToHex(secret), text: formatCode({ index, secret }), address }
  })
  const passphrases = phrases.flatMap(({ typed, normal }, place) =>
    ([1, 2] as const)
      .filter((cost) => cost === 1 || place === 0)
      .map((cost) => {
        const { memoryKiB, iterations } = costs[cost]
        const salt = slice(word(`salt of passphrase ${place}`), 0, 16)
        const stretched = argon2Sync('argon2id', {
          message: normal,
          nonce: hexToBytes(salt),
          parallelism: 1,
          tagLength: 32,
          memory: memoryKiB,
          passes: iterations,
        })
        const address = addressOf(stretched, 'passphrase guardian')
        return { typed, normal, salt, cost, memoryKiB, iterations, stretched: bytesToHex(stretched), address }
      }),
  )
  return vectorFile('derivation', 'Keys of recovery codes and passphrases, computed by another library.', {
    codes,
    passphrases,
  })
}

/** HKDF-SHA256 to 48 bytes, modulo the order of secp256k1 less one, plus one. */
function addressOf(secret: Uint8Array, purpose: string): string {
  const seed = hkdfSync('sha256', secret, stringToBytes('rekey v1'), stringToBytes(purpose), 48)
  const key = (bytesToBigInt(new Uint8Array(seed)) % (order - 1n)) + 1n
  return privateKeyToAddress(`0x${key.toString(16).padStart(64, '0')}`)
}
