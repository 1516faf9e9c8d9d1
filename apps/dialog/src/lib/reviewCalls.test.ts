import { encodeFunctionData, erc20Abi, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { plainText } from './plainText.ts'
import { callsToSign, reviewCalls } from './reviewCalls.ts'

const token = '0x0000000000000000000000000000000000000070'
const friend = '0x0000000000000000000000000000000000000B0b'
const account = '0x00000000000000000000000000000000000A11cE'
const transfer = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [friend, 5n] })

function reviewOne(call: Parameters<typeof reviewCalls>[0]['calls'][number]) {
  return reviewCalls({ chainId: 1, calls: [call] }, [account]).calls[0]
}

describe('what an approval shows', () => {
  it('payments and ERC-20 calls in words', () => {
    expect(reviewOne({ to: friend, value: 7n })).toMatchObject({ value: 7n, action: { kind: 'pay' } })
    expect(reviewOne({ to: token, data: transfer })?.action).toEqual({
      kind: 'transfer',
      recipient: friend,
      amount: 5n,
    })
  })

  it.each([
    ['an unknown selector', '0xdeadbeef'],
    ['a known selector with cut arguments', transfer.slice(0, -2) as `0x${string}`],
    ['fewer bytes than a selector', '0xa9'],
    [
      'another function of the token',
      encodeFunctionData({ abi: parseAbi(['function permit(address)']), args: [friend] }),
    ],
  ] as const)('[252] %s as raw data, never as something else', (_name, data) => {
    expect(reviewOne({ to: token, data })?.action.kind).toBe('raw')
  })

  it('[252] a call into the account itself is marked', () => {
    expect(reviewOne({ to: account, data: '0x12345678' })?.touchesAccount).toBe(true)
    expect(reviewOne({ to: token, data: transfer })?.touchesAccount).toBe(false)
  })

  it('[252] names cannot turn or hide the text beside them', () => {
    expect(plainText('USD\u202ECsu\u200B')).toBe('USD\uFFFDCsu\uFFFD')
    expect(plainText('x'.repeat(100), 12)).toHaveLength(12)
  })

  it('[237] what is signed is what was shown, whatever happens to the request in between', () => {
    const calls = [{ to: token as `0x${string}`, data: transfer, value: 0n }]
    const review = reviewCalls({ chainId: 1, calls }, [])
    calls[0] = { to: friend, data: '0x', value: 10n ** 18n }
    expect(callsToSign(review)).toEqual([{ to: token, data: transfer, value: 0n }])
    const shown = review.calls[0]?.call
    expect(() => Object.assign(shown ?? {}, { to: friend })).toThrow(TypeError)
    const tampered = { ...review, calls: [{ ...review.calls[0], call: { to: friend, value: 1n, data: '0x' } }] }
    expect(() => callsToSign(tampered as typeof review)).toThrow('not the ones that were shown')
  })
})
