import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rekeyAccountFactoryAbi } from '@rekey/sdk/abis'
import {
  type Address,
  createPublicClient,
  createWalletClient,
  getAddress,
  type Hash,
  type Hex,
  http,
  isAddress,
  isHex,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'

/** What a relay needs to know. */
export type RelayParameters = {
  readonly chains: readonly { readonly chainId: number; readonly rpcUrl: string }[]
  /** Pays for what is sent. */
  readonly account: PrivateKeyAccount
  /** Contracts it sends to, besides accounts. */
  readonly singletons: readonly Address[]
  /** Tells which addresses are accounts. */
  readonly factory: Address
  /** Origins of the pages that may use it. */
  readonly origins: () => readonly string[]
}

export type RunningRelay = { readonly url: string; readonly stop: () => Promise<void> }

const maxBodyBytes = 256 * 1024

/** Why a request is refused: an HTTP status, a stable code and a sentence. */
class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/**
 * Serves `POST {chainId, to, data}` on a free loopback port and answers `{hash}` or `{error: {code, message}}`. What it
 * sends has no authority of its own, so the only thing to protect is its money: it sends no value, and only to our
 * contracts and to accounts of our factory.
 */
export async function startRelay(parameters: RelayParameters): Promise<RunningRelay> {
  const send = createSender(parameters)
  const server = createServer((request, response) => {
    answer(parameters, send, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

type Send = (request: { chainId: number; to: Address; data: Hex }) => Promise<Hash>

async function answer(
  parameters: RelayParameters,
  send: Send,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin } = request.headers
  const isKnown = origin !== undefined && parameters.origins().includes(origin)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'Origin',
    ...(isKnown && { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'content-type' }),
  }
  const reply = (status: number, body: unknown) => void response.writeHead(status, headers).end(JSON.stringify(body))
  try {
    // A page of another origin cannot read the answer, but its request would be sent all the same.
    if (origin !== undefined && !isKnown) throw new Refusal(403, 'ORIGIN', 'This origin may not use the relay.')
    if (request.method === 'OPTIONS') return void response.writeHead(204, headers).end()
    if (request.method !== 'POST') throw new Refusal(405, 'METHOD', 'The relay takes POST only.')
    if (request.headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
      throw new Refusal(415, 'CONTENT_TYPE', 'The relay takes application/json only.')
    reply(200, { hash: await send(readTransaction(await readBody(request))) })
  } catch (error) {
    if (error instanceof Refusal) reply(error.status, { error: { code: error.code, message: error.message } })
    else reply(502, { error: { code: 'CHAIN', message: 'The chain did not take the transaction.' } })
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk)
    bytes += buffer.length
    if (bytes <= maxBodyBytes) chunks.push(buffer)
  }
  // Read to its end and dropped: an answer to a request that is still being sent would be lost.
  if (bytes > maxBodyBytes) throw new Refusal(413, 'TOO_LARGE', `The request is larger than ${maxBodyBytes} bytes.`)
  return Buffer.concat(chunks).toString('utf8')
}

function readTransaction(body: string): { chainId: number; to: Address; data: Hex } {
  const { chainId, to, data } = parseObject(body)
  if (typeof chainId !== 'number' || !Number.isSafeInteger(chainId))
    throw new Refusal(400, 'REQUEST', 'chainId must be a number.')
  if (typeof to !== 'string' || !isAddress(to, { strict: false }))
    throw new Refusal(400, 'REQUEST', 'to must be an address.')
  if (!isHex(data) || data.length % 2 !== 0) throw new Refusal(400, 'REQUEST', 'data must be hexadecimal.')
  return { chainId, to: getAddress(to), data }
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Answered below, like any other text that is no object.
  }
  throw new Refusal(400, 'REQUEST', 'The request is not a JSON object.')
}

/** Sends one transaction after the other on each chain, so that none takes the nonce of another. */
function createSender({ chains, account, singletons, factory }: RelayParameters): Send {
  const senders = new Map(
    chains.map(({ chainId, rpcUrl }) => {
      const transport = http(rpcUrl, { retryCount: 0 })
      const client = createPublicClient({ transport, cacheTime: 0 })
      const wallet = createWalletClient({ transport, account })
      let last: Promise<unknown> = Promise.resolve()
      const send = (to: Address, data: Hex): Promise<Hash> => {
        const next = last.then(async () => {
          await expectOurs(client, to)
          const gas = await client.estimateGas({ account, to, data }).catch(() => {
            throw new Refusal(422, 'REVERTED', 'The transaction would revert.')
          })
          return wallet.sendTransaction({ chain: null, to, data, gas: (gas * 6n) / 5n })
        })
        last = next.catch(() => {})
        return next
      }
      return [chainId, send]
    }),
  )
  const ours = new Set([...singletons, factory].map((address) => getAddress(address)))

  async function expectOurs(client: ReturnType<typeof createPublicClient>, to: Address): Promise<void> {
    if (ours.has(to)) return
    const created = await client.getContractEvents({
      address: factory,
      abi: rekeyAccountFactoryAbi,
      eventName: 'AccountCreated',
      args: { account: to },
      fromBlock: 0n,
    })
    if (created.length === 0) throw new Refusal(403, 'TARGET', 'The relay sends only to Rekey contracts and accounts.')
  }

  return async ({ chainId, to, data }) => {
    const send = senders.get(chainId)
    if (!send) throw new Refusal(400, 'CHAIN_ID', `The relay does not serve chain ${chainId}.`)
    return send(to, data)
  }
}
