import { lazy, type ReactNode, Suspense, use } from 'react'
import { SignInContext } from '../../components/signInSite.ts'
import type { Way } from '../../flows/remains.ts'
import { isSignInWay, providerOnWay, type SignInWay } from '../../flows/signIns.ts'
import { AskGuardian } from './AskGuardian.tsx'
import { ByCode } from './ByCode.tsx'
import { ByPassphrase } from './ByPassphrase.tsx'
import { ByWallet } from './ByWallet.tsx'
import type { WayProps } from './inHand.ts'

const screens: Readonly<Record<Exclude<Way, SignInWay>, (props: WayProps) => ReactNode>> = {
  code: ByCode,
  passphrase: ByPassphrase,
  wallet: ByWallet,
  friend: AskGuardian,
}

const BySignIn = lazy(async () => ({ default: (await import('./BySignIn.tsx')).BySignIn }))

/** The screen of one way to approve; what signing in takes is loaded when somebody wants to. */
export function WayScreen({ way, ...props }: WayProps & { way: Way }) {
  const { providers } = use(SignInContext)
  if (isSignInWay(way)) {
    const provider = providerOnWay(providers, way)
    return (
      provider && (
        <Suspense>
          <BySignIn {...props} provider={provider} />
        </Suspense>
      )
    )
  }
  const Screen = screens[way]
  return <Screen {...props} />
}
