import type { RecoveryChainStatus } from '@rekey/sdk/recovery'
import type { ChainLine } from '../components/ChainList.tsx'
import { formatTime } from '../lib/format.ts'
import type { RecoveryView } from './recovery.ts'

/** Says for each network where the recovery stands, and why it failed where it did. */
export function recoveryLines({ statuses, failures }: RecoveryView): ChainLine[] {
  return statuses.map((status) => {
    const { chainId, state } = status
    const error = state === 'done' ? undefined : failures[chainId]
    return { chainId, tone: error ? 'failed' : tones[state], text: words(status), error }
  })
}

const tones: Readonly<Record<RecoveryChainStatus['state'], ChainLine['tone']>> = {
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

function words({ state, readyAt }: RecoveryChainStatus): string {
  switch (state) {
    case 'collecting':
      return 'Waits for approval'
    case 'scheduled':
      return readyAt === undefined ? 'Waits' : `Waits until ${formatTime(readyAt)}`
    case 'ready':
      return 'Ready'
    case 'done':
      return 'Recovered'
    case 'vetoed':
      return 'Stopped with the old passkey'
    case 'cancelled':
      return 'Called off by the guardians'
    case 'benched':
      return 'Stopped together with another attempt'
    case 'expired':
      return 'Too late'
    case 'superseded':
      return 'Replaced by a newer one'
    case 'noPolicy':
      return 'No guardians here'
    case 'unreachable':
      return 'Does not answer'
  }
}
