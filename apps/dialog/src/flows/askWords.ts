import type { ApprovalRequest } from '@rekey/sdk/recovery'
import { formatDuration } from '../lib/format.ts'
import type { Path } from './route.ts'

/** What a guardian is asked, in words. */
export type AskWords = {
  readonly title: string
  readonly lead: string
  readonly effect: string
  readonly done: string
  /** The page of the owner's that takes the answer. */
  readonly answerPath: Path
}

/** Says what an approval does. */
export function askWords(ask: ApprovalRequest): AskWords {
  switch (ask.name) {
    case 'Recovery':
      return {
        title: 'Let somebody back into their account?',
        lead: 'Somebody says that they own this account and lost their passkey. Its guardians decide.',
        effect: recoveryEffect(ask.message.keep),
        done: 'The account goes to its new passkey when the waiting time is over.',
        answerPath: '/recover',
      }
    case 'GuardianCancel':
      return {
        title: 'Call a recovery off?',
        lead: 'Somebody is recovering this account, and another guardian thinks that it is not its owner.',
        effect: 'That recovery ends when enough guardians say so. Nothing else changes.',
        done: 'Send your approval back to whoever asked you.',
        answerPath: '/call-off',
      }
    case 'Freeze':
      return {
        title: 'Stop this account for a while?',
        lead: 'Somebody fears that a thief has this account.',
        effect: `The account does nothing for ${formatDuration(ask.message.duration)}: neither a thief nor the owner can send anything from it. Only a recovery ends that earlier.`,
        done: 'Send your approval back to whoever asked you.',
        answerPath: '/freeze',
      }
    case 'Drill':
      return {
        title: 'Try out whether you could help?',
        lead: 'The owner of this account practises a recovery.',
        effect: 'Nothing changes. It only shows that your approval would count.',
        done: 'Send your approval back to the owner.',
        answerPath: '/drill',
      }
  }
}

const keepPasskeys = 1

function recoveryEffect(keep: number): string {
  return (keep & keepPasskeys) === 0
    ? 'A new passkey opens the account on every network named below. All its other passkeys stop working there.'
    : 'A new passkey opens the account on every network named below. The passkeys it has go on working.'
}
