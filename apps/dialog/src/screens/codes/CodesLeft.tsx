import type { PasskeyAccount } from '@rekey/sdk'
import { useCodesState } from '../../components/useCodesState.ts'
import { codesLeftSentence } from '../../flows/codesWords.ts'

/** How many codes are left, in one line. */
export function CodesLeft({ account }: { account: PasskeyAccount }) {
  const [state] = useCodesState(account)
  if (!state) return <p className="soft">Counting…</p>
  return (
    <p data-codes-left={state.left}>
      {codesLeftSentence(state)}.{state.isReplacementDue && ' One was used: make a new set.'}
    </p>
  )
}
