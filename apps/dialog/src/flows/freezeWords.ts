import type { ChainLine } from '../components/ChainList.tsx'
import { errorText } from '../lib/errorText.ts'
import { formatTime } from '../lib/format.ts'
import type { FreezeState } from '../lib/freezeStates.ts'

/** Says for each network whether the account is stopped there, and when it can be. */
export function freezeLines(states: readonly FreezeState[]): ChainLine[] {
  return states.map((state): ChainLine => {
    const { chainId } = state
    if ('error' in state) return { chainId, tone: 'failed', text: 'Does not answer', error: errorText(state.error) }
    if (isFrozen(state)) return { chainId, tone: 'working', text: `Stopped until ${formatTime(state.frozenUntil)}` }
    return state.now < state.readyAt
      ? { chainId, tone: 'open', text: `Works; can be stopped again from ${formatTime(state.readyAt)}` }
      : { chainId, tone: 'done', text: 'Works' }
  })
}

/** When the last network lets the account work again; nothing where it is not stopped. */
export function stoppedUntil(states: readonly FreezeState[]): number | undefined {
  const ends = states.flatMap((state) => ('now' in state && isFrozen(state) ? [state.frozenUntil] : []))
  return ends.length > 0 ? Math.max(...ends) : undefined
}

/** The contract's rule: stopped up to and including the last second. */
function isFrozen({ now, frozenUntil }: { now: number; frozenUntil: number }): boolean {
  return now <= frozenUntil
}
