import { createPasskeyAccount, sendCalls, toSmartAccount } from '@rekey/sdk'
import { http, parseEther } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { getBalance } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const friend = '0x00000000000000000000000000000000000fee11'

describe('an account', () => {
  test('sends on chains A and B from the same address, with one prompt each', async () => {
    const device = createDevice('send on both')
    const config = configFor(stack, device)
    const account = await createPasskeyAccount(config, { name: 'Ada' })
    await fund(stack, account)
    expect(device.prompts()).toBe(1)
    for (const chainId of [chainA, chainB, chainA]) {
      const sent = await sendCalls(account, { chainId, calls: [{ to: friend, value: 3n }] })
      expect(sent).toMatchObject({ chainId, success: true })
    }
    expect(device.prompts()).toBe(4)
    const balances = await Promise.all(config.chains.map(({ client }) => getBalance(client, { address: friend })))
    expect(balances).toEqual([6n, 3n])
  })

  test("works with viem's own bundler client", async () => {
    const device = createDevice('viem')
    const config = configFor(stack, device)
    const account = await createPasskeyAccount(config, { name: 'Ada' })
    await fund(stack, account)
    const [chain] = config.chains
    const bundlerUrl = stack.chain(0).bundlerUrl
    if (!chain || !bundlerUrl) throw new Error('The stack has no bundler.')
    const bundlerClient = createBundlerClient({
      account: await toSmartAccount(account, { chainId: chainA }),
      client: chain.client,
      transport: http(bundlerUrl),
    })
    for (const _ of [1, 2]) {
      const hash = await bundlerClient.sendUserOperation({ calls: [{ to: friend, value: parseEther('0.001') }] })
      const receipt = await bundlerClient.waitForUserOperationReceipt({ hash, pollingInterval: 100 })
      expect(receipt.success).toBe(true)
    }
  })
})
