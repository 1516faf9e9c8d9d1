import { type Address, type Hex, size } from 'viem'
import { truncateCommitment } from '../accounts/accountState.ts'
import type { KnownCredential } from '../accounts/credentialEvents.ts'
import { type AccountGenesis, toGenesis } from '../accounts/genesis.ts'
import { policyId } from '../encoding/policy.ts'
import { credentialCommitment } from '../webauthn/credential.ts'
import type { ChainAccount } from './chainAccount.ts'

/**
 * What puts an end to a difference: `prompt`, the owner signs; `relay`, anyone delivers it; `wait`, it ends by itself and is
 * delivered then; `recovery`, the recovery that was executed elsewhere has to be delivered here; `none`, nothing is to be
 * done or this cannot do it.
 */
export type DifferenceFix = 'prompt' | 'relay' | 'wait' | 'recovery' | 'none'

/** What differs on one chain from what the newest of the chains say. */
export type ChainDifference =
  /** The account has not been created or set up there: it has its first passkey and policy and no others. */
  | { readonly kind: 'notSetUp'; readonly fix: 'relay' }
  | {
      readonly kind: 'policy'
      /** Ids, low 160 bits of the hash; 0 without guardians. */
      readonly has: bigint
      readonly wanted: bigint
      /** `missing`: no guardians here. `older`: others, set by an older message. `announced`: waits here until `readyAt`. */
      readonly why: 'missing' | 'older' | 'announced'
      /** Chains that have the wanted one, or announced it first. */
      readonly newerOn: readonly number[]
      readonly readyAt?: number | undefined
      readonly fix: 'prompt' | 'relay' | 'wait'
    }
  | {
      readonly kind: 'passkeyMissing'
      /** Low 192 bits of the commitment. */
      readonly commitment: Hex
      /** It was added on these chains, and never here. */
      readonly newerOn: readonly number[]
      /** The passkey itself; where no event tells it, it has to be added on its own device. */
      readonly known: KnownCredential | undefined
      readonly isProven: boolean
      readonly fix: 'prompt' | 'none'
    }
  | {
      readonly kind: 'passkeyExtra'
      readonly commitment: Hex
      readonly index: number
      /** It was removed on these chains, and is still in here. */
      readonly newerOn: readonly number[]
      readonly fix: 'prompt'
    }
  /** None of the passkeys here is still one of the account's: a recovery was executed on other chains, and not here. */
  | { readonly kind: 'recovery'; readonly newerOn: readonly number[]; readonly fix: 'recovery' }
  /** A recovery threw foreign modules out on other chains; what was installed here was not part of it. */
  | { readonly kind: 'generation'; readonly has: number; readonly highest: number; readonly fix: 'none' }
  /** The account runs other code here; an upgrade is announced and waited for on each chain. */
  | {
      readonly kind: 'implementation'
      readonly has: Address
      readonly others: readonly Address[]
      readonly fix: 'none'
    }

/** What all chains shall have. */
export type WantedState = {
  /** Low 160 bits of the newest policy's hash, 0 without guardians anywhere. */
  readonly policyId: bigint
  /** Low 192 bits of the commitments of all passkeys. */
  readonly passkeys: readonly Hex[]
}

/**
 * Compares what chains say of an account. Pure.
 *
 * The newest policy is the one of the newest message that took effect or was announced anywhere. A passkey belongs to the
 * account if some chain has it and none has removed it: what was removed on one chain was not wanted any more.
 *
 * @param unwanted - Passkeys to remove although no chain has removed them: one that a thief added, for example.
 */
export function judgeChains(
  chains: readonly ChainAccount[],
  genesis: AccountGenesis,
  unwanted: readonly Hex[] = [],
): { readonly wanted: WantedState; readonly differences: ReadonlyMap<number, readonly ChainDifference[]> } {
  const first = truncateCommitment(toGenesis(genesis).credential)
  const states = chains.map((chain) => toState(chain, genesis))
  const removed = new Map<Hex, number[]>()
  for (const { chainId, has, had } of states)
    for (const commitment of had)
      if (!has.includes(commitment)) removed.set(commitment, [...(removed.get(commitment) ?? []), chainId])
  const out = unwanted.map((commitment) => (size(commitment) === 32 ? truncateCommitment(commitment) : commitment))
  const isWanted = (commitment: Hex): boolean => !removed.has(commitment) && !out.some((one) => isSame(one, commitment))
  const passkeys = [...new Set(states.flatMap(({ has }) => has))].filter(isWanted)
  const policy = findNewestPolicy(states)
  const differences = states.map((state): [number, readonly ChainDifference[]] => [
    state.chainId,
    [
      ...(state.chain.isSetUp ? [] : [{ kind: 'notSetUp', fix: 'relay' } as const]),
      ...judgePasskeys(state, states, { passkeys, removed, first, genesis }),
      ...judgePolicy(state, states, policy),
      ...judgeCode(state, states),
    ],
  ])
  return { wanted: { policyId: policy, passkeys }, differences: new Map(differences) }
}

