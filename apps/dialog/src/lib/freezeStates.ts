import type { PasskeyAccount } from '@rekey/sdk'
import { guardianRecoveryAbi, rekeyAccountAbi } from '@rekey/sdk/abis'
import { BaseError, ContractFunctionZeroDataError } from 'viem'
import { getBlock, readContract } from 'viem/actions'

/** Whether the account is stopped on a network; times in Unix seconds. */
export type FreezeState =
  | {
      readonly chainId: number
      readonly now: number
      /** 0 where it was never stopped. */
      readonly frozenUntil: number
      /** When it can be stopped again. */
      readonly readyAt: number
    }
  | { readonly chainId: number; readonly error: unknown }

/** An account that was never used on a network is not stopped there. */
function noAccount(error: unknown): number {
  if (error instanceof BaseError && error.walk((one) => one instanceof ContractFunctionZeroDataError)) return 0
  throw error
}

/** Reads on every network whether the account is stopped. */
export async function findFreezeStates({ config, address }: PasskeyAccount): Promise<FreezeState[]> {
  const { guardianRecovery } = config.contracts
  const read = async ({ id: chainId, client }: (typeof config.chains)[number]): Promise<FreezeState> => {
    try {
      const [block, aux, frozenUntil] = await Promise.all([
        getBlock(client),
        readContract(client, {
          address: guardianRecovery,
          abi: guardianRecoveryAbi,
          functionName: 'getAux',
          args: [address],
        }),
        readContract(client, { address, abi: rekeyAccountAbi, functionName: 'frozenUntil' }).catch(noAccount),
      ])
      return {
        chainId,
        now: Number(block.timestamp),
        frozenUntil: Number(frozenUntil),
        readyAt: Number(aux.freezeReadyAt),
      }
    } catch (error) {
      return { chainId, error }
    }
  }
  return Promise.all(config.chains.map(read))
}
