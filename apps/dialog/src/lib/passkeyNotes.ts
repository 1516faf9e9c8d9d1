import { type BackupState, type PasskeyNote, type SeenPasskey, updatePasskeyNote } from '@rekey/sdk/webauthn'
import { type Hex, isHex } from 'viem'
import type { KeyValueStore } from './storage.ts'

/** What this browser remembers of passkeys: names and where they are kept. Nothing is decided by it, nothing is secret. */
const key = 'rekey.passkeys'
const maxNotes = 100
const states: readonly BackupState[] = ['deviceBound', 'notSynced', 'synced']

/** Reads what is remembered, by credential id. What is not a note is left out. */
export function readPasskeyNotes(store: KeyValueStore): ReadonlyMap<Hex, PasskeyNote> {
  const list = parse(store.getItem(key))
  return new Map(list.filter(isNote).map((note) => [note.id, note]))
}

/** Remembers a passkey that was created or answered, the newest last. */
export function noteSeenPasskey(store: KeyValueStore, seen: SeenPasskey, now: number): void {
  const notes = new Map(readPasskeyNotes(store))
  const { note } = updatePasskeyNote(notes.get(seen.id), seen, now)
  notes.delete(seen.id)
  notes.set(seen.id, note)
  try {
    store.setItem(key, JSON.stringify([...notes.values()].slice(-maxNotes)))
  } catch {
    // A browser without room for a name can still sign.
  }
}

/** Forgets a passkey. */
export function forgetPasskey(store: KeyValueStore, id: Hex): void {
  const rest = [...readPasskeyNotes(store).values()].filter((note) => note.id !== id)
  store.setItem(key, JSON.stringify(rest))
}

function parse(text: string | null): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}

function isNote(value: unknown): value is PasskeyNote {
  if (typeof value !== 'object' || value === null) return false
  const get = (field: string): unknown => Reflect.get(value, field)
  const isHexOrMissing = (field: string): boolean => get(field) === undefined || isHex(get(field))
  const transports = get('transports')
  return (
    isHex(get('id')) &&
    typeof get('rpId') === 'string' &&
    states.some((state) => state === get('backup')) &&
    Number.isSafeInteger(get('backupSince')) &&
    Number.isSafeInteger(get('lastSeen')) &&
    isHexOrMissing('aaguid') &&
    isHexOrMissing('userHandle') &&
    (get('name') === undefined || typeof get('name') === 'string') &&
    (transports === undefined || (Array.isArray(transports) && transports.every((item) => typeof item === 'string')))
  )
}
