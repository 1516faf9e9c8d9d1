import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import {
  addPasskey,
  createPasskeyAccount,
  httpRelay,
  listPasskeys,
  type PasskeyAccount,
  sendCalls,
  signIn,
  signMessage,
  toSmartAccount,
} from '@rekey/sdk'
import { passkeyValidatorAbi } from '@rekey/sdk/abis'
import { planRecovery, startRecovery, vetoRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { encodeFunctionData, type Hex, http } from 'viem'
import { entryPoint08Address, formatUserOperationRequest } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device, stackChain } from '../../scripts/stack/client.ts'
import { callRpc } from '../../scripts/stack/jsonRpc.ts'
import { startTcpProxy, type TcpProxy } from '../../scripts/stack/tcpProxy.ts'
import { createOwner } from '../stories/support/owner.ts'
import { configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee14', value: 1n }] as const
const at = (account: PasskeyAccount, config: PasskeyAccount['config']): PasskeyAccount => ({ ...account, config })

describe('a userOp that is refused', () => {
  test('two tabs: the later one is told that the nonce is taken', async () => {
    const { device, config, account } = await createOwner(stack, 'two tabs')
    await sendCalls(account, { chainId: chainA, calls })
    const slow = configFor(stack, {
      credentials: {
        create: device.credentials.create,
        get: async (options) => {
          await sendCalls(at(account, config), { chainId: chainA, calls })
          return device.credentials.get(options)
        },
      },
    })
    await expect(sendCalls(at(account, slow), { chainId: chainA, calls })).rejects.toMatchObject({
      code: 'USEROP_NONCE_TAKEN',
    })
  })

  test('shows the custom error of a contract of ours as its cause', async () => {
    const { device, account } = await createOwner(stack, 'custom error')
    await sendCalls(account, { chainId: chainA, calls })
    const prompts = device.prompts()
    const to = account.config.contracts.passkeyValidator
    const [chain] = (await listPasskeys(account, { chainIds: [chainA] })).chains
    const commitment = chain && 'passkeys' in chain ? chain.passkeys[0]?.commitment : undefined
    if (!commitment) throw new Error('The account has no passkey.')
    const data = encodeFunctionData({
      abi: passkeyValidatorAbi,
      functionName: 'removeCredential',
      args: [0, commitment],
    })
    const error = await sendCalls(account, { chainId: chainA, calls: [{ to, data }] }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'USEROP_REJECTED', cause: { code: 'CONTRACT_LAST_PROVEN_CREDENTIAL' } })
    expect(device.prompts()).toBe(prompts)
  })

  test('[220] the stub signature takes at least the gas of a real one, before the set-up and after it', async () => {
    const { account } = await createOwner(stack, 'stub')
    const estimate = async (signature?: Hex) => {
      const smartAccount = await toSmartAccount(account, { chainId: chainA })
      const callData = await smartAccount.encodeCalls([...calls])
      const isNew = !(await smartAccount.isDeployed())
      const { factory, factoryData } = isNew ? await smartAccount.getFactoryArgs() : {}
      const prepared = {
        sender: account.address,
        nonce: await smartAccount.getNonce(),
        callData,
        callGasLimit: 500_000n,
        verificationGasLimit: 500_000n,
        preVerificationGas: 100_000n,
        maxFeePerGas: 10_000_000_000n,
        maxPriorityFeePerGas: 1n,
        signature: '0x' as const,
        ...(factory && factoryData && { factory, factoryData }),
      }
      const used = signature ?? (await smartAccount.signUserOperation(prepared))
      const request = formatUserOperationRequest({ ...prepared, signature: used })
      const answer = await callRpc(bundlerUrl(), 'eth_estimateUserOperationGas', [request, entryPoint08Address])
      return BigInt((answer as { verificationGasLimit: Hex }).verificationGasLimit)
    }
    const stub = async () => (await toSmartAccount(account, { chainId: chainA })).getStubSignature()
    expect(await estimate(await stub())).toBeGreaterThanOrEqual(await estimate())
    await sendCalls(account, { chainId: chainA, calls })
    expect(await estimate(await stub())).toBeGreaterThanOrEqual(await estimate())
  })
})

