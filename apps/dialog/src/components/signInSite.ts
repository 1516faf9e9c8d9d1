import type { Policy } from '@rekey/sdk'
import { createContext, use, useMemo } from 'react'
import type { Address } from 'viem'
import { type Provider, providersIn } from '../flows/signIns.ts'

/** Where people can sign in, and who tells the chains which keys are the providers'. */
export type SignInSite = { readonly providers: readonly Provider[]; readonly registry: Address | undefined }

/** What the page was told of sign-ins; without a registry there are none. */
export const SignInContext = createContext<SignInSite>({ providers: [], registry: undefined })

/** Where the guardians of a policy may sign in, by their places. */
export function useProvidersIn(policy: Policy | undefined): readonly (readonly Provider[])[] {
  const { providers } = use(SignInContext)
  return useMemo(() => (policy ? providersIn(policy, providers) : []), [policy, providers])
}
