import type { Chain, Hex, Transport, WalletClient } from 'viem'
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
import { findSigner, type Reveal } from './hiddenGuardians.ts'

/** Who approves, and with what. */
export type Approver =
  /** A wallet of viem, local or connected. */
  | ({ readonly wallet: LocalAccount | WalletClient<Transport, Chain | undefined, Account> } & Revealing)
  /** A passkey on this device. */
  | ({
      readonly passkey: CredentialRecord
      readonly credentials?: CredentialsContainerLike | undefined
      readonly signal?: AbortSignal | undefined
    } & Revealing)
  /** A signature made elsewhere. */
  | Approval

type Revealing = {
  /** What a hidden guardian was given when it was named; those that are not this guardian's are passed over. */
  readonly reveals?: readonly Reveal[] | undefined
}

/** What a guardian signs, and the policy that names it. */
export type SigningRequest<name extends GuardianMessage = GuardianMessage> = {
  readonly policy: Policy
  readonly digest: Hex
  readonly typedData: RekeyTypedData<name>
}

/** What guardians sign. */
export type GuardianMessage = 'Recovery' | 'GuardianCancel' | 'Freeze' | 'Drill'

/**
 * Has a guardian sign a recovery, or another message to guardians. It does not check what comes back.
 *
 * @throws {NotAGuardianError} when the policy does not name wallet or passkey; before anyone is asked.
 */
export async function signApproval<name extends GuardianMessage>(
  config: RekeyConfig,
  { policy, digest, typedData }: SigningRequest<name>,
  by: Approver,
): Promise<Approval> {
  if ('signature' in by) return by
  if ('wallet' in by) {
    const address = 'account' in by.wallet ? by.wallet.account.address : by.wallet.address
    const place = findSigner(policy, address, by.reveals)
    if (!place) throw new NotAGuardianError(`Wallet ${address}`)
    return { ...place, signature: await signWithWallet(by.wallet, typedData) }
  }
  const { passkey, credentials = config.credentials, signal, reveals } = by
  const place = findSigner(policy, passkeySigner(config, passkey), reveals)
  if (!place) throw new NotAGuardianError('This passkey')
  const { assertion } = await getAssertion({
    rpId: passkey.rpId,
    origins: passkey.origins,
    allowCredentials: [passkey.id],
    challenge: digest,
    credentials,
    signal,
  })
  return { ...place, signature: encodeAssertion({ credential: passkey, assertion }) }
}

async function signWithWallet<name extends GuardianMessage>(
  wallet: LocalAccount | WalletClient<Transport, Chain | undefined, Account>,
  typedData: RekeyTypedData<name>,
): Promise<Hex> {
  // viem cannot tell which of the messages it is.
  const { domain, types, primaryType, message } = typedData as unknown as RekeyTypedData<'Recovery'>
  const data = { domain, types, primaryType, message }
  return 'account' in wallet ? wallet.signTypedData({ ...data, account: wallet.account }) : wallet.signTypedData(data)
}
