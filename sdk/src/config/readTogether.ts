import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  concat,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  numberToHex,
  size,
} from 'viem'
import { call, getBlock } from 'viem/actions'
import { createCursor } from '../encoding/cursor.ts'
import { WrongChainIdError } from '../errors/chain.ts'
import { EncodingError } from '../errors/encoding.ts'
import { checkChain } from './chainWork.ts'
import type { ConfiguredChain } from './createConfig.ts'
import { isRefusal } from './readEvents.ts'

/** Something to ask a contract, and how its answer is read. */
export type Question<value> = {
  readonly to: Address
  readonly data: Hex
  readonly read: (answer: Hex) => value
}

type ViewOf<abi extends Abi> = ContractFunctionName<abi, 'view' | 'pure'>

/** Builds a question from an ABI. */
export function ask<const abi extends Abi, name extends ViewOf<abi>>(parameters: {
  address: Address
  abi: abi
  functionName: name
  args: ContractFunctionArgs<abi, 'view' | 'pure', name>
}): Question<ContractFunctionReturnType<abi, 'view' | 'pure', name>> {
  const { address, abi, functionName } = parameters
  return {
    to: address,
    data: encodeFunctionData(parameters as never),
    read: (data) => decodeFunctionResult({ abi, functionName, data } as never) as never,
  }
}

type Questions = Readonly<Record<string, Question<unknown>>>
type Answers<questions extends Questions> = { readonly [name in keyof questions]: ReturnType<questions[name]['read']> }

/**
 * Asks several contracts of a chain with one request: all answers are of one block. The request carries code that is
 * never stored anywhere; it also tells the chain's id and its clock, so that no further question is needed for these.
 *
 * A node that refuses such a request is asked one by one.
 *
 * @returns `now`, Unix time in seconds of the chain's clock, and the answers by name.
 * @throws {WrongChainIdError} when the node serves another chain.
 */
export async function readTogether<questions extends Questions>(
  chain: ConfiguredChain,
  questions: questions,
): Promise<{ readonly now: number } & Answers<questions>> {
  const entries = Object.entries(questions)
  const { now, answers } = await askNode(
    chain,
    entries.map(([, question]) => question),
  )
  const read = entries.map(([name, question], place) => [name, question.read(answers[place] ?? '0x')])
  return { now, ...(Object.fromEntries(read) as Answers<questions>) }
}

type Answer = { readonly now: number; readonly answers: readonly Hex[] }

async function askNode(chain: ConfiguredChain, questions: readonly Question<unknown>[]): Promise<Answer> {
  try {
    const { data = '0x' } = await call(chain.client, { data: encodeReader(questions) })
    const { chainId, ...answer } = decodeReader(data, questions.length)
    if (chainId !== chain.id) throw new WrongChainIdError('node', { seen: chainId, wanted: chain.id })
    return answer
  } catch (error) {
    if (!isRefusal(error)) throw error
    return askOneByOne(chain, questions)
  }
}

async function askOneByOne(chain: ConfiguredChain, questions: readonly Question<unknown>[]): Promise<Answer> {
  const { client } = chain
  const [checked, read] = await Promise.allSettled([
    checkChain(chain),
    Promise.all([getBlock(client), ...questions.map(({ to, data }) => call(client, { to, data }))]),
  ])
  // When the node serves another chain, that is what is wrong, whatever else fails.
  if (checked.status === 'rejected') throw checked.reason
  if (read.status === 'rejected') throw read.reason
  const [{ timestamp }, ...answers] = read.value
  return { now: Number(timestamp), answers: answers.map(({ data = '0x' }) => data) }
}

const subject = 'answer of the node'

/**
 * Writes code that makes the calls and returns time ‖ chain id ‖ (success ‖ length ‖ data) per call. The stack holds one
 * number throughout, the end of what has been written; a call's data lies there until its answer takes the place.
 */
export function encodeReader(calls: readonly { readonly to: Address; readonly data: Hex }[]): Hex {
  // TIMESTAMP to 0, CHAINID to 32, end = 64.
  const head: Hex = '0x42600052466020526040'
  const tail: Hex = '0x6000f3'
  const step = (to: Address, length: Hex, offset: Hex): Hex =>
    concat([
      // CODECOPY(end, offset, length)
      '0x61',
      length,
      '0x61',
      offset,
      '0x8239',
      // STATICCALL(GAS, to, end, length, 0, 0); its success to end
      '0x6000600061',
      length,
      '0x8373',
      to,
      '0x5afa8152',
      // RETURNDATASIZE to end + 32, the data behind it, and the new end
      '0x6020013d81526020013d6000823e3d01',
    ])
  const stepSize = size(step(`0x${'00'.repeat(20)}`, '0x0000', '0x0000'))
  let offset = size(head) + size(tail) + stepSize * calls.length
  const steps = calls.map(({ to, data }) => {
    const code = step(to, numberToHex(size(data), { size: 2 }), numberToHex(offset, { size: 2 }))
    offset += size(data)
    return code
  })
  return concat([head, ...steps, tail, ...calls.map(({ data }) => data)])
}

/**
 * Reads what {@link encodeReader}'s code returned.
 *
 * @throws {EncodingError} when it is cut or extended, or a contract reverted.
 */
export function decodeReader(bytes: Hex, count: number): Answer & { readonly chainId: number } {
  const cursor = createCursor(bytes, subject)
  const number = (): number => Number(cursor.word())
  const [now, chainId] = [number(), number()]
  const answers = Array.from({ length: count }, (_, place) => {
    if (number() !== 1) throw new EncodingError(subject, `contract ${place} reverted`)
    return cursor.hex(number())
  })
  cursor.end()
  return { now, chainId, answers }
}
