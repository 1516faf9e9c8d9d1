import { guardianKinds, type Policy } from '@rekey/sdk'
import { BundlerMissingError } from '@rekey/sdk/errors'
import {
  type ChainChange,
  type ChainHistory,
  type HistoryEntry,
  healthCosts,
  type PendingChange,
  presetTiers,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { describe, expect, it } from 'vitest'
import { changeLines, livingChange, missingChains, readyChains } from './changeWords.ts'
import { diffLines } from './diffWords.ts'
import { drillLines } from './drillWords.ts'
import { freezeLines, stoppedUntil } from './freezeWords.ts'
import { findingWords, scoreWord } from './healthWords.ts'
import { historyLines } from './historyWords.ts'
import { type Fate, lossWords, playLoss } from './lossWords.ts'
import { readRoute } from './route.ts'
import { beginChange, isPresetPossible, planParameters, setUpReducer } from './setUp.ts'

const day = 86_400
const wallet = walletGuardian('0x00000000000000000000000000000000000fee10')
const friend = { ...walletGuardian('0x00000000000000000000000000000000000fee11'), kind: guardianKinds.passkey }
const policyOf = (preset: 'simple' | 'careful', guardians = [wallet, friend]): Policy => ({
  salt: '0x00',
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 0,
  tiers: presetTiers(preset, guardians, false),
  guardians,
})

describe('what the safety check says', () => {
  it('has words for every finding, and leads only to pages that there are', () => {
    expect(Object.keys(findingWords).toSorted()).toEqual(Object.keys(healthCosts).toSorted())
    for (const { goTo } of Object.values(findingWords))
      if (goTo && goTo.path !== '/') expect(readRoute(goTo.path)).not.toBe('home')
  })

  it.each([
    [100, 'Very good'],
    [89, 'Good, and could be better'],
    [69, 'Needs work'],
    [39, 'Not safe yet'],
  ])('%i points are: %s', (score, word) => expect(scoreWord(score)).toBe(word))
})

describe('a loss that is played through', () => {
  const play = (preset: 'simple' | 'careful', passkeys: readonly Fate[], guardians: readonly Fate[]) =>
    lossWords(playLoss(policyOf(preset), { passkeys, guardians, now: 0 })).title

  it.each([
    ['simple', ['lost', 'kept'], ['kept', 'kept'], 'You are still in.'],
    ['simple', ['lost'], ['kept', 'kept'], 'You get back in after 24 hours.'],
    ['careful', ['lost'], ['kept', 'kept'], 'You get back in at once.'],
    ['careful', ['stolen'], ['kept', 'kept'], 'You get back in at once.'],
    ['simple', ['stolen'], ['kept', 'kept'], 'A thief would keep the account.'],
    ['careful', ['lost'], ['stolen', 'stolen'], 'A thief would keep the account.'],
    ['simple', ['stolen', 'kept'], ['kept', 'kept'], 'It would be a race.'],
    ['simple', ['lost'], ['lost', 'lost'], 'Nobody could open the account any more.'],
  ] as const)('%s, passkeys %j, guardians %j: %s', (preset, passkeys, guardians, title) => {
    expect(play(preset, passkeys, guardians)).toBe(title)
  })

  it('says how long there is before a thief’s guardians count', () => {
    const outcome = playLoss(policyOf('careful'), { passkeys: ['stolen'], guardians: ['kept', 'kept'], now: 0 })
    expect(lossWords(outcome).text).toContain('Act within 2 days')
  })
})

describe('changing a policy', () => {
  it('begins with what there is, and plans the same where nothing is chosen', () => {
    const before = { ...policyOf('careful'), freezeHours: 24 }
    const setUp = beginChange(before, [])
    expect(setUp.guardians.map(({ choice }) => choice)).toEqual(['wallet', 'friend'])
    expect(planParameters(setUp)).toMatchObject({ preset: 'careful', freezeHours: 24, windowHours: 336 })
    const foreign = { ...walletGuardian('0x00000000000000000000000000000000000fee12'), kind: 9 }
    expect(beginChange(policyOf('careful', [wallet, foreign]), []).guardians[1]?.choice).toBe('other')
  })

  it('keeps ways that no preset has, as long as these guardians reach them', () => {
    const tiers = [{ weight: 2, kinds: 1, delay: 3 * day, isVetoable: true }]
    const before = { ...policyOf('simple'), tiers }
    const setUp = beginChange(before, [])
    expect(planParameters(setUp)).toMatchObject({ preset: { tiers } })
    const fewer = setUpReducer(setUp, { type: 'removed', signer: friend.signer })
    expect(isPresetPossible('asNow', fewer.guardians, before)).toBe(false)
  })

  it('is said line by line: guardians, ways, stop, and how long later changes wait', () => {
    const before = policyOf('simple', [wallet])
    expect(diffLines(before, before, [])).toEqual([])
    const after: Policy = {
      ...policyOf('careful'),
      tiers: [{ weight: 2, kinds: 2, delay: 7 * day, isVetoable: false }],
      guardians: [{ ...wallet, weight: 2 }, friend],
      freezeHours: 48,
    }
    expect(diffLines(before, after, []).map(({ tone, text }) => [tone, text])).toEqual([
      ['added', 'A friend’s passkey'],
      ['changed', 'Wallet: counts as 2 instead of 1'],
      ['added', 'Two kinds of guardians together can let you back in after 7 days; nobody can stop it.'],
      ['removed', 'One guardian can let you back in after 24 hours; until then you can stop it with a passkey.'],
      ['removed', 'No guardian can stop the account.'],
      ['added', 'Any one guardian can stop the account for up to 2 days, once a month.'],
      ['removed', 'Later changes wait 2 days.'],
      ['added', 'Later changes wait 8 days.'],
    ])
    expect(diffLines(after, before, [])[0]).toMatchObject({ tone: 'removed', guardian: { signer: friend.signer } })
  })
})

describe('a change that is announced', () => {
  const change: PendingChange = {
    kind: 'policy',
    value: '0x0000000000000000000000000000000000000001',
    issuedAt: 10,
    state: 'waiting',
    readyAt: 20,
    closesAt: 30,
  }
  const changes: readonly ChainChange[] = [
    { chainId: 1, change },
    { chainId: 2, change: { ...change, state: 'ready' } },
    { chainId: 3, change: undefined },
    { chainId: 4, change: undefined },
    { chainId: 5, error: new BundlerMissingError(5) },
    { chainId: 6, change: { ...change, issuedAt: 5, state: 'superseded' } },
  ]

  it('is the newest that can still take effect', () => {
    expect(livingChange(changes)?.issuedAt).toBe(10)
    expect(livingChange([{ chainId: 1, change: { ...change, state: 'lapsed' } }])).toBeUndefined()
  })

  it('is told per network: ready, missing, in force', () => {
    expect(readyChains(changes, change)).toEqual([2])
    expect(missingChains(changes, change, [4])).toEqual([3, 6])
    expect(changeLines(changes, change, [4]).map(({ chainId, tone }) => [chainId, tone])).toEqual([
      [1, 'working'],
      [2, 'working'],
      [3, 'open'],
      [4, 'done'],
      [5, 'failed'],
      [6, 'open'],
    ])
  })
})

describe('a drill', () => {
  it('says per network the fastest way that the answers open', () => {
    const lines = drillLines(policyOf('careful'), [
      { chainId: 1, votes: 3, tiers: 0b11 },
      { chainId: 2, votes: 1, tiers: 0b01 },
      { chainId: 3, votes: 0, tiers: 0 },
      { chainId: 4, error: new BundlerMissingError(4) },
    ])
    expect(lines.map(({ text }) => text)).toEqual([
      'They could let you in at once',
      'They could let you in after 24 hours',
      'Not enough yet',
      'Not shown',
    ])
  })
})

describe('an account that is stopped', () => {
  it('is so up to and including the last second, and not again before it may be', () => {
    const state = { chainId: 1, frozenUntil: 100, readyAt: 200 }
    expect(stoppedUntil([{ ...state, now: 100 }])).toBe(100)
    expect(stoppedUntil([{ ...state, now: 101 }])).toBeUndefined()
    const tones = [100, 199, 200].map((now) => freezeLines([{ ...state, now }])[0]?.tone)
    expect(tones).toEqual(['working', 'open', 'done'])
  })
})

describe('what happened', () => {
  const entry = (chainId: number, time: number | undefined, kind: string, args: object) =>
    ({ chainId, kind, args, time, blockNumber: 1n, logIndex: 0, transactionHash: '0x00' }) as unknown as HistoryEntry
  const cancelled = { kind: 1, value: 7n, issuedAt: 5 }
  const removed = { commitment: '0x01' }

  it('is told once for all networks, as often as it happened, the newest first; a silent network hides nothing', () => {
    const histories: ChainHistory[] = [
      {
        chainId: 1,
        entries: [
          entry(1, 10, 'ChangeCancelled', cancelled),
          entry(1, 20, 'CredentialRemoved', removed),
          entry(1, 40, 'CredentialRemoved', removed),
        ],
      },
      {
        chainId: 2,
        entries: [entry(2, 35, 'CredentialRemoved', removed), entry(2, 8, 'ChangeCancelled', cancelled)],
      },
      { chainId: 3, error: new BundlerMissingError(3) },
    ]
    expect(historyLines(histories).map(({ kind, time, chainIds }) => [kind, time, chainIds])).toEqual([
      ['CredentialRemoved', 40, [1]],
      ['CredentialRemoved', 20, [1, 2]],
      ['ChangeCancelled', 8, [1, 2]],
    ])
  })

  it('leaves out drills that nobody answered, and what another line says', () => {
    const proven = { policyHash: '0x01', challenge: '0x02', votes: 0, tiers: 0 }
    const entries = [
      entry(1, 1, 'GuardiansProven', proven),
      entry(1, 2, 'CredentialsReset', { idHash: '0x03' }),
      entry(1, undefined, 'GuardiansProven', { ...proven, votes: 1 }),
    ]
    expect(historyLines([{ chainId: 1, entries }]).map(({ text }) => text)).toEqual([
      'A drill: guardians that are not known here answered.',
    ])
  })
})
