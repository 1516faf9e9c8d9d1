import type { Policy } from '../../encoding/policy.ts'
import { guardianKinds } from '../../encoding/policy.ts'
import { type PasskeyNote, type PasskeyRisk, passkeyRisks } from '../../webauthn/passkeyNote.ts'
import { simulateLoss } from '../plan/simulateLoss.ts'
import { policyWarnings } from '../presets.ts'

/** What can be wrong with an account's recovery, and how badly: the points that each takes from 100. */
export const healthCosts = {
  noGuardians: 100,
  recoveryPending: 50,
  changePending: 40,
  chainUnreachable: 5,
  chainWithoutGuardians: 25,
  chainsDiffer: 20,
  singleGuardian: 25,
  singlePointOfFailure: 20,
  instantSingle: 20,
  thiefCanVeto: 10,
  singleKind: 10,
  guardianExpiring: 10,
  singlePasskey: 10,
  oneProvider: 10,
  noneSynced: 10,
  oneDevice: 10,
  fewCodes: 10,
  neverDrilled: 10,
  drilledLongAgo: 5,
} as const

/** One thing that is wrong, why it matters, and what to do. */
export type HealthFinding = {
  readonly code: keyof typeof healthCosts
  readonly reason: string
  readonly fix: string
  /** Chains on which it is so, where it differs by chain. */
  readonly chainIds?: readonly number[] | undefined
  /** Places of the guardians in the policy that it is about. */
  readonly guardians?: readonly number[] | undefined
}

/** How good an account's recovery is. */
export type Health = {
  /** 100 when nothing is wrong, 0 when nobody can recover the account. */
  readonly score: number
  /** The worst first. */
  readonly findings: readonly HealthFinding[]
}

/** What is known of an account. Times in Unix seconds. */
export type HealthFacts = {
  readonly now: number
  readonly policy: Policy | undefined
  readonly chains: readonly {
    readonly chainId: number
    readonly isUnreachable?: boolean | undefined
    /** Id of the policy there; 0 without guardians. */
    readonly policyId?: bigint | undefined
    /** Passkeys there, by what the chain stores of them. */
    readonly passkeys?: readonly string[] | undefined
    readonly hasPendingChange?: boolean | undefined
    readonly pendingRecoveries?: number | undefined
  }[]
  /** When each guardian last showed that it can sign, by its place. */
  readonly provenAt?: Readonly<Record<number, number>> | undefined
  /** What a client remembers of the owner's passkeys: one entry per passkey of the account, its note or nothing. */
  readonly passkeys?: readonly (PasskeyNote | undefined)[] | undefined
  /** Recovery codes that have not been spent on any chain. */
  readonly codesLeft?: number | undefined
}

const day = 86_400
const fewCodes = 2
const soon = 30 * day
const longAgo = 365 * day

/** Judges what is known of an account. Pure. */
export function judgeHealth(facts: HealthFacts): Health {
  return toHealth([...judgePolicy(facts), ...judgeChains(facts), ...judgePasskeys(facts), ...judgeGuardians(facts)])
}

/** Judges a policy that no chain has yet, by itself: what only chains and time can tell is left out. Pure. */
export function judgePlan(policy: Policy): Health {
  return toHealth(judgePolicy({ policy, now: 0 }))
}

function toHealth(findings: readonly HealthFinding[]): Health {
  const sorted = findings.toSorted((a, b) => healthCosts[b.code] - healthCosts[a.code])
  const cost = sorted.reduce((sum, { code }) => sum + healthCosts[code], 0)
  return { score: Math.max(0, 100 - cost), findings: sorted }
}

function judgePolicy({ policy, now }: Pick<HealthFacts, 'policy' | 'now'>): HealthFinding[] {
  if (!policy)
    return [
      {
        code: 'noGuardians',
        reason: 'Nobody can help you back into this account.',
        fix: 'Name guardians: a friend’s wallet or passkey, a sheet of codes, a passphrase.',
      },
    ]
  const texts = {
    instantSingle: [
      'One guardian alone can take the account at once.',
      'Let a lone guardian wait, or add a second kind.',
    ],
    singleGuardian: ['There is one guardian only; if it is lost, so is the account.', 'Name a second guardian.'],
    singleKind: ['All guardians are of one kind and can be lost in one way.', 'Add a guardian of another kind.'],
    thiefCanVeto: [
      'A thief with a passkey can veto every recovery.',
      'Use a preset with a tier that cannot be vetoed.',
    ],
  } as const
  const warnings = policyWarnings(policy.tiers, policy.guardians).map((code): HealthFinding => {
    const [reason, fix] = texts[code]
    return { code, reason, fix }
  })
  const decisive = policy.guardians.flatMap((_, index) => {
    const without = simulateLoss(policy, { passkeysLeft: 0, lost: [index], now })
    return without.unopposed ? [] : [index]
  })
  if (policy.guardians.length > 1 && decisive.length > 0)
    warnings.push({
      code: 'singlePointOfFailure',
      reason: 'If one of these guardians is lost, the others are not enough.',
      fix: 'Add a guardian, or lower what the first tier needs.',
      guardians: decisive,
    })
  const expiring = policy.guardians.flatMap(({ validUntil }, index) =>
    validUntil !== 0 && validUntil < now + soon ? [index] : [],
  )
  if (expiring.length > 0)
    warnings.push({
      code: 'guardianExpiring',
      reason: 'Guardians have expired or will within 30 days.',
      fix: 'Set a new policy with a later date for them, or without one.',
      guardians: expiring,
    })
  return warnings
}

