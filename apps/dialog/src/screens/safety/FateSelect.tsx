import { useId } from 'react'
import { type Fate, fateWords } from '../../flows/lossWords.ts'

const fates = Object.keys(fateWords) as readonly Fate[]

/** What has become of one passkey or guardian. */
export function FateSelect({ label, value, onChange }: { label: string; value: Fate; onChange: (fate: Fate) => void }) {
  const id = useId()
  return (
    <div className="fate">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const fate = fates.find((one) => one === event.target.value)
          if (fate) onChange(fate)
        }}
      >
        {fates.map((fate) => (
          <option key={fate} value={fate}>
            {fateWords[fate]}
          </option>
        ))}
      </select>
    </div>
  )
}
