import { isReached, type Policy, type Tier } from '@rekey/sdk'
import {
  type GuardianInput,
  type PlanRecoveryParameters,
  presetTiers,
  type RecoveryPlan,
  type RecoveryPreset,
  recoveryPresets,
  toGuardianInputs,
} from '@rekey/sdk/recovery'
import { sortOfKind } from './policyWords.ts'
import { type Provider, providersIn, type SignInWay, wayTo } from './signIns.ts'

/** The kinds of guardian that can be named here. */
export type GuardianChoice = 'wallet' | 'friend' | 'passphrase' | 'codes' | SignInWay

/** A guardian on the list, not on any network yet; `other` is one that another page has named. */
export type ChosenGuardian = {
  readonly choice: GuardianChoice | 'other'
  readonly input: GuardianInput
  /** Where the guardian may sign in, if that is how they approve. */
  readonly signIns?: readonly Provider[] | undefined
}

/** How guardians let their owner back in: ready-made, or as the account has it. */
export type PresetChoice = RecoveryPreset | 'asNow'

/** Where the set-up stands: three steps, and a detour for each guardian that is added. */
export type SetUp = {
  readonly step: 'guardians' | 'preset' | 'confirm'
  readonly adding: GuardianChoice | undefined
  readonly guardians: readonly ChosenGuardian[]
  readonly preset: PresetChoice
  /** One guardian lets the owner in without a wait; counts where {@link canBeAtOnce}. */
  readonly isAtOnce: boolean
  /** How long one guardian may stop the account, in hours; 0 for not at all. */
  readonly freezeHours: number
  readonly plan: RecoveryPlan | undefined
  /** What holds now, where it is to be changed. */
  readonly before: Policy | undefined
}

export type SetUpEvent =
  | { readonly type: 'addBegun'; readonly choice: GuardianChoice }
  | { readonly type: 'addEnded'; readonly guardian?: ChosenGuardian | undefined }
  | { readonly type: 'removed'; readonly signer: string }
  | { readonly type: 'presetChosen'; readonly preset: PresetChoice }
  | { readonly type: 'atOnceChosen'; readonly isAtOnce: boolean }
  | { readonly type: 'freezeChosen'; readonly hours: number }
  | { readonly type: 'planned'; readonly plan: RecoveryPlan }
  | { readonly type: 'wentTo'; readonly step: SetUp['step'] }

export const emptySetUp: SetUp = {
  step: 'guardians',
  adding: undefined,
  guardians: [],
  preset: 'careful',
  isAtOnce: false,
  freezeHours: 0,
  plan: undefined,
  before: undefined,
}

/** Begins to change a policy: with its guardians, its way and its stop as they are. */
export function beginChange(before: Policy, providers: readonly Provider[]): SetUp {
  const places = providersIn(before, providers)
  const guardians = toGuardianInputs(before).map((input, place): ChosenGuardian => {
    const sort = input.isHidden ? undefined : sortOfKind(input.kind)
    if (sort !== 'signIn') return { choice: sort ?? 'other', input }
    const signIns = places[place] ?? []
    const [first] = signIns
    return { choice: first ? wayTo(first) : 'other', input, signIns }
  })
  const known = presetOrder.find(
    (preset) => isPresetPossible(preset, guardians, before) && isSameTiers(tiersOf(preset, guardians), before.tiers),
  )
  return { ...emptySetUp, guardians, preset: known ?? 'asNow', freezeHours: before.freezeHours, before }
}

/** Whether to keep the ways as they are is a choice of its own: these guardians reach them, and no preset is the same. */
export function isAsNowOffered({ guardians, before }: Pick<SetUp, 'guardians' | 'before'>): boolean {
  return (
    before !== undefined &&
    isPresetPossible('asNow', guardians, before) &&
    !presetOrder.some((preset) => isSameTiers(tiersOf(preset, guardians), before.tiers))
  )
}

/** The presets in the order in which they are offered, the recommended one first. */
export const presetOrder: readonly RecoveryPreset[] = [
  'careful',
  ...recoveryPresets.filter((preset) => preset !== 'careful'),
]

