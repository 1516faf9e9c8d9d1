import type { PasskeyAccount } from '@rekey/sdk'
import { formatApproval, type GuardianRequest } from '@rekey/sdk/recovery'
import { type KeyValueStore, readKept } from './storage.ts'

/** A request to guardians that is under way: its text, and the approvals that came back; nothing in it is secret. */
export type KeptRequest = { readonly text: string; readonly approvals: readonly string[] }

/** The account that it is about; whoever asks need not have it. */
export type RequestSubject = Pick<PasskeyAccount, 'config' | 'address'>

/** What a page asks guardians for, besides a recovery. */
export type RequestName = 'drill' | 'freeze' | 'callOff'

const keyOf = (name: RequestName, { address }: RequestSubject): string => `rekey.${name}.${address.toLowerCase()}`

/** Reads a request that was under way; one that is damaged is dropped: guardians can be asked again. */
export function readKeptRequest(
  name: RequestName,
  account: RequestSubject,
  store: KeyValueStore,
): KeptRequest | undefined {
  return readKept(store, keyOf(name, account), parse).value
}

/** Keeps a request with its approvals, or forgets it. */
export function keepRequest(
  name: RequestName,
  account: RequestSubject,
  request: Pick<GuardianRequest, 'text' | 'digest' | 'policy' | 'approvals'> | undefined,
  store: KeyValueStore,
): void {
  if (!request) {
    store.removeItem(keyOf(name, account))
    return
  }
  const { text, digest, policy, approvals } = request
  // Sign-ins say who somebody is at a provider: they are not kept.
  const lasting = approvals.filter(({ index }) => !policy.guardians[index]?.needsEvidence)
  const kept: KeptRequest = { text, approvals: lasting.map((approval) => formatApproval(digest, approval)) }
  store.setItem(keyOf(name, account), JSON.stringify(kept))
}

function parse(json: string): KeptRequest {
  const value: unknown = JSON.parse(json)
  if (typeof value === 'object' && value !== null) {
    const [text, approvals] = [Reflect.get(value, 'text'), Reflect.get(value, 'approvals')]
    if (typeof text === 'string' && Array.isArray(approvals) && approvals.every((one) => typeof one === 'string'))
      return { text, approvals }
  }
  throw new Error('This is not a request that was kept.')
}
