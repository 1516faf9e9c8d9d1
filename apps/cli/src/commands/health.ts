import type { RekeyConfig } from '@rekey/sdk'
import { type HistoryEntry, readHealth, readHistory } from '@rekey/sdk/recovery'
import type { Hex } from 'viem'
import { nodeOptions, readNodes } from '../chains/nodes.ts'
import { defineCommand, exitCodes, type Outcome } from '../command.ts'
import { describeMoment } from '../render/policy.ts'
import { readSubject, subjectOptions, toViewConfig } from './subject.ts'

/** `rekey health`: how good an account's recovery is, read from the chains. */
export const health = defineCommand({
  name: 'health',
  summary: 'say how good the recovery of an account is, and what to do about it',
  usage: '(--account <address> | --kit <file>) --rpc <id>=<url> …',
  about: ['Reads the chains and nothing else; it needs no key. It also lists the recoveries that were ever started.'],
  options: { ...subjectOptions, ...nodeOptions },
  async run({ values, signal }): Promise<Outcome> {
    const nodes = await readNodes('health', values)
    const subject = await readSubject('health', values, nodes)
    const config = toViewConfig(nodes, subject)
    const { address, policies } = subject
    const [{ score, findings }, recoveries] = await Promise.all([
      readHealth(config, { address, policies, signal }),
      readRecoveries(config, subject.address, signal),
    ])
    return {
      exit: exitCodes.done,
      text: [
        `Account ${address}`,
        `Score ${score} of 100`,
        ...findings.flatMap(({ reason, fix, chainIds, guardians }) => [
          '',
          `- ${reason}`,
          ...(chainIds ? [`  on chain ${chainIds.join(', ')}`] : []),
          ...(guardians ? [`  guardian ${guardians.map((index) => index + 1).join(', ')} of the policy`] : []),
          `  ${fix}`,
        ]),
        ...(recoveries.length > 0 ? ['', 'Recoveries that were started:'] : []),
        ...recoveries.map(
          ({ digest, chainIds, startedAt }) =>
            `  ${digest} on chain ${chainIds.join(', ')}${startedAt === null ? '' : `, ${describeMoment(startedAt)}`}`,
        ),
      ].join('\n'),
      json: { account: address, score, findings, recoveries },
    }
  },
})

type Started = { readonly digest: Hex; readonly chainIds: readonly number[]; readonly startedAt: number | null }

async function readRecoveries(config: RekeyConfig, address: Hex, signal: AbortSignal): Promise<Started[]> {
  const history = await readHistory(config, { address, signal })
  const started = history
    .flatMap((chain): readonly HistoryEntry[] => ('entries' in chain ? chain.entries : []))
    .flatMap((entry) => (entry.kind === 'RecoveryStarted' ? [entry] : []))
  const digests = [...new Set(started.map(({ args }) => args.digest))]
  return digests.map((digest) => {
    const entries = started.filter(({ args }) => args.digest === digest)
    return { digest, chainIds: entries.map(({ chainId }) => chainId), startedAt: entries[0]?.time ?? null }
  })
}
