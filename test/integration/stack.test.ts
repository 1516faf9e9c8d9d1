import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  http,
  type PublicClient,
  parseAbi,
  parseEther,
} from 'viem'
import { createBundlerClient, entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { singletons } from '../../scripts/deploy/manifest.ts'
import { type Stack, type StackChain, startStack } from '../../scripts/stack/startStack.ts'
import { temporaryDirectory } from './support/directory.ts'
import { hashOf, sendTo, tinyAccountCode, tinyUserOperation } from './support/tinyAccount.ts'

const directory = temporaryDirectory()
let stack: Stack

beforeAll(async () => {
  stack = await startStack({ directory: directory.path, sites: [] })
})
afterAll(async () => {
  await stack?.stop()
  directory[Symbol.dispose]()
})

const clientOf = ({ rpcUrl }: StackChain): PublicClient =>
  createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }), cacheTime: 0, pollingInterval: 50 })
const timeOf = async (chain: StackChain): Promise<number> => Number((await clientOf(chain).getBlock()).timestamp)

/** Puts a tiny account onto a chain and a deposit for it into the EntryPoint. */
async function setUpTinyAccount(chain: StackChain, address: `0x${string}`, validAfter: number): Promise<void> {
  const transport = http(chain.rpcUrl)
  const wallet = createWalletClient({ account: stack.accounts.relayer, transport })
  await createTestClient({ mode: 'anvil', transport }).setCode({ address, bytecode: tinyAccountCode(validAfter) })
  const call = {
    address: entryPoint08Address,
    abi: entryPoint08Abi,
    functionName: 'depositTo',
    args: [address],
  } as const
  const hash = await wallet.writeContract({ ...call, chain: null, value: parseEther('1') })
  await clientOf(chain).waitForTransactionReceipt({ hash })
}

function listensOn(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('connect', () => socket.destroy())
  })
}

describe('a stack', () => {
  test('has our contracts and the token at one address on two chains', async () => {
    expect(stack.chains.map(({ chainId }) => chainId)).toEqual([31337, 31338])
    expect(Object.keys(stack.contracts)).toEqual([...singletons.map(({ name }) => name), 'OidcKeyRegistry'])
    for (const chain of stack.chains) {
      expect(await clientOf(chain).getChainId()).toBe(chain.chainId)
      for (const address of [...Object.values(stack.contracts), stack.token, entryPoint08Address])
        expect(await clientOf(chain).getCode({ address })).toBeDefined()
    }
  })

  test('has a token that anyone may mint', async () => {
    const abi = parseAbi([
      'function mint(address to, uint256 amount)',
      'function balanceOf(address) view returns (uint256)',
    ])
    const chain = stack.chain(0)
    const wallet = createWalletClient({ account: stack.accounts.stranger, transport: http(chain.rpcUrl) })
    const hash = await wallet.writeContract({
      abi,
      address: stack.token,
      functionName: 'mint',
      args: [stack.accounts.guardian.address, 5n],
      chain: null,
    })
    await clientOf(chain).waitForTransactionReceipt({ hash })
    expect(
      await clientOf(chain).readContract({
        abi,
        address: stack.token,
        functionName: 'balanceOf',
        args: [stack.accounts.guardian.address],
      }),
    ).toBe(5n)
  })

  test('says in stack.json how to reach it', () => {
    const written: unknown = JSON.parse(readFileSync(path.join(directory.path, 'stack.json'), 'utf8'))
    expect(written).toEqual(stack.info)
    expect(stack.info.pid).toBe(process.pid)
  })

  test('listens on 127.0.0.1 and nowhere else, its inner ports included', async () => {
    const logs = stack.chains.map(({ chainId }) =>
      readFileSync(path.join(directory.path, `logs/alto-${chainId}.log`), 'utf8'),
    )
    const inner = logs.map((log) => Number(/^listening on 127\.0\.0\.1:(\d+)$/m.exec(log)?.[1]))
    const outer = stack.chains
      .flatMap(({ rpcUrl, bundlerUrl }) => [rpcUrl, bundlerUrl ?? ''])
      .map((url) => Number(new URL(url).port))
    for (const port of [...inner, ...outer]) {
      expect(await listensOn('127.0.0.1', port)).toBe(true)
      // A socket that is bound to all interfaces would also answer here.
      expect(await listensOn('127.0.0.2', port)).toBe(false)
    }
  })

  test('bundles a userOp on each chain', async () => {
    const sender = '0x00000000000000000000000000000000000a0001'
    for (const chain of stack.chains) {
      await setUpTinyAccount(chain, sender, 0)
      const client = clientOf(chain)
      const userOperation = tinyUserOperation(sender, 0n, (await client.getGasPrice()) * 2n)
      const hash = await sendTo(chain.bundlerUrl ?? '', userOperation)
      expect(hash).toBe(await hashOf(client, userOperation))
      const bundler = createBundlerClient({ client, transport: http(chain.bundlerUrl ?? ''), pollingInterval: 50 })
      const receipt = await bundler.waitForUserOperationReceipt({ hash })
      expect(receipt).toMatchObject({ success: true, userOpHash: hash })
    }
  })

  test('refuses a second one in its directory', async () => {
    await expect(startStack({ directory: directory.path, hasBundlers: false })).rejects.toThrow(
      `A stack already runs in ${directory.path}`,
    )
    expect(await timeOf(stack.chain(0))).toBeGreaterThan(0)
  })

  test('leaves room for another beside it', async () => {
    using second = temporaryDirectory()
    await using other = await startStack({ directory: second.path, hasBundlers: false, sites: [] })
    expect(other.contracts).toEqual(stack.contracts)
    expect(new Set([...other.chains, ...stack.chains].map(({ rpcUrl }) => rpcUrl)).size).toBe(4)
  })
})

