import {
  addPasskey,
  createPasskeyAccount,
  listPasskeys,
  type PasskeyAccount,
  type Relay,
  removePasskey,
  sendCalls,
  sendCallsOnChains,
  signIn,
  signMessage,
} from '@rekey/sdk'
import {
  getPolicy,
  loadRecovery,
  planRecovery,
  type RecoveryRequest,
  startRecovery,
  vetoRecovery,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { beforeAll, describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { type Between, configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA, fund } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee15', value: 1n }] as const
type Scene = { readonly account: PasskeyAccount; readonly request: RecoveryRequest; readonly commitment: `0x${string}` }

/** An owner with guardians and a second passkey, and a recovery that a guardian has approved. */
async function createScene(): Promise<Scene & { device: ReturnType<typeof createDevice> }> {
  const device = createDevice('owner')
  const account = await createPasskeyAccount(configFor(stack, device), { name: 'Ada' })
  await fund(stack, account)
  const guardians = [walletGuardian(stack.accounts.guardian.address)]
  await (await planRecovery(account, { guardians, preset: 'simple' })).apply()
  const { commitment } = await addPasskey(account, { name: 'Laptop', credentials: createDevice('laptop').credentials })
  const request = await startRecovery(configFor(stack, createDevice('new phone')), {
    account: account.address,
    name: 'Ada',
  })
  await request.approve({ wallet: stack.accounts.guardian })
  return { device, account, request, commitment }
}

const guardians = () => [walletGuardian(stack.accounts.guardian.address)]

/** Every call that takes its time, by name. */
const longCalls: Record<string, (scene: Scene, signal: AbortSignal) => Promise<unknown>> = {
  createPasskeyAccount: ({ account }, signal) => createPasskeyAccount(account.config, { name: 'Ada', signal }),
  sendCalls: ({ account }, signal) => sendCalls(account, { chainId: chainA, calls, signal }),
  sendCallsOnChains: ({ account }, signal) =>
    sendCallsOnChains(account, { batches: account.config.chains.map(({ id }) => ({ chainId: id, calls })), signal }),
  addPasskey: ({ account }, signal) =>
    addPasskey(account, { name: 'Ada', credentials: createDevice('tablet').credentials, signal }),
  removePasskey: ({ account, commitment }, signal) => removePasskey(account, { commitment, signal }),
  listPasskeys: ({ account }, signal) => listPasskeys(account, { signal }),
  signIn: ({ account }, signal) => signIn(account.config, { signal }),
  signMessage: ({ account }, signal) => signMessage(account, { chainId: chainA, message: 'Hello', signal }),
  getPolicy: ({ account }, signal) => getPolicy(account.config, { address: account.address, chainId: chainA, signal }),
  planRecovery: ({ account }, signal) => planRecovery(account, { guardians: guardians(), preset: 'simple', signal }),
  startRecovery: ({ account }, signal) =>
    startRecovery(account.config, {
      account: account.address,
      name: 'Ada',
      credentials: createDevice('newer phone').credentials,
      signal,
    }),
  'request.status': ({ request }, signal) => request.status({ signal }),
  'request.diff': ({ request }, signal) => request.diff({ signal }),
  'request.submit': ({ request }, signal) => request.submit({ signal }),
  'request.execute': ({ request }, signal) => request.execute({ signal }),
  vetoRecovery: ({ account, request }, signal) => vetoRecovery(account, { digest: request.digest, signal }),
}

describe('an AbortSignal', () => {
  let scene: Awaited<ReturnType<typeof createScene>>
  beforeAll(async () => {
    scene = await createScene()
  })

  /** The scene seen through a config that counts what is sent. */
  function watchSends(between: Between): { scene: Scene; sent: () => number } {
    let sent = 0
    const config = configBetween(stack, scene.device, async (call, pass) => {
      if (call.method.startsWith('eth_send')) sent += 1
      return between(call, pass)
    })
    const counting: Relay = {
      send() {
        sent += 1
        throw new Error('Nothing may be sent.')
      },
    }
    const watched = { ...config, chains: config.chains.map((chain) => ({ ...chain, relay: counting })) }
    return {
      scene: {
        account: { ...scene.account, config: watched },
        request: loadRecovery(watched, scene.request.toJSON()),
        commitment: scene.commitment,
      },
      sent: () => sent,
    }
  }

  test.each(Object.entries(longCalls))('that has fired: %s asks nobody and sends nothing', async (_, call) => {
    const watched = watchSends((_call, pass) => pass())
    const prompts = scene.device.prompts()
    const before = scene.device.authenticator.exportPasskeys()
    expect(await outcomes(call(watched.scene, AbortSignal.abort()))).toEqual(['aborted'])
    expect(watched.sent()).toBe(0)
    expect(scene.device.authenticator.exportPasskeys()).toEqual(before)
    expect(scene.device.prompts()).toBe(prompts)
  })

  const asking = Object.entries(longCalls).filter(([name]) => name !== 'createPasskeyAccount')
  test.each(asking)('that fires while a node does not answer: %s ends and sends nothing', async (_, call) => {
    const controller = new AbortController()
    const watched = watchSends(() => {
      controller.abort()
      return new Promise(() => {})
    })
    expect(await outcomes(call(watched.scene, controller.signal))).toEqual(['aborted'])
    expect(watched.sent()).toBe(0)
  })

  const prompting = ['sendCalls', 'sendCallsOnChains', 'addPasskey', 'removePasskey', 'vetoRecovery']
  test.each(prompting)('that fires while the prompt is open: %s sends nothing', async (name) => {
    const controller = new AbortController()
    const watched = watchSends((_call, pass) => pass())
    const { account } = watched.scene
    const config = {
      ...account.config,
      credentials: {
        create: scene.device.credentials.create,
        get: (options?: CredentialRequestOptions) => {
          controller.abort()
          return scene.device.credentials.get({ ...options, signal: new AbortController().signal })
        },
      },
    }
    const call = longCalls[name]
    expect(await outcomes(call?.({ ...watched.scene, account: { ...account, config } }, controller.signal))).toEqual([
      'aborted',
    ])
    expect(watched.sent()).toBe(0)
  })

  test('that fires after the send ends the wait only', async () => {
    const controller = new AbortController()
    const config = configBetween(stack, scene.device, async ({ method }, pass) => {
      const answer = await pass()
      if (method === 'eth_sendUserOperation') controller.abort()
      return answer
    })
    const attempt = sendCalls({ ...scene.account, config }, { chainId: chainA, calls, signal: controller.signal })
    await expect(attempt).rejects.toMatchObject({ code: 'CHAIN_ABORTED' })
  })
})

/** How a call ended: the distinct codes of what it threw or of the chains' errors; `aborted` for both kinds of abort. */
async function outcomes(call: Promise<unknown> | undefined): Promise<string[]> {
  const answer = await call?.then(
    (value) => ({ value }),
    (error: unknown) => ({ value: [{ error }] }),
  )
  const results = Array.isArray(answer?.value) ? answer.value : [{ error: answer?.value }]
  const codes = results.map((result: { error?: { code?: string } }) => result.error?.code ?? 'done')
  return [...new Set(codes.map((code) => (/^(CHAIN|WEBAUTHN)_ABORTED$/.test(code) ? 'aborted' : code)))]
}