describe('a bundler that does not answer', () => {
  const silent = (port: number) => `http://127.0.0.1:${port}/?apikey=s3cret`
  const behind = (device: Device, port: number) =>
    configFor(stack, device, {
      chains: [
        {
          chain: stackChain(chainA, ''),
          rpc: http(stack.chain(0).rpcUrl),
          bundler: http(silent(port), { retryCount: 0 }),
          pollingInterval: 50,
        },
      ],
    })

  test('has its name before anyone is asked, and the error names its origin without the key', async () => {
    const { device, account } = await createOwner(stack, 'silent bundler')
    const prompts = device.prompts()
    await using proxy = await startProxy()
    await proxy.close()
    const error = await sendCalls(at(account, behind(device, proxy.port)), { chainId: chainA, calls }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({
      code: 'CHAIN_BUNDLER_UNREACHABLE',
      details: `http://127.0.0.1:${proxy.port}`,
    })
    expect(inspect(error, { depth: 20 })).not.toContain('s3cret')
    expect(device.prompts()).toBe(prompts)
  })

  test('when it goes away while the prompt is open, nothing is sent and the same call goes through later', async () => {
    const { device, account } = await createOwner(stack, 'bundler goes away')
    await using proxy = await startProxy()
    const config = behind(device, proxy.port)
    const closing = {
      ...config,
      credentials: {
        create: device.credentials.create,
        get: async (options?: CredentialRequestOptions) => {
          await proxy.close()
          return device.credentials.get(options)
        },
      },
    }
    await expect(sendCalls(at(account, closing), { chainId: chainA, calls })).rejects.toMatchObject({
      code: 'CHAIN_BUNDLER_UNREACHABLE',
    })
    const { chains } = await listPasskeys(account, { chainIds: [chainA] })
    expect(chains).toMatchObject([{ isSetUp: false }])
    await proxy.open()
    expect((await sendCalls(at(account, config), { chainId: chainA, calls })).success).toBe(true)
  })

  /** A way to the bundler that can be closed. */
  async function startProxy(): Promise<TcpProxy & AsyncDisposable> {
    const proxy = await startTcpProxy(Number(new URL(bundlerUrl()).port))
    return { ...proxy, [Symbol.asyncDispose]: () => proxy.close() }
  }
})

describe('a browser without passkeys', () => {
  const unsupported = { code: 'WEBAUTHN_NOT_SUPPORTED' }

  test('is named by every action that needs one, nothing is sent, and the account works elsewhere', async () => {
    const { device, account } = await createOwner(stack, 'old browser')
    await (
      await planRecovery(account, { guardians: [walletGuardian(stack.accounts.guardian.address)], preset: 'simple' })
    ).apply()
    const sent: string[] = []
    const between = configBetween(stack, device, ({ method }, pass) => {
      if (method.startsWith('eth_send')) sent.push(method)
      return pass()
    })
    const config = { ...between, credentials: undefined }
    const here = at(account, config)
    const before = await listPasskeys(account)
    const actions: Record<string, () => Promise<unknown>> = {
      createPasskeyAccount: () => createPasskeyAccount(config, { name: 'Ada' }),
      signIn: () => signIn(config),
      sendCalls: () => sendCalls(here, { chainId: chainA, calls }),
      signMessage: () => signMessage(here, { chainId: chainA, message: 'Hello' }),
      addPasskey: () => addPasskey(here, { name: 'Ada' }),
      startRecovery: () => startRecovery(config, { account: account.address, name: 'Ada' }),
      vetoRecovery: () => vetoRecovery(here, { digest: `0x${'11'.repeat(32)}` }),
    }
    for (const [name, action] of Object.entries(actions))
      await expect(action(), name).rejects.toMatchObject(unsupported)
    expect(sent).toEqual([])
    expect(await listPasskeys(account)).toEqual(before)
    expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
  })
})

function bundlerUrl(): string {
  const { bundlerUrl: url } = stack.chain(0)
  if (!url) throw new Error('The stack has no bundler.')
  return url
}

describe('a relay', () => {
  test('that is missing or fails has its name, and the same apply goes on without another prompt', async () => {
    const { device, config, account } = await createOwner(stack, 'relays')
    const guardians = [walletGuardian(stack.accounts.guardian.address)]
    const without = { ...config, chains: config.chains.map((chain) => ({ ...chain, relay: undefined })) }
    const plan = await planRecovery(at(account, without), { guardians, preset: 'simple' })
    expect((await plan.apply()).map(({ error }) => error?.code)).toEqual(['CHAIN_RELAY_MISSING', 'CHAIN_RELAY_MISSING'])

    await using service = await startService()
    const overHttp = {
      ...config,
      chains: config.chains.map((chain) => ({ ...chain, relay: httpRelay(service.url) })),
    }
    const further = await planRecovery(at(account, overHttp), { guardians, preset: 'simple' })
    const prompts = device.prompts()
    service.refuse({ code: 'NO_FUNDS', message: 'the relayer is empty' })
    const failed = await further.apply()
    expect(failed.map(({ error }) => [error?.code, error?.details])).toEqual([
      ['CHAIN_RELAY_FAILED', 'NO_FUNDS: the relayer is empty'],
      ['CHAIN_RELAY_FAILED', 'NO_FUNDS: the relayer is empty'],
    ])
    service.refuse(undefined)
    expect((await further.apply()).map(({ status }) => status)).toEqual(['done', 'done'])
    expect(device.prompts()).toBe(prompts + 1)
  })

  test('that does not answer is a failed relay', async () => {
    const relay = httpRelay('http://127.0.0.1:9/')
    await expect(relay.send({ chainId: chainA, to: calls[0].to, data: '0x' })).rejects.toMatchObject({
      code: 'CHAIN_RELAY_FAILED',
    })
  })
})

type Refusal = { readonly code: string; readonly message: string }

/** A relay service over HTTP with the relayer's wallet behind it. */
async function startService(): Promise<AsyncDisposable & { url: string; refuse: (with_?: Refusal) => void }> {
  let refusal: Refusal | undefined
  const { relay } = configFor(stack, createDevice('service')).chains[0] ?? {}
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString())
    const answer = refusal ? { error: refusal } : { hash: await relay?.send(body) }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    refuse: (next) => {
      refusal = next
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
