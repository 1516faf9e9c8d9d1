import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What a request has to show before it is told anything: others on this machine can reach the page's port, too. */
export type PageKey = {
  /** Belongs into the address that the user opens. */
  readonly text: string
  /** Whether the request's address has it. */
  readonly isIn: (url: URL) => boolean
  /** Whether the browser that sends the request has had it. */
  readonly isHeldBy: (request: IncomingMessage) => boolean
  /** Has the browser keep it; no script reads it, and no other site's page sends it but by a link to ours. */
  readonly cookie: string
}

/**
 * Makes the key of one run.
 *
 * @param port - Belongs into the cookie's name: browsers keep the cookies of all ports of a host together.
 */
export function createPageKey(port: number): PageKey {
  const text = randomBytes(32).toString('base64url')
  const name = `rekey-${port}`
  const isRight = (given: string | null | undefined): boolean =>
    typeof given === 'string' && timingSafeEqual(hash(given), hash(text))
  return {
    text,
    isIn: (url) => isRight(url.searchParams.get('key')),
    isHeldBy: ({ headers: { cookie = '' } }) =>
      cookie.split(/; */).some((pair) => pair.startsWith(`${name}=`) && isRight(pair.slice(name.length + 1))),
    cookie: `${name}=${text}; Path=/; HttpOnly; SameSite=Lax`,
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