describe('the clock', () => {
  test('moves both chains to the same time, and only forward', async () => {
    const before = stack.clock.now()
    const now = await stack.clock.increase(86_400)
    expect(now).toBeGreaterThanOrEqual(before + 86_400)
    expect(await Promise.all(stack.chains.map(timeOf))).toEqual([now, now])
    expect(Math.abs(stack.clock.now() - now)).toBeLessThanOrEqual(1)
    expect(() => stack.clock.increase(0)).toThrow(RangeError)
    expect(() => stack.clock.increase(-5)).toThrow(RangeError)
  })

  test('is followed by later blocks and by whoever joined', async () => {
    const offsets: number[] = []
    const leave = stack.clock.join((offset) => void offsets.push(offset))
    await stack.clock.increase(1000)
    leave()
    await stack.clock.increase(1000)
    expect(offsets).toHaveLength(1)
    const chain = stack.chain(0)
    await createTestClient({ mode: 'anvil', transport: http(chain.rpcUrl) }).mine({ blocks: 1 })
    expect(await timeOf(chain)).toBeGreaterThanOrEqual(stack.clock.now() - 1)
  })

  test('two jumps at once add up', async () => {
    const before = stack.clock.now()
    const times = await Promise.all([stack.clock.increase(100), stack.clock.increase(100)])
    expect(Math.max(...times)).toBeGreaterThanOrEqual(before + 200)
    expect(await Promise.all(stack.chains.map(timeOf))).toEqual([times[1], times[1]])
  })

  test('is the bundler’s too: what is not valid yet becomes valid by the jump', async () => {
    const chain = stack.chain(0)
    const sender = '0x00000000000000000000000000000000000a0002'
    await setUpTinyAccount(chain, sender, stack.clock.now() + 3600)
    const client = clientOf(chain)
    const userOperation = tinyUserOperation(sender, 0n, (await client.getGasPrice()) * 2n)
    await expect(sendTo(chain.bundlerUrl ?? '', userOperation)).rejects.toThrow(/AA22 expired or not due/)
    await stack.clock.increase(3601)
    const hash = await sendTo(chain.bundlerUrl ?? '', userOperation)
    const bundler = createBundlerClient({ client, transport: http(chain.bundlerUrl ?? ''), pollingInterval: 50 })
    expect((await bundler.waitForUserOperationReceipt({ hash })).success).toBe(true)
  })
})

describe('a chain that is down', () => {
  test('refuses connections, comes back with its state, and has not stopped its clock', async () => {
    const chain = stack.chain(1)
    const block = await clientOf(chain).getBlockNumber()
    await chain.stop()
    expect(chain.isUp()).toBe(false)
    for (const url of [chain.rpcUrl, chain.bundlerUrl ?? '']) await expect(fetch(url)).rejects.toThrow('fetch failed')
    expect(await clientOf(stack.chain(0)).getChainId()).toBe(31337)
    const now = await stack.clock.increase(60)
    await chain.start()
    expect(chain.isUp()).toBe(true)
    expect(await clientOf(chain).getBlockNumber()).toBe(block + 1n)
    expect(await timeOf(chain)).toBe(now)
  })

  test('cuts calls that are under way', async () => {
    const chain = stack.chain(1)
    const socket = connect(Number(new URL(chain.rpcUrl).port), '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve))
    await chain.stop()
    await closed
    await chain.start()
  })
})

test('there is no chain 2', () => {
  expect(() => stack.chain(2)).toThrow('This stack has 2 chains')
})
