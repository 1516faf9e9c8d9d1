import { isAddress } from 'viem'
import { throwIfAborted } from '../config/abort.ts'
import type { ResolveName } from '../config/createConfig.ts'
import { NameServiceError } from '../errors/names.ts'

/**
 * Looks names up at a service: `GET url?name=ada`, answered by 200 and `{"address": "0x…"}`, or by 404 where nobody has the
 * name. The service is believed in nothing: the address is looked up on the chains, and a page shows it with the name.
 *
 * @param url - Address of the service; further parameters in it are kept.
 * @param options - `fetch` stands in for the global one.
 * @throws {NameServiceError} from the lookup, when the service answers in any other way or not at all.
 * @example
 * const config = createConfig({ ...parameters, resolveName: httpNames('https://names.example.com/v1/accounts') })
 */
export function httpNames(url: string, options: { fetch?: typeof fetch | undefined } = {}): ResolveName {
  return async (name, { signal }) => {
    try {
      const target = new URL(url)
      target.searchParams.set('name', name)
      const init = { headers: { accept: 'application/json' }, ...(signal && { signal }) }
      const response = await (options.fetch ?? globalThis.fetch)(target, init)
      if (response.status === 404) return undefined
      if (!response.ok) throw new TypeError(`It answered with status ${response.status}.`)
      const answer: unknown = await response.json()
      const address = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'address') : undefined
      if (typeof address !== 'string' || !isAddress(address, { strict: false }))
        throw new TypeError('It answered no address.')
      return address
    } catch (cause) {
      throwIfAborted(signal)
      throw new NameServiceError(cause)
    }
  }
}
