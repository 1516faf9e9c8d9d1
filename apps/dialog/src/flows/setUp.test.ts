import { guardianKinds } from '@rekey/sdk'
import { type RecoveryPlan, recoveryPresets, walletGuardian } from '@rekey/sdk/recovery'
import { describe, expect, it } from 'vitest'
import { isOwnWorker } from '../lib/trustedScripts.ts'
import { askedPlaces, isTypedBack } from './passphraseWords.ts'
import { presetWords, tierSentence, warningWords } from './policyWords.ts'
import { accountInLink, leadOf, remainings } from './remains.ts'
import { type ChosenGuardian, emptySetUp, isPresetPossible, type SetUpEvent, setUpReducer } from './setUp.ts'
import { openWays, tooFewWords } from './ways.ts'

const address = (end: string) => `0x00000000000000000000000000000000000${end}` as const
const wallet = (end: string): ChosenGuardian => ({ choice: 'wallet', input: walletGuardian(address(end)) })
const codes = (end: string): ChosenGuardian => ({
  choice: 'codes',
  input: { ...walletGuardian(address(end)), kind: guardianKinds.codes },
})
const google = {
  id: 'google',
  name: 'Google',
  issuer: 'https://accounts.google.com',
  clientId: 'client',
  authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
  responseType: 'id_token',
} as const
const after = (...events: SetUpEvent[]) => events.reduce(setUpReducer, emptySetUp)
const added = (guardian: ChosenGuardian): SetUpEvent => ({ type: 'addEnded', guardian })

describe('setting up recovery', () => {
  it('takes a wallet once, and new codes in place of the ones made before', () => {
    const { guardians } = after(
      added(wallet('fee10')),
      added(codes('c0de1')),
      added(wallet('FEE10')),
      added(codes('c0de2')),
    )
    expect(guardians.map(({ choice, input }) => [choice, input.signer.toLowerCase()])).toEqual([
      ['wallet', address('fee10')],
      ['codes', address('c0de2')],
    ])
  })

  it('a plan is gone as soon as what it was made of changes', () => {
    const planned: SetUpEvent[] = [added(wallet('fee10')), { type: 'planned', plan: {} as RecoveryPlan }]
    expect(after(...planned)).toMatchObject({ step: 'confirm', plan: {} })
    for (const change of [
      added(wallet('fee11')),
      { type: 'removed', signer: address('fee10') },
      { type: 'presetChosen', preset: 'simple' },
    ] as const)
      expect(after(...planned, change).plan).toBeUndefined()
  })

  it('goes no further without a guardian; one who goes back from adding adds none', () => {
    expect(after({ type: 'wentTo', step: 'preset' }).step).toBe('guardians')
    const back = after({ type: 'addBegun', choice: 'codes' }, { type: 'addEnded' })
    expect(back).toMatchObject({ adding: undefined, guardians: [] })
    expect(after(added(wallet('fee10')), { type: 'wentTo', step: 'preset' }).step).toBe('preset')
  })

  it('offers only presets that these guardians can reach', () => {
    const possible = (...guardians: ChosenGuardian[]) =>
      recoveryPresets.filter((preset) => isPresetPossible(preset, guardians))
    expect(possible(wallet('fee10'), wallet('fee11'))).toEqual(['simple', 'careful'])
    expect(possible(wallet('fee10'), codes('c0de1'))).toEqual([...recoveryPresets])
  })

  it('has words for every preset and warning, and says who can stop what', () => {
    for (const preset of recoveryPresets) expect(presetWords[preset]).toHaveLength(2)
    expect(Object.values(warningWords).every((words) => words.endsWith('.'))).toBe(true)
    const tier = { weight: 1, kinds: 1, delay: 86_400, isVetoable: true }
    expect(tierSentence(tier)).toBe(
      'One guardian can let you back in after 24 hours; until then you can stop it with a passkey.',
    )
    expect(tierSentence({ ...tier, weight: 2, kinds: 2, isVetoable: false }, { isForOwner: false })).toBe(
      'Two kinds of guardians together can let the owner back in after 24 hours; nobody can stop it.',
    )
    expect(tierSentence({ ...tier, weight: 3, delay: 0 })).toBe('3 guardians can let you back in at once.')
    expect(tierSentence({ ...tier, weight: 3, delay: 0 }, { guardians: [{ weight: 1 }, { weight: 2 }] })).toBe(
      'Guardians who together count as 3 can let you back in at once.',
    )
  })
})

describe('a passphrase typed back', () => {
  const phrase = 'one two three four five six seven'

  it('asks for two words, wherever chance says', () => {
    expect(askedPlaces(phrase, () => 0)).toEqual([6, 7])
    expect(askedPlaces(phrase, () => 0.999)).toEqual([1, 2])
    expect(askedPlaces('single', () => 0)).toEqual([1])
  })

  it('takes the words at their places in any case, and nothing else', () => {
    expect(isTypedBack(phrase, [3, 6], [' Three ', 'SIX'])).toBe(true)
    for (const typed of [['six', 'three'], ['three'], ['three', 'five'], ['three four', 'six'], ['', '']])
      expect(isTypedBack(phrase, [3, 6], typed)).toBe(false)
  })
})

describe('what is left', () => {
  it('leads to a sign-in, to a way to approve, or to what can still be done', () => {
    expect(remainings([google]).map(({ what }) => leadOf(what))).toEqual([
      'signIn',
      'otherDevice',
      'securityKey',
      { way: 'code' },
      { way: 'passphrase' },
      { way: 'signIn:google' },
      { way: 'wallet' },
      { way: 'friend' },
      'nothing',
    ])
  })

  it('offers the ways that guardians leave who have not approved', () => {
    const guardians = [wallet('fee10').input, codes('c0de1').input]
    expect(openWays({ guardians }, [], [])).toEqual(['code', 'wallet', 'friend'])
    expect(openWays({ guardians }, [1], [])).toEqual(['wallet', 'friend'])
    expect(openWays({ guardians }, [0, 1], [])).toEqual([])
    const hidden = { ...wallet('fee12').input, isHidden: true }
    expect(openWays({ guardians: [hidden] }, [], [])).toEqual(['wallet', 'friend'])
  })

  it('says of too few guardians whether more are needed, or others', () => {
    const guardians = [wallet('fee10').input, { ...wallet('fee12').input, weight: 2 }]
    const tier = { weight: 2, kinds: 2, delay: 0, isVetoable: false }
    expect(tooFewWords({ guardians, tiers: [tier] }, [0])).toContain('More guardians')
    expect(tooFewWords({ guardians, tiers: [tier] }, [1])).toContain('another kind')
  })

  it('the account is read from the link on a sheet, and from nothing that only looks like one', () => {
    const link = `https://auth.example.com/recover#account=${address('fee10')}`
    expect(accountInLink(` ${link}\n`)).toBe(address('fee10'))
    expect(accountInLink(`${link}0`)).toBeUndefined()
    expect(accountInLink('#account=0x12')).toBeUndefined()
  })
})

describe('[240] the one text that may become code', () => {
  const origin = 'https://auth.example.com'

  it('is the address of the page’s own worker', () => {
    expect(isOwnWorker(`${origin}/assets/argon2Worker-hWPRJP2w.js`, origin)).toBe(true)
    for (const url of [
      'https://evil.example/assets/argon2Worker-a.js',
      `${origin}/assets/index-a.js`,
      `${origin}/assets/argon2Worker-a.js/../other.js`,
      'data:text/javascript,alert(1)',
      'blob:https://auth.example.com/1',
      'x',
    ])
      expect(isOwnWorker(url, origin)).toBe(false)
  })
})
