import type { GuardianInput, RecoveryPlan, RecoveryPreset } from '@rekey/sdk/recovery'

/** The kinds of guardian that can be named here. */
export type GuardianChoice = 'wallet' | 'friend' | 'passphrase' | 'codes'

/** A guardian on the list, not on any network yet. */
export type ChosenGuardian = { readonly choice: GuardianChoice; readonly input: GuardianInput }

/** Where the set-up stands: three steps, and a detour for each guardian that is added. */
export type SetUp = {
  readonly step: 'guardians' | 'preset' | 'confirm'
  readonly adding: GuardianChoice | undefined
  readonly guardians: readonly ChosenGuardian[]
  readonly preset: RecoveryPreset
  readonly plan: RecoveryPlan | undefined
}

export type SetUpEvent =
  | { readonly type: 'addBegun'; readonly choice: GuardianChoice }
  | { readonly type: 'addEnded'; readonly guardian?: ChosenGuardian | undefined }
  | { readonly type: 'removed'; readonly signer: string }
  | { readonly type: 'presetChosen'; readonly preset: RecoveryPreset }
  | { readonly type: 'planned'; readonly plan: RecoveryPlan }
  | { readonly type: 'wentTo'; readonly step: SetUp['step'] }

export const emptySetUp: SetUp = {
  step: 'guardians',
  adding: undefined,
  guardians: [],
  preset: 'careful',
  plan: undefined,
}

/** A plan holds for one list of guardians and one preset: it goes when either changes. */
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
    case 'planned':
      return { ...setUp, plan: event.plan, step: 'confirm' }
    case 'wentTo':
      return setUp.guardians.length === 0 ? { ...setUp, step: 'guardians' } : { ...setUp, step: event.step }
  }
}

/** Whether a preset can be used with these guardians: most of them want two kinds. */
export function isPresetPossible(preset: RecoveryPreset, guardians: readonly ChosenGuardian[]): boolean {
  return preset === 'simple' || preset === 'careful' || new Set(guardians.map(({ input }) => input.kind)).size >= 2
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
