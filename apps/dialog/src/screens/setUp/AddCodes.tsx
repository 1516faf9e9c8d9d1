import { codesGuardian, createCodes, forgetCodes, parseCode } from '@rekey/sdk/codes'
import { UnknownCodeError } from '@rekey/sdk/errors'
import { useState } from 'react'
import { isAddressEqual } from 'viem'
import { Button } from '../../components/Button.tsx'
import { CodeSheetView } from '../../components/CodeSheetView.tsx'
import { CodeTypedBack } from '../../components/CodeTypedBack.tsx'
import { Page } from '../../components/Page.tsx'
import { useWarnOnLeave } from '../../components/useWarnOnLeave.ts'
import { sheetParameters } from '../../lib/sheetParameters.ts'
import type { AddGuardianProps } from './SetUpScreen.tsx'

/** Makes recovery codes: shown once, and a guardian only after one was typed back. */
export function AddCodes({ account, onEnd }: AddGuardianProps) {
  const [codes] = useState(() => createCodes())
  const [parameters] = useState(() => sheetParameters(account))
  const [isSaved, setSaved] = useState(false)
  useWarnOnLeave()

  const leave = (): void => {
    forgetCodes(codes.codes)
    onEnd()
  }
  const confirm = (text: string): void => {
    const code = parseCode(text)
    forgetCodes([code])
    if (!codes.addresses.some((address) => isAddressEqual(address, code.address))) throw new UnknownCodeError()
    forgetCodes(codes.codes)
    onEnd({
      choice: 'codes',
      input: codesGuardian(account.config, codes, { name: `set ${parameters.setName(codes)}` }),
    })
  }

  if (isSaved)
    return (
      <Page title="Type one code back">
        <p className="lead">So that it is certain that you have them. They are not shown again after this.</p>
        <CodeTypedBack onCode={confirm}>
          <Button onClick={() => setSaved(false)}>Show them again</Button>
        </CodeTypedBack>
      </Page>
    )
  return (
    <Page title="Your recovery codes">
      <p className="lead">Print or save them now: they are shown once, and nobody else has them.</p>
      <CodeSheetView codes={codes} parameters={parameters.sheet} />
      <div className="actions after">
        <Button onClick={() => setSaved(true)}>Next: type one back</Button>
        <Button kind="quiet" onClick={leave}>
          Throw them away
        </Button>
      </div>
    </Page>
  )
}
