import type { Policy } from '@rekey/sdk'
import { findOidcGuardians, type OidcInPolicy } from '@rekey/sdk/oidc'

/** Where people sign in, as `/config.json` names it. */
export type Provider = {
  readonly id: string
  readonly name: string
  /** As in the tokens' `iss`; for X and GitHub the bridge's. */
  readonly issuer: string
  readonly clientId: string
  readonly authorizationEndpoint: string
  readonly responseType: 'id_token' | 'code'
  /** Where a code is exchanged. */
  readonly tokenEndpoint?: string | undefined
}

/** A provider as a guardian to choose, and as a way to approve. */
export type SignInWay = `signIn:${string}`

const prefix = 'signIn:'

/** Returns the way that leads to a provider. */
export function wayTo({ id }: Pick<Provider, 'id'>): SignInWay {
  return `${prefix}${id}`
}

/** Tells a provider's way from the others. */
export function isSignInWay(way: string): way is SignInWay {
  return way.startsWith(prefix)
}

/** The provider that a way leads to. */
export function providerOnWay(providers: readonly Provider[], way: SignInWay): Provider | undefined {
  return providers.find((provider) => wayTo(provider) === way)
}

/**
 * The providers at which guardians may sign in, by their places: usually one or, for a guardian who does not sign in or does
 * so elsewhere, none. Those behind one bridge cannot be told apart: a policy does not say which of them it is.
 */
export function providersIn(policy: Policy, providers: readonly Provider[]): readonly (readonly Provider[])[] {
  const guardians = findOidcGuardians(policy)
  return policy.guardians.map((_, place) => {
    const guardian = guardians.find(({ guardianIndex }) => guardianIndex === place)
    return guardian ? providers.filter((provider) => isOf(guardian, provider)) : []
  })
}

function isOf({ issuer, audiences }: OidcInPolicy, provider: Provider): boolean {
  return provider.issuer === issuer && audiences.includes(provider.clientId)
}
