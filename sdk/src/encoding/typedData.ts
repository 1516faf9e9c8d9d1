import type { Address, Hex } from 'viem'
import type { Credential } from './credential.ts'

/** Names of the chain-free domains; no chain id, so a signature holds on every chain. */
export type DomainName = 'Rekey Passkey' | 'Rekey Session' | 'Rekey Recovery'

/** The fields of every chain-free domain. */
export const domainFields = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'verifyingContract', type: 'address' },
] as const

const credentialFields = [
  { name: 'x', type: 'uint256' },
  { name: 'y', type: 'uint256' },
  { name: 'rpIdHash', type: 'bytes32' },
  { name: 'originsHash', type: 'bytes32' },
  { name: 'flags', type: 'uint8' },
  { name: 'idHash', type: 'bytes32' },
] as const

const account = { name: 'account', type: 'address' } as const
const policy = { name: 'policy', type: 'bytes32' } as const
const recovery = { name: 'recovery', type: 'bytes32' } as const
const issuedAt = { name: 'issuedAt', type: 'uint40' } as const
const deadline = { name: 'deadline', type: 'uint40' } as const
const challenge = { name: 'challenge', type: 'bytes32' } as const

/**
 * Every chain-free message by its primary type: fields in the order that is hashed.
 *
 * @see SPEC §3, §4, §5 and §7, Messages
 */
export const messageTypes = {
  MultiChain: [{ name: 'root', type: 'bytes32' }],
  Possession: [recovery],
  Prove: [account, { name: 'commitment', type: 'bytes32' }],
  OpenSession: [
    account,
    { name: 'spec', type: 'bytes32' },
    { name: 'epoch', type: 'uint32' },
    { name: 'chainIds', type: 'uint256[]' },
    deadline,
  ],
  Recovery: [
    account,
    policy,
    { name: 'credential', type: 'Credential' },
    { name: 'keep', type: 'uint8' },
    { name: 'chainIds', type: 'uint256[]' },
    issuedAt,
    deadline,
  ],
  Veto: [account, recovery],
  GuardianCancel: [account, policy, recovery],
  SetPolicy: [account, policy, issuedAt],
  Uninstall: [account, issuedAt],
  Upgrade: [account, { name: 'implementation', type: 'address' }, issuedAt],
  CancelChange: [account, { name: 'change', type: 'bytes32' }],
  Freeze: [account, policy, { name: 'duration', type: 'uint32' }, issuedAt],
  Drill: [account, policy, challenge, deadline],
  Enrol: [account, { name: 'handle', type: 'bytes32' }, challenge],
} as const

/** What a recovery does, complete; its digest is its id. */
export type Recovery = {
  readonly account: Address
  /** Hash of the policy it is started under. */
  readonly policy: Hex
  readonly credential: Credential
  /** What stays: 1 passkeys, 2 signers, 4 sessions, 8 foreign modules and code, added up; 0 throws everything out. */
  readonly keep: number
  /** Chains it holds on, ascending; none means all. */
  readonly chainIds: readonly bigint[]
  /** Unix time in seconds. */
  readonly issuedAt: number
  /** Unix time in seconds, at most 30 days after `issuedAt`. */
  readonly deadline: number
}

/** The values of every chain-free message by its primary type. */
export type Messages = {
  MultiChain: { root: Hex }
  Possession: { recovery: Hex }
  Prove: { account: Address; commitment: Hex }
  OpenSession: { account: Address; spec: Hex; epoch: number; chainIds: readonly bigint[]; deadline: number }
  Recovery: Recovery
  Veto: { account: Address; recovery: Hex }
  GuardianCancel: { account: Address; policy: Hex; recovery: Hex }
  SetPolicy: { account: Address; policy: Hex; issuedAt: number }
  Uninstall: { account: Address; issuedAt: number }
  Upgrade: { account: Address; implementation: Address; issuedAt: number }
  CancelChange: { account: Address; change: Hex }
  Freeze: { account: Address; policy: Hex; duration: number; issuedAt: number }
  Drill: { account: Address; policy: Hex; challenge: Hex; deadline: number }
  Enrol: { account: Address; handle: Hex; challenge: Hex }
}

/** Typed data as `hashTypedData` and `signTypedData` of viem take it. */
export type RekeyTypedData<name extends keyof Messages = keyof Messages> = {
  readonly domain: { readonly name: DomainName; readonly version: '1'; readonly verifyingContract: Address }
  readonly types: {
    readonly EIP712Domain: typeof domainFields
    readonly Credential?: typeof credentialFields
  } & { readonly [key in name]: (typeof messageTypes)[key] }
  readonly primaryType: name
  readonly message: Messages[name]
}

/**
 * Builds the typed data of a message that the PasskeyValidator reads: `Possession`, `Prove`, `MultiChain`.
 *
 * @param passkeyValidator - Address of the PasskeyValidator; the same on every chain.
 * @example
 * const challenge = hashTypedData(passkeyTypedData(passkeyValidator, 'Possession', { recovery: recoveryDigest }))
 * @see SPEC §3, Challenge, and §4
 */
export function passkeyTypedData<name extends 'MultiChain' | 'Possession' | 'Prove'>(
  passkeyValidator: Address,
  primaryType: name,
  message: Messages[name],
): RekeyTypedData<name> {
  return build('Rekey Passkey', passkeyValidator, primaryType, message)
}

/**
 * Builds the typed data of a message that the SessionValidator reads.
 *
 * @see SPEC §5
 */
export function sessionTypedData(
  sessionValidator: Address,
  message: Messages['OpenSession'],
): RekeyTypedData<'OpenSession'> {
  return build('Rekey Session', sessionValidator, 'OpenSession', message)
}

/** Names of the messages that GuardianRecovery reads. */
export type RecoveryMessageName = Exclude<keyof Messages, 'MultiChain' | 'Possession' | 'Prove' | 'OpenSession'>

/**
 * Builds the typed data of a message that GuardianRecovery reads, from owners and from guardians.
 *
 * @param guardianRecovery - Address of GuardianRecovery; the same on every chain.
 * @example
 * const approval = await wallet.signTypedData(recoveryTypedData(guardianRecovery, 'Recovery', recovery))
 * @see SPEC §7, Messages
 */
export function recoveryTypedData<name extends RecoveryMessageName>(
  guardianRecovery: Address,
  primaryType: name,
  message: Messages[name],
): RekeyTypedData<name> {
  return build('Rekey Recovery', guardianRecovery, primaryType, message)
}

function build<name extends keyof Messages>(
  domain: DomainName,
  verifyingContract: Address,
  primaryType: name,
  message: Messages[name],
): RekeyTypedData<name> {
  const types = {
    EIP712Domain: domainFields,
    [primaryType]: messageTypes[primaryType],
    ...(primaryType === 'Recovery' && { Credential: credentialFields }),
  }
  return { domain: { name: domain, version: '1', verifyingContract }, types: types as never, primaryType, message }
}
