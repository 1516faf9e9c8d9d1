import { p256 } from '@noble/curves/nist.js'
import { bytesToHex, type Hex } from 'viem'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import type { Device, Misbehaviour, SyncedPasskey } from './device.ts'
import { createRandom } from './random.ts'
import { createSoftwareBrowser, type SoftwarePage } from './softwareBrowser.ts'

/** What {@link createSoftwareAuthenticator} takes. */
export type SoftwareAuthenticatorParameters = {
  /** Same seed, same keys, ids and choices. */
  seed: string
  /** Whether its passkeys may be synced (BE). Default: true. */
  backupEligible?: boolean | undefined
  /** Whether its passkeys are synced (BS). Default: as `backupEligible`. */
  backedUp?: boolean | undefined
  /** How it is reached. Default: built in, and by other devices. */
  transports?: readonly string[] | undefined
  /** Whether it can verify its user; a security key without a PIN cannot. Default: true. */
  canVerifyUser?: boolean | undefined
  /** Whether it can keep passkeys; old security keys cannot. Default: true. */
  keepsPasskeys?: boolean | undefined
  /** Share of signatures with high s. Default: a half, as in the field. */
  highSShare?: number | undefined
  /** Share of assertions with Chrome's extra key in client data. Default: a fifth, as in the field. */
  extraKeyShare?: number | undefined
}

/** An authenticator in software: one device with its passkeys. */
export type SoftwareAuthenticator = {
  /** Returns what `navigator.credentials` is on a page of this origin, in a browser with this device. */
  credentialsAt(origin: string, page?: SoftwarePage): CredentialsContainerLike
  /** Changes what goes wrong from now on; without an argument, nothing does. */
  misbehave(misbehaviour?: Misbehaviour): void
  /** Returns all passkeys, private keys included, as a provider would sync them. */
  exportPasskeys(): readonly SyncedPasskey[]
  /** Adds passkeys that another device exported. */
  importPasskeys(passkeys: readonly SyncedPasskey[]): void
  /** Syncs its passkeys from now on, or stops syncing them (BS). */
  setBackedUp(backedUp: boolean): void
  /** Forgets a passkey, as when the user deletes it. */
  deletePasskey(id: Hex): void
}

/**
 * Creates an authenticator in software that answers like a real one: CBOR, authenticator data, DER with both halves of
 * s, discoverable passkeys, and the quirks that browsers are known for.
 *
 * @example
 * const phone = createSoftwareAuthenticator({ seed: 'phone' })
 * const credentials = phone.credentialsAt('https://example.com')
 * await createCredential({ rpId: 'example.com', rpName: 'Example', userName: 'Ada', origins: ['https://example.com'], credentials })
 */
export function createSoftwareAuthenticator(parameters: SoftwareAuthenticatorParameters): SoftwareAuthenticator {
  const { seed, backupEligible = true, highSShare = 0.5, extraKeyShare = 0.2 } = parameters
  const { transports = ['internal', 'hybrid'], canVerifyUser = true, keepsPasskeys = true } = parameters
  let { backedUp = backupEligible } = parameters
  const random = createRandom(seed)
  let passkeys: readonly SyncedPasskey[] = []
  let misbehaviour: Misbehaviour = {}
  const device: Device = {
    get passkeys() {
      return passkeys
    },
    get misbehaviour() {
      return misbehaviour
    },
    get flags() {
      return { backupEligible, backedUp }
    },
    transports,
    canVerifyUser,
    keepsPasskeys,
    makePasskey(wanted) {
      const privateKey = bytesToHex(p256.utils.randomSecretKey(random.bytes(48)))
      const passkey = { id: bytesToHex(random.bytes(32)), privateKey, ...wanted }
      passkeys = [...passkeys.filter((other) => !isReplaced(other, passkey)), passkey]
      return passkey
    },
    isHighS: () => random.chance(highSShare),
    hasExtraKey: () => random.chance(extraKeyShare),
  }
  return {
    credentialsAt: (origin, page) => createSoftwareBrowser(device, origin, page),
    misbehave(next = {}) {
      misbehaviour = next
    },
    exportPasskeys: () => passkeys,
    importPasskeys(imported) {
      passkeys = [...passkeys.filter(({ id }) => !imported.some((other) => other.id === id)), ...imported]
    },
    setBackedUp(next) {
      backedUp = next
    },
    deletePasskey(id) {
      passkeys = passkeys.filter((passkey) => passkey.id !== id)
    },
  }
}

/** One kept passkey per relying party and user: a second registration replaces the first, as on real devices. */
function isReplaced(other: SyncedPasskey, { rpId, userHandle, isDiscoverable }: SyncedPasskey): boolean {
  const areKept = isDiscoverable !== false && other.isDiscoverable !== false
  return areKept && other.rpId === rpId && other.userHandle === userHandle
}
