import { accountAt } from './policyWords.ts'
import { type Provider, type SignInWay, wayTo } from './signIns.ts'

/** A way to approve a recovery. */
export type Way = 'code' | 'passphrase' | 'wallet' | 'friend' | SignInWay

/** What somebody who lost a passkey may still have. */
export type Remaining = 'passkey' | 'device' | 'securityKey' | 'nothing' | Way

/** What each leads to: no recovery is needed with the first three. */
export type Lead = 'signIn' | 'otherDevice' | 'securityKey' | 'nothing' | { readonly way: Way }

type Choice = {
  readonly what: Remaining
  readonly title: string
  readonly hint: string
}

/** The choices of the first screen of a recovery, the best first. */
export function remainings(providers: readonly Provider[]): readonly Choice[] {
  const signIns = providers.map((provider) => ({
    what: wayTo(provider),
    title: `My ${accountAt(provider)}`,
    hint: `You sign in at ${provider.name}, if you made that account a guardian.`,
  }))
  return [...own, ...signIns, ...withHelp]
}

const own: readonly Choice[] = [
  {
    what: 'passkey',
    title: 'My passkey, here or synced',
    hint: 'In this device, or in a password manager that has it from another one. Try this first.',
  },
  {
    what: 'device',
    title: 'Another device that opens my account',
    hint: 'A phone, tablet or computer with its own passkey.',
  },
  {
    what: 'securityKey',
    title: 'A security key',
    hint: 'A key for USB, NFC or Bluetooth that you added to the account.',
  },
  { what: 'code', title: 'A recovery code', hint: 'From the sheet you printed or saved. One is enough.' },
  { what: 'passphrase', title: 'My passphrase', hint: 'The words you wrote down when you set up recovery.' },
]

const withHelp: readonly Choice[] = [
  {
    what: 'wallet',
    title: 'A wallet that is my guardian',
    hint: 'In this browser. It signs a message; it pays nothing.',
  },
  {
    what: 'friend',
    title: 'Somebody who is my guardian',
    hint: 'A friend approves on their own device, with a wallet or their passkey.',
  },
  { what: 'nothing', title: 'None of these', hint: 'See what can still be done.' },
]

/** Where a choice leads. */
export function leadOf(what: Remaining): Lead {
  switch (what) {
    case 'passkey':
      return 'signIn'
    case 'device':
      return 'otherDevice'
    case 'securityKey':
      return 'securityKey'
    case 'nothing':
      return 'nothing'
    default:
      return { way: what }
  }
}

/** Reads the account out of the link on a sheet of codes, or out of the page's own address. */
export function accountInLink(text: string): string | undefined {
  return /#account=(0x[0-9a-fA-F]{40})$/.exec(text.trim())?.[1]
}
