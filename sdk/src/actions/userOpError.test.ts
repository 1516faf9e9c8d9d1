import { createClient, encodeErrorResult, http } from 'viem'
import { describe, expect, test } from 'vitest'
import { PasskeyCannotSignError } from '../errors/account.ts'
import { contractErrorsAbi } from '../errors/contractErrors.generated.ts'
import { toUserOpError } from './userOpError.ts'

const account = `0x${'11'.repeat(20)}` as const
const place = { chainId: 1, account }

/** What viem throws when a bundler answers with this error. */
function refused(error: { code: number; message: string; data?: unknown }): Promise<unknown> {
  const fetchFn = () =>
    Promise.resolve(
      new Response(JSON.stringify({ jsonrpc: '2.0', id: 1, error }), {
        headers: { 'content-type': 'application/json' },
      }),
    )
  return createClient({ transport: http('https://bundler.example.com', { fetchFn, retryCount: 0 }) })
    .request({ method: 'eth_sendUserOperation' } as never)
    .catch((thrown: unknown) => thrown)
}

const reject = (message: string, data?: unknown) => refused({ code: -32_500, message, data })

describe('what a bundler says', () => {
  test.each([
    ['AA10 sender already constructed', 'USEROP_ACCOUNT_CREATED'],
    ['AA21 didn’t pay prefund', 'USEROP_INSUFFICIENT_FUNDS'],
    ['AA25 invalid account nonce', 'USEROP_NONCE_TAKEN'],
    ['replacement op must increase maxFeePerGas', 'USEROP_NONCE_TAKEN'],
    ['userOperation already known', 'USEROP_NONCE_TAKEN'],
    ['FailedOp(0, "AA24 signature error")', 'USEROP_REJECTED'],
    ['the day is bad', 'USEROP_REJECTED'],
  ])('%s becomes %s', async (message, code) => {
    expect(toUserOpError(await reject(message), place)).toMatchObject({ code })
  })

  test.each([
    ['AA13', /deployed/],
    ['AA14', /createConfig/],
    ['AA20', /does not exist/],
    ['AA22', /clock/],
    ['AA23', /refused/],
    ['AA24', /removed/],
    ['AA26', /Send again/],
    ['AA40', /Send again/],
    ['AA51', /Send again/],
  ])('%s has a remedy', async (entryPointCode, remedy) => {
    const error = toUserOpError(await reject(`FailedOp: ${entryPointCode} some words`), place)
    expect(error).toMatchObject({ code: 'USEROP_REJECTED', entryPointCode })
    expect(error.details).toBe(`FailedOp: ${entryPointCode} some words`)
    expect(error.metaMessages[0]).toMatch(remedy)
  })

  test('a code in the middle of a word is none, nor one of another form', async () => {
    for (const message of ['0xAA210', 'BAA21', 'AA2', 'AA211'])
      expect(toUserOpError(await reject(message), place)).toMatchObject({
        code: 'USEROP_REJECTED',
        entryPointCode: undefined,
        details: message,
      })
  })

  test('revert data of ours is decoded, bare or in the EntryPoint’s wrapper, and is the cause', async () => {
    const data = encodeErrorResult({ abi: contractErrorsAbi, errorName: 'LastProvenCredential', args: [0] })
    const wrapped = encodeErrorResult({
      abi: [
        {
          type: 'error',
          name: 'FailedOpWithRevert',
          inputs: [{ type: 'uint256' }, { type: 'string' }, { type: 'bytes' }],
        },
      ],
      args: [0n, 'AA23 reverted', data],
    })
    for (const thrown of [
      await reject('execution reverted', data),
      await reject('AA23 reverted', wrapped),
      await reject(`UserOperation reverted with ${data}`),
    ]) {
      const error = toUserOpError(thrown, place)
      expect(error).toMatchObject({ code: 'USEROP_REJECTED', cause: { code: 'CONTRACT_LAST_PROVEN_CREDENTIAL' } })
      expect(error.details).toMatch(/^LastProvenCredential: ./)
    }
  })
})

describe('what did not come from a bundler', () => {
  test('a bundler that does not answer, or by HTTP alone, is unreachable, and its key is not told', async () => {
    const url = 'https://bundler.example.com/v1/key'
    const never: typeof fetch = (_, init) =>
      new Promise((_resolve, refuse) => init?.signal?.addEventListener('abort', () => refuse(init.signal?.reason)))
    for (const fetchFn of [
      () => Promise.reject(new TypeError('fetch failed')),
      () => Promise.resolve(new Response('Too many requests', { status: 429 })),
      never,
    ]) {
      const client = createClient({ transport: http(url, { fetchFn, retryCount: 0, timeout: 20 }) })
      const thrown = await client.request({ method: 'eth_chainId' } as never).catch((error: unknown) => error)
      expect(toUserOpError(thrown, place)).toMatchObject({
        code: 'CHAIN_BUNDLER_UNREACHABLE',
        details: 'https://bundler.example.com',
      })
    }
  })

  test('an error of ours stays what it is, also inside one of viem’s', () => {
    const ours = new PasskeyCannotSignError({ account, chainId: 1, isSetUp: true })
    expect(toUserOpError(ours, place)).toBe(ours)
    expect(toUserOpError(new Error('wrapped', { cause: ours }), place)).toBe(ours)
  })

  test('whatever is thrown after the signal has fired is an abort', async () => {
    const signal = AbortSignal.abort()
    expect(toUserOpError(await reject('AA21'), { ...place, signal })).toMatchObject({ code: 'CHAIN_ABORTED' })
  })

  test('what is no error at all is a refusal without a reason', () => {
    expect(toUserOpError('text', place)).toMatchObject({ code: 'USEROP_REJECTED', details: '' })
  })
})
