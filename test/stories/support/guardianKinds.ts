import { createPasskeyAccount, sendCalls } from '@rekey/sdk'
import { approveWithPassphrase, createPassphrase, generatePassphrase } from '@rekey/sdk/passphrase'
import { type GuardianInput, type RecoveryRequest, walletGuardian } from '@rekey/sdk/recovery'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { configFor, createDevice } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'
import { createContractWallet } from '../../integration/support/contractWallet.ts'
import { fund } from '../../integration/support/sdkStack.ts'
import { createCodes, placeOf } from './codes.ts'
import { createFriend } from './friend.ts'
import { withoutNetwork } from './network.ts'
import { bothChains, calls } from './owner.ts'
import { createSignIn } from './signIn.ts'

/** One guardian and how it approves. */
export type GuardianUnderTest = {
  readonly guardian: GuardianInput
  readonly approve: (request: RecoveryRequest) => Promise<unknown>
}

/** Every kind of guardian there is, by name; a new kind is one entry here, and passes what all pass. */
export const guardianKinds: Readonly<Record<string, (stack: Stack, seed: string) => Promise<GuardianUnderTest>>> = {
  wallet: async (_, seed) => {
    const wallet = privateKeyToAccount(keccak256(toHex(`wallet ${seed}`)))
    return { guardian: walletGuardian(wallet.address), approve: (request) => request.approve({ wallet }) }
  },
  'contract wallet': async (stack, seed) => {
    const signer = privateKeyToAccount(keccak256(toHex(`signer ${seed}`)))
    const wallet = createContractWallet(signer)
    await wallet.deploy(stack, stack.chains)
    const guardian = walletGuardian(wallet.address)
    const approve = async (request: RecoveryRequest) =>
      request.addApproval({ index: placeOf(request, guardian), signature: await signer.sign({ hash: request.digest }) })
    return { guardian, approve }
  },
  passkey: async (stack, seed) => {
    const { guardian, credential: passkey, credentials } = await createFriend(stack, `friend ${seed}`)
    return { guardian, approve: (request) => request.approve({ passkey, credentials }) }
  },
  'Rekey account': async (stack, seed) => {
    const account = await createPasskeyAccount(configFor(stack, createDevice(`account ${seed}`)), { name: 'Friend' })
    await fund(stack, account)
    for (const chainId of bothChains) await sendCalls(account, { chainId, calls })
    return { guardian: walletGuardian(account.address), approve: (request) => request.approveWithAccount(account) }
  },
  passphrase: async () => {
    const phrase = generatePassphrase()
    const { guardian } = await createPassphrase({ phrase, cost: 'low' })
    // On a device without network: only the signature travels.
    const sign = (request: RecoveryRequest) => withoutNetwork(() => approveWithPassphrase(request, { phrase }))
    return { guardian, approve: async (request) => request.addApproval(await sign(request)) }
  },
  'set of recovery codes': async (stack) => {
    const { guardian, approveWith } = createCodes(stack)
    return { guardian, approve: (request) => approveWith(0, request) }
  },
  'sign-in': (stack, seed) => createSignIn(stack, `person ${seed}`),
}
