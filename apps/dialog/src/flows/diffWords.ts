import type { Guardian, Policy } from '@rekey/sdk'
import { diffPolicies } from '@rekey/sdk/recovery'
import { formatDuration, formatTime } from '../lib/format.ts'
import { freezeSentence, guardianTitle, tierSentence, weightWords } from './policyWords.ts'

/** One thing that comes, goes or changes when a policy takes another's place. */
export type DiffLine = {
  readonly tone: 'added' | 'removed' | 'changed'
  readonly text: string
  /** The guardian that it is about. */
  readonly guardian?: Guardian
}

/** Says what is different in a new policy, the guardians first; empty where nothing is. */
export function diffLines(before: Policy | undefined, after: Policy): readonly DiffLine[] {
  const diff = diffPolicies(before, after)
  const { windowHours, freezeHours, allowsInstantSingle, changeDays } = diff
  const hours = (count: number): string => formatDuration(count * 3_600)
  return [
    ...diff.guardiansAdded.map((guardian) => guardianLine('added', guardian)),
    ...diff.guardiansRemoved.map((guardian) => guardianLine('removed', guardian)),
    ...diff.guardiansChanged.map(({ before: old, after: guardian }) => ({
      tone: 'changed' as const,
      text: changedGuardian(old, guardian),
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

function guardianLine(tone: DiffLine['tone'], guardian: Guardian): DiffLine {
  return { tone, text: `${guardianTitle(guardian)}${weightWords(guardian)}${untilWords(guardian)}`, guardian }
}

function changedGuardian(before: Guardian, after: Guardian): string {
  const facts = [
    before.kind !== after.kind && `called “${guardianTitle(after)}” instead of “${guardianTitle(before)}”`,
    before.weight !== after.weight && `counts as ${after.weight} instead of ${before.weight}`,
    before.validUntil !== after.validUntil && (untilWords(after) === '' ? 'has no end' : untilWords(after).slice(2)),
    before.needsEvidence !== after.needsEvidence &&
      (after.needsEvidence ? 'is asked again at the end' : 'is not asked again at the end'),
  ]
  return `${guardianTitle(after)}: ${facts.filter((fact) => fact !== false).join(', ')}`
}

function untilWords({ validUntil }: Guardian): string {
  return validUntil === 0 ? '' : `, until ${formatTime(validUntil)}`
}
