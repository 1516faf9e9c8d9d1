import type { PasskeyAccount } from '@rekey/sdk'
import type { RecoveryPlan } from '@rekey/sdk/recovery'
import { type ChainWork, useChainWork } from '../../components/useChainWork.ts'
import { keepPlan } from '../../lib/keptPlan.ts'

/** Puts a plan into effect, or announces it: one prompt, then every network. */
export function usePlanWork(account: PasskeyAccount, plan: RecoveryPlan): ChainWork & { readonly apply: () => void } {
  const work = useChainWork(account.config)
  const apply = (): void =>
    work.start(
      'apply',
      ({ signal, onProgress }) =>
        plan.apply({
          signal,
          onProgress: (result) => {
            onProgress(result)
            // What is signed is kept: a page that is closed half way goes on without another prompt.
            keepPlan(account, plan, localStorage)
          },
        }),
      { onEnd: () => keepPlan(account, undefined, localStorage) },
    )
  return { ...work, apply }
}
