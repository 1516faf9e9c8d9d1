import { type Address, concat, type Hex, keccak256, size, slice } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { codeSet, decodeCodeKey } from './codes.ts'
import { createCursor, expectSize, uint } from './cursor.ts'
import { type Guardian, guardianKey, noteAddress, type Policy } from './policy.ts'

/** Memory and passes that a passphrase costs, by what its note says; see `passphraseCosts`. */
export type PassphraseNote = {
  /** Address of the passphrase's key. */
  readonly address: Address
  /** Number of the cost. */
  readonly cost: number
  /** 16 random bytes. */
  readonly salt: Hex
}

const subject = 'note of a policy'
const passphraseType = '0x01'
const codesType = '0x02'
export const oidcType = '0x03'
const maxNonce = 0xffff
/** What fits a signer of 256 bytes besides what else is in it. */
const addressesPerNote = 11

/**
 * Turns what belongs to guardians into the last entries of a policy: they name a guardian who does not exist and whose
 * time is over, so that they never count.
 *
 * A nonce puts each behind all guardians, whose places stay what they are. Among themselves they stand as they fall.
 *
 * @param payloads - See {@link encodePassphraseNote} and {@link encodeCodeNotes}.
 * @see docs/decisions/0013-notes-in-a-policy.md
 */
export function placeNotes(payloads: readonly Hex[], guardians: readonly Guardian[]): Hex[] {
  const last = guardians.map(guardianKey).toSorted().at(-1) ?? '0x'
  const placed = payloads.map((payload) => placeBehind(last, payload))
  return placed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ signer }) => signer)
}

function placeBehind(last: string, payload: Hex): { key: Hex; signer: Hex } {
  for (let nonce = 0; nonce <= maxNonce; nonce++) {
    const signer = concat([noteAddress, uint(nonce, 2, subject), payload])
    const key = keccak256(signer)
    if (key > last) return { key, signer }
  }
  throw new EncodingError(subject, 'it finds no place behind the guardians')
}

/** Packs what it takes besides the words to derive a passphrase's key. */
export function encodePassphraseNote({ address, cost, salt }: PassphraseNote): Hex {
  const note = [
    passphraseType,
    expectSize(address, 20, subject).toLowerCase(),
    uint(cost, 1, subject),
    expectSize(salt, 16, subject),
  ]
  return concat(note as Hex[])
}

/** Finds the note of the passphrase whose key has this address. */
export function findPassphraseNote(
  { notes = [] }: Pick<Policy, 'notes'>,
  address: Address,
): PassphraseNote | undefined {
  for (const note of notes) {
    const payload = payloadOf(note)
    if (size(payload) !== 38 || slice(payload, 0, 1) !== passphraseType) continue
    const cursor = createCursor(slice(payload, 1), subject)
    const found = { address: cursor.hex(20), cost: cursor.number(1), salt: cursor.hex(16) }
    if (found.address === address.toLowerCase()) return found
  }
  return undefined
}

/** Packs the addresses of a set of codes: with them one code alone finds its way to the root. */
export function encodeCodeNotes(addresses: readonly Address[]): Hex[] {
  const { root } = codeSet(addresses)
  const notes: Hex[] = []
  for (let first = 0; first < addresses.length; first += addressesPerNote) {
    const part = addresses.slice(first, first + addressesPerNote)
    notes.push(
      concat([codesType, slice(root, 0, 4), uint(first, 1, subject), ...part.map((one) => one.toLowerCase() as Hex)]),
    )
  }
  return notes
}

/** Finds the addresses of a set of codes by the key of the set; only those that lead to its root are returned. */
export function findCodeAddresses({ notes = [] }: Pick<Policy, 'notes'>, key: Hex): Address[] | undefined {
  const { root, count } = decodeCodeKey(key)
  const addresses: Address[] = []
  for (const payload of notes.map(payloadOf).toSorted()) {
    if (size(payload) < 26 || slice(payload, 0, 5) !== concat([codesType, slice(root, 0, 4)])) continue
    const cursor = createCursor(slice(payload, 6), subject)
    while (cursor.remaining >= 20) addresses.push(cursor.hex(20))
  }
  const isSet = addresses.length === count && new Set(addresses).size === count && codeSet(addresses).root === root
  return isSet ? addresses : undefined
}

/** Returns the parts of a sign-in's note, in their order; `identity` is the hash that its guardian commits to. */
export function findOidcParts({ notes = [] }: Pick<Policy, 'notes'>, identity: Hex): Hex[] {
  const head = concat([oidcType, slice(identity, 0, 4)])
  return notes
    .map(payloadOf)
    .filter((part) => part.startsWith(head))
    .toSorted()
}

/** A note without its address and nonce. */
function payloadOf(note: Hex): Hex {
  return size(note) > 22 ? slice(note, 22) : '0x'
}
