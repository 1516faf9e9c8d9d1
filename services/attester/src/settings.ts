import {
  allowedHosts,
  databaseUrl,
  json,
  port,
  privateKey,
  SettingsError,
  type SettingsOf,
  setting,
  webAddress,
  wholeNumber,
} from '@rekey/service-kit'
import * as v from 'valibot'
import { type Address, isAddress } from 'viem'

/** An issuer to watch. Without `jwksUri` its discovery document says where its keys are. */
export type WatchedIssuer = { readonly issuer: string; readonly jwksUri?: string | undefined }

/** A chain to tell. */
export type AttesterChain = { readonly chainId: number; readonly rpcUrl: string }

/** Names that the registry takes: printable ASCII without quotes and backslashes. */
const registryName = /^[!#-[\]-~]+$/

const issuers = v.pipe(
  v.array(
    v.strictObject({
      issuer: v.pipe(webAddress, v.regex(registryName), v.maxLength(256)),
      jwksUri: v.optional(webAddress),
    }),
  ),
  v.minLength(1),
  v.maxLength(100),
  v.check((list) => new Set(list.map(({ issuer }) => issuer)).size === list.length),
)

const chains = v.pipe(
  v.array(v.strictObject({ chainId: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), rpcUrl: webAddress })),
  v.minLength(1),
  v.check((list) => new Set(list.map(({ chainId }) => chainId)).size === list.length),
)

const address = v.pipe(
  v.string(),
  v.check((value) => isAddress(value)),
  v.transform((value) => value as Address),
)

/** What it takes to sign and to deliver: enough for `suspend` and `revoke`. */
export const signerSettings = {
  ATTESTER_KEY: privateKey(),
  ATTESTER_ACCOUNT_KEY: privateKey(),
  ATTESTER_REGISTRY: setting('the address of the registry of keys.', address),
  ATTESTER_CHAINS: json('JSON: [{"chainId": 1, "rpcUrl": "https://…"}], each chain once.', chains),
} as const

/** All settings of an attester. */
export const attesterSettings = {
  ...signerSettings,
  ATTESTER_ISSUERS: json(
    'JSON: [{"issuer": "https://…", "jwksUri": "https://…"}], each issuer once; jwksUri may be left out.',
    issuers,
  ),
  ATTESTER_PEERS: json(
    'JSON: the addresses of other attesters, ["https://…"].',
    v.pipe(v.array(webAddress), v.maxLength(15)),
    {
      fallback: [],
    },
  ),
  ATTESTER_QUORUM: wholeNumber('how many attesters it takes', 1, 16),
  ATTESTER_INTERVAL_SECONDS: wholeNumber('seconds between looks at the issuers', 2, 21_600, { fallback: 900 }),
  ATTESTER_REFRESH_SECONDS: wholeNumber('seconds after which a known key is told again', 2, 864_000, {
    fallback: 172_800,
  }),
  ATTESTER_STORE: databaseUrl(),
  ATTESTER_PORT: port({ fallback: 8_710 }),
  ATTESTER_PROXIES: wholeNumber('proxies before this process', 0, 8, { fallback: 0 }),
  ATTESTER_ALLOWED_HOSTS: allowedHosts(),
} as const

export type SignerSettings = SettingsOf<typeof signerSettings>
export type AttesterSettings = SettingsOf<typeof attesterSettings>

/** Names that begin so and are no setting are misspelt. */
export const settingsPrefix = 'ATTESTER_'

/**
 * Looks at what settings say together.
 *
 * @throws {SettingsError} when an issuer or a peer would be asked without TLS, or one key is to sign and to pay.
 */
export function checkSettings(settings: AttesterSettings): void {
  const isFine = (address: string): boolean => {
    const { protocol, host } = new URL(address)
    return protocol === 'https:' || settings.ATTESTER_ALLOWED_HOSTS.includes(host)
  }
  const problems: string[] = []
  if (!settings.ATTESTER_ISSUERS.every(({ issuer, jwksUri }) => isFine(jwksUri ?? issuer)))
    problems.push('ATTESTER_ISSUERS has an address without TLS. Wanted: https.')
  if (!settings.ATTESTER_PEERS.every(isFine)) problems.push('ATTESTER_PEERS has an address without TLS. Wanted: https.')
  if (settings.ATTESTER_KEY.toLowerCase() === settings.ATTESTER_ACCOUNT_KEY.toLowerCase())
    problems.push('ATTESTER_KEY and ATTESTER_ACCOUNT_KEY are the same. Wanted: a key that signs, and one that pays.')
  if (problems.length > 0) throw new SettingsError(problems)
}
