import type { Policy } from '@rekey/sdk'
import { accountAt, sortOfKind } from './policyWords.ts'
import type { Way } from './remains.ts'
import { isSignInWay, type Provider, providerOnWay, type SignInWay, wayTo } from './signIns.ts'

/** What the ways to approve are called. */
const wayWords: Readonly<Record<Exclude<Way, SignInWay>, string>> = {
  code: 'Use a recovery code',
  passphrase: 'Use the passphrase',
  wallet: 'Use a wallet in this browser',
  friend: 'Ask somebody who is a guardian',
}

/** What somebody hears who chose a way that the account does not have. */
const missingWords: Readonly<Record<Exclude<Way, SignInWay>, string>> = {
  code: 'This account has no recovery codes.',
  passphrase: 'This account has no passphrase.',
  wallet: 'No wallet is a guardian of this account.',
  friend: 'Nobody else is a guardian of this account.',
}

/** What a way to approve is called. */
export function wayTitle(way: Way, providers: readonly Provider[]): string {
  if (!isSignInWay(way)) return wayWords[way]
  return `Sign in with ${providerOnWay(providers, way)?.name ?? 'another account'}`
}

/** Says that the account does not have a way that was chosen. */
export function missingTitle(way: Way, providers: readonly Provider[]): string {
  if (!isSignInWay(way)) return missingWords[way]
  const provider = providerOnWay(providers, way)
  return `No ${provider ? accountAt(provider) : 'such account'} is a guardian of this account.`
}

/**
 * The ways that the guardians of a policy leave, by those that have not approved yet.
 *
 * @param signIns - Where guardians sign in, by their places, see `providersIn`.
 */
export function openWays(
  { guardians }: Pick<Policy, 'guardians'>,
  approved: readonly number[],
  signIns: readonly (readonly Provider[])[],
): readonly Way[] {
  const open = guardians
    .map((guardian, place) => ({ ...guardian, place }))
    .filter(({ place }) => !approved.includes(place))
  const sorts = open.map(({ kind, isHidden }) => (isHidden ? 'hidden' : sortOfKind(kind)))
  const hasOthers = sorts.includes('friend') || sorts.includes('wallet') || sorts.includes('hidden')
  const providers = new Set(open.flatMap(({ place }) => signIns[place] ?? []))
  const ways: (Way | false)[] = [
    ...[...providers].map(wayTo),
    sorts.includes('codes') && 'code',
    sorts.includes('passphrase') && 'passphrase',
    (sorts.includes('wallet') || sorts.includes('hidden')) && 'wallet',
    hasOthers && 'friend',
  ]
  return ways.filter((way) => way !== false)
}

/** What is said while those who approved reach nothing: whether more of them are needed, or others. */
export function tooFewWords(
  { tiers, guardians }: Pick<Policy, 'tiers' | 'guardians'>,
  approved: readonly number[],
): string {
  const weight = approved.reduce((sum, index) => sum + (guardians[index]?.weight ?? 0), 0)
  return tiers.some((tier) => weight >= tier.weight)
    ? 'That is not enough yet. Add another kind of guardian.'
    : 'That is not enough yet. More guardians have to approve.'
}
