import { Button } from '../components/Button.tsx'
import { FieldForm } from '../components/FieldForm.tsx'
import { Modal } from '../components/Modal.tsx'
import { useField } from '../components/useField.ts'
import { type PasskeyRow, passkeyTitle } from '../flows/passkeyRows.ts'
import { maxNameLength } from '../lib/passkeyNames.ts'

/** Asks what a passkey is called; without a name the owner went back. */
export function RenamePasskey({ row, onEnd }: { row: PasskeyRow; onEnd: (name?: string) => void }) {
  const field = useField(row.name)
  return (
    <Modal title={`Name of “${passkeyTitle(row)}”`} onClose={() => onEnd()}>
      <FieldForm
        field={field}
        label="New name"
        hint="Only this browser knows it. Your password manager keeps its own name. Leave it empty to take the name away."
        maxLength={maxNameLength}
        submit="Save the name"
        actions={<Button onClick={() => onEnd()}>Cancel</Button>}
        onSubmit={(name) => {
          onEnd(name)
          return undefined
        }}
      />
    </Modal>
  )
}
