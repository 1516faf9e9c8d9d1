import type { PolicyWarning } from '@rekey/sdk/recovery'
import { warningWords } from '../../flows/policyWords.ts'

/** What an owner should know before choosing or signing guardians; heard, too, when a choice changes it. */
export function Warnings({ warnings }: { warnings: readonly PolicyWarning[] }) {
  return (
    <div role="status">
      {warnings.length > 0 && (
        <div className="notice warning">
          <strong>Good to know</strong>
          <ul className="notes">
            {warnings.map((warning) => (
              <li key={warning} data-warning={warning}>
                {warningWords[warning]}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
