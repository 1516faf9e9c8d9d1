import { addPasskey, listPasskeys, sendCalls } from '@rekey/sdk'
import { getBalance, getCode } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { createDevice } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { bothChains, calls, createOwner, expectSends, friend, outcomesOf } from './support/owner.ts'

describe('an owner', () => {
  test('creates an account with one prompt and sends from the same address on both chains', async () => {
    const { account, config, device } = await createOwner(stack, 'two chains')
    expect(device.prompts()).toBe(1)
    for (const { client } of config.chains) expect(await getCode(client, { address: account.address })).toBeUndefined()
    for (const chainId of bothChains)
      expect(await sendCalls(account, { chainId, calls })).toMatchObject({ chainId, success: true })
    expect(device.prompts()).toBe(3)
    for (const { client } of config.chains) {
      expect(await getCode(client, { address: account.address })).toBeDefined()
      expect(await getBalance(client, { address: friend })).toBe(1n)
    }
  })

  test('adds the passkey of a second device, which then sends on both chains', async () => {
    const { account, device } = await createOwner(stack, 'first device')
    await expectSends(account)
    const laptop = createDevice('second device')
    const before = device.prompts()
    const added = await addPasskey(account, { name: 'Laptop', credentials: laptop.credentials })
    expect(outcomesOf(added.results)).toEqual(['done', 'done'])
    expect([device.prompts() - before, laptop.prompts()]).toEqual([1, 2])
    const onLaptop = { ...added.account, config: { ...added.account.config, credentials: laptop.credentials } }
    await expectSends(onLaptop)
    await expectSends(account)
    const { chains, differing } = await listPasskeys(account)
    expect(chains.map((chain) => ('passkeys' in chain ? chain.passkeys.length : chain.error.code))).toEqual([2, 2])
    expect(differing).toEqual([])
  })
})
