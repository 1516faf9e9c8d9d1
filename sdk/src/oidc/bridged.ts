import { SignInProviderError } from '../errors/signIn.ts'
import { buildProvider, type ClientParameters, type SignInProvider } from './provider.ts'
import { readWebAddress } from './webAddress.ts'

/** What providers take that sign people in but give no ID tokens. */
export type BridgedParameters = ClientParameters & {
  /** The bridge's issuer: it signs in at the provider, and says in ID tokens of its own who that was: `x|2244994945`. It is trusted. */
  readonly bridge: string
}

/**
 * X, through a bridge: X itself gives no ID tokens. The account's number counts, not its name.
 *
 * @throws {SignInProviderError}
 * @example
 * const provider = x({ bridge: 'https://bridge.example.com', clientId: 'rekey' })
 */
export function x(parameters: BridgedParameters): SignInProvider {
  return bridged('x', 'X', parameters)
}

/**
 * GitHub, through a bridge: GitHub itself gives people no ID tokens. The account's number counts, not its name.
 *
 * @throws {SignInProviderError}
 * @example
 * const provider = github({ bridge: 'https://bridge.example.com', clientId: 'rekey' })
 */
export function github(parameters: BridgedParameters): SignInProvider {
  return bridged('github', 'GitHub', parameters)
}

function bridged(id: string, name: string, { bridge, clientId }: BridgedParameters): SignInProvider {
  const base = readWebAddress(bridge)
  if (base?.search !== '') throw new SignInProviderError('issuer', 'the bridge is no address')
  const at = (path: string): string => `${bridge.replace(/\/$/, '')}/${path}`
  return buildProvider(
    { id, name, issuer: bridge, clientId, authorizationEndpoint: at('authorize'), jwksUri: at('jwks') },
    {
      parameters: { provider: id },
      number: `the number of your ${name} account, by which anybody finds its name`,
      bridge: base.origin,
    },
  )
}
