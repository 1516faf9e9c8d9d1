import { listPasskeys, loadAccount, type PasskeyAccount, sendCalls, signIn, signMessage } from '@rekey/sdk'
import { getPolicy, planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { hexToBigInt, numberToHex, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { createDevice } from '../../scripts/stack/client.ts'
import { createOwner } from '../stories/support/owner.ts'
import { type Between, configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee15', value: 1n }] as const
async function nameGuardian(account: PasskeyAccount) {
  const guardians = [walletGuardian(stack.accounts.guardian.address)]
  const plan = await planRecovery(account, { guardians, preset: 'simple' })
  await plan.apply()
  return plan
}

const headSelector = toFunctionSelector('getHead(address)')

type Log = { readonly topics: readonly string[]; readonly data: `0x${string}` }

/** Changes one byte in the data of every log a node returns, counted from the end. */
const changeLogs =
  (fromEnd: number): Between =>
  async ({ method }, pass) => {
    const answer = await pass()
    if (method !== 'eth_getLogs') return answer
    return (answer as Log[]).map((log) => {
      const at = log.data.length - fromEnd * 2
      const changed = hexToBigInt(`0x${log.data.slice(at, at + 2)}`) ^ 1n
      return {
        ...log,
        data: log.data.slice(0, at) + numberToHex(changed, { size: 1 }).slice(2) + log.data.slice(at + 2),
      }
    })
  }

describe('a node that lies', () => {
  test('[238] about its chain: refused by every read and before every signature', async () => {
    const { device, account } = await createOwner(stack, 'chain id')
    await nameGuardian(account)
    await sendCalls(account, { chainId: chainA, calls })
    const prompts = device.prompts()
    const config = configBetween(stack, device, ({ method }, pass) =>
      method === 'eth_chainId' ? Promise.resolve(numberToHex(1)) : pass(),
    )
    const fooled = { ...account, config }
    const wrong = { code: 'CHAIN_WRONG_ID' }
    await expect(sendCalls(fooled, { chainId: chainA, calls })).rejects.toMatchObject(wrong)
    await expect(signMessage(fooled, { chainId: chainA, message: 'Hello' })).rejects.toMatchObject(wrong)
    await expect(getPolicy(config, { address: account.address, chainId: chainA })).rejects.toMatchObject(wrong)
    expect((await listPasskeys(fooled)).chains).toMatchObject([{ error: wrong }, { error: wrong }])
    const guardians = [walletGuardian(stack.accounts.guardian.address)]
    const plan = await planRecovery(fooled, { guardians, preset: 'simple' })
    await expect(plan.apply()).rejects.toMatchObject(wrong)
    expect(device.prompts()).toBe(prompts)
  })

  test('[238] about policy bytes: no recovery starts under a policy that the chain does not commit to', async () => {
    const { account } = await createOwner(stack, 'policy bytes')
    const plan = await nameGuardian(account)
    const thief = createDevice('policy bytes, new')
    const honest = configBetween(stack, thief, (_, pass) => pass())
    const parameters = { address: account.address, chainId: chainA }
    expect((await getPolicy(honest, parameters))?.hash).toBe(plan.hash)
    const config = configBetween(stack, thief, changeLogs(40))
    await expect(getPolicy(config, parameters)).rejects.toMatchObject({ code: 'RECOVERY_NO_POLICY' })
    await expect(startRecovery(config, { account: account.address, name: 'Ada' })).rejects.toMatchObject({
      code: 'RECOVERY_NO_POLICY',
    })
    expect(thief.prompts()).toBe(0)
  })

  test('[238] about the passkeys of an account: what no event explains is shown as unknown', async () => {
    const { device, account } = await createOwner(stack, 'events')
    await sendCalls(account, { chainId: chainA, calls })
    // The first 32 bytes of data are the index; the byte changed is in the public key.
    const config = configBetween(stack, device, async (call, pass) => {
      const answer = await pass()
      if (call.method !== 'eth_getLogs') return answer
      return (answer as Log[]).map((log) => ({ ...log, data: `${log.data.slice(0, 100)}0${log.data.slice(101)}` }))
    })
    const [chain] = (await listPasskeys({ ...account, config }, { chainIds: [chainA] })).chains
    expect(chain && 'passkeys' in chain ? chain.passkeys.map(({ known }) => known) : chain).toEqual([undefined])
    // The passkey's own signatures tell its key, and the handle that no guardians belong to the address.
    expect((await signIn(config)).address).toBe(account.address)
  })

  test('[238] about what took effect: no message is signed that holds only in years', async () => {
    const { device, account } = await createOwner(stack, 'floor')
    await nameGuardian(account)
    const prompts = device.prompts()
    const config = configBetween(stack, device, async (call, pass) => {
      const [request] = call.params as { to?: string; data?: string }[]
      // Asked one by one, so that the answer to one question can be changed.
      if (call.method === 'eth_call' && request?.to === undefined)
        throw Object.assign(new Error('no'), { code: -32_602 })
      const answer = await pass()
      const isHead = call.method === 'eth_call' && request?.data?.startsWith(headSelector)
      // Word 2 of the answer is the floor.
      if (!isHead || call.chainId !== chainB) return answer
      const words = (answer as string).slice(2).match(/.{64}/g) ?? []
      return `0x${words.map((word, at) => (at === 2 ? 'ffffffff'.padStart(64, '0') : word)).join('')}`
    })
    const guardians = [walletGuardian(stack.accounts.guardian.address)]
    const plan = await planRecovery({ ...account, config }, { guardians, preset: 'careful' })
    await expect(plan.apply()).rejects.toMatchObject({ code: 'CHAIN_CLOCK' })
    expect(device.prompts()).toBe(prompts)
  })
})

describe('a node that gives few blocks of events at once', () => {
  const width = 3n

  test('finds policy, passkeys and account all the same', async () => {
    const { device, account } = await createOwner(stack, 'narrow')
    const plan = await nameGuardian(account)
    let refused = 0
    const config = configBetween(stack, device, async ({ method, params }, pass) => {
      if (method !== 'eth_getLogs') return pass()
      const [{ fromBlock, toBlock } = {}] = params as { fromBlock?: `0x${string}`; toBlock?: `0x${string}` }[]
      if (fromBlock && toBlock?.startsWith('0x') && hexToBigInt(toBlock) - hexToBigInt(fromBlock) < width) return pass()
      refused += 1
      throw Object.assign(new Error('query exceeds max block range'), { code: -32602 })
    })
    expect((await getPolicy(config, { address: account.address, chainId: chainA }))?.hash).toBe(plan.hash)
    expect(refused).toBeGreaterThan(0)
    const { chains } = await listPasskeys({ ...account, config })
    expect(
      chains.map((chain) => 'passkeys' in chain && chain.passkeys.map(({ known }) => known?.credentialId)),
    ).toEqual([[account.credential.id], [account.credential.id]])
    expect((await signIn(config)).address).toBe(account.address)
  })

  test('says so when it gives none', async () => {
    const { device, account } = await createOwner(stack, 'none')
    const config = configBetween(stack, device, async ({ method }, pass) => {
      if (method !== 'eth_getLogs') return pass()
      throw Object.assign(new Error('disabled'), { code: -32601 })
    })
    expect((await listPasskeys({ ...account, config })).chains).toMatchObject([
      { error: { code: 'CHAIN_EVENTS_UNREADABLE' } },
      { error: { code: 'CHAIN_EVENTS_UNREADABLE' } },
    ])
  })
})

describe('[244] a stored account record that was changed', () => {
  test('is refused, or asks nobody to sign', async () => {
    const { device, config, account } = await createOwner(stack, 'record')
    await sendCalls(account, { chainId: chainA, calls })
    const other = (await createOwner(stack, 'other')).account.toJSON()
    const record = account.toJSON()
    const invalid = expect.objectContaining({ code: 'ACCOUNT_INVALID_RECORD' })
    const load = (changes: object) => () => loadAccount(config, { ...record, ...changes })
    expect(load({})).not.toThrow()
    expect(load({ address: other.address })).toThrow(invalid)
    expect(load({ genesis: other.genesis })).toThrow(invalid)
    expect(load({ genesis: { ...record.genesis, handle: `0x${'11'.repeat(32)}` } })).toThrow(invalid)
    expect(load({ genesis: { ...record.genesis, credentialId: other.genesis.credentialId } })).toThrow(invalid)
    expect(load({ credential: { ...record.credential, publicKey: { x: '0x01', y: '0x01' } } })).toThrow()

    const prompts = device.prompts()
    for (const credential of [
      other.credential,
      { ...record.credential, origins: ['https://evil.example'] },
      { ...record.credential, flags: 3 },
    ])
      await expect(sendCalls(load({ credential })(), { chainId: chainA, calls })).rejects.toMatchObject({
        code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
      })
    expect(device.prompts()).toBe(prompts)
  })
})
