import { type Call, type PasskeyAccount, toSmartAccount } from '@rekey/sdk'
import type { BundlerClient } from 'viem/account-abstraction'
import { StackError } from './errors.ts'

/** A userOp that is signed, and sent by whoever has it whenever they like. */
export type SignedAhead = {
  readonly chainId: number
  /** Hands it to the bundler. */
  readonly send: () => Promise<unknown>
}

/** Signs a userOp per chain as the passkey may now, without sending any: what a thief would keep for later. */
export async function signAhead(account: PasskeyAccount, calls: readonly Call[]): Promise<readonly SignedAhead[]> {
  return Promise.all(
    account.config.chains.map(async ({ id: chainId, bundler }) => {
      if (!bundler) throw new StackError(`Chain ${chainId} has no bundler.`)
      const smartAccount = await toSmartAccount(account, { chainId })
      const prepared = await bundler.prepareUserOperation({ account: smartAccount, calls: [...calls] })
      const signature = await smartAccount.signUserOperation(prepared)
      const { entryPoint } = account.config.contracts
      type SendParameters = Parameters<BundlerClient['sendUserOperation']>[0]
      const userOp = { ...prepared, signature, account: undefined, calls: undefined, entryPointAddress: entryPoint }
      return { chainId, send: () => bundler.sendUserOperation(userOp as SendParameters) }
    }),
  )
}
