import fc from 'fast-check'
import { bytesToHex, concat, createPublicClient, custom, encodeErrorResult, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { contractErrors, contractErrorsAbi } from './contractErrors.generated.ts'
import { findContractError } from './findContractError.ts'

const data = encodeErrorResult({ abi: contractErrorsAbi, errorName: 'LastProvenCredential', args: [3] })
const found = expect.objectContaining({ name: 'LastProvenCredential', args: [3], data })

/** EntryPoint's `FailedOpWithRevert(0, "AA23 reverted", inner)`. */
const failedOp = (inner: Hex) =>
  encodeErrorResult({
    abi: [
      {
        type: 'error',
        name: 'FailedOpWithRevert',
        inputs: [{ type: 'uint256' }, { type: 'string' }, { type: 'bytes' }],
      },
    ],
    args: [0n, 'AA23 reverted', inner],
  })

describe('a contract’s error is found', () => {
  test.each<[string, unknown]>([
    ['in bare revert data', data],
    ['in the data of an error', { data }],
    ['in data that is an object itself, as some nodes nest it', { data: { data } }],
    ['in the raw data of viem’s revert error', { raw: data }],
    ['in the sentence of a bundler', { details: `UserOperation reverted during simulation with reason: ${data}` }],
    ['in the cause of a cause', new Error('outer', { cause: new Error('inner', { cause: { data } }) })],
    ['in the error that an error carries', { error: { error: { data } } }],
    ['in the EntryPoint’s wrapper', { data: failedOp(data) }],
    ['in the EntryPoint’s wrapper in a sentence', { details: `execution reverted: ${failedOp(data)} (AA23)` }],
    ['behind other hex', { details: `sender 0x${'11'.repeat(20)} nonce 0x00 reverted: ${data}` }],
  ])('%s', (_, thrown) => {
    expect(findContractError(thrown)).toEqual(found)
  })

  test('in what viem throws for a call that reverts, however the node says it', async () => {
    const answers = [
      { code: 3, message: 'execution reverted', data },
      { code: -32_000, message: 'execution reverted', data: { data } },
      { code: -32_603, message: 'Internal error', data: { originalError: {}, data } },
      { code: -32_500, message: `reverted: ${data}` },
    ]
    for (const answer of answers) {
      const request = () => Promise.reject(Object.assign(new Error(answer.message), answer))
      const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
      const thrown = await client.call({ to: `0x${'11'.repeat(20)}` }).catch((error: unknown) => error)
      const error = findContractError(thrown)
      expect(error, answer.message).toEqual(found)
      expect(error?.cause).toBe(thrown)
    }
  })

  test('the outermost first', () => {
    const other = encodeErrorResult({
      abi: contractErrorsAbi,
      errorName: 'AlreadyStarted',
      args: [`0x${'22'.repeat(32)}`],
    })
    expect(findContractError(new Error('outer', { cause: { data } }))).toEqual(found)
    expect(findContractError({ data: other, cause: { data } })?.name).toBe('AlreadyStarted')
  })
})

describe('nothing is found', () => {
  test.each<[string, unknown]>([
    ['in nothing', undefined],
    ['in null', null],
    ['in a number', 7],
    ['in words', new Error('it did not work')],
    ['in data of another contract', { data: '0x08c379a0' }],
    ['in data that is cut', { data: data.slice(0, -2) }],
    ['in an address', { details: `0x${'11'.repeat(20)}` }],
    ['in a field that carries no data', { stack: data, message: data }],
    ['in a wrapper of another error', { data: failedOp('0x12345678') }],
  ])('%s', (_, thrown) => {
    expect(findContractError(thrown)).toBeUndefined()
  })

  test('in a chain of causes that loops', () => {
    const [first, second] = [new Error('first'), new Error('second')]
    first.cause = second
    second.cause = first
    expect(findContractError(first)).toBeUndefined()
  })

  test('in any other bytes, and nothing is thrown', () => {
    const selectors = new Set<string>(Object.values(contractErrors).map(({ selector }) => selector))
    const bytes = fc.uint8Array({ maxLength: 200 }).map((value) => bytesToHex(value))
    fc.assert(
      fc.property(bytes, (value) => {
        fc.pre(!selectors.has(value.slice(0, 10)))
        expect(findContractError({ data: value, details: `reverted with ${value}` })).toBeUndefined()
      }),
    )
    // After a known selector, whatever follows is decoded or left alone.
    fc.assert(
      fc.property(bytes, (value) => {
        const error = findContractError(concat([data.slice(0, 10) as Hex, value]))
        expect(error === undefined || error.name === 'LastProvenCredential').toBe(true)
      }),
    )
  })
})
