import { type Hex, hexToBigInt } from 'viem'
import type { AuthenticatorFlags } from './authenticatorData.ts'

/** Whether a passkey survives the loss of its device, as its authenticator says; nobody can check that. */
export type BackupState =
  /** It never leaves its device. */
  | 'deviceBound'
  /** It can be synced, but has not been yet. */
  | 'notSynced'
  /** It is on more than this device. */
  | 'synced'

/** What a ceremony tells of a passkey besides its answer. */
export type SeenPasskey = {
  readonly id: Hex
  readonly rpId: string
  readonly backup: BackupState
  /** The 32 bytes stored with the passkey, where the authenticator tells. */
  readonly userHandle?: Hex | undefined
  /** Told once, when it is created. */
  readonly creation?:
    | { readonly name: string; readonly aaguid: Hex; readonly transports: readonly string[] }
    | undefined
}

/** What a client remembers of a passkey; nothing in it is secret, and nothing is decided by it. As JSON. */
export type PasskeyNote = {
  readonly id: Hex
  readonly rpId: string
  readonly backup: BackupState
  /** Unix seconds at which `backup` was first seen as it is. */
  readonly backupSince: number
  /** Unix seconds at which the passkey last answered. */
  readonly lastSeen: number
  readonly userHandle?: Hex | undefined
  /** As given by its owner. */
  readonly name?: string | undefined
  readonly aaguid?: Hex | undefined
  readonly transports?: readonly string[] | undefined
}

/** A passkey that is backed up now and was not, or the other way round. */
export type BackupChange = { readonly from: BackupState; readonly to: BackupState }

/** Reads the backup state from the flags of an answer. */
export function backupState({ backupEligible, backedUp }: AuthenticatorFlags): BackupState {
  if (!backupEligible) return 'deviceBound'
  return backedUp ? 'synced' : 'notSynced'
}

/**
 * Adds what a ceremony told to what is remembered of a passkey.
 *
 * Passkeys get synced, and stop being synced, long after they were made; their next answer says so.
 *
 * @param note - What is remembered; nothing of a passkey seen for the first time.
 * @param now - Unix seconds.
 * @returns The new note, and the change of the backup state if there was one.
 * @example
 * const { note, change } = updatePasskeyNote(notes.get(seen.id), seen, now)
 */
export function updatePasskeyNote(
  note: PasskeyNote | undefined,
  seen: SeenPasskey,
  now: number,
): { readonly note: PasskeyNote; readonly change: BackupChange | undefined } {
  const hasChanged = note !== undefined && note.backup !== seen.backup
  const userHandle = seen.userHandle ?? note?.userHandle
  return {
    note: {
      ...note,
      ...seen.creation,
      id: seen.id,
      rpId: seen.rpId,
      backup: seen.backup,
      backupSince: note && !hasChanged ? note.backupSince : now,
      lastSeen: now,
      ...(userHandle && { userHandle }),
    },
    change: hasChanged ? { from: note.backup, to: seen.backup } : undefined,
  }
}

/** What may lock an owner out, seen from the passkeys of the account. */
export type PasskeyRisk =
  /** There is one passkey, and it is on one device. */
  | 'oneDevice'
  /** No passkey is on more than one device. */
  | 'noneSynced'
  /** All passkeys are kept by one provider. */
  | 'oneProvider'

/**
 * Judges the passkeys of an account by what is remembered of them. A passkey without a note, because another device made
 * it, counts as a second device of another provider.
 *
 * @param passkeys - One entry per passkey of the account: its note, or nothing.
 */
export function passkeyRisks(passkeys: readonly (PasskeyNote | undefined)[]): PasskeyRisk[] {
  const known = passkeys.flatMap((note) => note ?? [])
  if (known.length === 0 || known.length < passkeys.length) return []
  if (known.every(({ backup }) => backup !== 'synced')) return [known.length === 1 ? 'oneDevice' : 'noneSynced']
  const [first, ...others] = known
  // Zeros are what those answer who do not say.
  const isNamed = first?.aaguid !== undefined && hexToBigInt(first.aaguid) !== 0n
  const isOneProvider = isNamed && others.every(({ aaguid }) => aaguid === first.aaguid)
  return isOneProvider && others.every(({ backup }) => backup === 'synced') ? ['oneProvider'] : []
}
