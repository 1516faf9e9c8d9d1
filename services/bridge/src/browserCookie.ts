import { createHash } from 'node:crypto'
import type { ServiceContext } from '@rekey/service-kit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { type Departure, pendingLife } from './pendingSignIns.ts'

/**
 * Ties a sign-in to the browser that began it: whoever gets its state alone can neither finish it nor have somebody else
 * finish it. One cookie for each, so that two windows do not disturb each other.
 */
export type BrowserCookie = {
  readonly set: (context: ServiceContext, departure: Departure) => void
  /** The secret of the browser for this state; the cookie is gone then. */
  readonly take: (context: ServiceContext, state: string) => string
}

export function createBrowserCookie(issuer: string): BrowserCookie {
  const isTls = issuer.startsWith('https:')
  const options = { path: '/', secure: isTls, httpOnly: true, sameSite: 'Lax' } as const
  const nameOf = (state: string): string => {
    const name = `sign-in-${createHash('sha256').update(state).digest('hex').slice(0, 16)}`
    // Browsers take this prefix only with TLS; with it no sister domain can plant the cookie.
    return isTls ? `__Host-${name}` : name
  }
  return {
    set: (context, { state, browserSecret }) =>
      setCookie(context, nameOf(state), browserSecret, { ...options, maxAge: pendingLife }),
    take: (context, state) => {
      const name = nameOf(state)
      const secret = getCookie(context, name) ?? ''
      deleteCookie(context, name, options)
      return secret
    },
  }
}
