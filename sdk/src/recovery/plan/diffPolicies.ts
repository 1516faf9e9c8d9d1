import { type Guardian, guardianKey, type Policy, type Tier } from '../../encoding/policy.ts'
import { changeDelayDays } from '../../encoding/validatePolicy.ts'

/** Something that was and is different now. */
export type Changed<value> = { readonly before: value; readonly after: value }

/** What changes from one policy to another, as plain data. */
export type PolicyDiff = {
  readonly guardiansAdded: readonly Guardian[]
  readonly guardiansRemoved: readonly Guardian[]
  /** The same signer with another weight, kind, expiry or evidence rule. */
  readonly guardiansChanged: readonly Changed<Guardian>[]
  /** Ways to recover that come and go; the same ones in another order are no change. */
  readonly tiersAdded: readonly Tier[]
  readonly tiersRemoved: readonly Tier[]
  readonly windowHours?: Changed<number> | undefined
  readonly freezeHours?: Changed<number> | undefined
  readonly allowsInstantSingle?: Changed<boolean> | undefined
  /** How long a change of policy waits, in days. */
  readonly changeDays?: Changed<number> | undefined
  /** Nothing but the salt differs. */
  readonly isSame: boolean
}

/** Compares two policies; without `before` everything is added. Pure. */
export function diffPolicies(before: Policy | undefined, after: Policy): PolicyDiff {
  const old = before ?? { guardians: [], tiers: [] }
  const find = (list: readonly Guardian[], guardian: Guardian) =>
    list.find((other) => other.isHidden === guardian.isHidden && guardianKey(other) === guardianKey(guardian))
  const guardiansAdded = after.guardians.filter((guardian) => !find(old.guardians, guardian))
  const guardiansRemoved = old.guardians.filter((guardian) => !find(after.guardians, guardian))
  const guardiansChanged = after.guardians.flatMap((guardian) => {
    const known = find(old.guardians, guardian)
    return known && !isEqual(known, guardian, ['kind', 'weight', 'validUntil', 'needsEvidence'])
      ? [{ before: known, after: guardian }]
      : []
  })
  const tiersAdded = without(after.tiers, old.tiers)
  const tiersRemoved = without(old.tiers, after.tiers)
  const values = before && {
    ...changed('windowHours', before.windowHours, after.windowHours),
    ...changed('freezeHours', before.freezeHours, after.freezeHours),
    ...changed('allowsInstantSingle', before.allowsInstantSingle, after.allowsInstantSingle),
    ...changed('changeDays', changeDelayDays(before), changeDelayDays(after)),
  }
  const lists = { guardiansAdded, guardiansRemoved, guardiansChanged, tiersAdded, tiersRemoved }
  const isSame =
    before !== undefined &&
    Object.values(lists).every(({ length }) => length === 0) &&
    Object.keys(values ?? {}).length === 0
  return { ...lists, ...values, isSame }
}

function isEqual<value extends object>(one: value, other: value, keys: readonly (keyof value)[]): boolean {
  return keys.every((key) => one[key] === other[key])
}

/** The tiers that another list has not, each as often as it is missing. */
function without(tiers: readonly Tier[], others: readonly Tier[]): Tier[] {
  const left = [...others]
  return tiers.filter((tier) => {
    const place = left.findIndex((other) => isEqual(tier, other, ['weight', 'kinds', 'delay', 'isVetoable']))
    if (place !== -1) left.splice(place, 1)
    return place === -1
  })
}

function changed<name extends string, value>(
  name: name,
  before: value,
  after: value,
): { readonly [key in name]?: Changed<value> } {
  return before === after ? {} : ({ [name]: { before, after } } as never)
}
