import { isSignInWay, type SignInWay } from '../flows/signIns.ts'
import type { KeyValueStore } from './storage.ts'

/** Where somebody goes on who signed in without another window. */
export type SignInReturn = { readonly path: string; readonly way: SignInWay }

const key = 'rekey.signInReturn'

/** Keeps where to go on, in this tab. */
export function keepReturn({ path, way }: SignInReturn, store: KeyValueStore): void {
  store.setItem(key, JSON.stringify({ path, way }))
}

/** Takes what was kept; it is gone then. */
export function takeReturn(store: KeyValueStore): SignInReturn | undefined {
  const text = store.getItem(key)
  store.removeItem(key)
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const [path, way] = [Reflect.get(value, 'path'), Reflect.get(value, 'way')]
    const isWhole = typeof path === 'string' && /^\/[a-z-]*$/.test(path) && typeof way === 'string' && isSignInWay(way)
    return isWhole ? { path, way } : undefined
  } catch {
    // Damaged: then the sign-in is begun anew.
    return undefined
  }
}
