import { createPasskeyAccount, type PasskeyAccount, type RekeyConfig, sendCalls } from '@rekey/sdk'
import {
  loadRecovery,
  passkeyGuardian,
  planRecovery,
  type RecoveryRequest,
  startRecovery,
  vetoRecovery,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { createCredential } from '@rekey/sdk/webauthn'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device, origin } from '../../scripts/stack/client.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const friend = '0x00000000000000000000000000000000000fee12'
const day = 86_400
const calls = [{ to: friend, value: 1n }] as const

type Owner = { readonly device: Device; readonly config: RekeyConfig; readonly account: PasskeyAccount }

/** An owner who has sent on chain A and named guardians on both chains with one prompt. */
async function createOwner(seed: string, plan: Parameters<typeof planRecovery>[1]): Promise<Owner> {
  const device = createDevice(seed)
  const config = configFor(stack, device)
  const account = await createPasskeyAccount(config, { name: 'Ada' })
  await fund(stack, account)
  await sendCalls(account, { chainId: chainA, calls })
  const prompts = device.prompts()
  const results = await (await planRecovery(account, plan)).apply()
  expect(results.map(({ chainId, status, error }) => [chainId, status, error])).toEqual([
    [chainA, 'done', undefined],
    [chainB, 'done', undefined],
  ])
  expect(device.prompts()).toBe(prompts + 1)
  return { device, config, account }
}

const byWallet = (): Parameters<typeof planRecovery>[1] => ({
  guardians: [walletGuardian(stack.accounts.guardian.address)],
  preset: 'careful',
})

async function begin({ address }: PasskeyAccount, seed: string): Promise<{ request: RecoveryRequest; device: Device }> {
  const device = createDevice(seed)
  const request = await startRecovery(configFor(stack, device), { account: address, name: 'Ada again' })
  expect(device.prompts()).toBe(2)
  return { request, device }
}

const states = async (request: RecoveryRequest) => (await request.status()).map(({ state }) => state)
const outcomes = (results: readonly { status: string; error?: { code: string } | undefined }[]) =>
  results.map(({ status, error }) => error?.code ?? status)

