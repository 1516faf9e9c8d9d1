import { type Address, concatHex, type Hex, keccak256, type PublicClient, sliceHex, toHex } from 'viem'
import { DEPLOYER, ENTRY_POINT, P256VERIFY } from './constants.ts'

/** `unsound`: something at 0x100 answers, but not as P256VERIFY must. */
export type P256Support = 'present' | 'absent' | 'unsound'

/** What a chain told us about itself; judged by `judge.ts`. */
export type ChainFacts = {
  readonly chainId: number
  readonly deployerCode: Hex
  readonly entryPointCode: Hex
  /** EIP-3855 */
  readonly hasPush0: boolean
  /** EIP-5656 */
  readonly hasMcopy: boolean
  readonly p256: P256Support
}

/** hash ‖ r ‖ s ‖ x ‖ y: a valid signature over SHA-256("rekey: message of the P256VERIFY probe"). */
export const GOOD_VECTOR: Hex =
  '0xaeb5e8581568dd912fabca4f0702b8c71343eaa4953c4f93898e2adf9edf0766d0258125082f36c69a306533c379080b116d3370548d1c83e23b71d319e1fbb96a9793848a9859f2ba29b48cb8098b76740a01fa968511f1e999ef8aeb7ea60603faa4fca8273b290437dc5f45c8c84dfe39f757ddc0f5da1f37ba03d4fa9bc6533747cd2bbae5592b2ffce451adc76f293a63b4645968040fb1116785e2bf76'
/** The same signature over another hash. */
export const BAD_VECTOR: Hex = concatHex([keccak256(GOOD_VECTOR), sliceHex(GOOD_VECTOR, 32)])

const MARK = toHex(0x42, { size: 32 })
/** PUSH1 42 PUSH0 MSTORE PUSH1 20 PUSH0 RETURN */
const PUSH0_PROGRAM: Hex = '0x60425f5260205ff3'
/** PUSH1 42 PUSH1 0 MSTORE, MCOPY(20, 0, 20), RETURN(20, 20) */
const MCOPY_PROGRAM: Hex = '0x60426000526020600060205e60206020f3'

/** Asks a chain everything that does not depend on our contracts. Reads only. */
export async function readFacts(client: PublicClient): Promise<ChainFacts> {
  const [chainId, deployerCode, entryPointCode, hasPush0, hasMcopy, p256] = await Promise.all([
    client.getChainId(),
    readCode(client, DEPLOYER),
    readCode(client, ENTRY_POINT),
    runs(client, PUSH0_PROGRAM),
    runs(client, MCOPY_PROGRAM),
    probeP256(client),
  ])
  return { chainId, deployerCode, entryPointCode, hasPush0, hasMcopy, p256 }
}

/** Code at an address, `0x` where there is none. */
export async function readCode(client: PublicClient, address: Address): Promise<Hex> {
  return (await client.getCode({ address })) ?? '0x'
}

/** What P256VERIFY says of one good and one bad signature; pure. */
export function judgeP256(good: Hex | undefined, bad: Hex | undefined): P256Support {
  if (good === toHex(1, { size: 32 }) && bad === '0x') return 'present'
  return good === '0x' && bad === '0x' ? 'absent' : 'unsound'
}

async function probeP256(client: PublicClient): Promise<P256Support> {
  const [good, bad] = await Promise.all([GOOD_VECTOR, BAD_VECTOR].map((data) => tryCall(client, data, P256VERIFY)))
  return judgeP256(good, bad)
}

/** Runs a program as initcode, without deploying anything: a chain without the opcode answers with an error. */
async function runs(client: PublicClient, program: Hex): Promise<boolean> {
  return (await tryCall(client, program)) === MARK
}

/** The answer of an `eth_call`, or undefined if the EVM refused; trouble with the connection is thrown. */
async function tryCall(client: PublicClient, data: Hex, to?: Address): Promise<Hex | undefined> {
  try {
    return (await client.call(to ? { to, data } : { data })).data ?? '0x'
  } catch (error) {
    if (isExecutionError(error)) return undefined
    throw error
  }
}

/** True when the node answered and said that the EVM stopped, false when there was no proper answer. */
export function isExecutionError(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if ('code' in cause && typeof cause.code === 'number') return EXECUTION_CODES.has(cause.code)
  return false
}

/** 3 = reverted; -32000, -32003, -32015, -32603: how nodes report an exceptional halt. */
const EXECUTION_CODES: ReadonlySet<number> = new Set([3, -32000, -32003, -32015, -32603])
