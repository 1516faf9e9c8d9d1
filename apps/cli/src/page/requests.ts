import type { IncomingMessage } from 'node:http'
import type { Contracts, Relay } from '@rekey/sdk'
import { isRekeyError } from '@rekey/sdk/errors'
import { type Address, getAddress, type Hash, type Hex, isAddress, isAddressEqual, isHex } from 'viem'

/** What an answer is made of. */
export type Answer = { readonly status: number; readonly body: unknown }

const maxBodyBytes = 262_144

/** Why a request is not served; told to the page as JSON. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(status: number, code: string, message: string) {
    super(message)
    this.answer = { status, body: { error: { code, message } } }
  }
}

/**
 * Reads what the page itself posts. Other pages can post, though not read: their origin tells, and they cannot send this
 * type of content without asking first.
 *
 * @throws {Refusal} for anybody else, and for what is too large.
 */
export async function readPost(request: IncomingMessage, origin: string): Promise<string> {
  const { headers, method } = request
  if (method !== 'POST') throw new Refusal(405, 'METHOD', 'This takes POST only.')
  if (headers.origin !== origin) throw new Refusal(403, 'ORIGIN', 'Only the page itself may send.')
  if (headers['content-type'] !== 'application/json') throw new Refusal(415, 'CONTENT_TYPE', 'This takes JSON only.')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk)
    bytes += buffer.length
    // What is too large is read to its end: an answer to a request that is still being sent would be lost.
    if (bytes <= maxBodyBytes) chunks.push(buffer)
  }
  if (bytes > maxBodyBytes) throw new Refusal(413, 'TOO_LARGE', `The request is larger than ${maxBodyBytes} bytes.`)
  return Buffer.concat(chunks).toString('utf8')
}

/** Hands a question to a node or bundler, and its answer back. The page learns no address and no key of either. */
export async function forward(url: string | undefined, body: string): Promise<Answer> {
  if (url === undefined) throw new Refusal(404, 'CHAIN_ID', 'Nobody named a node for this chain.')
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) })
    return { status: response.status, body: await response.json() }
  } catch {
    throw new Refusal(502, 'NODE', 'The node did not answer.')
  }
}

/**
 * Sends what the page hands over, to the contracts alone that give their callers no power: whoever pays may own things
 * elsewhere.
 */
export async function deliver(
  { relay, contracts }: { relay: Relay; contracts: Contracts },
  body: string,
): Promise<Answer> {
  const transaction = readTransaction(body)
  const places = [contracts.factory, contracts.guardianRecovery, contracts.policyStore]
  if (!places.some((place) => isAddressEqual(place, transaction.to)))
    throw new Refusal(403, 'TARGET', 'Only what belongs to a recovery is sent.')
  try {
    const hash: Hash = await relay.send(transaction)
    return { status: 200, body: { hash } }
  } catch (error) {
    if (isRekeyError(error)) throw new Refusal(502, error.code, error.shortMessage)
    throw error
  }
}

function readTransaction(body: string): { chainId: number; to: Address; data: Hex } {
  const { chainId, to, data } = readObject(body)
  if (typeof chainId !== 'number' || typeof to !== 'string' || !isAddress(to) || !isHex(data) || data.length % 2 !== 0)
    throw new Refusal(400, 'REQUEST', 'This is no transaction.')
  return { chainId, to: getAddress(to), data }
}

function readObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
