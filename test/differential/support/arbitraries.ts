import type { Messages, Recovery } from '@rekey/sdk'
import fc from 'fast-check'
import { type Address, bytesToHex, type Hex, maxUint256 } from 'viem'

/** Bytes of exactly this length; now and then all zero or all ones. */
export function hex(length: number): fc.Arbitrary<Hex> {
  const random = fc.uint8Array({ minLength: length, maxLength: length })
  const extreme = fc.constantFrom(0, 255).map((byte) => new Uint8Array(length).fill(byte))
  return fc.oneof({ arbitrary: random, weight: 8 }, { arbitrary: extreme, weight: 1 }).map((bytes) => bytesToHex(bytes))
}

export const word = hex(32)
export const address: fc.Arbitrary<Address> = hex(20)
const uint256 = fc.bigInt({ min: 0n, max: maxUint256 })
const uint40 = fc.nat({ max: 2 ** 40 - 1 })

/** Any values the ABI takes, also such as no chain would accept. */
export const credential = fc.record({
  x: uint256,
  y: uint256,
  rpIdHash: word,
  originsHash: word,
  flags: fc.nat({ max: 255 }),
  idHash: word,
})

/** See {@link credential}. */
export const recovery: fc.Arbitrary<Recovery> = fc.record({
  account: address,
  policy: word,
  credential,
  keep: fc.nat({ max: 255 }),
  chainIds: fc.array(uint256, { maxLength: 20 }),
  issuedAt: uint40,
  deadline: uint40,
})

const hashedMessages = [
  'Veto',
  'GuardianCancel',
  'SetPolicy',
  'Uninstall',
  'Upgrade',
  'Freeze',
  'Drill',
  'Prove',
  'Possession',
] as const

/** The messages besides Recovery that the contracts hash from their fields as they are. */
export const messages: {
  readonly [name in (typeof hashedMessages)[number]]: fc.Arbitrary<Messages[name]>
} = {
  Veto: fc.record({ account: address, recovery: word }),
  GuardianCancel: fc.record({ account: address, policy: word, recovery: word }),
  Uninstall: fc.record({ account: address, issuedAt: uint40 }),
  Upgrade: fc.record({ account: address, implementation: address, issuedAt: uint40 }),
  Freeze: fc.record({ account: address, policy: word, duration: fc.nat({ max: 2 ** 32 - 1 }), issuedAt: uint40 }),
  Drill: fc.record({ account: address, policy: word, challenge: word, deadline: uint40 }),
  SetPolicy: fc.record({ account: address, policy: word, issuedAt: uint40 }),
  Prove: fc.record({ account: address, commitment: word }),
  Possession: fc.record({ recovery: word }),
}

/** What an owner can announce and call off. */
export const change = fc.record({
  account: address,
  kind: fc.constantFrom('policy', 'uninstall', 'upgrade'),
  value: address,
  issuedAt: uint40,
})

export const genesis = fc.record({ credential: word, policy: word, handle: word })
