import type { Policy } from '@rekey/sdk'
import { oidcGuardian } from '@rekey/sdk/oidc'
import type { RecoveryChainStatus } from '@rekey/sdk/recovery'
import { walletGuardian } from '@rekey/sdk/recovery'
import { bytesToHex, stringToBytes, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { expiredSignIns } from './expiredSignIns.ts'
import { guardianLabel, isAtOnceTyped } from './policyWords.ts'
import { remainings } from './remains.ts'
import {
  beginChange,
  type ChosenGuardian,
  canBeAtOnce,
  emptySetUp,
  planParameters,
  setUpReducer,
  tiersOf,
} from './setUp.ts'
import { isSignInWay, type Provider, providerOnWay, providersIn, wayTo } from './signIns.ts'
import { guardianWords } from './signInWords.ts'
import { missingTitle, openWays, wayTitle } from './ways.ts'

const registry = '0x00000000000000000000000000000000000000aa'
const bridge = 'https://bridge.example.com'
const provider = (id: string, name: string, issuer: string): Provider => ({
  id,
  name,
  issuer,
  clientId: 'client',
  authorizationEndpoint: `${issuer}/authorize`,
  responseType: 'id_token',
})
const google = provider('google', 'Google', 'https://accounts.google.com')
const x = provider('x', 'X', bridge)
const github = provider('github', 'GitHub', bridge)
const providers = [google, x, github]
const wallet = walletGuardian('0x00000000000000000000000000000000000fee10')
const at = ({ issuer }: Provider, audience = 'client') =>
  oidcGuardian({ issuer, audiences: [audience], subject: '1', registry })

/** A policy with the notes of its guardians, as it is read from a chain. */
function policyOf(...guardians: ReturnType<typeof at>[]): Policy {
  const note = '0x00000000000000000000000000000000000000ff0000'
  return {
    salt: '0x00',
    allowsInstantSingle: false,
    windowHours: 336,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }],
    guardians,
    notes: guardians.flatMap(({ notes = [] }) => notes.map((part) => `${note}${part.slice(2)}` as const)),
  }
}

describe('guardians who sign in', () => {
  const policy = policyOf(wallet, at(google), at(x), at(google, 'another app'))
  const places = providersIn(policy, providers)

  it('are known by issuer and client; those behind one bridge are not told apart', () => {
    expect(places).toEqual([[], [google], [x, github], []])
    const titles = policy.guardians.map((guardian, place) => guardianLabel(guardian, places[place]))
    expect(titles).toEqual(['Wallet 0x0000…EE10', 'Google account', 'X or GitHub account', 'An account to sign in to'])
  })

  it('open a way each, which goes when they have approved', () => {
    const ways = ['signIn:google', 'signIn:x', 'signIn:github', 'wallet', 'friend']
    expect(openWays(policy, [], places)).toEqual(ways)
    expect(openWays(policy, [0, 2], places)).toEqual(['signIn:google'])
    expect(ways.map((way) => wayTitle(way as 'wallet', providers))).toEqual([
      'Sign in with Google',
      'Sign in with X',
      'Sign in with GitHub',
      'Use a wallet in this browser',
      'Ask somebody who is a guardian',
    ])
    expect(missingTitle(wayTo(google), providers)).toBe('No Google account is a guardian of this account.')
    expect(isSignInWay('wallet')).toBe(false)
    expect(providerOnWay(providers, 'signIn:apple')).toBeUndefined()
  })

  it('are offered where the site has them', () => {
    const titles = remainings(providers).map(({ title }) => title)
    expect(titles).toEqual(expect.arrayContaining(['My Google account', 'My X account', 'My GitHub account']))
    expect(remainings([])).toHaveLength(titles.length - 3)
  })

  it('are told what becomes public and whom they trust, the bridge included', () => {
    expect(guardianWords(google, false).trust.join()).not.toContain('bridge')
    expect(guardianWords(x, true).trust.join()).toContain('the bridge, X and whoever breaks into your account')
    expect(guardianWords(x, true).publicLead).toContain('that some account at X is a guardian of yours, and not which')
  })

  it('stay what they are in a change', () => {
    const { guardians } = beginChange(policy, providers)
    expect(guardians.map(({ choice }) => choice)).toEqual(['wallet', 'signIn:google', 'signIn:x', 'other'])
    expect(guardians[1]?.input.notes).toEqual(at(google).notes?.map(() => expect.stringMatching(/^0x/)))
  })
})