type State = {
  readonly chain: ChainAccount
  readonly chainId: number
  /** Truncated commitments, in lower case. */
  readonly has: readonly Hex[]
  readonly had: readonly Hex[]
  readonly policyId: bigint
}

/** A chain on which the account is not set up has what the account's address commits to. */
function toState(chain: ChainAccount, genesis: AccountGenesis): State {
  const { chainId, isSetUp, passkeys, known } = chain
  const has = isSetUp
    ? passkeys.map(({ commitment }) => commitment.toLowerCase() as Hex)
    : [truncateCommitment(toGenesis(genesis).credential)]
  const had = known.map(({ commitment }) => truncateCommitment(commitment))
  const first = genesis.policy === '0x' ? 0n : BigInt(policyId(genesis.policy))
  return { chain, chainId, has, had, policyId: isSetUp ? chain.policyId : first }
}

function isSame(one: Hex, other: Hex): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function findNewestPolicy(states: readonly State[]): bigint {
  const candidates = states.flatMap(({ chain, policyId }) => [
    { id: policyId, issuedAt: chain.floor, setAt: chain.setAt },
    ...(chain.announced ? [{ id: chain.announced.id, issuedAt: chain.announced.issuedAt, setAt: 0 }] : []),
  ])
  const [newest] = candidates
    .filter(({ id }) => id !== 0n)
    .toSorted((a, b) => b.issuedAt - a.issuedAt || b.setAt - a.setAt)
  return newest?.id ?? 0n
}

function judgePasskeys(
  { chain, chainId, has }: State,
  states: readonly State[],
  context: {
    passkeys: readonly Hex[]
    removed: ReadonlyMap<Hex, readonly number[]>
    first: Hex
    genesis: AccountGenesis
  },
): ChainDifference[] {
  const { passkeys, removed, first, genesis } = context
  const others = states.filter((other) => other.chainId !== chainId)
  if (passkeys.length > 0 && !has.some((commitment) => passkeys.includes(commitment))) {
    const newerOn = others.filter((other) => other.has.some((one) => passkeys.includes(one)))
    return [{ kind: 'recovery', newerOn: newerOn.map((other) => other.chainId), fix: 'recovery' }]
  }
  const missing = passkeys
    .filter((commitment) => !has.includes(commitment))
    .map((commitment): ChainDifference => {
      const holders = others.filter((other) => other.has.includes(commitment))
      const known = holders
        .flatMap((other) => other.chain.known)
        .filter((one) => truncateCommitment(one.commitment) === commitment)
        .find(({ credentialId }) => credentialId !== undefined)
      const ofGenesis =
        commitment === first
          ? {
              credential: genesis.credential,
              commitment: credentialCommitment(genesis.credential),
              credentialId: genesis.credentialId,
              isProven: true,
            }
          : undefined
      const passkey = known ?? ofGenesis
      const isProven = holders.some(({ chain: other }) =>
        other.isSetUp ? other.passkeys.some((one) => isSame(one.commitment, commitment) && one.isProven) : true,
      )
      const newerOn = holders.map((other) => other.chainId)
      return { kind: 'passkeyMissing', commitment, newerOn, known: passkey, isProven, fix: passkey ? 'prompt' : 'none' }
    })
  const extra = chain.passkeys
    .filter(({ commitment }) => !passkeys.includes(commitment.toLowerCase() as Hex))
    .map(({ commitment, index }): ChainDifference => {
      const newerOn = removed.get(commitment.toLowerCase() as Hex) ?? []
      return { kind: 'passkeyExtra', commitment, index, newerOn, fix: 'prompt' }
    })
  return [...missing, ...extra]
}

function judgePolicy({ chain, chainId, policyId }: State, states: readonly State[], wanted: bigint): ChainDifference[] {
  if (policyId === wanted) return []
  const newer = states.filter((other) => other.chainId !== chainId && other.policyId === wanted)
  const common = { kind: 'policy', has: policyId, wanted, newerOn: newer.map((other) => other.chainId) } as const
  if (chain.announced?.id === wanted) {
    const { readyAt } = chain.announced
    return [{ ...common, why: 'announced', readyAt, fix: chain.now >= readyAt ? 'relay' : 'wait' }]
  }
  return [{ ...common, why: policyId === 0n ? 'missing' : 'older', fix: 'prompt' }]
}

function judgeCode({ chain, chainId }: State, states: readonly State[]): ChainDifference[] {
  const { generation, implementation } = chain
  if (generation === undefined || implementation === undefined) return []
  const others = states.filter((other) => other.chainId !== chainId).map((other) => other.chain)
  const highest = Math.max(...states.map((state) => state.chain.generation ?? 0))
  const codes = others.flatMap((other) => other.implementation ?? [])
  const otherCodes = [...new Set(codes)].filter((code) => code !== implementation)
  return [
    ...(generation < highest ? [{ kind: 'generation', has: generation, highest, fix: 'none' } as const] : []),
    ...(otherCodes.length > 0
      ? [{ kind: 'implementation', has: implementation, others: otherCodes, fix: 'none' } as const]
      : []),
  ]
}
