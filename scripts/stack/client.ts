import { type Contracts, createConfig, type RekeyConfig, type Relay, walletRelay } from '@rekey/sdk'
import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
  type SoftwareAuthenticatorParameters,
} from '@rekey/sdk/testing'
import { type Chain, createWalletClient, defineChain, http } from 'viem'
import { ENTRY_POINT } from '../deploy/constants.ts'
import { StackError } from './errors.ts'
import type { Stack } from './startStack.ts'

/** The page of a client without a browser. */
export const origin = 'http://localhost:4173'

/** A device with its browser, and how often its user was asked. */
export type Device = {
  readonly authenticator: SoftwareAuthenticator
  readonly credentials: NonNullable<RekeyConfig['credentials']>
  /** Prompts so far. */
  prompts(): number
}

/**
 * @param seed Devices of the same seed make the same passkeys.
 * @param options What the device can do, and the page it is used on.
 */
export function createDevice(
  seed: string,
  { page = origin, ...abilities }: { page?: string } & Omit<SoftwareAuthenticatorParameters, 'seed'> = {},
): Device {
  const authenticator = createSoftwareAuthenticator({ seed, ...abilities })
  const container = authenticator.credentialsAt(page)
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

/** @throws StackError when the stack was started without some of the contracts. */
export function stackContracts(stack: Stack): Contracts {
  const at = (name: string): `0x${string}` => {
    const address = stack.contracts[name]
    if (!address) throw new StackError(`The stack has no ${name}.`)
    return address
  }
  return {
    entryPoint: ENTRY_POINT,
    factory: at('RekeyAccountFactory'),
    implementation: at('RekeyAccount'),
    passkeyValidator: at('PasskeyValidator'),
    signerValidator: at('SignerValidator'),
    guardianRecovery: at('GuardianRecovery'),
    webAuthnVerifier: at('WebAuthnVerifier'),
    recoveryCodeVerifier: at('RecoveryCodeVerifier'),
    policyStore: at('PolicyStore'),
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

/** A relay that pays with the stack's money. */
export function stackRelay(stack: Stack): Relay {
  return walletRelay(
    stack.chains.map(({ chainId, rpcUrl }) =>
      createWalletClient({
        account: stack.accounts.relayer,
        chain: stackChain(chainId, rpcUrl),
        transport: transport(rpcUrl),
      }),
    ),
  )
}

/** What a page on this device would configure. */
export function configFor(stack: Stack, device: Pick<Device, 'credentials'>, changes: Changes = {}): RekeyConfig {
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
    relay: stackRelay(stack),
    credentials: device.credentials,
    ...changes,
  })
}

type Changes = Partial<Parameters<typeof createConfig>[0]>

/** A chain that does not answer is told at once. */
function transport(url: string) {
  return http(url, { retryCount: 0 })
}
