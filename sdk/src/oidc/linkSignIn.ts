import type { Address, Hex } from 'viem'
import type { RekeyConfig } from '../config/createConfig.ts'
import { IssuerKeyNotUsableError } from '../errors/oidc.ts'
import type { GuardianInput, GuardianOptions } from '../recovery/guardians.ts'
import { type Clock, deviceClock } from './clock.ts'
import type { IssuerFetchOptions } from './fetchJson.ts'
import { type FoundIssuerKey, findIssuerKey } from './findIssuerKey.ts'
import { oidcGuardian } from './guardian.ts'
import { parseIdToken } from './idToken.ts'
import type { SignInProvider } from './provider.ts'
import { createSignInNonce } from './signInRequest.ts'
import { checkSignInToken } from './signInResponse.ts'

/** How the user signs in: `signInWithPopup`, or what came back from a redirect. It returns the ID token. */
export type SignInWith = (provider: SignInProvider, request: { readonly nonce: string }) => Promise<string>

/** What {@link linkSignIn} takes. */
export type LinkSignInParameters = GuardianOptions &
  IssuerFetchOptions & {
    /** OidcKeyRegistry that says which keys are the issuer's. */
    readonly registry: Address
    readonly signIn: SignInWith
    /** What the token must carry. Default: a random one; after a redirect, the one of its request. */
    readonly nonce?: string | undefined
    /** 32 bytes. Default: fresh random ones. */
    readonly salt?: Hex | undefined
    /** Permits claims such as the e-mail address, which become public with a recovery. Default: refused. */
    readonly allowsPersonalClaims?: boolean | undefined
    /** Tells the Unix time in seconds. Default: this device's clock. */
    readonly clock?: Clock | undefined
  }

/** Somebody's account at a provider, proven. */
export type LinkedSignIn = {
  /** For `planRecovery`. */
  readonly guardian: GuardianInput
  readonly issuer: string
  /** The account's number there. */
  readonly subject: string
  /** How the issuer's key stands on the chains; where it is `waiting`, a recovery by this sign-in is possible later. */
  readonly key: FoundIssuerKey
}

/**
 * Makes somebody's account at a provider a guardian, by a real sign-in: so it is known that the user has the account, that
 * its tokens are in a form that the contracts accept, and that the registry knows the issuer.
 *
 * @throws What `signIn` throws.
 * @throws {SignInMismatchError} {@link PersonalClaimsError} {@link InvalidIdTokenError}
 * @throws {IssuerKeyNotUsableError} when on no chain the key is usable or will be by waiting.
 * @example
 * const { guardian } = await linkSignIn(config, google({ clientId }), {
 *   registry,
 *   signIn: (provider, { nonce }) => signInWithPopup(provider, { nonce, redirectUri }),
 * })
 * const plan = await planRecovery(account, { guardians: [guardian], preset: 'careful' })
 */
export async function linkSignIn(
  config: Pick<RekeyConfig, 'chains'>,
  provider: SignInProvider,
  parameters: LinkSignInParameters,
): Promise<LinkedSignIn> {
  const { registry, signIn, nonce = createSignInNonce(), salt, allowsPersonalClaims, fetch, signal } = parameters
  const text = await signIn(provider, { nonce })
  const token = parseIdToken(text)
  const { clock = deviceClock } = parameters
  checkSignInToken(token, { provider, nonce, now: clock(), allowsPersonalClaims })
  const { jwksUri } = provider
  const key = await findIssuerKey(config, { registry, token: text, jwksUri, fetch, signal })
  if (!key.chains.some(({ state }) => state === 'usable' || state === 'waiting' || state === 'suspended'))
    throw new IssuerKeyNotUsableError(key)
  const { issuer, subject } = token
  const { weight, name, validUntil } = parameters
  const guardian = oidcGuardian(
    { issuer, subject, audiences: provider.audiences, registry, salt },
    { weight, name, validUntil },
  )
  return { guardian, issuer, subject, key }
}
