import type { StoryStep } from './storySteps.ts'
import { billOf } from './storySteps.ts'

const titleWidth = 46

/** The head of the table. */
export const storyHead = row('time', 'step', 'chain', 'transaction', 'gas')

/** A step as lines of the table: one per transaction, then what there is to tell. */
export function formatStep(step: StoryStep, elapsedSeconds: number): string {
  const time = `${elapsedSeconds.toFixed(1)} s`
  const title = `${step.title}${asked(step)}`
  const [first, ...others] = step.transactions.map(
    ({ chainId, hash, gasUsed }) => [String(chainId), shorten(hash), gasUsed.toLocaleString('en-US')] as const,
  )
  return [
    row(time, title, ...(first ?? ['', '', ''])),
    ...others.map((cells) => row('', '', ...cells)),
    ...step.notes.map((note) => row('', `  ${note}`)),
  ].join('\n')
}

/** What the recovery took, in words. */
export function formatBill(steps: readonly StoryStep[], chains: number): string {
  const { prompts, guardianSignatures, transactions, gas } = billOf(steps)
  const sum = [
    count(prompts, 'prompt'),
    count(guardianSignatures, 'guardian signature'),
    count(transactions, 'transaction'),
  ]
  return [
    `Recovered on ${count(chains, 'chain')}: ${sum.join(', ')} (${gas.toLocaleString('en-US')} gas).`,
    'More chains add transactions, never prompts or signatures. The guardian held no gas.',
  ].join('\n')
}

function asked({ prompts, guardianSignatures }: StoryStep): string {
  const parts = [
    ...(prompts > 0 ? [count(prompts, 'prompt')] : []),
    ...(guardianSignatures > 0 ? [count(guardianSignatures, 'signature')] : []),
  ]
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

function row(time: string, step: string, chain = '', transaction = '', gas = ''): string {
  const cells = [time.padStart(7), step.padEnd(titleWidth), chain.padStart(6), transaction.padEnd(13), gas.padStart(8)]
  return cells.join('  ').trimEnd()
}

function shorten(hash: string): string {
  return `${hash.slice(0, 8)}…${hash.slice(-4)}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
