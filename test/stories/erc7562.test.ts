import {
  addPasskey,
  createConfig,
  createPasskeyAccount,
  type RekeyConfig,
  sendCalls,
  sendCallsOnChains,
} from '@rekey/sdk'
import { assertErc7562 } from '@rekey/sdk/testing'
import { createClient, custom, http } from 'viem'
import { formatUserOperation, type RpcUserOperation } from 'viem/account-abstraction'
import { beforeEach, describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device, stackChain } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, fund } from '../integration/support/sdkStack.ts'
import { begin, bothChains, calls, createGuardedOwner, day, outcomesOf, walletPolicy } from './support/owner.ts'

/** What went through the checker in this test: whether it created the account. */
let checked: { chainId: number; creates: boolean }[] = []

beforeEach(() => {
  checked = []
})

/** A bundler that takes no userOp that breaks a rule of ERC-7562. */
function checkingBundler(rpcUrl: string, bundlerUrl: string, chainId: number) {
  const bundler = http(bundlerUrl, { retryCount: 0 })({})
  const client = createClient({ transport: http(rpcUrl) })
  return custom(
    {
      request: async ({ method, params }: { method: string; params?: unknown }) => {
        if (method === 'eth_sendUserOperation') {
          const [sent] = params as [RpcUserOperation<'0.8'>]
          const userOp = formatUserOperation(sent)
          await assertErc7562({ client, userOp: userOp as Parameters<typeof assertErc7562>[0]['userOp'] })
          checked.push({ chainId, creates: sent.factory !== undefined })
        }
        return bundler.request({ method, params } as never)
      },
    },
    { retryCount: 0 },
  )
}

function checkedConfig(device: Device): RekeyConfig {
  const config = configFor(stack, device)
  return createConfig({
    ...config,
    chains: stack.chains.map(({ chainId, rpcUrl, bundlerUrl }, at) => ({
      chain: stackChain(chainId, rpcUrl),
      rpc: http(rpcUrl),
      bundler: checkingBundler(rpcUrl, bundlerUrl ?? '', chainId),
      relay: config.chains[at]?.relay,
      pollingInterval: 50,
    })),
  })
}

async function createAccount(seed: string, policy?: `0x${string}`) {
  const config = checkedConfig(createDevice(seed))
  const account = await createPasskeyAccount(config, { name: 'Owner', policy })
  await fund(stack, account)
  return account
}

describe('every userOp of an account is clean', () => {
  test('[217] [218] [219] the first, which creates it, an ordinary one and a batch', async () => {
    const account = await createAccount('plain')
    for (const batch of [calls, calls, [...calls, ...calls, ...calls]])
      expect((await sendCalls(account, { chainId: chainA, calls: batch })).success).toBe(true)
    expect(checked.map(({ creates }) => creates)).toEqual([true, false, false])
  })

  test('[217] [218] [219] the first of an account that was created with guardians', async () => {
    const account = await createAccount('with guardians', walletPolicy(stack))
    for (const chainId of bothChains) expect((await sendCalls(account, { chainId, calls })).success).toBe(true)
    expect(checked.map(({ creates }) => creates)).toEqual([false, true])
  })

  test('[217] [219] those signed together for two chains', async () => {
    const account = await createAccount('together')
    const batches = bothChains.map((chainId) => ({ chainId, calls }))
    expect(outcomesOf(await sendCallsOnChains(account, { batches }))).toEqual(['done', 'done'])
    expect(outcomesOf(await sendCallsOnChains(account, { batches }))).toEqual(['done', 'done'])
    expect(checked.map(({ creates }) => creates)).toEqual([true, true, false, false])
  })

  test('[217] [219] those of a passkey that was added', async () => {
    const account = await createAccount('first key')
    const credentials = createDevice('added key').credentials
    const added = await addPasskey(account, { name: 'Laptop', credentials })
    expect(outcomesOf(added.results)).toEqual(['done', 'done'])
    const onLaptop = { ...added.account, config: { ...account.config, credentials } }
    expect((await sendCalls(onLaptop, { chainId: chainA, calls })).success).toBe(true)
    expect(checked).toHaveLength(3)
  })

  test('[217] [219] the first one after a recovery', async () => {
    const { account } = await createGuardedOwner(stack, 'recovered')
    const { request, device } = await begin(stack, account, 'recovered, again')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    const recovered = { ...request.toAccount(), config: checkedConfig(device) }
    for (const chainId of bothChains) expect((await sendCalls(recovered, { chainId, calls })).success).toBe(true)
    expect(checked).toHaveLength(2)
  })
})
