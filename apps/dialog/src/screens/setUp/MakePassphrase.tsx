import type { PasskeyAccount } from '@rekey/sdk'
import { assessPassphrase, generatePassphrase } from '@rekey/sdk/passphrase'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { FieldForm } from '../../components/FieldForm.tsx'
import { Page } from '../../components/Page.tsx'
import { useField } from '../../components/useField.ts'
import { useTask } from '../../components/useTask.ts'
import { passphraseProblems } from '../../flows/passphraseWords.ts'

type MakePassphraseProps = { account: PasskeyAccount; onChosen: (phrase: string) => void; onLeave: () => void }

/** Shows generated words, or takes the owner's own if nobody could guess them. */
export function MakePassphrase({ account, onChosen, onLeave }: MakePassphraseProps) {
  const [words, setWords] = useState(() => generatePassphrase())
  const [isOwn, setOwn] = useState(false)
  if (isOwn) return <OwnPassphrase account={account} onChosen={onChosen} onBack={() => setOwn(false)} />
  return (
    <Page title="Your passphrase">
      <p className="lead">Write these words down, in this order. They are shown once, and nobody else has them.</p>
      <section className="card">
        <ol className="words" aria-label="Words of the passphrase">
          {words.split(' ').map((word) => (
            <li key={word}>
              <code>{word}</code>
            </li>
          ))}
        </ol>
        <p className="soft">
          Keep them away from this device: on paper, or in a password manager that does not hold your passkey. Nobody
          who helps you needs them.
        </p>
        <div className="actions">
          <Button kind="primary" onClick={() => onChosen(words)}>
            I have written them down
          </Button>
          <Button onClick={() => setWords(generatePassphrase())}>Other words</Button>
        </div>
      </section>
      <div className="actions">
        <Button kind="quiet" onClick={() => setOwn(true)}>
          Use words of my own
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Back
        </Button>
      </div>
    </Page>
  )
}

type OwnPassphraseProps = { account: PasskeyAccount; onChosen: (phrase: string) => void; onBack: () => void }

function OwnPassphrase({ account, onChosen, onBack }: OwnPassphraseProps) {
  const field = useField()
  const [task, run] = useTask()
  const assess = (text: string): undefined =>
    void run('assess', async () => {
      const { problem } = await assessPassphrase(text, { personal: [account.address, account.config.rpName] })
      if (problem) field.refuse(passphraseProblems[problem])
      else onChosen(text)
    })
  return (
    <Page title="Words of your own">
      <p className="lead">
        Anybody may try to guess them, for years and without being noticed. Only what no person or machine would guess
        is taken.
      </p>
      <TaskError task={task} />
      <FieldForm
        field={field}
        label="Your own passphrase"
        hint="A long sentence that is nowhere written, or six random words. Capitals and blanks do not matter."
        isLong
        submit="Use these"
        name="assess"
        task={task}
        actions={<Button onClick={onBack}>Back to generated words</Button>}
        onSubmit={assess}
      />
    </Page>
  )
}