function judgeChains({ policy, chains }: HealthFacts): HealthFinding[] {
  const findings: HealthFinding[] = []
  const add = (code: HealthFinding['code'], chainIds: readonly number[], reason: string, fix: string): void => {
    if (chainIds.length > 0) findings.push({ code, reason, fix, chainIds })
  }
  const ids = (matches: (chain: HealthFacts['chains'][number]) => boolean) =>
    chains.flatMap((chain) => (matches(chain) ? [chain.chainId] : []))
  const known = chains.filter(({ isUnreachable }) => !isUnreachable)
  add(
    'recoveryPending',
    ids(({ pendingRecoveries = 0 }) => pendingRecoveries > 0),
    'Somebody has started a recovery of this account.',
    'If it was not you, veto it now.',
  )
  add(
    'changePending',
    ids(({ hasPendingChange }) => hasPendingChange === true),
    'A change of guardians, an uninstall or an upgrade is announced.',
    'If it was not you, call it off and remove the passkey that announced it.',
  )
  add(
    'chainUnreachable',
    ids(({ isUnreachable }) => isUnreachable === true),
    'These chains did not answer; nothing is known about them.',
    'Try again, or use another node.',
  )
  if (policy)
    add(
      'chainWithoutGuardians',
      ids(({ isUnreachable, policyId }) => !isUnreachable && policyId === 0n),
      'There are no guardians on these chains: a thief with the first passkey has the account there.',
      'Apply the policy there, and receive nothing there until then.',
    )
  const policies = new Set(known.flatMap(({ policyId }) => (policyId ? [policyId] : [])))
  const passkeys = new Set(known.flatMap((chain) => (chain.passkeys?.length ? [chain.passkeys.toSorted().join()] : [])))
  if (policies.size > 1 || passkeys.size > 1)
    add(
      'chainsDiffer',
      known.map(({ chainId }) => chainId),
      'Guardians or passkeys are not the same on all chains.',
      'Bring the chains in line.',
    )
  return findings
}

function judgePasskeys({ chains, passkeys = [] }: HealthFacts): HealthFinding[] {
  const findings: HealthFinding[] = []
  const counts = chains.flatMap((chain) => (chain.passkeys?.length ? [chain.passkeys.length] : []))
  if (counts.length > 0 && Math.min(...counts) === 1)
    findings.push({
      code: 'singlePasskey',
      reason: 'There is one passkey only.',
      fix: 'Add a second one, on another device or a security key.',
    })
  for (const risk of passkeyRisks(passkeys)) findings.push({ code: risk, ...riskWords[risk] })
  return findings
}

const riskWords: Readonly<Record<PasskeyRisk, Pick<HealthFinding, 'reason' | 'fix'>>> = {
  oneDevice: {
    reason: 'The only passkey lives on one device and is lost with it.',
    fix: 'Add a passkey on another device, one that is synced, or a security key.',
  },
  noneSynced: {
    reason: 'Every passkey lives on one device and is lost with it.',
    fix: 'Add a passkey that is synced, or see to it that guardians can act.',
  },
  oneProvider: {
    reason: 'All passkeys are with one provider; whoever gets into it has them all, and so do you lose them all.',
    fix: 'Add a passkey with another provider, or a security key.',
  },
}

function judgeGuardians({ now, policy, provenAt = {}, codesLeft }: HealthFacts): HealthFinding[] {
  if (!policy) return []
  const findings: HealthFinding[] = []
  const places = policy.guardians.map((_, index) => index)
  const never = places.filter((index) => provenAt[index] === undefined)
  if (never.length > 0)
    findings.push({
      code: 'neverDrilled',
      reason: 'These guardians have never shown that they can sign.',
      fix: 'Hold a drill; it changes nothing.',
      guardians: never,
    })
  const old = places.filter((index) => (provenAt[index] ?? now) < now - longAgo)
  if (old.length > 0)
    findings.push({
      code: 'drilledLongAgo',
      reason: 'It is more than a year since these guardians showed that they can sign.',
      fix: 'Hold a drill; it changes nothing.',
      guardians: old,
    })
  const codes = places.filter((index) => policy.guardians[index]?.kind === guardianKinds.codes)
  if (codes.length > 0 && codesLeft !== undefined && codesLeft <= fewCodes)
    findings.push({
      code: 'fewCodes',
      reason: `${codesLeft} recovery codes are left.`,
      fix: 'Make a new set before the last one is used.',
      guardians: codes,
    })
  return findings
}