describe('a recovery', () => {
  test('by one wallet waits a day and holds on both chains from one approval', async () => {
    const owner = await createOwner('one wallet', byWallet())
    const { request } = await begin(owner.account, 'new phone')
    expect(await states(request)).toEqual(['collecting', 'collecting'])
    expect((await request.diff()).map(({ removed }) => removed.length)).toEqual([1, 1])

    const atGuardian = loadRecovery(configFor(stack, createDevice('guardian')), request.toLink('https://example.com/g'))
    expect(atGuardian.phrase).toBe(request.phrase)
    const approval = await atGuardian.approve({ wallet: stack.accounts.guardian })
    await request.addApproval(approval)

    expect(outcomes(await request.submit())).toEqual(['done', 'done'])
    expect(await states(request)).toEqual(['scheduled', 'scheduled'])
    expect(outcomes(await request.submit())).toEqual(['skipped', 'skipped'])
    expect(outcomes(await request.execute())).toEqual(['RECOVERY_NOT_READY', 'RECOVERY_NOT_READY'])
    expect((await sendCalls(owner.account, { chainId: chainB, calls })).success).toBe(true)

    await stack.clock.increase(day)
    expect(await states(request)).toEqual(['ready', 'ready'])
    const onAnotherDevice = loadRecovery(configFor(stack, createDevice('another')), JSON.stringify(request))
    expect(outcomes(await onAnotherDevice.execute())).toEqual(['done', 'done'])
    expect(await states(request)).toEqual(['done', 'done'])
    expect(outcomes(await request.submit())).toEqual(['skipped', 'skipped'])

    for (const chainId of [chainA, chainB]) {
      expect((await sendCalls(request.toAccount(), { chainId, calls })).success).toBe(true)
      await expect(sendCalls(owner.account, { chainId, calls })).rejects.toMatchObject({
        code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
      })
    }
  })

  test('by two kinds of guardians needs no delay', async () => {
    const key = createDevice('security key')
    const { credential } = await createCredential({
      rpId: 'localhost',
      rpName: 'Rekey',
      userName: 'Grace',
      origins: [origin],
      credentials: key.credentials,
    })
    const config = configFor(stack, key)
    const guardians = [walletGuardian(stack.accounts.guardian.address), passkeyGuardian(config, credential)]
    const owner = await createOwner('two kinds', { guardians, preset: 'careful' })
    const { request } = await begin(owner.account, 'new laptop')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.approve({ passkey: credential, credentials: key.credentials })
    expect(outcomes(await request.submit())).toEqual(['done', 'done'])
    expect(await states(request)).toEqual(['done', 'done'])
    expect((await sendCalls(request.toAccount(), { chainId: chainB, calls })).success).toBe(true)
  })

  test('becomes faster when a second kind of guardian approves after the start', async () => {
    const key = createDevice('late key')
    const passkey = { rpId: 'localhost', rpName: 'Rekey', userName: 'Grace', origins: [origin] }
    const { credential } = await createCredential({ ...passkey, credentials: key.credentials })
    const guardians = [
      walletGuardian(stack.accounts.guardian.address),
      passkeyGuardian(configFor(stack, key), credential),
    ]
    const owner = await createOwner('support', { guardians, preset: 'careful' })
    const { request } = await begin(owner.account, 'supported')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    await request.approve({ passkey: credential, credentials: key.credentials })
    expect(outcomes(await request.submit())).toEqual(['done', 'done'])
    expect(await states(request)).toEqual(['done', 'done'])
  })

  test('is vetoed on both chains with one prompt', async () => {
    const owner = await createOwner('veto', byWallet())
    const { request } = await begin(owner.account, 'thief')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    const prompts = owner.device.prompts()
    expect(outcomes(await vetoRecovery(owner.account, { digest: request.digest }))).toEqual(['done', 'done'])
    expect(owner.device.prompts()).toBe(prompts + 1)
    expect(await states(request)).toEqual(['vetoed', 'vetoed'])
    expect(outcomes(await vetoRecovery(owner.account, { digest: request.digest }))).toEqual(['skipped', 'skipped'])
    await stack.clock.increase(day)
    expect(outcomes(await request.execute())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])
    expect(outcomes(await request.submit())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])
  })

  test('is vetoed before it arrives', async () => {
    const owner = await createOwner('early veto', byWallet())
    const { request } = await begin(owner.account, 'early thief')
    await request.approve({ wallet: stack.accounts.guardian })
    expect(outcomes(await vetoRecovery(owner.account, { digest: request.digest }))).toEqual(['done', 'done'])
    expect(outcomes(await request.submit())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])
  })

  test('[215] goes on when a chain that was down is back', async () => {
    const owner = await createOwner('chain down', byWallet())
    const { request } = await begin(owner.account, 'patient')
    await request.approve({ wallet: stack.accounts.guardian })
    await stack.chain(1).stop()
    try {
      expect(outcomes(await request.submit())).toEqual(['done', 'CHAIN_UNREACHABLE'])
      expect(await states(request)).toEqual(['scheduled', 'unreachable'])
    } finally {
      await stack.chain(1).start()
    }
    expect(outcomes(await request.submit())).toEqual(['skipped', 'done'])
    await stack.clock.increase(day)
    const seen: string[][] = []
    const done = request.execute()
    for await (const statuses of request.watch({ pollingInterval: 20 })) seen.push(statuses.map(({ state }) => state))
    expect(outcomes(await done)).toEqual(['done', 'done'])
    expect(seen.at(-1)).toEqual(['done', 'done'])
  })

  test('takes no approval by a stranger, over another digest, or none at all', async () => {
    const owner = await createOwner('strangers', byWallet())
    const [{ request }, { request: other }] = [
      await begin(owner.account, 'honest'),
      await begin(owner.account, 'somebody'),
    ]
    await expect(request.approve({ wallet: stack.accounts.stranger })).rejects.toMatchObject({
      code: 'RECOVERY_NOT_A_GUARDIAN',
    })
    const approval = await other.approve({ wallet: stack.accounts.guardian })
    await expect(request.addApproval(approval)).rejects.toMatchObject({ code: 'RECOVERY_INVALID_APPROVAL' })
    await expect(request.addApproval({ ...approval, index: 1 })).rejects.toMatchObject({
      code: 'RECOVERY_NOT_A_GUARDIAN',
    })
    expect(request.approvals).toEqual([])
    expect(outcomes(await request.submit())).toEqual(['RECOVERY_NOT_ENOUGH_APPROVALS', 'RECOVERY_NOT_ENOUGH_APPROVALS'])
  })

  test('whose JSON was changed is refused', async () => {
    const owner = await createOwner('changed json', byWallet())
    const { request } = await begin(owner.account, 'changed')
    const json = request.toJSON()
    const { config } = owner
    const change = (recovery: Partial<typeof json.recovery>) => ({
      ...json,
      recovery: { ...json.recovery, ...recovery },
    })
    expect(() => loadRecovery(config, change({ account: stack.accounts.stranger.address }))).toThrow('genesis')
    expect(() => loadRecovery(config, change({ policy: `0x${'11'.repeat(32)}` }))).toThrow('another policy')
    expect(() => loadRecovery(config, '{"version":1}')).toThrow('recovery')
    expect(() => loadRecovery(config, 'https://example.com/#other=1')).toThrow('carries none')
  })

  test('needs guardians', async () => {
    const device = createDevice('nobody')
    const config = configFor(stack, device)
    const account = await createPasskeyAccount(config, { name: 'Ada' })
    const attempt = startRecovery(config, { account: account.address, name: 'Ada' })
    await expect(attempt).rejects.toMatchObject({ code: 'RECOVERY_NO_POLICY' })
    expect(device.prompts()).toBe(1)
  })
})
