import { isIPv6 } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { MiddlewareHandler } from 'hono'
import { RequestError } from '../errors.ts'
import type { Limit, TakeAttempt } from '../store/limits.ts'
import type { ServiceContext, ServiceVariables } from './app.ts'

/** Limits requests by where they come from. */
export function limitByClient(
  take: TakeAttempt,
  limit: Limit,
  proxies: number,
): MiddlewareHandler<{ Variables: ServiceVariables }> {
  return async (context, next) => {
    await spend(take, limit, clientNetwork(context, proxies))
    await next()
  }
}

/**
 * Counts one attempt.
 *
 * @throws {RequestError} 429 when there were too many.
 */
export async function spend(take: TakeAttempt, limit: Limit, who: string): Promise<void> {
  const allowance = await take(limit, who)
  if (allowance.isAllowed) return
  throw new RequestError(429, 'TOO_MANY', 'Too many requests.', `Try again in ${allowance.retryAfter} seconds.`)
}

/**
 * Where a request comes from: an IPv4 address, or an IPv6 network of 64 bits, of which one customer has a whole one.
 *
 * @param proxies - How many of ours stand before this process. What further ones say is the client's own invention.
 */
export function clientNetwork(context: ServiceContext, proxies: number): string {
  const forwarded =
    context.req
      .header('x-forwarded-for')
      ?.split(',')
      .map((one) => one.trim()) ?? []
  const claimed = proxies > 0 ? forwarded.at(-proxies) : undefined
  return networkOf(claimed ?? getConnInfo(context).remote.address ?? 'unknown')
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address
  const [head = '', tail = ''] = address.split('::')
  const parts = [head, tail].map((half) => (half === '' ? [] : half.split(':')))
  const before = parts[0] ?? []
  const zeros = Array<string>(address.includes('::') ? 8 - before.length - (parts[1]?.length ?? 0) : 0).fill('0')
  const groups = [...before, ...zeros, ...(parts[1] ?? [])].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