describe('no wait for one guardian', () => {
  const signIn: ChosenGuardian = { choice: 'signIn:google', input: at(google), signIns: [google] }
  const friend: ChosenGuardian = { choice: 'friend', input: wallet }
  const codes: ChosenGuardian = { choice: 'codes', input: wallet }
  const chosen = (...guardians: ChosenGuardian[]) =>
    setUpReducer({ ...emptySetUp, guardians, preset: 'simple' }, { type: 'atOnceChosen', isAtOnce: true })

  it('is for Simple, and for guardians that nobody could guess or find on paper', () => {
    expect(canBeAtOnce('simple', [signIn, friend])).toBe(true)
    for (const guardians of [[], [codes], [signIn, codes], [{ ...friend, choice: 'passphrase' as const }]])
      expect(canBeAtOnce('simple', guardians)).toBe(false)
    expect(canBeAtOnce('careful', [signIn])).toBe(false)
    expect(tiersOf('simple', [signIn], undefined, true)[0]?.delay).toBe(0)
    expect(tiersOf('simple', [signIn, codes], undefined, true)[0]?.delay).toBe(86_400)
  })

  it('has to be asked for, and is dropped when a guardian comes who may not', () => {
    expect(planParameters(chosen(signIn)).allowInstantSingle).toBe(true)
    expect(planParameters(chosen(signIn, codes)).allowInstantSingle).toBe(false)
    expect(planParameters({ ...chosen(signIn), preset: 'careful' }).allowInstantSingle).toBe(false)
    expect(planParameters({ ...emptySetUp, guardians: [signIn], preset: 'simple' }).allowInstantSingle).toBe(false)
    expect(isAtOnceTyped('  At  ONCE ')).toBe(true)
    expect(isAtOnceTyped('at once!')).toBe(false)
  })
})

describe('a sign-in that ran out before every network had it', () => {
  const policy = policyOf(at(google), wallet)
  const signIns = providersIn(policy, providers)
  const text = (value: object) => bytesToHex(stringToBytes(JSON.stringify(value))).slice(2)
  const part = (hex: string) => `${toHex(hex.length / 2, { size: 2 }).slice(2)}${hex}`
  const signature = `0x${'00'.repeat(32)}00${part(text({}))}${part(text({ exp: 2_000 }))}` as const
  const status = (state: RecoveryChainStatus['state'], votes: number) => ({ chainId: 1, state, votes })
  const ask = (now: number, statuses: RecoveryChainStatus[], approvals = [{ index: 0, signature }]) =>
    expiredSignIns({ statuses }, { policy, approvals, signIns, now })

  it('is asked for again where a network waits for it, in time and not before', () => {
    expect(ask(2_000, [status('scheduled', 1), status('collecting', 0)])).toEqual(['signIn:google'])
    expect(ask(1_999, [status('scheduled', 1), status('collecting', 0)])).toEqual([])
    expect(ask(0, [status('done', 1), status('collecting', 0)], [])).toEqual(['signIn:google'])
  })

  it('is not asked for while nobody could take it, or when it was another guardian', () => {
    expect(ask(2_000, [status('scheduled', 1), status('unreachable', 0)])).toEqual([])
    expect(ask(2_000, [status('scheduled', 1), status('done', 1)])).toEqual([])
    expect(ask(2_000, [status('scheduled', 2), status('collecting', 0)])).toEqual([])
  })
})
