import { type Contracts, createConfig, type RekeyConfig, walletRelay } from '@rekey/sdk'
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from '@rekey/sdk/testing'
import { type Chain, createWalletClient, defineChain, type Hex, http, parseEther } from 'viem'
import type { Stack } from '../../../scripts/stack/startStack.ts'

export const origin = 'http://localhost:4173'
export const chainA = 31337
export const chainB = 31338

/** A device with its browser, and how often its user was asked. */
export type Device = {
  readonly authenticator: SoftwareAuthenticator
  readonly credentials: NonNullable<RekeyConfig['credentials']>
  /** Prompts so far. */
  prompts(): number
}

export function createDevice(seed: string): Device {
  const authenticator = createSoftwareAuthenticator({ seed })
  const container = authenticator.credentialsAt(origin)
  let prompts = 0
  return {
    authenticator,
    credentials: {
      create: (options) => {
        prompts += 1
        return container.create(options)
      },
      get: (options) => {
        prompts += 1
        return container.get(options)
      },
    },
    prompts: () => prompts,
  }
}

export function stackContracts(stack: Stack): Contracts {
  const at = (name: string): `0x${string}` => {
    const address = stack.contracts[name]
    if (!address) throw new Error(`The stack has no ${name}.`)
    return address
  }
  return {
    entryPoint: '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108',
    factory: at('RekeyAccountFactory'),
    implementation: at('RekeyAccount'),
    passkeyValidator: at('PasskeyValidator'),
    guardianRecovery: at('GuardianRecovery'),
    webAuthnVerifier: at('WebAuthnVerifier'),
  }
}

export function stackChain(chainId: number, rpcUrl: string): Chain {
  return defineChain({
    id: chainId,
    name: `local ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
}

/** What a page on this device would configure. */
export function configFor(stack: Stack, device: Pick<Device, 'credentials'>, changes: Changes = {}): RekeyConfig {
  const transport = (url: string) => http(url, { retryCount: 0 })
  const wallets = stack.chains.map(({ chainId, rpcUrl }) =>
    createWalletClient({
      account: stack.accounts.relayer,
      chain: stackChain(chainId, rpcUrl),
      transport: transport(rpcUrl),
    }),
  )
  return createConfig({
    rpId: 'localhost',
    rpName: 'Rekey',
    origins: [origin],
    contracts: stackContracts(stack),
    chains: stack.chains.map(({ chainId, rpcUrl, bundlerUrl }) => ({
      chain: stackChain(chainId, rpcUrl),
      rpc: transport(rpcUrl),
      pollingInterval: 50,
      ...(bundlerUrl && { bundler: transport(bundlerUrl) }),
    })),
    relay: walletRelay(wallets),
    credentials: device.credentials,
    ...changes,
  })
}

type Changes = Partial<Parameters<typeof createConfig>[0]>

/** Gives an account money on every chain. */
export async function fund(stack: Stack, { address }: { address: Hex }): Promise<void> {
  await stack.fund(address, parseEther('10'))
}
