import {
  approvePasskey,
  completePasskey,
  createPasskeyAccount,
  listPasskeys,
  type PasskeyAccount,
  type PasskeyRequest,
  readPasskeyRequest,
  requestPasskey,
  sendCalls,
  sendCallsOnChains,
  signIn,
  toPasskeyRequestLink,
} from '@rekey/sdk'
import { encodeAssertion, getAssertion, toRpIdHash } from '@rekey/sdk/webauthn'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device } from '../../scripts/stack/client.ts'
import { configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee19', value: 1n }] as const
const second = { rpId: 'backup.localhost', page: 'http://backup.localhost:4174' } as const
const approvalPage = 'http://localhost:4173/approve-passkey'
async function createOwner(seed: string) {
  const device = createDevice(seed)
  const account = await createPasskeyAccount(configFor(stack, device), { name: 'Ada' })
  await fund(stack, account)
  expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
  return { device, account }
}

const onSecond = (seed: string, options: Parameters<typeof createDevice>[1] = {}) => {
  const device = createDevice(seed, { page: second.page, ...options })
  return { device, config: configFor(stack, device, { rpId: second.rpId, origins: [second.page] }) }
}

/** A request as it comes out of the link on the other side. */
async function ask(seed: string, account: PasskeyAccount, options: { lifetime?: number } = {}) {
  const { device, config } = onSecond(seed)
  const made = await requestPasskey(config, { account: account.address, name: 'Laptop', ...options })
  return { device, config, request: readPasskeyRequest(toPasskeyRequestLink(approvalPage, made)) }
}

const promptsOf = async (device: Device, attempt: () => Promise<unknown>) => {
  const before = device.prompts()
  const error = await attempt().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { error, prompts: device.prompts() - before }
}

describe('a passkey of a second domain', () => {
  test('comes by address, with the consent of the first, and sends on both chains without it', async () => {
    const { device: phone, account } = await createOwner('two domains')
    const { device: laptop, config, request } = await ask('two domains, laptop', account)
    expect(laptop.prompts()).toBe(2)
    await expect(completePasskey(config, request)).rejects.toMatchObject({ code: 'PASSKEY_REQUEST_PENDING' })
    await expect(signIn(config)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' })

    const prompts = phone.prompts()
    expect((await approvePasskey(account, request)).map(({ status }) => status)).toEqual(['done', 'done'])
    expect(phone.prompts()).toBe(prompts + 1)
    const { account: there, chainIds } = await completePasskey(config, request)
    expect(chainIds).toEqual([chainA, chainB])
    expect(there.address).toBe(account.address)

    phone.authenticator.deletePasskey(account.credential.id)
    const results = await sendCallsOnChains(there, { batches: [chainA, chainB].map((chainId) => ({ chainId, calls })) })
    expect(results.map(({ status }) => status)).toEqual(['done', 'done'])
    expect((await signIn(config)).toJSON()).toEqual(there.toJSON())
    const [list] = (await listPasskeys(there)).chains
    expect(list && 'passkeys' in list && list.passkeys.map(({ known }) => known?.credential.rpIdHash)).toEqual([
      toRpIdHash('localhost'),
      toRpIdHash(second.rpId),
    ])
  })

  test('goes on where a chain did not answer, and asks nobody twice where it has', async () => {
    const { device: phone, account } = await createOwner('half way')
    const { config, request } = await ask('half way, laptop', account)
    const failing = configBetween(stack, phone, ({ chainId, method }, pass) =>
      chainId === chainB && method === 'eth_sendUserOperation' ? Promise.reject(new Error('down')) : pass(),
    )
    const first = await approvePasskey({ ...account, config: failing }, request)
    expect(first.map(({ status }) => status)).toEqual(['done', 'failed'])
    expect((await completePasskey(config, request)).chainIds).toEqual([chainA])
    expect((await approvePasskey(account, request)).map(({ status }) => status)).toEqual(['skipped', 'done'])
    const { error, prompts } = await promptsOf(phone, () => approvePasskey(account, request))
    expect([error, prompts]).toEqual([undefined, 0])
  })

  test('is not made for an account that no chain knows, nor twice on one device', async () => {
    const { device, config } = onSecond('nobody')
    const unknown = await promptsOf(device, () => requestPasskey(config, { account: second.page as never, name: 'x' }))
    expect(unknown.prompts).toBe(0)
    const missing = await promptsOf(device, () =>
      requestPasskey(config, { account: '0x00000000000000000000000000000000000fee20', name: 'x' }),
    )
    expect(missing).toMatchObject({ error: { code: 'ACCOUNT_GENESIS_UNKNOWN' }, prompts: 0 })

    const { account } = await createOwner('twice')
    const { config: laptop, request } = await ask('twice, laptop', account)
    await approvePasskey(account, request)
    await expect(requestPasskey(laptop, { account: account.address, name: 'Laptop' })).rejects.toMatchObject({
      code: 'WEBAUTHN_ALREADY_REGISTERED',
    })
  })
})

describe('[246] a request that must not be approved: nobody is asked, and nothing is added', () => {
  const refused = async (device: Device, account: PasskeyAccount, request: PasskeyRequest) => {
    const { error, prompts } = await promptsOf(device, () => approvePasskey(account, request))
    expect(prompts).toBe(0)
    for (const chain of (await listPasskeys(account)).chains)
      expect('passkeys' in chain && chain.passkeys.length).toBeLessThanOrEqual(1)
    return error
  }

  test('for another account', async () => {
    const { account: other } = await createOwner('other account')
    const { device, account } = await createOwner('own account')
    const { request } = await ask('other account, laptop', other)
    expect(await refused(device, account, request)).toMatchObject({ code: 'PASSKEY_REQUEST_OTHER_ACCOUNT' })
    // The address alone can be changed: the passkey has signed that it belongs to the other account.
    const changed = { ...request, account: account.address }
    expect(await refused(device, account, changed)).toMatchObject({ code: 'PASSKEY_REQUEST_NOT_PROVEN' })
  })

  test('without a proof, with a stranger’s, and with a proof over something else', async () => {
    const { device, account } = await createOwner('proofs')
    const { device: laptop, request } = await ask('proofs, laptop', account)
    const { request: stranger } = await ask('proofs, stranger', account)
    const { passkey } = request
    const { assertion } = await getAssertion({
      rpId: passkey.rpId,
      origins: passkey.origins,
      challenge: keccak256('0x01'),
      credentials: laptop.credentials,
    })
    const possession = encodeAssertion({ credential: passkey, assertion })
    for (const changed of [
      { ...request, possession: '0x' as const },
      { ...request, possession: stranger.possession },
      { ...request, possession },
      { ...request, passkey: { ...passkey, publicKey: stranger.passkey.publicKey } },
      { ...request, passkey: { ...passkey, rpId: 'evil.localhost' } },
    ])
      expect(await refused(device, account, changed)).toMatchObject({ code: 'PASSKEY_REQUEST_NOT_PROVEN' })
  })

  test('[251] too old by the chains’ clock, whatever the clock of this device says', async () => {
    const { device, account } = await createOwner('old')
    const { request } = await ask('old, laptop', account, { lifetime: 600 })
    await stack.clock.increase(601)
    expect(await refused(device, account, request)).toMatchObject({ code: 'PASSKEY_REQUEST_EXPIRED' })
    // The device's clock is ten minutes behind by now: a new request is neither too old nor valid for longer.
    const { request: later } = await ask('old, laptop again', account, { lifetime: 600 })
    expect(later.expiresAt - request.expiresAt).toBeGreaterThan(600)
    expect((await approvePasskey(account, later)).map(({ status }) => status)).toEqual(['done', 'done'])
  })
})
