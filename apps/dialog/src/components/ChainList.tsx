import type { RekeyConfig } from '@rekey/sdk'
import type { ChainProgress } from '../flows/chainProgress.ts'
import type { ErrorText } from '../lib/errorText.ts'

/** One line per network: what happened there, in words and with a sign beside them. */
export type ChainLine = {
  readonly chainId: number
  readonly tone: 'open' | 'working' | 'done' | 'failed'
  readonly text: string
  readonly error?: ErrorText | undefined
}

const signs = { open: '○', working: '◌', done: '✓', failed: '!' } as const

/** Shows how something stands on each network. */
export function ChainList({ config, lines }: { config: RekeyConfig; lines: readonly ChainLine[] }) {
  return (
    <ul className="chains" aria-live="polite">
      {lines.map(({ chainId, tone, text, error }) => (
        <li key={chainId} className={tone} data-chain={chainId} data-tone={tone}>
          <span className="sign" aria-hidden="true">
            {signs[tone]}
          </span>
          <span className="name">{chainName(config, chainId)}</span>
          <span className="state">{text}</span>
          {error && (
            <span className="reason">
              {error.title} {error.advice}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** The lines of a piece of work that was begun on several networks. */
export function progressLines(progress: readonly ChainProgress[], words: Words): ChainLine[] {
  return progress.map(({ chainId, status, error }) => ({ chainId, tone: status, text: words[status], error }))
}

type Words = Readonly<Record<ChainProgress['status'], string>>

/** The name of a network. */
export function chainName({ chains }: RekeyConfig, chainId: number): string {
  return chains.find(({ id }) => id === chainId)?.client.chain.name ?? `Chain ${chainId}`
}
