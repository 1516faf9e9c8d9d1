import type { CDPSession, Page } from 'playwright-core'
import { rpId } from './people.ts'

/** A credential as Chromium's virtual authenticator tells of it. */
export type HeldCredential = {
  readonly credentialId: string
  readonly isResidentCredential: boolean
  readonly backupState?: boolean
  readonly userName?: string
}

/** An authenticator of one page. Chromium answers with the first one that is plugged in: one at a time. */
export type Authenticator = {
  held(): Promise<readonly HeldCredential[]>
  /** Syncs what it holds from now on, or stops syncing it. */
  setBackedUp(isBackedUp: boolean): Promise<void>
  /** Takes it away from the page, with all that it holds. */
  unplug(): Promise<void>
  plugIn(): Promise<void>
}

/** What {@link plugIn} takes: how Chromium reaches the authenticator, and what it can do. */
export type Abilities = {
  readonly transport: 'usb' | 'nfc' | 'ble' | 'internal'
  /** Default: yes. */
  readonly keepsPasskeys?: boolean
  /** It has a PIN, or knows its user otherwise. Default: yes. */
  readonly hasPin?: boolean
  /** Its passkeys may be synced. Default: no. */
  readonly isSyncable?: boolean
}

const sessions = new WeakMap<Page, Promise<CDPSession>>()

/** Gives a page an authenticator. */
export async function plugIn(page: Page, abilities: Abilities): Promise<Authenticator> {
  const { transport, keepsPasskeys = true, hasPin = true, isSyncable = false } = abilities
  const cdp = await sessionOf(page)
  let kept: Awaited<ReturnType<typeof held>> = []
  let authenticatorId = ''
  const held = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  const authenticator: Authenticator = {
    held,
    setBackedUp: async (backupState) => {
      for (const { credentialId } of await held())
        await cdp.send('WebAuthn.setCredentialProperties', { authenticatorId, credentialId, backupState })
    },
    unplug: async () => {
      kept = await held()
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
    plugIn: async () => {
      const added = await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          ctap2Version: 'ctap2_1',
          transport,
          hasResidentKey: keepsPasskeys,
          hasUserVerification: hasPin,
          isUserVerified: hasPin,
          automaticPresenceSimulation: true,
          defaultBackupEligibility: isSyncable,
          defaultBackupState: false,
        },
      })
      authenticatorId = added.authenticatorId
      for (const credential of kept)
        await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { rpId, ...credential } })
    },
  }
  await authenticator.plugIn()
  return authenticator
}

function sessionOf(page: Page): Promise<CDPSession> {
  const known = sessions.get(page)
  if (known) return known
  const opened = (async () => {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable', { enableUI: false })
    return cdp
  })()
  sessions.set(page, opened)
  return opened
}
