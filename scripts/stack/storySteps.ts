import type { ChainResult, RekeyConfig, Relay } from '@rekey/sdk'
import type { Hash } from 'viem'
import { getTransactionReceipt } from 'viem/actions'
import type { Device } from './client.ts'
import { StackError } from './errors.ts'

/** One thing that happened, and what it took. */
export type StoryStep = {
  /** What belongs to the recovery itself makes its bill. */
  readonly part: 'before' | 'recovery' | 'after'
  readonly title: string
  readonly seconds: number
  /** How often a passkey's user was asked. */
  readonly prompts: number
  readonly guardianSignatures: number
  readonly transactions: readonly StoryTransaction[]
  /** What else there is to tell, for people to read. */
  readonly notes: readonly string[]
}

export type StoryTransaction = { readonly chainId: number; readonly hash: Hash; readonly gasUsed: bigint }

/** A step did not end as it must. */
export class StoryError extends Error {
  override readonly name = 'StoryError'
  /** The step that failed. */
  readonly title: string

  constructor(title: string, cause: unknown) {
    super(`${title}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.title = title
  }
}

/** What the work of a step tells about itself, besides what is counted anyway. */
export type Told = {
  readonly note: (text: string) => void
  readonly guardianSigned: () => void
  /** @throws StackError unless all chains are done. */
  readonly done: (results: readonly ChainResult[]) => void
}

/** Does the steps of a story and measures them. */
export type Storyteller = {
  readonly step: <value>(
    part: StoryStep['part'],
    title: string,
    work: (told: Told) => Promise<value>,
  ) => Promise<[StoryStep, value]>
  /** The same relay, but its transactions are counted. */
  readonly countSent: (relay: Relay) => Relay
}

type Sent = { readonly chainId: number; readonly hash: Hash }

/**
 * @param devices Whose prompts count.
 * @param chains Where receipts are asked for.
 */
export function createStoryteller(devices: readonly Device[], chains: () => RekeyConfig['chains']): Storyteller {
  let sent = new Map<Hash, Sent>()
  const countPrompts = (): number => devices.reduce((total, device) => total + device.prompts(), 0)
  const addGas = async ({ chainId, hash }: Sent): Promise<StoryTransaction> => {
    const chain = chains().find(({ id }) => id === chainId)
    if (!chain) throw new StackError(`The story has no chain ${chainId}.`)
    const { gasUsed } = await getTransactionReceipt(chain.client, { hash })
    return { chainId, hash, gasUsed }
  }
  return {
    countSent: (relay) => ({
      send: async (request) => {
        const hash = await relay.send(request)
        sent.set(hash, { chainId: request.chainId, hash })
        return hash
      },
    }),
    step: async (part, title, work) => {
      const [began, promptsBefore, notes] = [performance.now(), countPrompts(), [] as string[]]
      let guardianSignatures = 0
      sent = new Map()
      const told: Told = {
        note: (text) => void notes.push(text),
        guardianSigned: () => {
          guardianSignatures += 1
        },
        done: (results) => {
          for (const { chainId, status, transactionHash: hash, error } of results) {
            if (status !== 'done') throw error ?? new StackError(`Nothing was done on chain ${chainId}.`)
            if (hash) sent.set(hash, { chainId, hash })
          }
        },
      }
      try {
        const value = await work(told)
        const transactions = await Promise.all([...sent.values()].map(addGas))
        const seconds = (performance.now() - began) / 1000
        const prompts = countPrompts() - promptsBefore
        transactions.sort((a, b) => a.chainId - b.chainId)
        return [{ part, title, seconds, prompts, guardianSignatures, transactions, notes }, value]
      } catch (error) {
        throw new StoryError(title, error)
      }
    },
  }
}

/** What the recovery itself took, out of all steps of a story. */
export function billOf(steps: readonly StoryStep[]) {
  const own = steps.filter(({ part }) => part === 'recovery')
  const sum = (pick: (step: StoryStep) => number): number => own.reduce((total, step) => total + pick(step), 0)
  return {
    prompts: sum(({ prompts }) => prompts),
    guardianSignatures: sum(({ guardianSignatures }) => guardianSignatures),
    transactions: sum(({ transactions }) => transactions.length),
    gas: own.flatMap(({ transactions }) => transactions).reduce((total, { gasUsed }) => total + gasUsed, 0n),
  }
}
