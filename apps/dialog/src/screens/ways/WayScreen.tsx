import type { ReactNode } from 'react'
import type { Way } from '../../flows/remains.ts'
import { AskGuardian } from './AskGuardian.tsx'
import { ByCode } from './ByCode.tsx'
import { ByPassphrase } from './ByPassphrase.tsx'
import { ByWallet } from './ByWallet.tsx'
import type { WayProps } from './inHand.ts'

const screens: Readonly<Record<Way, (props: WayProps) => ReactNode>> = {
  code: ByCode,
  passphrase: ByPassphrase,
  wallet: ByWallet,
  friend: AskGuardian,
}

/** The screen of one way to approve. */
export function WayScreen({ way, ...props }: WayProps & { way: Way }) {
  const Screen = screens[way]
  return <Screen {...props} />
}
