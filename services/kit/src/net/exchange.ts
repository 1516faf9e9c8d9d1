import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { isIPv6 } from 'node:net'
import { OutboundError } from '../errors.ts'

export type Outgoing = {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly maxBytes: number
  readonly signal: AbortSignal
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** One question and its answer, over a connection of its own to `address`, whatever name `url` has. */
export async function exchange(url: URL, address: string, outgoing: Outgoing): Promise<Answer> {
  const { method, headers, body, signal } = outgoing
  const request = url.protocol === 'https:' ? requestTls : requestPlain
  const question = request(url, {
    method,
    headers: { accept: 'application/json', ...headers, 'accept-encoding': 'identity' },
    agent: false,
    signal,
    // Not asked when the host is an address already; that was looked at as it stands.
    lookup: (_hostname, { all }, found) => {
      const family = isIPv6(address) ? 6 : 4
      if (all) found(null, [{ address, family }])
      else found(null, address, family)
    },
  })
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      question.once('response', resolve).once('error', reject).end(body)
    })
    return {
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
      ),
      body: await readBody(response, outgoing.maxBytes, url),
    }
  } catch (error) {
    if (error instanceof OutboundError || signal.aborted) throw error
    throw new OutboundError('unreachable', url.origin, error)
  } finally {
    question.destroy()
  }
}

async function readBody(response: IncomingMessage, maxBytes: number, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maxBytes) throw new OutboundError('size', `${url.origin}, more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
