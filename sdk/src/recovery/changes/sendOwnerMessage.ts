import { type Hex, hashTypedData } from 'viem'
import type { PasskeyAccount } from '../../accounts/passkeyAccount.ts'
import { signDigest } from '../../accounts/signDigest.ts'
import { type ChainResult, type OnProgress, runOnChains } from '../../config/chainWork.ts'
import { type ConfiguredChain, selectChains } from '../../config/createConfig.ts'
import { deliverCall } from '../../config/relayCall.ts'
import type { Call } from '../../encoding/execution.ts'
import type { RecoveryMessageName, RekeyTypedData } from '../../encoding/typedData.ts'
import { deliverOwnerSignature, findReadyChains } from '../ownerMessage.ts'

/** How a message of the owner is delivered. */
export type OwnerMessageParameters = {
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/** Has the owner sign one message for all chains, and delivers it to each through its relay: one prompt, no gas of the account. */
export async function sendOwnerMessage<name extends RecoveryMessageName>(
  account: PasskeyAccount,
  message: {
    /** Made when it is known which chains answer. */
    build(ready: readonly ConfiguredChain[]): Promise<{
      typedData: RekeyTypedData<name>
      /** Whether there is nothing left to do on a chain. */
      isDone(chain: ConfiguredChain): Promise<boolean>
      toCalls(ownerSignature: Hex): readonly Call[]
    }>
  },
  { chainIds, signal, onProgress }: OwnerMessageParameters,
): Promise<ChainResult[]> {
  const chains = selectChains(account.config, chainIds)
  const ready = await findReadyChains(account, chains, signal)
  const { typedData, isDone, toCalls } = await message.build(ready)
  const assertion = await signDigest(account, hashTypedData(typedData as never), signal)
  return runOnChains(
    chains,
    async (chain) => {
      if (await isDone(chain)) return { status: 'skipped' }
      const ownerSignature = await deliverOwnerSignature(account, chain, { assertion, signal })
      const [call] = toCalls(ownerSignature)
      return call ? deliverCall(chain, { ...call, signal, isDone: () => isDone(chain) }) : { status: 'skipped' }
    },
    { signal, onProgress },
  )
}
