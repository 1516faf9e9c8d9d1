import { type Contracts, createConfig, defaultContracts, httpNames, httpRelay, type RekeyConfig } from '@rekey/sdk'
import { type Address, defineChain, getAddress, http, isAddress } from 'viem'
import type { SignInSite } from '../components/signInSite.ts'
import type { Provider } from '../flows/signIns.ts'
import { noteSeenPasskey } from './passkeyNotes.ts'
import { parsePage } from './passkeyRequests.ts'

/** What `/config.json` tells the page; whoever hosts it writes this file. */
type SiteConfig = {
  readonly chains: readonly {
    readonly chainId: number
    readonly name?: string
    readonly rpcUrl: string
    readonly bundlerUrl: string | null
  }[]
  readonly contracts: Readonly<Record<string, string>>
  /** Where people can sign in; the contracts then name the OidcKeyRegistry that knows the issuers' keys. */
  readonly signIn?: readonly Provider[]
  readonly urls: {
    /** Takes what guardians and owners signed: `POST {chainId, to, data}`. */
    readonly relay?: string
    /** Finds accounts by name: `GET ?name=…`. Without it nobody is asked for names. */
    readonly names?: string
    /** This page, and the same page on other domains. */
    readonly dialog?: string
    readonly backup?: string
  }
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

/** What the page was told about itself. */
export type Site = {
  readonly config: RekeyConfig
  readonly signIn: SignInSite
  /** Origins of the same page on other domains. */
  readonly otherPages: readonly string[]
}

/** Loads what the page needs to know: chains, contracts, relay. The relying party is the page's own host. */
export async function loadSite(): Promise<Site> {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error(`The page has no configuration (${response.status}).`)
  const site = (await response.json()) as SiteConfig
  const pages = [site.urls.dialog, site.urls.backup].flatMap((url) => (url && parsePage(url)) || [])
  return {
    config: toConfig(site, window.location.hostname),
    signIn: toSignInSite(site),
    otherPages: pages.filter((page) => page !== window.location.origin),
  }
}

/** A registry is never guessed: whoever makes up its keys signs in as anybody. */
function toSignInSite({ contracts, signIn = [] }: SiteConfig): SignInSite {
  const registry = contracts.OidcKeyRegistry
  if (registry === undefined || !isAddress(registry)) return { providers: [], registry: undefined }
  return { providers: signIn, registry: getAddress(registry) }
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
    resolveName: urls.names === undefined ? undefined : httpNames(urls.names),
    onPasskeySeen: (passkey) => noteSeenPasskey(localStorage, passkey, Math.floor(Date.now() / 1_000)),
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
