import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { useState } from 'react'
import type { Address } from 'viem'
import { ErrorNotice } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { accountInLink, type Lead, type Way } from '../../flows/remains.ts'
import { openRecovery } from '../../lib/openRecovery.ts'
import { keepRecovery } from '../../lib/storage.ts'
import { FindAccountScreen } from './FindAccountScreen.tsx'
import { NothingLeftScreen } from './NothingLeftScreen.tsx'
import { OtherDeviceScreen } from './OtherDeviceScreen.tsx'
import { RecoveryScreen } from './RecoveryScreen.tsx'
import { RemainsScreen } from './RemainsScreen.tsx'

type RecoverScreenProps = {
  config: RekeyConfig
  onAccount: (account: PasskeyAccount) => void
  onRecovered: (account: PasskeyAccount) => void
  onFailed: (error: unknown) => void
  onSecurityKey: () => void
  onLeave: () => void
}

const damaged = {
  code: 'ACCOUNT_INVALID_RECORD',
  title: 'The recovery that this browser remembered was not valid.',
  advice: 'It was forgotten. Start again; guardians have to approve again.',
}

type At = 'remains' | 'otherDevice' | 'nothing' | { readonly way: Way | undefined }

/** "I lost my passkey": goes on with a recovery that was begun, here or elsewhere, or begins one. */
export function RecoverScreen(props: RecoverScreenProps) {
  const { config, onAccount, onRecovered, onFailed, onSecurityKey, onLeave } = props
  const [opened] = useState(() => openRecovery(config, window.location, localStorage))
  const [request, setRequest] = useState(opened.request)
  const [known] = useState(() => accountInLink(window.location.hash) as Address | undefined)
  const [at, setAt] = useState<At>(known ? { way: undefined } : 'remains')
  const change = (next: RecoveryRequest | undefined): void => {
    keepRecovery(next, localStorage)
    setRequest(next)
  }
  const follow = (lead: Lead): void => {
    if (lead === 'securityKey') onSecurityKey()
    else if (lead !== 'signIn') setAt(lead)
  }

  if (opened.error)
    return (
      <Page title="This link does not work">
        <ErrorNotice error={opened.error} />
        <a href="/recover">Start from the beginning</a>
      </Page>
    )
  if (request)
    return (
      <RecoveryScreen
        config={config}
        request={request}
        isFromElsewhere={opened.isFromElsewhere && request === opened.request}
        firstWay={typeof at === 'object' ? at.way : undefined}
        onDone={(isHere) => {
          keepRecovery(undefined, localStorage)
          if (isHere) onRecovered(request.toAccount())
          else onLeave()
        }}
        onStartAgain={() => {
          change(undefined)
          setAt('remains')
        }}
      />
    )
  if (at === 'otherDevice')
    return (
      <OtherDeviceScreen config={config} onAccount={onAccount} onFailed={onFailed} onBack={() => setAt('remains')} />
    )
  if (at === 'nothing') return <NothingLeftScreen onBack={() => setAt('remains')} />
  if (at === 'remains')
    return (
      <RemainsScreen
        config={config}
        error={opened.wasDamaged ? damaged : undefined}
        onAccount={onAccount}
        onFailed={onFailed}
        onLead={follow}
        onLeave={onLeave}
      />
    )
  return <FindAccountScreen config={config} known={known} onStarted={change} onBack={() => setAt('remains')} />
}
