import type { RecoveryChainStatus } from '@rekey/sdk/recovery'
import type { ChainLine } from '../components/ChainList.tsx'
import type { ErrorText } from '../lib/errorText.ts'
import { formatTime } from '../lib/format.ts'
import type { RecoveryView } from './recovery.ts'

type State = RecoveryChainStatus['state']

/** Says for each network where the recovery stands, why it does not go on where it does not, and what to do. */
export function recoveryLines({ statuses, failures }: Pick<RecoveryView, 'statuses' | 'failures'>): ChainLine[] {
  return statuses.map((status) => {
    const { chainId, state } = status
    const error = state === 'done' ? undefined : (failures[chainId] ?? reasonOf(status))
    return { chainId, tone: error ? 'failed' : tones[state], text: words(status), error }
  })
}

const tones: Readonly<Record<State, ChainLine['tone']>> = {
  collecting: 'open',
  scheduled: 'working',
  ready: 'working',
  done: 'done',
  vetoed: 'failed',
  cancelled: 'failed',
  benched: 'failed',
  expired: 'failed',
  superseded: 'failed',
  noPolicy: 'failed',
  unreachable: 'failed',
}

/** Why a recovery does not go on in a state, and what to do about it. */
const reasons: Readonly<Partial<Record<State, readonly [title: string, advice: string]>>> = {
  vetoed: [
    'Somebody with a passkey of the account stopped it.',
    'If that was you, use that passkey. If it was a thief, start again with two kinds of guardians.',
  ],
  cancelled: ['Your guardians called it off.', 'Ask them why; then start again.'],
  benched: ['The owner stopped another attempt by the same guardians.', 'Wait, or ask guardians of another kind.'],
  expired: ['Too much time went by.', 'Nothing changed. Start again.'],
  superseded: ['A newer recovery or a change of guardians took its place.', 'Start again if you still need it.'],
  noPolicy: ['The account has no guardians there, or others.', 'It can’t be recovered there by these guardians.'],
  unreachable: ['The network did not answer.', 'What was approved stays valid. This page keeps trying.'],
}

function reasonOf({ state, error }: RecoveryChainStatus): ErrorText | undefined {
  const reason = reasons[state]
  return reason && { title: reason[0], advice: reason[1], code: error?.code ?? `RECOVERY_${state.toUpperCase()}` }
}

function words({ state, readyAt, closesAt }: RecoveryChainStatus): string {
  switch (state) {
    case 'collecting':
      return 'Waits for approval'
    case 'scheduled':
      return readyAt === undefined ? 'Waits' : `Waits until ${formatTime(readyAt)}`
    case 'ready':
      return closesAt === undefined ? 'Ready' : `Ready, until ${formatTime(closesAt)}`
    case 'done':
      return 'Recovered'
    case 'vetoed':
      return 'Stopped'
    case 'cancelled':
      return 'Called off'
    case 'benched':
      return 'On hold'
    case 'expired':
      return 'Too late'
    case 'superseded':
      return 'Replaced'
    case 'noPolicy':
      return 'No such guardians'
    case 'unreachable':
      return 'Does not answer'
  }
}
