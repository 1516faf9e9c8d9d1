import { createContext } from 'react'
import type { SignInWay } from '../flows/signIns.ts'

/** A sign-in that came back in this very window: in memory only, and used once. */
export type Arrival = {
  readonly token: string
  readonly nonce: string
  /** Where it was begun. */
  readonly way: SignInWay | undefined
}

/** The sign-in that has just come back, and how it is taken. */
export const ArrivalContext = createContext<{
  readonly arrival: Arrival | undefined
  readonly take: () => void
}>({ arrival: undefined, take: () => {} })
