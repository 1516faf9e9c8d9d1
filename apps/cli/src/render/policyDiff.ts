import type { PolicyDiff } from '@rekey/sdk/recovery'
import { describeGuardian, describeTier } from './policy.ts'

/** A difference in lines with `+`, `-` and `~`. */
export function describeDiff(diff: PolicyDiff): string[] {
  if (diff.isSame) return ['  the same']
  const values = ['windowHours', 'freezeHours', 'allowsInstantSingle', 'changeDays'] as const
  return [
    ...diff.guardiansRemoved.map((guardian) => `  - ${describeGuardian(guardian)}`),
    ...diff.guardiansAdded.map((guardian) => `  + ${describeGuardian(guardian)}`),
    ...diff.guardiansChanged.map(
      ({ before, after }) => `  ~ ${describeGuardian(before)}\n    ${describeGuardian(after)}`,
    ),
    ...diff.tiersRemoved.map((tier) => `  - ${describeTier(tier)}`),
    ...diff.tiersAdded.map((tier) => `  + ${describeTier(tier)}`),
    ...values.flatMap((name) => {
      const change = diff[name]
      return change ? [`  ~ ${name}: ${change.before} → ${change.after}`] : []
    }),
  ]
}
