import type { DiffLine } from '../flows/diffWords.ts'
import { isAddressShown } from '../flows/policyWords.ts'
import { AddressGroups } from './AddressText.tsx'

const marks = {
  added: ['+', 'New:'],
  removed: ['−', 'Goes:'],
  changed: ['~', 'Changes:'],
} as const

/** What is different in a new policy, a line each; signs and words, not colours alone. */
export function PolicyDiffList({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <ul className="diff" aria-label="What changes">
      {lines.map(({ tone, text, guardian }) => {
        const [sign, word] = marks[tone]
        return (
          <li key={`${tone} ${text} ${guardian?.signer ?? ''}`} className={tone} data-diff={tone}>
            <span className="mark" aria-hidden="true">
              {sign}
            </span>
            <div>
              <span className="visually-hidden">{word} </span>
              {text}
              {guardian && isAddressShown(guardian) && (
                <p>
                  <AddressGroups address={guardian.signer} label="Guardian" />
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
