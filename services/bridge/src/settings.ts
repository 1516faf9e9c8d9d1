import {
  allowedHosts,
  databaseUrl,
  json,
  port,
  type Setting,
  SettingsError,
  type SettingsOf,
  secret,
  setting,
  text,
  webAddress,
  wholeNumber,
} from '@rekey/service-kit'
import * as v from 'valibot'
import { defaultEndpoints, type ProviderId, type Upstream } from './providers.ts'
import { signingJwk } from './signingKey.ts'

const clients = v.pipe(
  v.array(
    v.strictObject({
      id: v.pipe(v.string(), v.regex(/^[\w.-]{1,255}$/)),
      redirectUris: v.pipe(v.array(webAddress), v.minLength(1)),
    }),
  ),
  v.minLength(1),
  v.check((all) => new Set(all.map(({ id }) => id)).size === all.length),
)
const clientId = (name: string): Setting<string> =>
  text(`the bridge's client id at ${name}; without it nobody signs in there.`, { fallback: '' })
const clientSecret = (name: string): Setting<string> =>
  secret(text(`the secret that belongs to the client id at ${name}.`, { fallback: '' }))
const endpoint = (fallback: string): Setting<string> =>
  setting(`an address; ${fallback} by default.`, webAddress, { fallback })

/** What the bridge has to be told. */
export const bridgeSettings = {
  BRIDGE_ISSUER: setting(
    'the address of this bridge, without a slash at the end.',
    v.pipe(
      webAddress,
      v.check((address) => URL.parse(address)?.origin === address),
    ),
  ),
  BRIDGE_PORT: port(),
  BRIDGE_PROXIES: wholeNumber('how many proxies of yours stand before it', 0, 8, { fallback: 0 }),
  BRIDGE_DATABASE: databaseUrl(),
  BRIDGE_SIGNING_KEY: secret(json('a private key of P-256 as a JWK with kid.', signingJwk)),
  BRIDGE_CLIENTS: json('[{"id":…,"redirectUris":[…]}], each id once.', clients),
  BRIDGE_ALLOWED_HOSTS: allowedHosts(),
  BRIDGE_X_CLIENT_ID: clientId('X'),
  BRIDGE_X_CLIENT_SECRET: clientSecret('X'),
  BRIDGE_X_AUTHORIZATION_ENDPOINT: endpoint(defaultEndpoints.x.authorizationEndpoint),
  BRIDGE_X_TOKEN_ENDPOINT: endpoint(defaultEndpoints.x.tokenEndpoint),
  BRIDGE_X_USER_ENDPOINT: endpoint(defaultEndpoints.x.userEndpoint),
  BRIDGE_GITHUB_CLIENT_ID: clientId('GitHub'),
  BRIDGE_GITHUB_CLIENT_SECRET: clientSecret('GitHub'),
  BRIDGE_GITHUB_AUTHORIZATION_ENDPOINT: endpoint(defaultEndpoints.github.authorizationEndpoint),
  BRIDGE_GITHUB_TOKEN_ENDPOINT: endpoint(defaultEndpoints.github.tokenEndpoint),
  BRIDGE_GITHUB_USER_ENDPOINT: endpoint(defaultEndpoints.github.userEndpoint),
} as const

export type BridgeSettings = SettingsOf<typeof bridgeSettings>

/**
 * The providers that the settings name.
 *
 * @throws {SettingsError} when there is none, a secret is missing, or an address is neither https nor of an allowed host.
 */
export function upstreamsOf(settings: BridgeSettings): readonly Upstream[] {
  const x: Upstream = {
    id: 'x',
    clientId: settings.BRIDGE_X_CLIENT_ID,
    clientSecret: settings.BRIDGE_X_CLIENT_SECRET,
    authorizationEndpoint: settings.BRIDGE_X_AUTHORIZATION_ENDPOINT,
    tokenEndpoint: settings.BRIDGE_X_TOKEN_ENDPOINT,
    userEndpoint: settings.BRIDGE_X_USER_ENDPOINT,
  }
  const github: Upstream = {
    id: 'github',
    clientId: settings.BRIDGE_GITHUB_CLIENT_ID,
    clientSecret: settings.BRIDGE_GITHUB_CLIENT_SECRET,
    authorizationEndpoint: settings.BRIDGE_GITHUB_AUTHORIZATION_ENDPOINT,
    tokenEndpoint: settings.BRIDGE_GITHUB_TOKEN_ENDPOINT,
    userEndpoint: settings.BRIDGE_GITHUB_USER_ENDPOINT,
  }
  const upstreams = [x, github].filter(({ clientId }) => clientId !== '')
  const problems = [
    ...(upstreams.length === 0
      ? ['BRIDGE_X_CLIENT_ID and BRIDGE_GITHUB_CLIENT_ID are missing. Wanted: one of them.']
      : []),
    ...upstreams.flatMap((upstream) => problemsOf(upstream, settings)),
    ...addressProblems(settings),
  ]
  if (problems.length > 0) throw new SettingsError(problems)
  return upstreams
}

const names: Readonly<Record<ProviderId, string>> = { x: 'BRIDGE_X', github: 'BRIDGE_GITHUB' }

function problemsOf(upstream: Upstream, { BRIDGE_ALLOWED_HOSTS: hosts }: BridgeSettings): readonly string[] {
  const { id, clientSecret: ownSecret, authorizationEndpoint, tokenEndpoint, userEndpoint } = upstream
  const addresses = {
    AUTHORIZATION_ENDPOINT: authorizationEndpoint,
    TOKEN_ENDPOINT: tokenEndpoint,
    USER_ENDPOINT: userEndpoint,
  }
  return [
    ...(ownSecret === '' ? [`${names[id]}_CLIENT_SECRET is missing. Wanted: the secret of the client id.`] : []),
    ...Object.entries(addresses).flatMap(([name, address]) =>
      isSafe(address, hosts)
        ? []
        : [`${names[id]}_${name} is wrong. Wanted: https, or a host of BRIDGE_ALLOWED_HOSTS.`],
    ),
  ]
}

function addressProblems({ BRIDGE_ISSUER, BRIDGE_CLIENTS, BRIDGE_ALLOWED_HOSTS: hosts }: BridgeSettings): string[] {
  const pages = BRIDGE_CLIENTS.flatMap(({ redirectUris }) => redirectUris)
  return [
    ...(isSafe(BRIDGE_ISSUER, hosts)
      ? []
      : ['BRIDGE_ISSUER is wrong. Wanted: https, or a host of BRIDGE_ALLOWED_HOSTS.']),
    ...(pages.every((page) => isSafe(page, hosts))
      ? []
      : ['BRIDGE_CLIENTS is wrong. Wanted: pages with https, or of a host of BRIDGE_ALLOWED_HOSTS.']),
  ]
}

/** Without TLS whoever is in between reads codes and tokens. */
function isSafe(address: string, hosts: readonly string[]): boolean {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || hosts.includes(url.host))
}
