import { type Guardian, guardianKinds, type Tier } from '@rekey/sdk'
import type { PolicyWarning } from '@rekey/sdk/recovery'
import { size } from 'viem'
import { formatDuration } from '../lib/format.ts'
import type { ChosenGuardian, PresetChoice } from './setUp.ts'
import type { Provider } from './signIns.ts'

/** What an owner is told before a policy is signed. */
export const warningWords: Readonly<Record<PolicyWarning, string>> = {
  instantSingle: 'One guardian alone could take your account at once.',
  singleGuardian: 'You have one guardian only. If it is lost, so is this way back.',
  singleKind: 'All your guardians are of one kind, and could be lost in one way.',
  thiefCanVeto: 'Somebody who steals your passkey could stop a recovery. A second kind of guardian prevents that.',
}

/** The presets as a person chooses between them. */
export const presetWords: Readonly<Record<PresetChoice, readonly [name: string, meaning: string]>> = {
  asNow: ['As it is now', 'What guardians can do stays as it is:'],
  careful: [
    'Careful',
    'One guardian lets you back in after a day; with your passkey you can stop it until then. Two kinds of guardians together let you in at once.',
  ],
  simple: [
    'Simple',
    'One guardian lets you back in after a day. With your passkey you can stop it until then. A thief who has your passkey can stop it too.',
  ],
  fast: [
    'Fast',
    'Two kinds of guardians together let you back in at once. Nobody can stop them, you neither; one alone can do nothing.',
  ],
  guarded: [
    'Guarded',
    'Two kinds of guardians together let you back in after a day. If somebody objects with a passkey, it takes three days.',
  ],
  sovereign: [
    'Sovereign',
    'Two kinds of guardians together let you back in after three days, unless you object. All guardians together after a week, whatever anybody says.',
  ],
}

/** The sorts of guardian that this page knows. */
export type GuardianSort = 'wallet' | 'friend' | 'passphrase' | 'codes' | 'signIn'

/** What a guardian is called, in lists. */
const sortWords: Readonly<Record<GuardianSort, string>> = {
  wallet: 'Wallet',
  friend: 'A friend’s passkey',
  passphrase: 'Passphrase',
  codes: 'Recovery codes',
  signIn: 'An account to sign in to',
}

/** What somebody's account at a provider, or at one of several, is called. */
export function accountAt(...providers: readonly Pick<Provider, 'name'>[]): string {
  return `${providers.map(({ name }) => name).join(' or ')} account`
}

/**
 * Says what a guardian of a policy is; the kind is what the owner called it.
 *
 * @param signIns - Where the guardian may sign in, if that is how they approve, see `providersIn`.
 */
export function guardianTitle(
  { kind, isHidden }: Pick<Guardian, 'kind' | 'isHidden'>,
  signIns: readonly Provider[] = [],
): string {
  if (isHidden) return 'A hidden guardian'
  const sort = sortOfKind(kind)
  if (sort === 'signIn' && signIns.length > 0) return accountAt(...signIns)
  return sort ? sortWords[sort] : 'Another kind of guardian'
}

/** The same with the ends of the address, where it is one that tells who it is: two wallets can be told apart. */
export function guardianLabel(
  guardian: Pick<Guardian, 'kind' | 'isHidden' | 'signer'>,
  signIns?: readonly Provider[] | undefined,
): string {
  const { signer } = guardian
  const title = guardianTitle(guardian, signIns)
  return isAddressShown(guardian) ? `${title} ${signer.slice(0, 6)}…${signer.slice(-4)}` : title
}

/** Addresses say who it is; keys of passphrases and codes, and what stands for a hidden guardian, say nothing to anybody. */
export function isAddressShown({ kind, signer, isHidden }: Pick<Guardian, 'kind' | 'isHidden' | 'signer'>): boolean {
  const sort = sortOfKind(kind)
  return !isHidden && size(signer) === 20 && sort !== 'passphrase' && sort !== 'codes'
}

/** The sort of guardian that a number in a policy stands for. */
export function sortOfKind(kind: number): GuardianSort | undefined {
  switch (kind) {
    case guardianKinds.wallet:
      return 'wallet'
    case guardianKinds.passkey:
      return 'friend'
    case guardianKinds.passphrase:
      return 'passphrase'
    case guardianKinds.codes:
      return 'codes'
    case guardianKinds.oidc:
      return 'signIn'
    default:
      return undefined
  }
}

type TierCircumstances = {
  /** Said to the owner, and not about them. */
  readonly isForOwner?: boolean
  /** Those of the policy: where not all count the same, so much is said. */
  readonly guardians?: readonly Pick<Guardian, 'weight'>[]
}

/** Says how much a guardian counts, where that is not one. */
export function weightWords({ weight }: Pick<Guardian, 'weight'>): string {
  return weight === 1 ? '' : `, counts as ${weight}`
}

/** Says what a tier takes and gives, in one sentence: to the owner, or about them. */
export function tierSentence(
  { kinds, weight, delay, isVetoable }: Tier,
  { isForOwner = true, guardians = [] }: TierCircumstances = {},
): string {
  const isWeighed = guardians.some((guardian) => guardian.weight !== 1)
  const who =
    kinds > 1
      ? `${kinds === 2 ? 'Two' : kinds} kinds of guardians together`
      : isWeighed
        ? `Guardians who together count as ${weight}`
        : weight > 1
          ? `${weight} guardians`
          : 'One guardian'
  const when = delay === 0 ? 'at once' : `after ${formatDuration(delay)}`
  const stop = isForOwner ? 'you can stop it with a passkey' : 'a passkey of the account can stop it'
  const veto = delay === 0 ? '' : isVetoable ? `; until then ${stop}` : '; nobody can stop it'
  return `${who} can let ${isForOwner ? 'you' : 'the owner'} back in ${when}${veto}.`
}

/** Says that any guardian can stop the account, and for how long. */
export function freezeSentence(hours: number): string {
  return hours === 0
    ? 'No guardian can stop the account.'
    : `Any one guardian can stop the account for up to ${formatDuration(hours * 3_600)}, once a month.`
}

/** What a guardian on the list of a set-up is called, with its owner's name for it. */
export function chosenTitle({ input, signIns }: ChosenGuardian): string {
  const title = guardianTitle(input, signIns)
  return input.name ? `${title}: ${input.name}` : title
}

/** What it takes to let one guardian in without a wait. */
export const atOnceWords = {
  typed: 'at once',
  label: 'No wait at all? Type “at once”',
  hint: 'Then whoever gets hold of one of your guardians has your account in that moment, and you can’t stop it. Leave it empty to keep the day.',
} as const

/** Whether somebody typed that there shall be no wait. */
export function isAtOnceTyped(text: string): boolean {
  return text.trim().toLowerCase().replaceAll(/\s+/g, ' ') === atOnceWords.typed
}
