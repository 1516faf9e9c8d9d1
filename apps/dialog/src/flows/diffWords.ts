import type { Guardian, Policy } from '@rekey/sdk'
import { diffPolicies } from '@rekey/sdk/recovery'
import { formatDuration, formatTime } from '../lib/format.ts'
import { freezeSentence, guardianTitle, tierSentence, weightWords } from './policyWords.ts'
import { type Provider, providersIn } from './signIns.ts'

/** One thing that comes, goes or changes when a policy takes another's place. */
export type DiffLine = {
  readonly tone: 'added' | 'removed' | 'changed'
  readonly text: string
  /** The guardian that it is about. */
  readonly guardian?: Guardian
}

/** Says what is different in a new policy, the guardians first; empty where nothing is. */
export function diffLines(
  before: Policy | undefined,
  after: Policy,
  providers: readonly Provider[],
): readonly DiffLine[] {
  const diff = diffPolicies(before, after)
  const { windowHours, freezeHours, allowsInstantSingle, changeDays } = diff
  const hours = (count: number): string => formatDuration(count * 3_600)
  const titleIn = (policy: Policy | undefined) => {
    const signIns = policy ? providersIn(policy, providers) : []
    return (guardian: Guardian): string => guardianTitle(guardian, signIns[placeOf(policy, guardian)])
  }
  const [titleBefore, titleAfter] = [titleIn(before), titleIn(after)]
  return [
    ...diff.guardiansAdded.map((guardian) => guardianLine('added', guardian, titleAfter(guardian))),
    ...diff.guardiansRemoved.map((guardian) => guardianLine('removed', guardian, titleBefore(guardian))),
    ...diff.guardiansChanged.map(({ before: old, after: guardian }) => ({
      tone: 'changed' as const,
      text: changedGuardian([old, titleBefore(old)], [guardian, titleAfter(guardian)]),
      guardian,
    })),
    ...diff.tiersAdded.map((tier) => ({ tone: 'added' as const, text: tierSentence(tier, after) })),
    ...diff.tiersRemoved.map((tier) => ({ tone: 'removed' as const, text: tierSentence(tier, before) })),
    ...changed(freezeHours, freezeSentence),
    ...changed(windowHours, (count) => `A recovery can be finished for ${hours(count)} after its wait.`),
    ...changed(allowsInstantSingle, (isAllowed) =>
      isAllowed ? 'One guardian alone may let you in at once.' : 'No guardian alone may let you in at once.',
    ),
    ...changed(changeDays, (days) => `Later changes wait ${days} days.`),
  ]
}

/** A value that is another now: what held goes, what holds comes. */
function changed<value>(
  change: { readonly before: value; readonly after: value } | undefined,
  say: (value: value) => string,
): readonly DiffLine[] {
  if (!change) return []
  return [
    { tone: 'removed', text: say(change.before) },
    { tone: 'added', text: say(change.after) },
  ]
}

function placeOf(policy: Policy | undefined, { signer }: Guardian): number {
  return policy?.guardians.findIndex((guardian) => guardian.signer === signer) ?? -1
}

function guardianLine(tone: DiffLine['tone'], guardian: Guardian, title: string): DiffLine {
  return { tone, text: `${title}${weightWords(guardian)}${untilWords(guardian)}`, guardian }
}

type Titled = readonly [guardian: Guardian, title: string]

function changedGuardian([before, titleBefore]: Titled, [after, title]: Titled): string {
  const facts = [
    before.kind !== after.kind && `called “${title}” instead of “${titleBefore}”`,
    before.weight !== after.weight && `counts as ${after.weight} instead of ${before.weight}`,
    before.validUntil !== after.validUntil && (untilWords(after) === '' ? 'has no end' : untilWords(after).slice(2)),
    before.needsEvidence !== after.needsEvidence &&
      (after.needsEvidence ? 'is asked again at the end' : 'is not asked again at the end'),
  ]
  return `${title}: ${facts.filter((fact) => fact !== false).join(', ')}`
}

function untilWords({ validUntil }: Guardian): string {
  return validUntil === 0 ? '' : `, until ${formatTime(validUntil)}`
}