/** A plan holds for one list of guardians and one way: it goes when either changes. */
export function setUpReducer(setUp: SetUp, event: SetUpEvent): SetUp {
  switch (event.type) {
    case 'addBegun':
      return { ...setUp, adding: event.choice }
    case 'addEnded': {
      const { guardian } = event
      if (!guardian) return { ...setUp, adding: undefined }
      return { ...setUp, adding: undefined, plan: undefined, guardians: withGuardian(setUp.guardians, guardian) }
    }
    case 'removed':
      return {
        ...setUp,
        plan: undefined,
        guardians: setUp.guardians.filter(({ input }) => input.signer !== event.signer),
      }
    case 'presetChosen':
      return { ...setUp, plan: undefined, preset: event.preset }
    case 'atOnceChosen':
      return { ...setUp, plan: undefined, isAtOnce: event.isAtOnce }
    case 'freezeChosen':
      return { ...setUp, plan: undefined, freezeHours: event.hours }
    case 'planned':
      return { ...setUp, plan: event.plan, step: 'confirm' }
    case 'wentTo':
      return setUp.guardians.length === 0 ? { ...setUp, step: 'guardians' } : { ...setUp, step: event.step }
  }
}

/** Whether a preset can be used with these guardians: most of them want two kinds. */
export function isPresetPossible(
  preset: PresetChoice,
  guardians: readonly ChosenGuardian[],
  before?: Policy | undefined,
): boolean {
  const inputs = guardians.map(({ input }) => input)
  if (preset === 'asNow') return before?.tiers.every((tier) => isReached(tier, inputs)) ?? false
  return preset === 'simple' || preset === 'careful' || new Set(inputs.map(({ kind }) => kind)).size >= 2
}

/** The ways that a preset opens for these guardians. */
export function tiersOf(
  preset: PresetChoice,
  guardians: readonly ChosenGuardian[],
  before?: Policy | undefined,
  isAtOnce = false,
): readonly Tier[] {
  if (preset === 'asNow') return before?.tiers ?? []
  const inputs = guardians.map(({ input }) => input)
  return presetTiers(preset, inputs, isAtOnce && canBeAtOnce(preset, guardians))
}

/** Whether one of these guardians may let the owner in without a wait: no secret that could be guessed or found may. */
export function canBeAtOnce(preset: PresetChoice, guardians: readonly ChosenGuardian[]): boolean {
  const canAlone = ({ choice }: ChosenGuardian): boolean =>
    choice !== 'passphrase' && choice !== 'codes' && choice !== 'other'
  return preset === 'simple' && guardians.length > 0 && guardians.every(canAlone)
}

/** What the plan is made of. */
export function planParameters({ guardians, preset, isAtOnce, freezeHours, before }: SetUp): PlanRecoveryParameters {
  const isAsNow = preset === 'asNow'
  return {
    guardians: guardians.map(({ input }) => input),
    preset: isAsNow ? { tiers: before?.tiers ?? [] } : preset,
    allowInstantSingle: isAsNow ? before?.allowsInstantSingle === true : isAtOnce && canBeAtOnce(preset, guardians),
    windowHours: before?.windowHours,
    freezeHours,
  }
}

function isSameTiers(one: readonly Tier[], other: readonly Tier[]): boolean {
  const write = (tiers: readonly Tier[]) =>
    tiers.map(({ weight, kinds, delay, isVetoable }) => [weight, kinds, delay, isVetoable].join()).toSorted()
  return write(one).join(';') === write(other).join(';')
}

/** There is one passphrase and one set of codes; the same wallet is named once. */
function withGuardian(list: readonly ChosenGuardian[], added: ChosenGuardian): readonly ChosenGuardian[] {
  const isSecret = added.choice === 'passphrase' || added.choice === 'codes'
  const others = list.filter(
    ({ choice, input }) =>
      input.signer.toLowerCase() !== added.input.signer.toLowerCase() && !(isSecret && choice === added.choice),
  )
  return [...others, added]
}
