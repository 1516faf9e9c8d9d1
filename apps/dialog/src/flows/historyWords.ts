import { decodePolicy, type Policy } from '@rekey/sdk'
import { type ChainHistory, type HistoryEntry, recoveryPhrase } from '@rekey/sdk/recovery'
import { formatTime } from '../lib/format.ts'
import { guardianLabel } from './policyWords.ts'

/** Something that happened to the account, on one network or on several. */
export type HistoryLine = {
  readonly key: string
  /** Name of the event. */
  readonly kind: HistoryEntry['kind']
  /** When it first happened, Unix time in seconds; absent where no network tells. */
  readonly time: number | undefined
  readonly text: string
  readonly chainIds: readonly number[]
}

/** What announced changes are, by the number that events have. */
const changeKinds = { uninstall: 2, upgrade: 3 } as const

/**
 * Tells what happened, the newest first; the same thing on several networks is told once. Left out is what another line
 * says already, and drills in which nobody answered: anybody can claim one.
 */
export function historyLines(histories: readonly ChainHistory[]): readonly HistoryLine[] {
  const entries = histories.flatMap((history) => ('entries' in history ? history.entries : []))
  const policies = readPolicies(entries)
  const lines = new Map<string, HistoryLine>()
  for (const history of histories) {
    if (!('entries' in history)) continue
    const seen = new Map<string, number>()
    for (const entry of history.entries) {
      const text = say(entry, policies)
      if (text === undefined) continue
      const what = `${entry.kind} ${subjectOf(entry)}`
      const count = (seen.get(what) ?? 0) + 1
      seen.set(what, count)
      const key = `${what} ${count}`
      const known = lines.get(key)
      const { kind, time, chainId } = entry
      lines.set(key, {
        key,
        kind,
        time: earlier(known?.time, time),
        text: known?.text ?? text,
        chainIds: [...(known?.chainIds ?? []), chainId],
      })
    }
  }
  return [...lines.values()].toReversed().toSorted((a, b) => (b.time ?? 0) - (a.time ?? 0))
}

/** Policies by their hashes, as the events have them. */
function readPolicies(entries: readonly HistoryEntry[]): ReadonlyMap<string, Policy> {
  const policies = new Map<string, Policy>()
  for (const entry of entries)
    if (entry.kind === 'PolicySet' || entry.kind === 'PolicyScheduled')
      policies.set(entry.args.policyHash, decodePolicy(entry.args.policy))
  return policies
}

/** What an event is about; times differ between networks. */
function subjectOf({ kind, args }: HistoryEntry): string {
  switch (kind) {
    case 'PolicySet':
    case 'PolicyScheduled':
      return args.policyHash
    case 'ChangeScheduled':
    case 'ChangeCancelled':
      return `${args.kind} ${args.value} ${args.issuedAt}`
    case 'ChangeApplied':
      return `${args.kind} ${args.value}`
    case 'RecoveryStarted':
    case 'RecoverySupported':
    case 'RecoveryRecounted':
    case 'RecoveryExecuted':
    case 'RecoveryVetoed':
    case 'RecoveryCancelled':
      return args.digest
    case 'GuardiansProven':
      return args.challenge
    case 'FreezeSet':
      return String(args.votes)
    case 'CredentialAdded':
    case 'CredentialsReset':
      return args.idHash
    case 'CredentialProven':
    case 'CredentialRemoved':
      return args.commitment
  }
}

/** Says what happened; `undefined` where nobody needs to know, or another event says it. */
function say(entry: HistoryEntry, policies: ReadonlyMap<string, Policy>): string | undefined {
  switch (entry.kind) {
    case 'PolicySet':
      return `These guardians came into force: ${namesOf(policies.get(entry.args.policyHash))}.`
    case 'PolicyScheduled':
      return `Other guardians were announced, possible from ${formatTime(entry.args.readyAt)}: ${namesOf(policies.get(entry.args.policyHash))}.`
    case 'ChangeScheduled':
      return sayAnnounced(entry.args.kind)
    case 'ChangeCancelled':
      return 'A change that was announced was called off.'
    case 'ChangeApplied':
      return sayApplied(entry.args.kind)
    case 'RecoveryStarted':
      return `A recovery began: ${recoveryPhrase(entry.args.digest)}. Approved by ${namesOf(policies.get(entry.args.recovery.policy), entry.args.votes)}.`
    case 'RecoverySupported':
      return `More guardians approved the recovery ${recoveryPhrase(entry.args.digest)}.`
    case 'RecoveryRecounted':
      return `The approvals of the recovery ${recoveryPhrase(entry.args.digest)} were counted anew.`
    case 'RecoveryExecuted':
      return `The recovery ${recoveryPhrase(entry.args.digest)} was finished: a new passkey came in.`
    case 'RecoveryVetoed':
      return entry.args.stopped
        ? `The recovery ${recoveryPhrase(entry.args.digest)} was stopped with a passkey.`
        : `Somebody with a passkey objected to the recovery ${recoveryPhrase(entry.args.digest)}.`
    case 'RecoveryCancelled':
      return `Guardians called the recovery ${recoveryPhrase(entry.args.digest)} off.`
    case 'GuardiansProven':
      return entry.args.votes === 0
        ? undefined
        : `A drill: ${namesOf(policies.get(entry.args.policyHash), entry.args.votes)} answered.`
    case 'FreezeSet':
      return `A guardian stopped the account until ${formatTime(entry.args.until)}.`
    case 'CredentialAdded':
      return 'A passkey was added.'
    case 'CredentialRemoved':
      return 'A passkey was removed.'
    case 'CredentialProven':
    case 'CredentialsReset':
      return undefined
  }
}

function sayAnnounced(kind: number): string | undefined {
  if (kind === changeKinds.uninstall) return 'It was announced that the account will have no guardians any more.'
  return kind === changeKinds.upgrade ? 'Another version of the account was announced.' : undefined
}

function sayApplied(kind: number): string | undefined {
  if (kind === changeKinds.uninstall) return 'The account gave its guardians up.'
  return kind === changeKinds.upgrade ? 'The account has another version.' : undefined
}

/** The guardians of a policy, or those of them in a bitmap. */
function namesOf(policy: Policy | undefined, votes = -1): string {
  const names = policy?.guardians.flatMap((guardian, index) =>
    ((votes >>> index) & 1) === 1 ? [guardianLabel(guardian)] : [],
  )
  return names && names.length > 0 ? names.join(', ') : 'guardians that are not known here'
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}
