import { useState } from 'react'
import { TextField } from '../../components/TextField.tsx'
import { atOnceWords, isAtOnceTyped } from '../../flows/policyWords.ts'

/** Gives up the wait of a single guardian; typed, so that nobody does it by a slip of the finger. */
export function AtOnceChoice({ isChosen, onChoose }: { isChosen: boolean; onChoose: (isChosen: boolean) => void }) {
  const [text, setText] = useState(isChosen ? atOnceWords.typed : '')
  return (
    <TextField
      label={atOnceWords.label}
      hint={atOnceWords.hint}
      value={text}
      maxLength={20}
      onChange={(next) => {
        setText(next)
        onChoose(isAtOnceTyped(next))
      }}
    />
  )
}
