import { encodeFunctionData, type Hex, keccak256, zeroHash } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import type { RekeyConfig } from '../config/createConfig.ts'
import { relayCall, tryCall } from '../config/relayCall.ts'
import { tellCreated } from '../config/seenPasskeys.ts'
import { validatePolicy } from '../encoding/validatePolicy.ts'
import { createCredential } from '../webauthn/createCredential.ts'
import { toCredential } from '../webauthn/credential.ts'
import { encodeCreateAndSetup, genesisAddress } from './genesis.ts'
import { createAccountHandle } from './handles.ts'
import { getAccount, type PasskeyAccount } from './passkeyAccount.ts'

/** What {@link createPasskeyAccount} takes. */
export type CreatePasskeyAccountParameters = {
  /** Name of the passkey as devices show it. */
  name: string
  /** 32 bytes that find the account again, of another account with the same first policy; default: new ones. */
  handle?: Hex | undefined
  /** Bytes of guardians' policy that the address is to commit to. Then the account is created on a chain at once. */
  policy?: Hex | undefined
  signal?: AbortSignal | undefined
}

/**
 * Creates a passkey and the account that belongs to it, with one prompt. The account has its address on every chain at
 * once; it is created on each of them by its first userOp there.
 *
 * With a policy the account is created through a relay on the first chain that takes it before this returns: its address
 * commits to bytes that must not be lost.
 *
 * @throws {WebAuthnNotAllowedError} when the prompt was closed.
 * @throws {InvalidPolicyError} when the policy breaks a rule; before any prompt.
 * @example
 * const account = await createPasskeyAccount(config, { name: 'Ada' })
 * @see SPEC §6, Address and creation
 */
export async function createPasskeyAccount(
  config: RekeyConfig,
  { name, handle, policy = '0x', signal }: CreatePasskeyAccountParameters,
): Promise<PasskeyAccount> {
  if (policy !== '0x') validatePolicy(policy)
  const created = await createCredential({
    rpId: config.rpId,
    rpName: config.rpName,
    userName: name,
    userHandle: handle ?? createAccountHandle(policy === '0x' ? zeroHash : keccak256(policy)),
    origins: config.origins,
    credentials: config.credentials,
    signal,
  })
  const { credential, userHandle } = tellCreated(config, created, name)
  const genesis = { credential: toCredential(credential), credentialId: credential.id, policy, handle: userHandle }
  const account = getAccount(config, { address: genesisAddress(config.contracts, genesis), genesis, credential })
  if (policy !== '0x') await publish(account, signal)
  return account
}

/** Creates the account on the first chain that takes it, so that the policy's bytes are in an event. */
async function publish({ config, address, genesis }: PasskeyAccount, signal: AbortSignal | undefined): Promise<void> {
  const { factory, guardianRecovery } = config.contracts
  const args = [address, genesis.policy] as const
  const check = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'checkPolicy', args })
  const data = encodeCreateAndSetup(config.contracts, genesis)
  let failure: unknown
  for (const chain of config.chains) {
    const [answer] = await readFromChains(
      [chain],
      async () => {
        await checkChain(chain)
        await tryCall(chain, { to: guardianRecovery, data: check })
        return relayCall(chain, { to: factory, data, signal })
      },
      signal,
    )
    if (answer && 'value' in answer) return
    failure = answer?.error
  }
  throw failure
}
