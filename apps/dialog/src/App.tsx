import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { ErrorNotice } from './components/ErrorNotice.tsx'
import { readRoute } from './flows/route.ts'
import type { AppRequests } from './lib/appRequests.ts'
import { keepAccount, readAccount } from './lib/storage.ts'
import { AccountScreen } from './screens/AccountScreen.tsx'
import { GuardianScreen } from './screens/GuardianScreen.tsx'
import { RecoverScreen } from './screens/RecoverScreen.tsx'
import { RequestScreen } from './screens/RequestScreen.tsx'
import { SignInScreen } from './screens/SignInScreen.tsx'
import { VersionScreen } from './screens/VersionScreen.tsx'

const damaged = {
  code: 'ACCOUNT_INVALID_RECORD',
  title: 'What this browser remembered of your account was not valid.',
  advice: 'It was forgotten here; your account is not affected. Sign in again.',
}

/** Chooses the screen: by the path, by what an app asks for, and by whether somebody is signed in. */
export function App({ config, requests }: { config: RekeyConfig; requests: AppRequests }) {
  const [route, setRoute] = useState(() => readRoute(window.location.pathname))
  const [kept] = useState(() => readAccount(config, localStorage))
  const [account, setAccount] = useState(kept.value)
  const [request] = useSyncExternalStore(requests.subscribe, requests.list)

  const changeAccount = useCallback((next: PasskeyAccount | undefined) => {
    keepAccount(next, localStorage)
    setAccount(next)
  }, [])
  useEffect(() => {
    const onMove = (): void => setRoute(readRoute(window.location.pathname))
    window.addEventListener('popstate', onMove)
    return () => window.removeEventListener('popstate', onMove)
  }, [])
  const goTo = useCallback((path: '/' | '/recover') => {
    window.history.pushState(null, '', path)
    setRoute(readRoute(path))
  }, [])

  if (requests.connection && !requests.connection.isSupported) return <VersionScreen app={requests.connection.app} />
  if (route === 'guardian') return <GuardianScreen config={config} />
  if (route === 'recover')
    return (
      <RecoverScreen
        config={config}
        onRecovered={(recovered) => {
          changeAccount(recovered)
          goTo('/')
        }}
        onLeave={() => goTo('/')}
      />
    )
  if (!account)
    return (
      <>
        <ErrorNotice error={kept.wasDamaged ? damaged : undefined} />
        <SignInScreen
          config={config}
          app={requests.connection?.app}
          onAccount={changeAccount}
          onRecover={() => goTo('/recover')}
        />
      </>
    )
  if (request && request.request.method !== 'rekey_openAccount')
    return (
      <RequestScreen key={request.id} account={account} request={request} onAnswered={() => requests.remove(request)} />
    )
  return <AccountScreen account={account} onAccount={changeAccount} />
}
