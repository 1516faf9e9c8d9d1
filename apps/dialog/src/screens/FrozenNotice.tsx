import { stoppedUntil } from '../flows/freezeWords.ts'
import { formatTime } from '../lib/format.ts'
import type { FreezeState } from '../lib/freezeStates.ts'

/** Says on every screen that the account is stopped: whatever is approved meanwhile does nothing. */
export function FrozenNotice({ states }: { states: readonly FreezeState[] }) {
  const until = stoppedUntil(states)
  if (until === undefined) return null
  return (
    <section className="notice warning" aria-label="The account is stopped">
      <strong role="status">Your account is stopped until {formatTime(until)}.</strong>
      <span>A guardian stopped it. Nothing leaves it until then, unless your guardians recover it.</span>
    </section>
  )
}
