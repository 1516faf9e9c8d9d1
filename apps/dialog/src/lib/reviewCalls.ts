import { type Call, encodeExecute } from '@rekey/sdk'
import { type Address, decodeFunctionData, erc20Abi, type Hex, isAddressEqual, keccak256 } from 'viem'

/** One call in words. `raw` is what nobody here can read. */
export type ReviewedCall = {
  readonly call: Call
  readonly value: bigint
  readonly action:
    | { readonly kind: 'pay' }
    | { readonly kind: 'transfer' | 'approve'; readonly recipient: Address; readonly amount: bigint }
    | { readonly kind: 'raw'; readonly selector: Hex }
  /** The call reaches into the account itself or its modules. */
  readonly touchesAccount: boolean
}

/** What is shown, and nothing else is signed. */
export type CallsReview = {
  readonly chainId: number
  readonly calls: readonly ReviewedCall[]
  /** Hash of the account's call data. */
  readonly fingerprint: Hex
}

/** Reads calls for a person. The calls are copied: whoever passed them in cannot change them afterwards. */
export function reviewCalls(
  { chainId, calls }: { chainId: number; calls: readonly Call[] },
  sensitive: readonly Address[],
): CallsReview {
  const copies = calls.map(({ to, value, data }) => Object.freeze({ to, value: value ?? 0n, data: data ?? '0x' }))
  return Object.freeze({
    chainId,
    calls: copies.map((call) => ({
      call,
      value: call.value,
      action: readAction(call.data),
      touchesAccount: sensitive.some((address) => isAddressEqual(address, call.to)),
    })),
    fingerprint: fingerprint(copies),
  })
}

/**
 * Returns the calls to sign: those that are shown, after their hash was computed anew.
 *
 * @throws {Error} when they are not what was reviewed.
 */
export function callsToSign(review: CallsReview): readonly Call[] {
  const calls = review.calls.map(({ call }) => call)
  if (fingerprint(calls) !== review.fingerprint) throw new Error('The calls are not the ones that were shown.')
  return calls
}

function fingerprint(calls: readonly Call[]): Hex {
  return keccak256(encodeExecute(calls))
}

function readAction(data: Hex): ReviewedCall['action'] {
  if (data === '0x') return { kind: 'pay' }
  const raw = { kind: 'raw', selector: data.slice(0, 10) as Hex } as const
  try {
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data })
    if (functionName !== 'transfer' && functionName !== 'approve') return raw
    const [recipient, amount] = args
    return { kind: functionName, recipient, amount }
  } catch {
    return raw
  }
}
