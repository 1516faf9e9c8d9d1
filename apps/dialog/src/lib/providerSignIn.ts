import type { RekeyConfig } from '@rekey/sdk'
import {
  approveWithProvider,
  createSignInNonce,
  github,
  google,
  isSameSignIn,
  linkSignIn,
  oidc,
  oidcNonce,
  type SignInProvider,
  type SignInWith,
  signInWithPopup,
  signInWithRedirect,
  x,
} from '@rekey/sdk/oidc'
import type { GuardianInput } from '@rekey/sdk/recovery'
import type { Address } from 'viem'
import type { Arrival } from '../components/arrival.ts'
import { type Provider, wayTo } from '../flows/signIns.ts'
import type { AskInHand } from '../screens/ways/inHand.ts'
import { keepReturn } from './signInReturn.ts'

/** Where providers send people back to: a page that takes the answer and does nothing else. */
const returnPath = '/sign-in'

/** What the package knows of a provider, at the addresses that this site names. */
export function toSignInProvider(provider: Provider): SignInProvider {
  const { issuer, authorizationEndpoint, responseType, tokenEndpoint } = provider
  const known = knownProvider(provider)
  return {
    ...known,
    issuer,
    authorizationEndpoint,
    responseType,
    tokenEndpoint,
    // Keys are taken from the networks' registry alone.
    jwksUri: undefined,
    becomesPublic: known.becomesPublic.map((fact) => fact.replace(known.issuer, issuer)),
  }
}

function knownProvider(provider: Provider): SignInProvider {
  const { id, issuer, clientId } = provider
  switch (id) {
    case 'google':
      return google({ clientId })
    case 'x':
      return x({ bridge: issuer, clientId })
    case 'github':
      return github({ bridge: issuer, clientId })
    default:
      return oidc(provider)
  }
}

/** How somebody signs in: in a window of its own, which the handler of a click opens, or it has happened already. */
export function signInBy(signal: AbortSignal, arrival?: Arrival): SignInWith {
  if (arrival) return async () => arrival.token
  return (provider, { nonce }) => signInWithPopup(provider, { nonce, redirectUri: redirectUri(), signal })
}

/**
 * Signs in in this window; it comes back to the page it is on.
 *
 * @param digest - Of the request that the sign-in is to approve; without one it only says who signs in.
 */
export function leaveToSignIn(provider: Provider, digest?: AskInHand['request']['digest']): void {
  keepReturn({ path: window.location.pathname, way: wayTo(provider) }, sessionStorage)
  const nonce = digest ? oidcNonce(digest) : createSignInNonce()
  signInWithRedirect(toSignInProvider(provider), { nonce, redirectUri: redirectUri() })
}

/** Whether a sign-in that came back is to approve a request. */
export function isFor({ digest }: Pick<AskInHand['request'], 'digest'>, { nonce }: Arrival): boolean {
  return nonce === oidcNonce(digest)
}

/** What a sign-in takes. */
export type SignInParameters = {
  readonly provider: Provider
  readonly signal: AbortSignal
  /** One that came back in this very window. */
  readonly arrival?: Arrival | undefined
}

/** Approves a request by signing in; what is kept and sent of it is for the request to say. */
export async function approveBySignIn(
  config: RekeyConfig,
  request: AskInHand['request'],
  { provider, signal, arrival }: SignInParameters,
): Promise<void> {
  const signIn = signInBy(signal, arrival)
  const { approval } = await approveWithProvider(config, request, {
    provider: toSignInProvider(provider),
    signIn,
    signal,
  })
  await request.addApproval(approval)
}

/** Somebody's account at a provider, proven. */
export type LinkedAccount = {
  readonly input: GuardianInput
  /** The same account is on the list of guardians already. */
  readonly isThere: boolean
  /** Networks on which a sign-in does not count yet. */
  readonly chainsBehind: readonly number[]
}

/** Signs in so as to name the account as guardian. */
export async function linkBySignIn(
  config: RekeyConfig,
  {
    registry,
    guardians,
    provider,
    signal,
    arrival,
  }: SignInParameters & { readonly registry: Address; readonly guardians: readonly GuardianInput[] },
): Promise<LinkedAccount> {
  const { guardian, issuer, subject, key } = await linkSignIn(config, toSignInProvider(provider), {
    registry,
    signIn: signInBy(signal, arrival),
    nonce: arrival?.nonce,
    signal,
  })
  return {
    input: guardian,
    isThere: guardians.some((other) => isSameSignIn(other, { issuer, subject })),
    chainsBehind: key.chains.flatMap(({ chainId, state }) => (state === 'usable' || !state ? [] : [chainId])),
  }
}

function redirectUri(): string {
  return `${window.location.origin}${returnPath}`
}
