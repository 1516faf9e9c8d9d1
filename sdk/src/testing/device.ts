import type { Hex } from 'viem'

/** What an authenticator, or the browser before it, does wrong; for tests of bad input. */
export type Misbehaviour = {
  /** The user closes the prompt. */
  cancels?: boolean | undefined
  /** The user touches the device, but is not verified. */
  skipsUserVerification?: boolean | undefined
  /** Nobody touches the device. */
  skipsUserPresence?: boolean | undefined
  /** Signs for this relying party instead. */
  rpId?: string | undefined
  /** The browser writes this origin instead. */
  origin?: string | undefined
  /** The browser writes this challenge (base64url) instead. */
  challenge?: string | undefined
  /** The browser writes this type instead. */
  type?: string | undefined
  /** Says it is backed up although it cannot be. */
  claimsImpossibleBackup?: boolean | undefined
  /** The browser puts the challenge before the type, as old clients do. */
  putsChallengeFirst?: boolean | undefined
  /** Adds an extension to authenticator data. */
  addsExtension?: boolean | undefined
}

/** A passkey as a provider syncs it from device to device; it contains the private key. */
export type SyncedPasskey = {
  readonly id: Hex
  readonly privateKey: Hex
  readonly rpId: string
  readonly userHandle: Hex
  readonly userName: string
  /** False for one that answers only when it is asked for by its id, as security keys make them. Default: true. */
  readonly isDiscoverable?: boolean | undefined
}

/** What the device knows and does, as the browser sees it. */
export type Device = {
  readonly passkeys: readonly SyncedPasskey[]
  readonly misbehaviour: Misbehaviour
  readonly flags: { readonly backupEligible: boolean; readonly backedUp: boolean }
  readonly transports: readonly string[]
  /** It can verify its user: by a PIN, a finger, a face. */
  readonly canVerifyUser: boolean
  /** It can keep passkeys, and so offer them without being asked by id. */
  readonly keepsPasskeys: boolean
  makePasskey(passkey: Omit<SyncedPasskey, 'id' | 'privateKey'>): SyncedPasskey
  isHighS(): boolean
  hasExtraKey(): boolean
}
