import { type Contracts, createConfig, defaultContracts, httpRelay, type RekeyConfig } from '@rekey/sdk'
import { type Address, defineChain, getAddress, http, isAddress } from 'viem'

/** What `/config.json` tells the page; whoever hosts it writes this file. */
type SiteConfig = {
  readonly chains: readonly {
    readonly chainId: number
    readonly name?: string
    readonly rpcUrl: string
    readonly bundlerUrl: string | null
  }[]
  readonly contracts: Readonly<Record<string, string>>
  readonly urls: { readonly relay?: string }
}

/** Names of the contracts in `/config.json`. */
const names = {
  factory: 'RekeyAccountFactory',
  implementation: 'RekeyAccount',
  passkeyValidator: 'PasskeyValidator',
  signerValidator: 'SignerValidator',
  guardianRecovery: 'GuardianRecovery',
  webAuthnVerifier: 'WebAuthnVerifier',
  recoveryCodeVerifier: 'RecoveryCodeVerifier',
  policyStore: 'PolicyStore',
} as const

/** Loads what the page needs to know: chains, contracts, relay. The relying party is the page's own host. */
export async function loadConfig(): Promise<RekeyConfig> {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error(`The page has no configuration (${response.status}).`)
  return toConfig((await response.json()) as SiteConfig, window.location.hostname)
}

function toConfig({ chains, contracts, urls }: SiteConfig, rpId: string): RekeyConfig {
  const addressOf = (key: keyof typeof names): Address => {
    const address = contracts[names[key]]
    return address !== undefined && isAddress(address) ? getAddress(address) : defaultContracts[key]
  }
  const found: Contracts = {
    entryPoint: defaultContracts.entryPoint,
    factory: addressOf('factory'),
    implementation: addressOf('implementation'),
    passkeyValidator: addressOf('passkeyValidator'),
    signerValidator: addressOf('signerValidator'),
    guardianRecovery: addressOf('guardianRecovery'),
    webAuthnVerifier: addressOf('webAuthnVerifier'),
    recoveryCodeVerifier: addressOf('recoveryCodeVerifier'),
    policyStore: addressOf('policyStore'),
  }
  return createConfig({
    rpId,
    rpName: 'Rekey',
    contracts: found,
    relay: urls.relay === undefined ? undefined : httpRelay(urls.relay),
    chains: chains.map(({ chainId, name, rpcUrl, bundlerUrl }) => ({
      chain: defineChain({
        id: chainId,
        name: name ?? `Chain ${chainId}`,
        nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
        rpcUrls: { default: { http: [rpcUrl] } },
        blockTime: 1_000,
      }),
      rpc: http(rpcUrl),
      ...(bundlerUrl !== null && { bundler: http(bundlerUrl) }),
    })),
  })
}
