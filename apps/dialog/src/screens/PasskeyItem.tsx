import type { RekeyConfig } from '@rekey/sdk'
import { Button } from '../components/Button.tsx'
import { chainName } from '../components/ChainList.tsx'
import { backupWords, type PasskeyRow, passkeyTitle } from '../flows/passkeyRows.ts'
import type { Task } from '../flows/task.ts'
import { plainText } from '../lib/plainText.ts'

type PasskeyItemProps = {
  config: RekeyConfig
  row: PasskeyRow
  task: Task
  onRename: () => void
  onRemove: (() => void) | undefined
}

/** One passkey of the account: what keeps it, whether it is synced, and on which domain it works. */
export function PasskeyItem({ config, row, task, onRename, onRemove }: PasskeyItemProps) {
  const { commitment, note, domain, isThisDevice, missingOn } = row
  const short = commitment.slice(2, 10)
  const facts = [
    note && backupWords[note.backup],
    domain ?? 'On another domain',
    note?.name && `called “${plainText(note.name)}” on your device`,
  ].filter((fact) => fact !== undefined && fact !== '')
  return (
    <li data-passkey={commitment}>
      <div>
        <strong>{passkeyTitle(row)}</strong> <code className="soft">{short}</code>
        {isThisDevice && <span className="soft"> · in use here</span>}
        <p className="soft">{facts.join(' · ')}</p>
        {missingOn.length > 0 && (
          <p className="soft">
            Not on {missingOn.map((chainId) => chainName(config, chainId)).join(', ')}. It does not work there.
          </p>
        )}
      </div>
      <div className="actions">
        <Button kind="quiet" onClick={onRename}>
          Rename <span className="visually-hidden">passkey {short}</span>
        </Button>
        {onRemove && (
          <Button kind="quiet" task={task} onClick={onRemove}>
            Remove <span className="visually-hidden">passkey {short}</span>
          </Button>
        )}
      </div>
    </li>
  )
}
