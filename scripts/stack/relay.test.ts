import { createServer, type Server } from 'node:http'
import { json } from 'node:stream/consumers'
import { rekeyAccountFactoryAbi } from '@rekey/sdk/abis'
import { encodeEventTopics, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localAccount } from './accounts.ts'
import { type RunningRelay, startRelay } from './relay.ts'

const factory = '0x00000000000000000000000000000000000fac70'
const singleton = '0x00000000000000000000000000000000000517e0'
const account = '0x00000000000000000000000000000000000a11ce'
const stranger = '0x000000000000000000000000000000000bad0bad'
const hash = `0x${'ab'.repeat(32)}`
const origin = 'http://auth.localhost:1234'

let node: Server
let relay: RunningRelay
let sent: unknown[] = []

/** A node that knows one account, and lets every transaction pass whose data is not `0xff`. */
beforeAll(async () => {
  node = createServer(async (request, response) => {
    const { id, method, params } = (await json(request)) as { id: number; method: string; params: never[] }
    const answer = answerCall(method, params)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  })
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
  const address = node.address()
  if (typeof address !== 'object' || !address) throw new Error('The node has no port.')
  relay = await startRelay({
    chains: [{ chainId: 31337, rpcUrl: `http://127.0.0.1:${address.port}` }],
    account: localAccount('relayer'),
    singletons: [singleton],
    factory,
    origins: () => [origin],
  })
})

afterAll(async () => {
  await relay.stop()
  node.closeAllConnections()
  await new Promise((resolve) => node.close(resolve))
})

function answerCall(method: string, [first]: { topics?: string[]; data?: string }[] = []) {
  const block = { number: '0x1', timestamp: '0x1', baseFeePerGas: '0x1', gasLimit: '0x1c9c380', transactions: [] }
  switch (method) {
    case 'eth_chainId':
      return { result: '0x7a69' }
    case 'eth_getLogs':
      return { result: first?.topics?.[1]?.endsWith(account.slice(2)) ? [log] : [] }
    case 'eth_estimateGas':
      return first?.data === '0xff' ? { error: { code: 3, message: 'execution reverted' } } : { result: '0x5208' }
    case 'eth_getBlockByNumber':
      return { result: block }
    case 'eth_sendRawTransaction':
      sent.push(first)
      return { result: hash }
    default:
      return { result: '0x1' }
  }
}

const log = {
  address: factory,
  topics: encodeEventTopics({
    abi: rekeyAccountFactoryAbi,
    eventName: 'AccountCreated',
    args: { account, handle: zeroHash, credential: zeroHash },
  }),
  data: `0x${'00'.repeat(64)}`,
  blockNumber: '0x1',
  logIndex: '0x0',
  transactionIndex: '0x0',
  transactionHash: hash,
  blockHash: hash,
  removed: false,
}

async function post(body: unknown, headers: Record<string, string> = { origin }) {
  sent = []
  const response = await fetch(relay.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown }
}

describe('the relay of the stack', () => {
  it('sends to a contract of ours', async () => {
    const answer = await post({ chainId: 31337, to: singleton, data: '0x01' })
    expect(answer.body).toEqual({ hash })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(sent).toHaveLength(1)
  })

  it('sends to an account of our factory', async () => {
    expect((await post({ chainId: 31337, to: account, data: '0x01' })).body).toEqual({ hash })
  })

  it.each([
    [403, 'TARGET', { chainId: 31337, to: stranger, data: '0x' }],
    [422, 'REVERTED', { chainId: 31337, to: singleton, data: '0xff' }],
    [400, 'CHAIN_ID', { chainId: 1, to: singleton, data: '0x' }],
    [400, 'REQUEST', { chainId: '31337', to: singleton, data: '0x' }],
    [400, 'REQUEST', { chainId: 31337, to: '0x12', data: '0x' }],
    [400, 'REQUEST', { chainId: 31337, to: singleton, data: '0x1' }],
    [400, 'REQUEST', 'not json'],
    [413, 'TOO_LARGE', { chainId: 31337, to: singleton, data: `0x${'00'.repeat(200_000)}` }],
  ])('refuses with %i %s and sends nothing', async (status, code, body) => {
    expect(await post(body)).toMatchObject({ status, body: { error: { code } } })
    expect(sent).toHaveLength(0)
  })

  it('refuses pages of other origins before it reads what they want', async () => {
    const answer = await post({ chainId: 31337, to: singleton, data: '0x01' }, { origin: 'http://app.localhost:1' })
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'ORIGIN' } } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(sent).toHaveLength(0)
  })

  it('answers the browser’s preflight', async () => {
    const response = await fetch(relay.url, { method: 'OPTIONS', headers: { origin } })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type')
  })
})
