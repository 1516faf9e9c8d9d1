import type { Policy } from '@rekey/sdk'
import type { DrillOutcome } from '@rekey/sdk/recovery'
import type { ChainLine } from '../components/ChainList.tsx'
import { errorText } from '../lib/errorText.ts'
import { formatDuration } from '../lib/format.ts'

/** Says for each network what the guardians who answered could do there. */
export function drillLines({ tiers }: Pick<Policy, 'tiers'>, outcomes: readonly DrillOutcome[]): ChainLine[] {
  return outcomes.map((outcome): ChainLine => {
    const { chainId } = outcome
    if ('error' in outcome) return { chainId, tone: 'failed', text: 'Not shown', error: errorText(outcome.error) }
    const delays = tiers.flatMap(({ delay }, place) => (((outcome.tiers >>> place) & 1) === 1 ? [delay] : []))
    if (delays.length === 0) return { chainId, tone: 'open', text: 'Not enough yet' }
    const delay = Math.min(...delays)
    return {
      chainId,
      tone: 'done',
      text: delay === 0 ? 'They could let you in at once' : `They could let you in after ${formatDuration(delay)}`,
    }
  })
}
