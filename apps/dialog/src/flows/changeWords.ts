import type { ChainChange, PendingChange } from '@rekey/sdk/recovery'
import type { ChainLine } from '../components/ChainList.tsx'
import { errorText } from '../lib/errorText.ts'
import { formatTime } from '../lib/format.ts'

/** What is announced, in words. */
export const changeKindWords: Readonly<Record<PendingChange['kind'], string>> = {
  policy: 'A change of guardians is announced.',
  uninstall: 'It is announced that the account gives up its guardians.',
  upgrade: 'It is announced that the account will run other code.',
}

/** The newest change that can still take effect on some network. */
export function livingChange(changes: readonly ChainChange[]): PendingChange | undefined {
  return changes
    .flatMap((chain) => ('change' in chain && chain.change && isAlive(chain.change) ? [chain.change] : []))
    .toSorted((a, b) => b.issuedAt - a.issuedAt)[0]
}

/** Networks on which a change can be put in force now. */
export function readyChains(changes: readonly ChainChange[], change: PendingChange): readonly number[] {
  return changes.flatMap((chain) =>
    'change' in chain && chain.change?.state === 'ready' && isSame(chain.change, change) ? [chain.chainId] : [],
  )
}

/** Networks that have not heard of a change, nor have it in force. */
export function missingChains(
  changes: readonly ChainChange[],
  change: PendingChange,
  inForce: readonly number[],
): readonly number[] {
  return changes.flatMap((chain) =>
    'change' in chain && !(chain.change && isSame(chain.change, change)) && !inForce.includes(chain.chainId)
      ? [chain.chainId]
      : [],
  )
}

/** Says for each network where a change stands. */
export function changeLines(
  changes: readonly ChainChange[],
  change: PendingChange,
  inForce: readonly number[],
): ChainLine[] {
  return changes.map((chain): ChainLine => {
    const { chainId } = chain
    if ('error' in chain) return { chainId, tone: 'failed', text: 'Does not answer', error: errorText(chain.error) }
    if (chain.change && isSame(chain.change, change)) return { chainId, ...stateWords(chain.change) }
    if (inForce.includes(chainId)) return { chainId, tone: 'done', text: 'In force' }
    return { chainId, tone: 'open', text: 'Not announced' }
  })
}

function stateWords({ state, readyAt, closesAt, heldUntil }: PendingChange): Pick<ChainLine, 'tone' | 'text'> {
  switch (state) {
    case 'waiting':
      return { tone: 'working', text: `From ${formatTime(readyAt)}` }
    case 'ready':
      return { tone: 'working', text: `Can be put in force until ${formatTime(closesAt)}` }
    case 'held':
      return { tone: 'working', text: `A recovery comes first, until ${formatTime(heldUntil ?? readyAt)}` }
    case 'lapsed':
      return { tone: 'failed', text: 'Too late: nobody put it in force' }
    case 'superseded':
      return { tone: 'failed', text: 'Replaced by something newer' }
  }
}

function isAlive({ state }: PendingChange): boolean {
  return state === 'waiting' || state === 'held' || state === 'ready'
}

function isSame(one: PendingChange, other: PendingChange): boolean {
  return one.kind === other.kind && one.value === other.value && one.issuedAt === other.issuedAt
}
