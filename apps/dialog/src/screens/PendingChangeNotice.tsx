import type { ChainChange } from '@rekey/sdk/recovery'
import { Button } from '../components/Button.tsx'
import { changeKindWords, livingChange } from '../flows/changeWords.ts'
import { formatTime } from '../lib/format.ts'

/** Warns on every screen of a change that is announced, and leads to where it is called off. */
export function PendingChangeNotice({ changes, onOpen }: { changes: readonly ChainChange[]; onOpen: () => void }) {
  const change = livingChange(changes)
  if (!change) return null
  return (
    <section className="notice warning" aria-label="A change is announced">
      <strong role="status">{changeKindWords[change.kind]}</strong>
      <span>It can take effect from {formatTime(change.readyAt)}. If it was not you, call it off now.</span>
      <div className="actions">
        <Button onClick={onOpen}>See what would change</Button>
      </div>
    </section>
  )
}
