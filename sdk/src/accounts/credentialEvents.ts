import { type Address, type Hex, keccak256 } from 'viem'
import { getContractEvents } from 'viem/actions'
import { passkeyValidatorAbi } from '../abis/used.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { readEvents } from '../config/readEvents.ts'
import type { Credential } from '../encoding/credential.ts'
import { credentialCommitment } from '../webauthn/credential.ts'

/** A passkey as the events tell of it. */
export type KnownCredential = {
  readonly credential: Credential
  /** 32 bytes; computed from what the event says. */
  readonly commitment: Hex
  /** Absent for a passkey that came by a recovery: its event has the hash only. */
  readonly credentialId: Hex | undefined
  /** Whether it had proven itself to the account when it came: a stranger's passkey cannot. */
  readonly isProven: boolean
}

/** Reads every passkey an account ever had on a chain, whether or not it is still there. */
export async function readKnownCredentials(
  chain: ConfiguredChain,
  contracts: Contracts,
  { account, credentialId }: { account: Address; credentialId?: Hex | undefined },
): Promise<KnownCredential[]> {
  const { client } = chain
  const source = { address: contracts.passkeyValidator, abi: passkeyValidatorAbi, strict: true } as const
  const args = credentialId === undefined ? { account } : { account, idHash: keccak256(credentialId) }
  const [added, reset] = await Promise.all([
    readEvents(chain, (range) =>
      getContractEvents(client, { ...source, ...range, eventName: 'CredentialAdded', args }),
    ),
    readEvents(chain, (range) =>
      getContractEvents(client, { ...source, ...range, eventName: 'CredentialsReset', args }),
    ),
  ])
  return [
    ...added.map((event) => toKnown(event.args.credential, event.args.credentialId, event.args.proven)),
    ...reset.map((event) => toKnown(event.args.credential, undefined, true)),
  ]
}

function toKnown(credential: Credential, credentialId: Hex | undefined, isProven: boolean): KnownCredential {
  return { credential, commitment: credentialCommitment(credential), credentialId, isProven }
}
