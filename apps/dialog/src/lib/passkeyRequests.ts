import { type PasskeyRequest, readPasskeyRequest, toPasskeyRequestLink } from '@rekey/sdk'
import type { KeyValueStore } from './storage.ts'

/** A request that waits for approval, and the page of the other domain where it waits. */
export type AskedPasskey = { readonly request: PasskeyRequest; readonly page: string }

const key = 'rekey.passkeyRequest'

/** Reads the request that was under way. One that is damaged is dropped. */
export function readKeptPasskeyRequest(store: KeyValueStore): AskedPasskey | undefined {
  const link = store.getItem(key)
  if (link === null) return undefined
  try {
    const page = parsePage(link)
    if (page) return { request: readPasskeyRequest(link), page }
  } catch {
    // A request is made again in a minute; nothing depends on this one.
  }
  store.removeItem(key)
  return undefined
}

/** Keeps a request, as the link it is; or forgets it. */
export function keepPasskeyRequest(asked: AskedPasskey | undefined, store: KeyValueStore): void {
  if (asked) store.setItem(key, toPasskeyRequestLink(asked.page, asked.request))
  else store.removeItem(key)
}

/** Returns the origin of a page that can have passkeys, typed with or without its scheme. */
export function parsePage(text: string): string | undefined {
  const trimmed = text.trim()
  const url = URL.parse(/^https?:\/\//.test(trimmed) ? trimmed : `https://${trimmed}`)
  if (!url || url.hostname === '' || url.username !== '') return undefined
  const isLocal = url.protocol === 'http:' && /(^|\.)localhost$/.test(url.hostname)
  return url.protocol === 'https:' || isLocal ? url.origin : undefined
}
