import type { ApprovalRequest } from '@rekey/sdk/recovery'
import { formatDuration } from '../lib/format.ts'

/** What a guardian is asked, in words. */
export type AskWords = { readonly title: string; readonly lead: string; readonly effect: string; readonly done: string }

/** Says what an approval does. */
export function askWords(ask: ApprovalRequest): AskWords {
  switch (ask.name) {
    case 'Recovery':
      return {
        title: 'Let somebody back into their account?',
        lead: 'Somebody says that they own this account and lost their passkey. Its guardians decide.',
        effect: recoveryEffect(ask.message.keep),
        done: 'The account goes to its new passkey when the waiting time is over.',
      }
    case 'GuardianCancel':
      return {
        title: 'Call a recovery off?',
        lead: 'Somebody is recovering this account, and another guardian thinks that it is not its owner.',
        effect: 'That recovery ends when enough guardians say so. Nothing else changes.',
        done: 'Send your approval back to whoever asked you.',
      }
    case 'Freeze':
      return {
        title: 'Hold the account for a while?',
        lead: 'Somebody fears that a thief has this account.',
        effect: `No change of guardians takes effect for ${formatDuration(ask.message.duration)}. The owner can still use the account.`,
        done: 'Send your approval back to whoever asked you.',
      }
    case 'Drill':
      return {
        title: 'Try out whether you could help?',
        lead: 'The owner of this account practises a recovery.',
        effect: 'Nothing changes. It only shows that your approval would count.',
        done: 'Send your approval back to the owner.',
      }
  }
}

const keepPasskeys = 1

function recoveryEffect(keep: number): string {
  return (keep & keepPasskeys) === 0
    ? 'A new passkey opens the account on every network named below. All its other passkeys stop working there.'
    : 'A new passkey opens the account on every network named below. The passkeys it has go on working.'
}
