import type { Hex } from 'viem'
import type { RekeyConfig } from '../config/createConfig.ts'
import type { Approval } from '../encoding/approvals.ts'
import type { Policy } from '../encoding/policy.ts'
import { IdentityNoteMissingError, IssuerKeyNotUsableError, SignInMismatchError } from '../errors/oidc.ts'
import { SignInProviderError } from '../errors/signIn.ts'
import { approveWithSignIn, findIdentity } from './approve.ts'
import { type Clock, deviceClock } from './clock.ts'
import type { IssuerFetchOptions } from './fetchJson.ts'
import { type FoundIssuerKey, findIssuerKey } from './findIssuerKey.ts'
import { findOidcGuardians, type OidcInPolicy } from './guardian.ts'
import { oidcNonce, parseIdToken } from './idToken.ts'
import type { IssuerKey } from './issuerKey.ts'
import { findSigningKey } from './jwks.ts'
import type { SignInWith } from './linkSignIn.ts'
import type { SignInProvider } from './provider.ts'
import { readJwks } from './readJwks.ts'
import { checkSignInToken } from './signInResponse.ts'

/** What {@link approveWithProvider} takes. */
export type ApproveWithProviderParameters = IssuerFetchOptions & {
  readonly provider: SignInProvider
  readonly signIn: SignInWith
  /** Permits claims such as the e-mail address, which become public. Default: refused. */
  readonly allowsPersonalClaims?: boolean | undefined
  /** Tells the Unix time in seconds. Default: this device's clock. */
  readonly clock?: Clock | undefined
}

/** An approval by a sign-in. */
export type ProviderApproval = {
  /** For `addApproval`. */
  readonly approval: Pick<Approval, 'index' | 'signature'>
  /** How the issuer's key stands on the chains; absent for a guardian with keys of its own. The approval counts where it is `usable`. */
  readonly key?: FoundIssuerKey | undefined
}

/**
 * Approves a recovery by signing in at a provider: the sign-in is for this recovery alone, and its key is found in the
 * registry that the guardian names. Show `provider.becomesPublic` before.
 *
 * @param request - A recovery, or anything else with its digest and policy.
 * @throws {IdentityNoteMissingError} {@link SignInMismatchError} before the user is asked, when no guardian is at this provider.
 * @throws What `signIn` and `approveWithSignIn` throw.
 * @throws {IssuerKeyNotUsableError} when the key is usable on no chain now.
 * @example
 * const { approval } = await approveWithProvider(config, request, {
 *   provider: google({ clientId }),
 *   signIn: (provider, { nonce }) => signInWithPopup(provider, { nonce, redirectUri }),
 * })
 * await request.addApproval(approval)
 */
export async function approveWithProvider(
  config: Pick<RekeyConfig, 'chains'>,
  request: { readonly policy: Policy; readonly digest: Hex },
  { provider, signIn, allowsPersonalClaims, clock = deviceClock, fetch, signal }: ApproveWithProviderParameters,
): Promise<ProviderApproval> {
  const guardians = findOidcGuardians(request.policy)
  checkGuardians(guardians, provider)
  const nonce = oidcNonce(request.digest)
  const text = await signIn(provider, { nonce })
  const token = parseIdToken(text)
  const now = clock()
  checkSignInToken(token, { provider, nonce, now, allowsPersonalClaims })
  const { registry, keys } = findIdentity(guardians, token)
  const { jwksUri } = provider
  const approveWith = (key: IssuerKey) => approveWithSignIn(request, { token: text, key, allowsPersonalClaims, now })
  if (keys) {
    if (jwksUri === undefined) throw new SignInProviderError('endpoint', 'the issuer shows its keys nowhere')
    return { approval: approveWith(findSigningKey(await readJwks(jwksUri, { fetch, signal }), text)) }
  }
  const key = await findIssuerKey(config, { registry, token: text, jwksUri, fetch, signal })
  if (!key.key || !key.chains.some(({ state }) => state === 'usable')) throw new IssuerKeyNotUsableError(key)
  return { approval: approveWith(key.key), key }
}

/** Whether signing in there could approve at all; told before the user is asked. */
function checkGuardians(guardians: readonly OidcInPolicy[], { issuer, audiences }: SignInProvider): void {
  if (guardians.length === 0) throw new IdentityNoteMissingError()
  const ofIssuer = guardians.filter((guardian) => guardian.issuer === issuer)
  if (ofIssuer.length === 0) throw new SignInMismatchError('issuer')
  const [clientId = ''] = audiences
  if (!ofIssuer.some((guardian) => guardian.audiences.includes(clientId))) throw new SignInMismatchError('audience')
}
