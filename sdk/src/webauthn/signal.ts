import type { Hex } from 'viem'
import { toBytes } from '../encoding/cursor.ts'
import { toBase64Url } from './base64url.ts'

/** Browsers' ways of telling passkey providers what became of passkeys; each of them may be missing. */
export type PasskeySignals = {
  readonly signalUnknownCredential?: (options: { rpId: string; credentialId: string }) => Promise<unknown>
  readonly signalAllAcceptedCredentials?: (options: {
    rpId: string
    userId: string
    allAcceptedCredentialIds: string[]
  }) => Promise<unknown>
  readonly signalCurrentUserDetails?: (options: {
    rpId: string
    userId: string
    name: string
    displayName: string
  }) => Promise<unknown>
}

/** `sent` says that the browser took it; browsers never tell whether a provider did anything. */
export type SignalOutcome = 'sent' | 'unsupported' | 'refused'

/**
 * Tells providers that a passkey opens nothing any more, so that they stop offering it. They may delete it: signal only
 * what its owner removed, or wants to be rid of.
 *
 * It never throws: what a provider shows is a comfort, and nothing depends on it.
 *
 * @param signals - Stands in for `PublicKeyCredential`.
 * @see WebAuthn Level 3, §5.1.10
 */
export function signalUnknownPasskey(
  { rpId, id }: { rpId: string; id: Hex },
  signals?: PasskeySignals,
): Promise<SignalOutcome> {
  return signal('signalUnknownCredential', { rpId, credentialId: encode(id) }, signals)
}

/**
 * Tells providers which passkeys with this user handle still open the account; they stop offering the others.
 *
 * @param signals - Stands in for `PublicKeyCredential`.
 */
export function signalAcceptedPasskeys(
  { rpId, userHandle, ids }: { rpId: string; userHandle: Hex; ids: readonly Hex[] },
  signals?: PasskeySignals,
): Promise<SignalOutcome> {
  const options = { rpId, userId: encode(userHandle), allAcceptedCredentialIds: ids.map(encode) }
  return signal('signalAllAcceptedCredentials', options, signals)
}

/**
 * Tells providers the name to show for passkeys with this user handle.
 *
 * @param signals - Stands in for `PublicKeyCredential`.
 */
export function signalPasskeyName(
  { rpId, userHandle, name }: { rpId: string; userHandle: Hex; name: string },
  signals?: PasskeySignals,
): Promise<SignalOutcome> {
  const options = { rpId, userId: encode(userHandle), name, displayName: name }
  return signal('signalCurrentUserDetails', options, signals)
}

type Options<name extends keyof PasskeySignals> = Parameters<NonNullable<PasskeySignals[name]>>[0]

async function signal<name extends keyof PasskeySignals>(
  name: name,
  options: Options<name>,
  signals: PasskeySignals | undefined = globalThis.PublicKeyCredential as PasskeySignals | undefined,
): Promise<SignalOutcome> {
  if (typeof signals?.[name] !== 'function') return 'unsupported'
  try {
    await (signals[name] as (options: Options<name>) => Promise<unknown>).call(signals, options)
    return 'sent'
  } catch {
    return 'refused'
  }
}

function encode(hex: Hex): string {
  return toBase64Url(toBytes(hex, 'credential id'))
}
