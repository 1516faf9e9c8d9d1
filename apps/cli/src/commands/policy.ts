import { decodePolicy } from '@rekey/sdk'
import { isRekeyError } from '@rekey/sdk/errors'
import { type ChainPolicy, diffPolicies, getPolicy } from '@rekey/sdk/recovery'
import { type Nodes, nodeOptions, readNodes } from '../chains/nodes.ts'
import { defineCommand, exitCodes, type Outcome } from '../command.ts'
import { errorJson } from '../render/error.ts'
import { describeMoment, describePolicy, policyJson } from '../render/policy.ts'
import { describeDiff } from '../render/policyDiff.ts'
import { readSubject, type Subject, subjectOptions, toViewConfig } from './subject.ts'

const options = { ...subjectOptions, ...nodeOptions } as const

type Seen = { readonly chainId: number } & ({ readonly found: ChainPolicy | undefined } | { readonly error: unknown })

/** `rekey policy show`: the guardians and their rules on every chain, decoded. */
export const policyShow = defineCommand({
  name: 'policy show',
  summary: 'show who may recover an account, and after what wait',
  usage: '(--account <address> | --kit <file>) --rpc <id>=<url> …',
  about: [
    'The chain stores a hash; the bytes come from the kit, from events or from the PolicyStore, and have to match.',
  ],
  options,
  async run({ values, signal }): Promise<Outcome> {
    const nodes = await readNodes('policy show', values)
    const subject = await readSubject('policy show', values, nodes)
    const seen = await readPolicies(nodes, subject, signal)
    return {
      exit: seen.some((one) => 'error' in one) ? exitCodes.failed : exitCodes.done,
      text: [`Account ${subject.address}`, ...seen.flatMap((one) => describeSeen(one, subject))].join('\n'),
      json: {
        account: subject.address,
        chains: seen.map((one) => {
          if ('error' in one) return { chainId: one.chainId, policy: null, error: errorJson(one.error) }
          const { found, chainId } = one
          if (!found) return { chainId, policy: null, error: null }
          const { hash, setAt, source } = found
          return { chainId, hash, setAt, source, policy: policyJson(found.policy, subject.kit?.guardians), error: null }
        }),
      },
    }
  },
})

/** `rekey policy diff`: what has changed since the kit, or what differs between chains. */
export const policyDiff = defineCommand({
  name: 'policy diff',
  summary: 'say how the guardians differ from those in a kit, or from chain to chain',
  usage: '(--kit <file> | --account <address>) --rpc <id>=<url> …',
  about: ['Each chain is compared with the kit, or without one with the first chain that has guardians.'],
  options,
  async run({ values, signal }): Promise<Outcome> {
    const nodes = await readNodes('policy diff', values)
    const subject = await readSubject('policy diff', values, nodes)
    const seen = await readPolicies(nodes, subject, signal)
    const onChains = seen.flatMap((one) =>
      'found' in one ? [{ chainId: one.chainId, policy: one.found?.policy }] : [],
    )
    const [inKit] = subject.policies
    const first = onChains.find(({ policy }) => policy !== undefined)
    const base = inKit === undefined ? first?.policy : decodePolicy(inKit)
    const baseName = inKit === undefined ? `chain ${first?.chainId ?? '?'}` : 'the kit'
    const diffs = onChains.map(({ chainId, policy }) => ({
      chainId,
      policy,
      diff: policy && diffPolicies(base, policy),
    }))
    const failed = seen.flatMap((one) => ('error' in one ? [{ chainId: one.chainId, error: one.error }] : []))
    return {
      exit: failed.length > 0 ? exitCodes.failed : exitCodes.done,
      text: [
        `Account ${subject.address}, compared with ${baseName}`,
        ...diffs.flatMap(({ chainId, policy, diff }) => [
          `Chain ${chainId}:`,
          ...(policy && diff ? describeDiff(diff) : ['  no guardians']),
        ]),
        ...failed.flatMap(({ chainId, error }) => [`Chain ${chainId}:`, `  ${errorJson(error).message}`]),
      ].join('\n'),
      json: {
        account: subject.address,
        comparedWith: baseName,
        chains: [
          ...diffs.map(({ chainId, diff }) => ({ chainId, diff: diff ?? null, error: null })),
          ...failed.map(({ chainId, error }) => ({ chainId, diff: null, error: errorJson(error) })),
        ],
      },
    }
  },
})

async function readPolicies(nodes: Nodes, subject: Subject, signal: AbortSignal): Promise<Seen[]> {
  const { address, policies } = subject
  const config = toViewConfig(nodes, subject)
  return Promise.all(
    config.chains.map(async ({ id: chainId }): Promise<Seen> => {
      try {
        return { chainId, found: await getPolicy(config, { address, chainId, policies, signal }) }
      } catch (error) {
        if (isRekeyError(error, 'CHAIN_ABORTED')) throw error
        return { chainId, error }
      }
    }),
  )
}

function describeSeen(seen: Seen, { kit }: Subject): string[] {
  if ('error' in seen) return ['', `Chain ${seen.chainId}: ${errorJson(seen.error).message}`]
  if (!seen.found) return ['', `Chain ${seen.chainId}: no guardians.`]
  const { policy, setAt, source } = seen.found
  return [
    '',
    `Chain ${seen.chainId}, since ${describeMoment(setAt)} (found in ${sources[source]}):`,
    ...describePolicy(policy, kit?.guardians).map((line) => `  ${line}`),
  ]
}

const sources = { given: 'the kit', event: 'an event', store: 'the PolicyStore' } as const
