import { IssuerUnreachableError, SignInAbortedError } from '../errors/signIn.ts'
import { readWebAddress } from './webAddress.ts'

/** What reading from an issuer takes besides its address. */
export type IssuerFetchOptions = {
  /** Stands in for `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly signal?: AbortSignal | undefined
}

const maxBytes = 256 * 1_024
const maxMilliseconds = 15_000

/**
 * Reads JSON from an issuer: over https or from this machine, without cookies, without following to another address, and
 * no more than a quarter of a megabyte.
 *
 * @param form - Sent as a form by POST. Default: a GET.
 * @throws {IssuerUnreachableError} when there is no such answer. {@link SignInAbortedError}
 */
export async function fetchJson(
  address: string,
  { fetch = globalThis.fetch, signal, form }: IssuerFetchOptions & { readonly form?: URLSearchParams | undefined },
): Promise<{ readonly isOk: boolean; readonly body: Readonly<Record<string, unknown>> }> {
  const url = readWebAddress(address)
  if (!url) throw new IssuerUnreachableError('an address', 'it is neither https nor on this machine')
  const limit = AbortSignal.timeout(maxMilliseconds)
  let text: string
  let isOk: boolean
  try {
    const response = await fetch(url.href, {
      ...(form ? { method: 'POST', body: form } : {}),
      headers: { accept: 'application/json' },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    isOk = response.ok && !response.redirected
    text = await readText(response)
  } catch (cause) {
    if (signal?.aborted) throw new SignInAbortedError(signal.reason)
    throw new IssuerUnreachableError(url.origin, 'no answer, a redirect, or too long a one', cause)
  }
  const body = parseObject(text)
  if (!body) throw new IssuerUnreachableError(url.origin, 'the answer is not a JSON object')
  return { isOk, body }
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let [text, size] = ['', 0]
  for (;;) {
    const part = await reader?.read()
    if (!part || part.done) return text + decoder.decode()
    size += part.value.length
    if (size > maxBytes) {
      await reader?.cancel()
      throw new RangeError('The answer is too long.')
    }
    text += decoder.decode(part.value, { stream: true })
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>
  } catch {}
  return undefined
}
