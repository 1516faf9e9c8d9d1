import type { ListedPasskey, PasskeyList } from '@rekey/sdk'
import { type BackupState, type PasskeyNote, passkeyName, toRpIdHash } from '@rekey/sdk/webauthn'
import type { Hex } from 'viem'
import { plainText } from '../lib/plainText.ts'

/** One passkey, over all networks. */
export type PasskeyRow = {
  readonly commitment: Hex
  readonly isThisDevice: boolean
  readonly isProven: boolean
  /** Networks on which the account is set up but does not have it. */
  readonly missingOn: readonly number[]
  /** What this browser remembers of it; nothing if another device made it. */
  readonly note: PasskeyNote | undefined
  /** What its owner calls it in this browser. */
  readonly name: string | undefined
  /** The domain it works on, if this page can name it. */
  readonly domain: string | undefined
}

/** What the page knows besides the networks. */
export type PasskeyRowsContext = {
  readonly ownCredentialId: Hex
  /** Commitment of the passkey in use: of one that came by a recovery no chain tells the id. */
  readonly ownCommitment: Hex
  readonly notes: ReadonlyMap<Hex, PasskeyNote>
  /** Names given in this browser, by commitment. */
  readonly names: ReadonlyMap<Hex, string>
  /** Domains whose passkeys can be told by name: chains keep only their hashes. */
  readonly domains: readonly string[]
}

/** Puts the lists of all networks together, the passkey of this device first. */
export function passkeyRows({ chains }: PasskeyList, context: PasskeyRowsContext): PasskeyRow[] {
  const { ownCredentialId, ownCommitment, notes } = context
  const lists = chains.flatMap((chain) => ('passkeys' in chain && chain.isSetUp ? [chain] : []))
  const all = lists.flatMap(({ passkeys }) => passkeys)
  const commitments = [...new Set(all.map(({ commitment }) => commitment))]
  const rows = commitments.map((commitment): PasskeyRow => {
    const copies = all.filter((passkey) => passkey.commitment === commitment)
    const isThisDevice =
      isSame(commitment, ownCommitment) || copies.some(({ known }) => isSame(known?.credentialId, ownCredentialId))
    const note = findNote(copies, notes) ?? (isThisDevice ? notes.get(ownCredentialId) : undefined)
    return {
      commitment,
      isThisDevice,
      isProven: copies.every(({ isProven }) => isProven),
      missingOn: lists
        .filter(({ passkeys }) => !passkeys.some((passkey) => passkey.commitment === commitment))
        .map(({ chainId }) => chainId),
      note,
      name: context.names.get(commitment),
      domain: note?.rpId ?? findDomain(copies, context.domains),
    }
  })
  return rows.toSorted((a, b) => Number(b.isThisDevice) - Number(a.isThisDevice))
}

/** Words for a passkey in a list: its owner's name for it, else its provider or kind; never that of the account, which all carry. */
export function passkeyTitle({ name, note, isThisDevice }: Pick<PasskeyRow, 'name' | 'note' | 'isThisDevice'>): string {
  if (name !== undefined) return plainText(name)
  if (note?.aaguid || note?.transports) return passkeyName({ aaguid: note.aaguid, transports: note.transports })
  return isThisDevice ? 'Passkey on this device' : 'Another passkey'
}

/** Words for whether a passkey survives its device. */
export const backupWords: Readonly<Record<BackupState, string>> = {
  deviceBound: 'On one device only',
  notSynced: 'Can be synced, not synced yet',
  synced: 'Synced',
}

function findNote(copies: readonly ListedPasskey[], notes: PasskeyRowsContext['notes']): PasskeyNote | undefined {
  for (const { known } of copies) {
    const note = known?.credentialId && notes.get(known.credentialId)
    if (note) return note
  }
  return undefined
}

function findDomain(copies: readonly ListedPasskey[], domains: readonly string[]): string | undefined {
  return domains.find((domain) => copies.some(({ known }) => known?.credential?.rpIdHash === toRpIdHash(domain)))
}

function isSame(a: Hex | undefined, b: Hex): boolean {
  return a?.toLowerCase() === b.toLowerCase()
}
