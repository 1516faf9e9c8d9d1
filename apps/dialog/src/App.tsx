import { type PasskeyAccount, prunePasskeys } from '@rekey/sdk'
import { PasskeyRemovedError } from '@rekey/sdk/errors'
import { type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { type Arrival, ArrivalContext } from './components/arrival.ts'
import { Banner } from './components/banner.ts'
import { ErrorNotice } from './components/ErrorNotice.tsx'
import { SignInContext } from './components/signInSite.ts'
import { usePolled } from './components/usePolled.ts'
import { type Path, readRoute } from './flows/route.ts'
import type { AppRequests } from './lib/appRequests.ts'
import { findFreezeStates } from './lib/freezeStates.ts'
import { findChanges } from './lib/pendingChanges.ts'
import { findPendingRecoveries } from './lib/pendingRecoveries.ts'
import type { ReturnedSignIn } from './lib/returnFromProvider.ts'
import type { Site } from './lib/siteConfig.ts'
import { keepAccount, readAccount } from './lib/storage.ts'
import { AccountScreen } from './screens/AccountScreen.tsx'
import { CallOffScreen } from './screens/callOff/CallOffScreen.tsx'
import { ChangeGuardiansScreen } from './screens/change/ChangeGuardiansScreen.tsx'
import { CodesScreen } from './screens/codes/CodesScreen.tsx'
import { DomainApproveScreen } from './screens/DomainApproveScreen.tsx'
import { DomainRequestScreen } from './screens/DomainRequestScreen.tsx'
import { DrillScreen } from './screens/drill/DrillScreen.tsx'
import { FrozenNotice } from './screens/FrozenNotice.tsx'
import { FreezeScreen } from './screens/freeze/FreezeScreen.tsx'
import { GuardianScreen } from './screens/guardian/GuardianScreen.tsx'
import { HistoryScreen } from './screens/history/HistoryScreen.tsx'
import { PasskeyByAddressScreen } from './screens/PasskeyByAddressScreen.tsx'
import { PasskeyRemovedScreen } from './screens/PasskeyRemovedScreen.tsx'
import { PendingChangeNotice } from './screens/PendingChangeNotice.tsx'
import { PendingRecoveryBanner } from './screens/PendingRecoveryBanner.tsx'
import { ProviderReturnScreen } from './screens/ProviderReturnScreen.tsx'
import { RequestScreen } from './screens/RequestScreen.tsx'
import { RecoverScreen } from './screens/recover/RecoverScreen.tsx'
import { SignInScreen } from './screens/SignInScreen.tsx'
import { SafetyScreen } from './screens/safety/SafetyScreen.tsx'
import { SetUpScreen } from './screens/setUp/SetUpScreen.tsx'
import { VersionScreen } from './screens/VersionScreen.tsx'

const damaged = {
  code: 'ACCOUNT_INVALID_RECORD',
  title: 'What this browser remembered of your account was not valid.',
  advice: 'It was forgotten here; your account is not affected. Sign in again.',
}

type AppProps = Site & {
  requests: AppRequests
  /** What a provider answered, on the page that providers send people back to. */
  returned: Promise<ReturnedSignIn> | undefined
}

/** Chooses the screen: by the path, by what an app asks for, and by whether somebody is signed in. */
export function App({ config, otherPages, signIn, requests, returned }: AppProps) {
  const [route, setRoute] = useState(() => readRoute(window.location.pathname))
  const [kept] = useState(() => readAccount(config, localStorage))
  const [account, setAccount] = useState(kept.value)
  const [removed, setRemoved] = useState<PasskeyRemovedError>()
  const [pending, loadPending] = usePolled(account, findPendingRecoveries)
  const [stops] = usePolled(account, findFreezeStates)
  const [changes, loadChanges] = usePolled(account, findChanges)
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
  const goTo = useCallback((path: Path) => {
    setRemoved(undefined)
    window.history.pushState(null, '', path)
    setRoute(readRoute(path))
  }, [])
  const [arrival, setArrival] = useState<Arrival>()
  const arrive = useCallback(
    (next: Arrival, path: Path) => {
      setArrival(next)
      goTo(path)
    },
    [goTo],
  )
  const takeArrival = useCallback(() => setArrival(undefined), [])
  const onFailed = (error: unknown): void => {
    if (error instanceof PasskeyRemovedError) setRemoved(error)
  }
  const enter = (next: PasskeyAccount): void => {
    changeAccount(next)
    goTo('/')
  }

  const banner = account && (
    <>
      <PendingRecoveryBanner key={account.address} account={account} pending={pending ?? []} onStopped={loadPending} />
      {stops && route !== 'freeze' && <FrozenNotice states={stops} />}
      {changes && route !== 'changeGuardians' && (
        <PendingChangeNotice changes={changes} onOpen={() => goTo('/change-guardians')} />
      )}
    </>
  )
  return (
    <SignInContext value={signIn}>
      <ArrivalContext value={{ arrival, take: takeArrival }}>
        <Banner value={banner}>{chooseScreen()}</Banner>
      </ArrivalContext>
    </SignInContext>
  )

  function chooseScreen(): ReactNode {
    if (requests.connection && !requests.connection.isSupported) return <VersionScreen app={requests.connection.app} />
    if (route === 'signIn' && returned)
      return <ProviderReturnScreen returned={returned} onArrival={arrive} onLeave={() => goTo('/')} />
    if (route === 'guardian') return <GuardianScreen config={config} account={account} />
    if (route === 'callOff') return <CallOffScreen config={config} onLeave={() => goTo('/')} />
    if (removed)
      return (
        <PasskeyRemovedScreen
          config={config}
          removed={removed}
          onRecover={() => goTo('/recover')}
          onAnother={() => goTo('/')}
        />
      )
    if (route === 'recover')
      return (
        <RecoverScreen
          config={config}
          onAccount={enter}
          onFailed={onFailed}
          onSecurityKey={() => goTo('/security-key')}
          onRecovered={(recovered) => {
            // The device may hold passkeys that the recovery threw out.
            void prunePasskeys(recovered, { includesUnlisted: true })
            enter(recovered)
          }}
          onLeave={() => goTo('/')}
        />
      )
    if (route === 'join')
      return <DomainRequestScreen config={config} otherPages={otherPages} onAccount={enter} onLeave={() => goTo('/')} />
    if (route === 'securityKey')
      return <PasskeyByAddressScreen config={config} onAccount={enter} onFailed={onFailed} onLeave={() => goTo('/')} />
    if (!account)
      return (
        <>
          <ErrorNotice error={kept.wasDamaged ? damaged : undefined} />
          <SignInScreen
            config={config}
            app={requests.connection?.app}
            isForApproval={route === 'approvePasskey'}
            onAccount={changeAccount}
            onFailed={onFailed}
            onGoTo={goTo}
          />
        </>
      )
    if (route === 'approvePasskey') return <DomainApproveScreen account={account} onLeave={() => goTo('/')} />
    if (request && request.request.method !== 'rekey_openAccount')
      return (
        <RequestScreen
          key={request.id}
          account={account}
          request={request}
          onAnswered={() => requests.remove(request)}
        />
      )
    if (route === 'setUp') return <SetUpScreen account={account} onLeave={() => goTo('/')} />
    if (route === 'safety') return <SafetyScreen account={account} otherPages={otherPages} onGoTo={goTo} />
    if (route === 'history') return <HistoryScreen account={account} onLeave={() => goTo('/')} />
    if (route === 'drill') return <DrillScreen account={account} onGoTo={goTo} />
    if (route === 'freeze') return <FreezeScreen account={account} onGoTo={goTo} />
    if (route === 'changeGuardians')
      return <ChangeGuardiansScreen account={account} changes={changes} loadChanges={loadChanges} onGoTo={goTo} />
    if (route === 'codes') return <CodesScreen account={account} onLeave={() => goTo('/')} />
    return <AccountScreen account={account} otherPages={otherPages} onAccount={changeAccount} onGoTo={goTo} />
  }
}
