import { type PasskeyAccount, signMessage, signTypedData } from '@rekey/sdk'
import type { DialogRequest } from '@rekey/sdk/dialog'
import { type Hex, hexToString } from 'viem'
import { Button } from '../components/Button.tsx'
import { chainName } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { useTask } from '../components/useTask.ts'
import { plainText } from '../lib/plainText.ts'

type SignScreenProps = {
  account: PasskeyAccount
  app: string
  request: DialogRequest & { method: 'personal_sign' | 'eth_signTypedData_v4' }
  onAnswer: (signature: Hex) => void
  onRefuse: () => void
}

/** Shows a message that an app wants signed. */
export function SignScreen({ account, app, request, onAnswer, onRefuse }: SignScreenProps) {
  const [task, run] = useTask()
  const { chainId } = request
  const sign = (): void =>
    void run('sign', async (signal) => {
      onAnswer(
        request.method === 'personal_sign'
          ? await signMessage(account, { chainId, message: { raw: request.message }, signal })
          : await signTypedData(account, { chainId, typedData: request.typedData, signal }),
      )
    })
  return (
    <Page title="Sign this?">
      <p className="lead">
        <strong>{new URL(app).host}</strong> wants your signature, for{' '}
        <strong>{chainName(account.config, chainId)}</strong>.
      </p>
      <TaskError task={task} />
      <section className="card">
        <h2>{request.method === 'personal_sign' ? 'Message' : request.typedData.primaryType}</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
        <section className="raw" tabIndex={0} aria-label="What is signed">
          {request.method === 'personal_sign' ? readableMessage(request.message) : readableData(request.typedData)}
        </section>
        {request.method === 'eth_signTypedData_v4' && (
          <div className="notice warning">
            <strong>A signature like this can give others rights over what you own.</strong>
            <span>Read every line. Sign only if you asked the app for this.</span>
          </div>
        )}
      </section>
      <div className="actions">
        <Button kind="primary" name="sign" task={task} onClick={sign}>
          Sign with passkey
        </Button>
        <Button onClick={onRefuse}>Refuse</Button>
      </div>
    </Page>
  )
}

/** Text where it is text, bytes where it is not. */
function readableMessage(message: Hex): string {
  const text = hexToString(message)
  return text.includes('\uFFFD') ? message : keepLines(text)
}

function readableData({ domain, message }: { domain: unknown; message: unknown }): string {
  return keepLines(JSON.stringify({ domain, message }, null, 2))
}

function keepLines(text: string): string {
  return text
    .split('\n')
    .map((line) => plainText(line, Number.MAX_SAFE_INTEGER))
    .join('\n')
}
