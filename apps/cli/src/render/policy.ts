import { type Guardian, guardianKey, guardianKinds, type Policy, type Tier } from '@rekey/sdk'
import type { KitGuardian } from '@rekey/sdk/kit'
import { size, slice } from 'viem'
import { plain } from './plain.ts'

/** Says in words who may recover an account, and after what wait. */
export function describePolicy(policy: Policy, names: readonly KitGuardian[] = []): string[] {
  const { tiers, guardians, windowHours, freezeHours } = policy
  return [
    ...tiers.map(describeTier),
    ...guardians.map((guardian) => describeGuardian(guardian, names)),
    `A recovery that is ready may be executed for ${describeTime(windowHours * 3_600)}.`,
    freezeHours === 0
      ? 'No guardian can freeze the account.'
      : `One guardian can freeze the account for up to ${describeTime(freezeHours * 3_600)}.`,
  ]
}

/** The same for programs. */
export function policyJson(policy: Policy, names: readonly KitGuardian[] = []) {
  const { tiers, guardians, windowHours, freezeHours, allowsInstantSingle } = policy
  return {
    tiers,
    guardians: guardians.map((guardian, index) => ({
      index,
      kind: kindName(guardian),
      weight: guardian.weight,
      signer: guardian.signer,
      isHidden: guardian.isHidden,
      validUntil: guardian.validUntil,
      name: noteOf(guardian, names)?.name ?? null,
    })),
    windowHours,
    freezeHours,
    allowsInstantSingle,
  }
}

export function describeTier({ weight, kinds, delay, isVetoable }: Tier): string {
  const wait = delay === 0 ? 'at once' : `after ${describeTime(delay)}`
  const kindsText = kinds > 1 ? ` of ${kinds} kinds` : ''
  return `Approvals of weight ${weight}${kindsText}: ${wait}${isVetoable ? ', unless the owner objects' : ''}.`
}

export function describeGuardian(guardian: Guardian, names: readonly KitGuardian[] = []): string {
  const { weight, validUntil, isHidden } = guardian
  const note = noteOf(guardian, names)
  const signer = note?.reveal?.signer ?? guardian.signer
  const place = size(signer) > 20 ? `${slice(signer, 0, 20)} with ${slice(signer, 20)}` : signer
  return [
    `${note?.name === undefined ? '' : `${plain(note.name)}: `}${kindName(guardian)}, weight ${weight}`,
    ...(validUntil > 0 ? [`until ${describeMoment(validUntil)}`] : []),
    isHidden && !note?.reveal ? 'hidden' : `${place}${isHidden ? ' (hidden)' : ''}`,
  ].join(', ')
}

/** `3 days`, `36 hours`, `2 minutes`. */
export function describeTime(seconds: number): string {
  const [count, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, 'day']
      : seconds >= 3_600
        ? [Math.ceil(seconds / 3_600), 'hour']
        : [Math.ceil(seconds / 60), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** A moment of a chain's clock, Unix time in seconds. */
export function describeMoment(time: number): string {
  return `${new Date(time * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function kindName({ kind }: Guardian): string {
  return Object.entries(guardianKinds).find(([, value]) => value === kind)?.[0] ?? `kind ${kind}`
}

function noteOf(guardian: Guardian, names: readonly KitGuardian[]): KitGuardian | undefined {
  return names.find(({ key }) => key === guardianKey(guardian))
}
