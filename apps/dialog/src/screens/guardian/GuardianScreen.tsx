import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import type { ApprovalReply } from '@rekey/sdk/recovery'
import { useEffect, useState } from 'react'
import { ErrorNotice } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { type ErrorText, errorText } from '../../lib/errorText.ts'
import { type OpenedAsk, openAsk } from '../../lib/openAsk.ts'
import { ApprovedScreen } from './ApprovedScreen.tsx'
import { ApproveScreen } from './ApproveScreen.tsx'

type GuardianScreenProps = { config: RekeyConfig; account: PasskeyAccount | undefined }

/** A guardian's page: opened by a link, needs no account here and no money. */
export function GuardianScreen({ config, account }: GuardianScreenProps) {
  const [opened] = useState(() => openAsk(config, window.location))
  if ('error' in opened) return <RefusedScreen error={opened.error} />
  return <CheckedAsk config={config} account={account} {...opened} />
}

type CheckedAskProps = GuardianScreenProps & Exclude<OpenedAsk, { error: ErrorText }>

/** What no network would take any more is not offered for approval. */
function CheckedAsk({ config, account, ask, recovery }: CheckedAskProps) {
  const [refusal, setRefusal] = useState<ErrorText>()
  const [reply, setReply] = useState<ApprovalReply>()
  useEffect(() => {
    const controller = new AbortController()
    ask.check({ signal: controller.signal }).catch((error: unknown) => {
      const text = errorText(error)
      if (!controller.signal.aborted && fatal.includes(text.code)) setRefusal(text)
    })
    return () => controller.abort()
  }, [ask])
  if (refusal) return <RefusedScreen error={refusal} />
  if (reply) return <ApprovedScreen config={config} ask={ask} reply={reply} recovery={recovery} />
  return <ApproveScreen config={config} account={account} ask={ask} onReply={setReply} />
}

/** A network that does not answer is no reason to refuse; these are. */
const fatal: readonly string[] = ['RECOVERY_LINK_EXPIRED', 'RECOVERY_OTHER_POLICY']

function RefusedScreen({ error }: { error: ErrorText }) {
  return (
    <Page title="This link does not work">
      <ErrorNotice error={error} />
      <p>Nothing was signed. Talk to the person who sent it, by voice, before you open another one.</p>
    </Page>
  )
}
