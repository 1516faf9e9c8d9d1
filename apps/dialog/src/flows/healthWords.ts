import type { HealthFinding } from '@rekey/sdk/recovery'
import type { Path } from './route.ts'

type Code = HealthFinding['code']

/** What is wrong, what to do, and the page where that is done, if there is one. */
export type FindingWords = {
  readonly reason: string
  readonly fix: string
  readonly goTo?: { readonly path: Path; readonly label: string }
}

const change = { path: '/change-guardians', label: 'Change guardians' } as const
const passkeys = { path: '/', label: 'Passkeys' } as const
const drill = { path: '/drill', label: 'Hold a drill' } as const

/** The findings of a safety check, as their owner reads them. */
export const findingWords: Readonly<Record<Code, FindingWords>> = {
  noGuardians: {
    reason: 'Nobody can let you back in if you lose your passkey.',
    fix: 'Name guardians: it takes some minutes and costs nothing.',
    goTo: { path: '/set-up', label: 'Set up recovery' },
  },
  recoveryPending: {
    reason: 'Somebody is recovering this account.',
    fix: 'If it was not you, stop it now: the button is at the top of this page.',
  },
  changePending: {
    reason: 'A change of guardians or of the account itself waits.',
    fix: 'If it was not you, call it off, and remove passkeys that you do not know.',
    goTo: { path: '/change-guardians', label: 'Look at the change' },
  },
  chainUnreachable: { reason: 'A network did not answer.', fix: 'Nothing is known about it now. Check again later.' },
  chainWithoutGuardians: {
    reason: 'The account has no guardians on a network.',
    fix: 'Protect it there too, on your account page. Until then keep nothing of value there.',
    goTo: { path: '/', label: 'Your account' },
  },
  chainsDiffer: {
    reason: 'Guardians or passkeys are not the same on all networks.',
    fix: 'Your account page says where, and brings them in line.',
    goTo: { path: '/', label: 'Your account' },
  },
  singleGuardian: {
    reason: 'You have one guardian only. If it is lost, so is this way back.',
    fix: 'Add another one, best of another kind.',
    goTo: change,
  },
  singlePointOfFailure: {
    reason: 'Without one of these guardians, the others are not enough.',
    fix: 'Add a guardian, or choose a way that needs fewer.',
    goTo: change,
  },
  instantSingle: {
    reason: 'One guardian alone could take your account at once.',
    fix: 'Let a lone guardian wait, or ask for two kinds.',
    goTo: change,
  },
  thiefCanVeto: {
    reason: 'Somebody who steals your passkey could stop every recovery.',
    fix: 'Add a second kind of guardian, and choose a way that nobody can stop.',
    goTo: change,
  },
  singleKind: {
    reason: 'All your guardians are of one kind, and could be lost in one way.',
    fix: 'Add a guardian of another kind.',
    goTo: change,
  },
  guardianExpiring: {
    reason: 'These guardians stop counting within 30 days, or already have.',
    fix: 'Name them anew.',
    goTo: change,
  },
  singlePasskey: {
    reason: 'You have one passkey only.',
    fix: 'Add a second one, on another device or a security key.',
    goTo: passkeys,
  },
  oneProvider: {
    reason: 'One provider keeps all your passkeys. If it locks you out, they are gone together.',
    fix: 'Add a passkey elsewhere, or a security key.',
    goTo: passkeys,
  },
  noneSynced: {
    reason: 'None of your passkeys is synced: each is lost with its device.',
    fix: 'Add one that your password manager keeps.',
    goTo: passkeys,
  },
  oneDevice: {
    reason: 'Your only passkey is on one device, and lost with it.',
    fix: 'Add a second one, on another device or a security key.',
    goTo: passkeys,
  },
  fewCodes: {
    reason: 'Few recovery codes are left.',
    fix: 'Make a new set before the last one is used.',
    goTo: { path: '/codes', label: 'Recovery codes' },
  },
  neverDrilled: {
    reason: 'These guardians have never shown that they could help.',
    fix: 'Hold a drill. It changes nothing, and costs nothing.',
    goTo: drill,
  },
  drilledLongAgo: {
    reason: 'It is more than a year since these guardians showed that they could help.',
    fix: 'Hold a drill. It changes nothing, and costs nothing.',
    goTo: drill,
  },
}

/** A score in one word; where it changes is where somebody should act. */
export function scoreWord(score: number): string {
  if (score >= 90) return 'Very good'
  if (score >= 70) return 'Good, and could be better'
  return score >= 40 ? 'Needs work' : 'Not safe yet'
}
