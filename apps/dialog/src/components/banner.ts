import { createContext, type ReactNode } from 'react'

/** What stands at the top of every screen of somebody who is signed in. */
export const Banner = createContext<ReactNode>(null)
