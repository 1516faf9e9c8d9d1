import type { Policy } from '@rekey/sdk'
import { type LossOutcome, simulateLoss } from '@rekey/sdk/recovery'
import { formatDuration } from '../lib/format.ts'

/** What has become of a passkey or a guardian, in the owner's thoughts. */
export type Fate = 'kept' | 'lost' | 'stolen'

/** The words for each fate, in the order in which they are offered. */
export const fateWords: Readonly<Record<Fate, string>> = {
  kept: 'I still have it',
  lost: 'It is lost',
  stolen: 'A thief has it',
}

/** What becomes of an account, and how good that is. */
export type LossWords = { readonly tone: 'good' | 'warning' | 'error'; readonly title: string; readonly text: string }

/** Plays through a loss: what happened to each passkey, and to each guardian by its place in the policy. */
export function playLoss(
  policy: Policy,
  { passkeys, guardians, now }: { passkeys: readonly Fate[]; guardians: readonly Fate[]; now: number },
): LossOutcome & { readonly passkeysLeft: number } {
  const passkeysLeft = passkeys.filter((fate) => fate === 'kept').length
  const placesOf = (wanted: Fate) => guardians.flatMap((fate, index) => (fate === wanted ? [index] : []))
  const outcome = simulateLoss(policy, {
    passkeysLeft,
    lost: placesOf('lost'),
    stolen: placesOf('stolen'),
    hasThiefPasskey: passkeys.includes('stolen'),
    now,
  })
  return { ...outcome, passkeysLeft }
}

/** Says how a loss ends. */
export function lossWords(outcome: LossOutcome & { readonly passkeysLeft: number }): LossWords {
  const { ownerAfter, thiefAfter, thiefPolicyAfter, passkeysLeft } = outcome
  const hurry =
    thiefPolicyAfter === undefined
      ? ''
      : ` Act within ${formatDuration(thiefPolicyAfter)}: after that, guardians of the thief’s choice could count.`
  switch (outcome.outcome) {
    case 'owner':
      if (passkeysLeft > 0 && thiefPolicyAfter === undefined)
        return {
          tone: 'good',
          title: 'You are still in.',
          text: 'A passkey that you have opens the account. Replace what is lost, and stop any recovery that you did not begin.',
        }
      return {
        tone: 'good',
        title: `You get back in ${after(ownerAfter)}.`,
        text: `Your guardians let you in, and every other passkey is thrown out.${hurry}`,
      }
    case 'thief':
      return {
        tone: 'error',
        title: 'A thief would keep the account.',
        text:
          thiefAfter === undefined
            ? `He has a passkey, and can stop every recovery that your guardians begin.${hurry}`
            : `With these guardians he is in ${after(thiefAfter)}, and you can’t stop him.`,
      }
    case 'contested':
      return {
        tone: 'warning',
        title: 'It would be a race.',
        text: `Neither you nor the thief can keep the other out for good: who acts first and goes on acting, wins.${hurry}`,
      }
    case 'lost':
      return {
        tone: 'error',
        title: 'Nobody could open the account any more.',
        text: 'What is left of your guardians is not enough. Add one that would not be lost together with these.',
      }
  }
}

function after(seconds: number | undefined): string {
  return seconds === undefined || seconds === 0 ? 'at once' : `after ${formatDuration(seconds)}`
}
