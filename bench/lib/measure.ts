import { type Address, type Hex, hexToBytes, size } from 'viem'
import { compressedLength } from './fastLz.ts'
import type { World } from './world.ts'

/** What a transaction costs, now and after the next fork. */
export type Cost = {
  readonly gas: number
  readonly calldataBytes: number
  readonly fastLzBytes: number
  /** Storage words that were zero and are not any more. */
  readonly newSlots: number
  /** Storage words that were not zero and changed. */
  readonly changedSlots: number
  readonly deployedBytes: number
  readonly newContracts: number
}

type State = Record<Address, { code?: Hex; storage?: Record<Hex, Hex> }>
type Diff = { pre: State; post: State }
type Frame = { to?: Address; from: Address; gasUsed: Hex; input: Hex; type: string; calls?: Frame[] }

/** Measures a transaction from its receipt and its state diff. */
export async function measure(world: World, hash: Hex): Promise<Cost> {
  const [receipt, transaction, diff] = await Promise.all([
    world.client.getTransactionReceipt({ hash }),
    world.client.getTransaction({ hash }),
    trace<Diff>(world, hash, { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }),
  ])
  const storage = { newSlots: 0, changedSlots: 0 }
  const code = { deployedBytes: 0, newContracts: 0 }
  for (const [address, after] of Object.entries(diff.post) as [Address, State[Address]][]) {
    const before = diff.pre[address]
    for (const [slot, value] of Object.entries(after.storage ?? {})) {
      if (BigInt(value) === 0n) continue
      if (BigInt(before?.storage?.[slot as Hex] ?? '0x0') === 0n) storage.newSlots += 1
      else storage.changedSlots += 1
    }
    if (after.code && !before?.code) {
      code.newContracts += 1
      code.deployedBytes += size(after.code)
    }
  }
  return {
    gas: Number(receipt.gasUsed),
    calldataBytes: size(transaction.input),
    fastLzBytes: compressedLength(hexToBytes(transaction.input)),
    ...storage,
    ...code,
  }
}

/** Gas of the account's own frames of a userOp: validation and execution without P256VERIFY and the target's call. */
export async function accountPart(world: World, hash: Hex, account: Address, target: Address): Promise<number> {
  const root = await trace<Frame>(world, hash, { tracer: 'callTracer' })
  const frames = flatten(root)
  const is = (frame: Frame, address: Address) => frame.to?.toLowerCase() === address.toLowerCase()
  const own = frames.filter((frame) => is(frame, account) && frame.type === 'CALL')
  const gasOf = (list: Frame[]) => list.reduce((sum, frame) => sum + Number(BigInt(frame.gasUsed)), 0)
  const p256 = frames.filter((frame) => is(frame, '0x0000000000000000000000000000000000000100'))
  const targets = frames.filter((frame) => is(frame, target) && frame.from.toLowerCase() === account.toLowerCase())
  return gasOf(own) - 6_900 * p256.length - gasOf(targets)
}

/** Gas after the fork that prices state by its bytes: see PERFORMANCE, row P18. */
export function projected({ gas, newSlots, changedSlots, deployedBytes, newContracts }: Cost): number {
  return gas + 87_920 * newSlots + 7_100 * changedSlots + 1_330 * deployedBytes + 151_600 * newContracts - 6_000
}

function flatten(frame: Frame): Frame[] {
  return [frame, ...(frame.calls ?? []).flatMap(flatten)]
}

async function trace<result>(world: World, hash: Hex, options: object): Promise<result> {
  return (await world.client.request({
    method: 'debug_traceTransaction' as never,
    params: [hash, options] as never,
  })) as result
}
