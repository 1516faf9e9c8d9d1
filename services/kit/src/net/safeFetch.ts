import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { OutboundError } from '../errors.ts'
import { type Answer, exchange, type Outgoing } from './exchange.ts'
import { isPublicAddress } from './publicAddress.ts'

/** What may be asked, and what is taken as an answer. */
export type FetchRules = {
  /** Hosts (`localhost:4000`) that may be private and without TLS. For local stacks; none in production. */
  readonly allowedHosts?: readonly string[]
  /** From the question to the last byte, redirects included. Default 10,000. */
  readonly timeoutMs?: number
  /** Most bytes of a body. Default 262,144. */
  readonly maxBytes?: number
  /** Media types that are taken in answers with status 2xx. Default `application/json`. */
  readonly types?: readonly string[]
  /** For tests. Default: the system's resolver. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>
}

export type FetchRequest = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
}

export type SafeAnswer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

/** Asks a server that others chose. */
export type SafeFetch = (url: string, request?: FetchRequest) => Promise<SafeAnswer>

const MAX_REDIRECTS = 3

/**
 * Makes what asks servers whose addresses come from others, without being led to what only this machine can reach.
 *
 * It asks by https alone; resolves the name itself, refuses it if any of its addresses is not on the public internet,
 * and connects to an address that it looked at, so that the name cannot change in between; goes where a redirect
 * points only on the same origin; takes no more bytes and waits no longer than it was told; sends no cookies, and asks
 * for no compression, so that a small answer stays small.
 *
 * @returns What any status was answered with; whoever asked judges it. Throws `OutboundError` for all else.
 */
export function createSafeFetch(rules: FetchRules = {}): SafeFetch {
  const { timeoutMs = 10_000, maxBytes = 262_144, types = ['application/json'] } = rules
  return async (address, { signal, ...request } = {}) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    const until = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    const first = parse(address)
    const outgoing: Outgoing = { method: 'GET', headers: {}, ...request, maxBytes, signal: until }
    try {
      const answer = await ask(first, outgoing, rules)
      checkType(first, answer, types)
      return { ...answer, text: new TextDecoder().decode(answer.body) }
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      if (timeout.aborted) throw new OutboundError('time', `${first.origin}, ${timeoutMs} ms`)
      throw error
    }
  }
}

async function ask(first: URL, outgoing: Outgoing, rules: FetchRules): Promise<Answer> {
  let url = first
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(url, await addressOf(url, rules, outgoing.signal), outgoing)
    const { location } = answer.headers
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer
    const next = URL.parse(location, url)
    if (outgoing.method !== 'GET' || next === null || next.origin !== first.origin || redirects === MAX_REDIRECTS)
      throw new OutboundError('redirect', `${first.origin} to ${next?.origin ?? 'nowhere'}`)
    url = next
  }
}

/** The address to connect to, looked at. */
async function addressOf(url: URL, rules: FetchRules, signal: AbortSignal): Promise<string> {
  const isAllowed = rules.allowedHosts?.includes(url.host) ?? false
  if (url.protocol !== 'https:' && !(isAllowed && url.protocol === 'http:'))
    throw new OutboundError('scheme', url.origin)
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(hostname) ? [hostname] : await resolved(hostname, rules.resolve ?? resolveAll, signal)
  const [address] = addresses
  if (address === undefined) throw new OutboundError('host', url.origin)
  if (!isAllowed && !addresses.every(isPublicAddress)) throw new OutboundError('address', url.origin)
  return address
}

async function resolved(
  hostname: string,
  resolve: NonNullable<FetchRules['resolve']>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const asked = resolve(hostname).catch((error: unknown) => {
    throw new OutboundError('host', hostname, error)
  })
  let stop = (): void => {}
  const late = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
  try {
    return await Promise.race([late, asked])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function resolveAll(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address)
}

function parse(address: string): URL {
  const url = URL.parse(address)
  if (url === null || url.username !== '' || url.password !== '') throw new OutboundError('url', 'it has no form')
  return url
}

function checkType(url: URL, { status, headers }: Answer, types: readonly string[]): void {
  if (status < 200 || status > 299) return
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? 'none'
  if (!types.includes(type)) throw new OutboundError('type', `${url.origin}, ${type.slice(0, 100)}`)
}
