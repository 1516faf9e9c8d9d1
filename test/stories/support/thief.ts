import { type PasskeyAccount, sendCalls } from '@rekey/sdk'
import { guardianRecoveryAbi, passkeyValidatorAbi, rekeyAccountAbi } from '@rekey/sdk/abis'
import { BaseError, ContractError } from '@rekey/sdk/errors'
import { type Abi, type Address, type ContractFunctionName, encodeFunctionData, type Hex } from 'viem'

/** What someone who holds the account's passkey does with it on one chain: `done`, or why it was refused. */
export type Attempt = (to: Address, data: Hex) => Promise<string>

/** A thief with the passkey: whatever the account allows, through the bundler, as the owner would. */
export function thiefOf(account: PasskeyAccount, chainId: number): Attempt {
  return async (to, data) => {
    try {
      const { success, error } = await sendCalls(account, { chainId, calls: [{ to, data }] })
      return success ? 'done' : reasonOf(error)
    } catch (error) {
      return reasonOf(error)
    }
  }
}

/** The name of the contract's error, or the code of ours. */
function reasonOf(error: unknown): string {
  for (let link: unknown = error; link !== undefined; link = Reflect.get(Object(link), 'cause'))
    if (link instanceof ContractError) return link.name
  if (error instanceof BaseError) return error.code
  throw error
}

type Names<abi extends Abi> = ContractFunctionName<abi>

export const onAccount = (functionName: Names<typeof rekeyAccountAbi>, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: rekeyAccountAbi, functionName, args } as never)
export const onRecovery = (functionName: Names<typeof guardianRecoveryAbi>, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: guardianRecoveryAbi, functionName, args } as never)
export const onPasskeys = (functionName: Names<typeof passkeyValidatorAbi>, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: passkeyValidatorAbi, functionName, args } as never)
