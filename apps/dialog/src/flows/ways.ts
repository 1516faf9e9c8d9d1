import type { Policy } from '@rekey/sdk'
import { choiceOfKind } from './policyWords.ts'
import type { Way } from './remains.ts'

/** What the ways to approve are called. */
export const wayWords: Readonly<Record<Way, string>> = {
  code: 'Use a recovery code',
  passphrase: 'Use the passphrase',
  wallet: 'Use a wallet in this browser',
  friend: 'Ask somebody who is a guardian',
}

/** What somebody hears who chose a way that the account does not have. */
export const missingWords: Readonly<Record<Way, string>> = {
  code: 'This account has no recovery codes.',
  passphrase: 'This account has no passphrase.',
  wallet: 'No wallet is a guardian of this account.',
  friend: 'Nobody else is a guardian of this account.',
}

/** The ways that the guardians of a policy leave, by those that have not approved yet. */
export function openWays({ guardians }: Pick<Policy, 'guardians'>, approved: readonly number[]): readonly Way[] {
  const kinds = guardians.flatMap(({ kind, isHidden }, index) =>
    approved.includes(index) ? [] : [isHidden ? 'hidden' : choiceOfKind(kind)],
  )
  const hasOthers = kinds.includes('friend') || kinds.includes('wallet') || kinds.includes('hidden')
  const ways: (Way | false)[] = [
    kinds.includes('codes') && 'code',
    kinds.includes('passphrase') && 'passphrase',
    (kinds.includes('wallet') || kinds.includes('hidden')) && 'wallet',
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
