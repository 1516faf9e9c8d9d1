import { type FoundAccount, findAccount, type RekeyConfig } from '@rekey/sdk'
import { type RecoveryRequest, startRecovery } from '@rekey/sdk/recovery'
import { useState } from 'react'
import type { Address } from 'viem'
import { AddressText } from '../../components/AddressText.tsx'
import { Button } from '../../components/Button.tsx'
import { ChainList } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { FieldForm } from '../../components/FieldForm.tsx'
import { FileField } from '../../components/FileField.tsx'
import { Page } from '../../components/Page.tsx'
import { useField } from '../../components/useField.ts'
import { useTask } from '../../components/useTask.ts'
import { foundLines } from '../../flows/foundLines.ts'
import { accountInLink } from '../../flows/remains.ts'
import { parseAddress } from '../../lib/parseAddress.ts'
import { NameNotice, notCompared } from './NameNotice.tsx'

type FindAccountScreenProps = {
  config: RekeyConfig
  /** The account in the page's address, as on a sheet of codes. */
  known: Address | undefined
  onStarted: (request: RecoveryRequest) => void
  onBack: () => void
}

/** Asks which account, shows what was found, and creates the new passkey. */
export function FindAccountScreen({ config, known, onStarted, onBack }: FindAccountScreenProps) {
  const field = useField(known)
  const hasNames = config.resolveName !== undefined
  const [found, setFound] = useState<FoundAccount>()
  const [task, run] = useTask()
  const look = (by: Parameters<typeof findAccount>[1]): void =>
    void run('find', async (signal) => setFound(await findAccount(config, { ...by, signal })))
  const find = (text: string): string | undefined => {
    const input = text.trim()
    const { address, problem } = parseAddress(accountInLink(input) ?? input)
    // What is much longer than an address is the text of a sheet or a kit.
    const isShort = input.length <= 100
    if (address) look({ by: 'address', address })
    else if (!isShort) look({ by: 'kit', kit: input })
    else if (hasNames && input !== '' && !input.startsWith('0x')) look({ by: 'name', name: input.normalize('NFC') })
    else return problem
    return undefined
  }
  if (found)
    return <FoundScreen config={config} found={found} onStarted={onStarted} onBack={() => setFound(undefined)} />
  return (
    <Page title="Which account?">
      <p className="lead">Everything else about it is read from the networks.</p>
      <TaskError task={task} />
      <FieldForm
        field={field}
        label={hasNames ? 'Address of your account, or its name' : 'Address of your account'}
        hint="The address is on your sheet of codes, in your kit, and in any app you used. You may paste all of the kit."
        isCode
        submit="Find my account"
        name="find"
        task={task}
        actions={<Button onClick={onBack}>Back</Button>}
        onSubmit={find}
      >
        <FileField
          label="Or open your recovery kit"
          hint="The file that you saved. It is read here, and not sent anywhere."
          onText={(kit) => look({ by: 'kit', kit })}
        />
      </FieldForm>
    </Page>
  )
}

type FoundScreenProps = {
  config: RekeyConfig
  found: FoundAccount
  onStarted: (request: RecoveryRequest) => void
  onBack: () => void
}

function FoundScreen({ config, found, onStarted, onBack }: FoundScreenProps) {
  const [task, run] = useTask()
  const { name: foundName } = found
  const compared = useField()
  const start = (): void => {
    if (foundName !== undefined && compared.value === '') compared.refuse(notCompared)
    else
      void run('start', async (signal) => {
        const name = `Rekey ${found.address.slice(0, 6)}`
        onStarted(await startRecovery(config, { ...found.recovery, name, signal }))
      })
  }
  return (
    <Page title={found.canRecover ? 'Is this your account?' : 'This account has no guardians'}>
      <section className="card">
        <AddressText address={found.address} label="Account" />
        <ChainList config={config} lines={foundLines(found)} />
      </section>
      {foundName !== undefined && <NameNotice name={foundName} field={compared} />}
      <TaskError task={task} />
      {found.canRecover ? (
        <>
          <p>
            Now this device makes a new passkey. It opens nothing yet: first a guardian has to approve. Your device asks
            twice, to make the passkey and to show that it works.
          </p>
          <div className="actions">
            <Button kind="primary" name="start" task={task} onClick={start}>
              Make a new passkey
            </Button>
            <Button onClick={onBack}>Another account</Button>
          </div>
        </>
      ) : (
        <>
          <p>
            Nobody was named who could let you back in, so only a passkey opens it. Look for one on your other devices,
            or check whether this is the right account.
          </p>
          <Button onClick={onBack}>Another account</Button>
        </>
      )}
    </Page>
  )
}
