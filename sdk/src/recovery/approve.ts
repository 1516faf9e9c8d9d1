import { type Chain, type Hex, isAddressEqual, size, type Transport, type WalletClient } from 'viem'
import type { Account, LocalAccount } from 'viem/accounts'
import type { RekeyConfig } from '../config/createConfig.ts'
import type { Approval } from '../encoding/approvals.ts'
import type { Policy } from '../encoding/policy.ts'
import type { RekeyTypedData } from '../encoding/typedData.ts'
import { NotAGuardianError } from '../errors/recovery.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import type { CredentialRecord } from '../webauthn/credential.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'
import { passkeySigner } from './guardians.ts'

/** Who approves, and with what. */
export type Approver =
  /** A wallet of viem, local or connected. */
  | { readonly wallet: LocalAccount | WalletClient<Transport, Chain | undefined, Account> }
  /** A passkey on this device. */
  | {
      readonly passkey: CredentialRecord
      readonly credentials?: CredentialsContainerLike | undefined
      readonly signal?: AbortSignal | undefined
    }
  /** A signature made elsewhere. */
  | { readonly index: number; readonly signature: Hex }

/**
 * Has a guardian sign a recovery. It does not check what comes back.
 *
 * @throws {NotAGuardianError} when the policy does not name wallet or passkey; before anyone is asked.
 */
export async function signApproval(
  config: RekeyConfig,
  { policy, digest, typedData }: { policy: Policy; digest: Hex; typedData: RekeyTypedData<'Recovery'> },
  by: Approver,
): Promise<Pick<Approval, 'index' | 'signature'>> {
  if ('signature' in by) return by
  if ('wallet' in by) {
    const address = 'account' in by.wallet ? by.wallet.account.address : by.wallet.address
    const index = policy.guardians.findIndex(({ signer }) => size(signer) === 20 && isAddressEqual(signer, address))
    if (index === -1) throw new NotAGuardianError(`Wallet ${address}`)
    return { index, signature: await signWithWallet(by.wallet, typedData) }
  }
  const { passkey, credentials = config.credentials, signal } = by
  const wanted = passkeySigner(config, passkey).toLowerCase()
  const index = policy.guardians.findIndex(({ signer }) => signer.toLowerCase() === wanted)
  if (index === -1) throw new NotAGuardianError('This passkey')
  const { assertion } = await getAssertion({
    rpId: passkey.rpId,
    origins: passkey.origins,
    allowCredentials: [passkey.id],
    challenge: digest,
    credentials,
    signal,
  })
  return { index, signature: encodeAssertion({ credential: passkey, assertion }) }
}

async function signWithWallet(
  wallet: LocalAccount | WalletClient<Transport, Chain | undefined, Account>,
  typedData: RekeyTypedData<'Recovery'>,
): Promise<Hex> {
  return 'account' in wallet
    ? wallet.signTypedData({ ...typedData, account: wallet.account })
    : wallet.signTypedData(typedData)
}
