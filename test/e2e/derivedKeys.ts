import { hkdfSync } from 'node:crypto'
import { getPolicy } from '@rekey/sdk/recovery'
import { type Address, bytesToHex, type Hex, hexToBytes, isAddressEqual, toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { expect } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { readCode } from '../../sdk/src/codes/format.ts'
import { findPassphraseNote } from '../../sdk/src/encoding/notes.ts'
import { costOf } from '../../sdk/src/passphrase/costs.ts'
import { stretch } from '../../sdk/src/passphrase/stretch.ts'
import type { World } from './world.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Everything secret between a code and its signature, as hex without 0x: what must not leave the page either. */
export function derivedFromCode(text: string): string[] {
  const { index, secret } = readCode(text)
  const { seed, key } = derive(secret, `recovery code ${index}`)
  return [bytesToHex(secret), seed, key].map(bare)
}

/** The same for the passphrase of an account, derived from what its policy says; checked against the policy. */
export async function derivedFromPassphrase(world: World, account: Address, phrase: string): Promise<string[]> {
  const config = configFor(world.stack, createDevice('derived keys'))
  const found = await getPolicy(config, { address: account, chainId: world.stack.chain(0).chainId })
  const notes = found?.policy.guardians.flatMap(({ signer }) => findPassphraseNote(found.policy, signer) ?? []) ?? []
  const [note] = notes
  if (!note) throw new Error('The account has no passphrase.')
  const { memoryKiB, iterations } = costOf(note.cost)
  const secret = new TextEncoder().encode(phrase)
  const stretched = await stretch({ secret, salt: hexToBytes(note.salt), memoryKiB, iterations })
  const { seed, key } = derive(stretched, 'passphrase guardian')
  expect(isAddressEqual(privateKeyToAddress(key), note.address)).toBe(true)
  return [bytesToHex(stretched), seed, key].map(bare)
}

function derive(secret: Uint8Array, purpose: string): { seed: Hex; key: Hex } {
  const seed = bytesToHex(new Uint8Array(hkdfSync('sha256', secret, 'rekey v1', purpose, 48)))
  return { seed, key: toHex((BigInt(seed) % (order - 1n)) + 1n, { size: 32 }) }
}

function bare(hex: Hex): string {
  return hex.slice(2)
}
