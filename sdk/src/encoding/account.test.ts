import fc from 'fast-check'
import { concat, getContractAddress, type Hex, keccak256, size, slice, toHex, zeroAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { type Call, decodeExecution, encodeExecute, encodeExecution, encodeExecutionMode } from './execution.ts'
import {
  accountAddress,
  accountCreationCode,
  accountSalt,
  frameGenesisSignature,
  type Genesis,
  unframeGenesisSignature,
} from './genesis.ts'
import { decodeNonceKey, encodeNonceKey } from './nonceKey.ts'

const word = (text: string): Hex => keccak256(toHex(text))
const genesis: Genesis = { credential: word('c'), policy: word('p'), handle: word('h') }
const factory = '0x00000000000000000000000000000000000fac70'
const implementation = '0x0000000000000000000000000000000000001234'

describe('address of an account', () => {
  test('is the CREATE2 address of the 44-byte clone', () => {
    const code = accountCreationCode(implementation)
    expect(size(code)).toBe(9 + 44)
    expect(slice(code, 0, 9)).toBe('0x602c8060095f395ff3')
    expect(code).toContain(implementation.slice(2))
    expect(accountSalt(genesis)).toBe(keccak256(concat([genesis.credential, genesis.policy, genesis.handle])))
    expect(accountAddress({ factory, implementation, ...genesis })).toBe(
      getContractAddress({ opcode: 'CREATE2', from: factory, salt: accountSalt(genesis), bytecode: code }),
    )
  })

  test('[201] every part of the genesis changes it', () => {
    const parts = [
      {},
      { credential: word('x') },
      { policy: zeroHash },
      { handle: word('x') },
      { implementation: factory },
      { factory: implementation },
    ] as const
    const all = parts.map((part) => accountAddress({ factory, implementation, ...genesis, ...part }))
    expect(new Set(all).size).toBe(all.length)
    expect(() => accountAddress({ factory, implementation, ...genesis, policy: '0x' })).toThrow(/32/)
  })
})

describe('genesis signature', () => {
  const assertion: Hex = '0x3f1234'

  test('reads back what was written', () => {
    expect(unframeGenesisSignature(frameGenesisSignature(genesis, assertion))).toEqual({ genesis, assertion })
    expect(size(frameGenesisSignature(genesis, assertion))).toBe(1 + 96 + 3)
  })

  test('[34] a cut frame, another first byte, or an assertion with an index is refused', () => {
    const framed = frameGenesisSignature(genesis, assertion)
    for (let length = 1; length <= 97; length++)
      expect(() => unframeGenesisSignature(slice(framed, 0, length))).toThrow()
    expect(() => unframeGenesisSignature(concat(['0xf1', slice(framed, 1)]))).toThrow(/F0/)
    for (const indexed of ['0x00', '0x1f', '0x'] as const)
      expect(() => frameGenesisSignature(genesis, indexed)).toThrow()
  })
})

describe('nonce key', () => {
  test('[223] reads back what was written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 192n - 1n }), (key) => {
        expect(encodeNonceKey(decodeNonceKey(key))).toBe(key)
      }),
    )
    expect(encodeNonceKey({ validator: zeroAddress, lane: 7 })).toBe(7n)
    expect(decodeNonceKey((0x1234n << 32n) | 5n)).toEqual({ validator: implementation, lane: 5 })
  })

  test('[249] lanes and keys that do not fit are refused', () => {
    for (const lane of [-1, 2 ** 32, 1.5, Number.NaN])
      expect(() => encodeNonceKey({ validator: zeroAddress, lane })).toThrow()
    expect(() => encodeNonceKey({ validator: '0x12', lane: 0 })).toThrow()
    for (const key of [-1n, 2n ** 192n]) expect(() => decodeNonceKey(key)).toThrow()
  })
})

describe('execution', () => {
  const call: fc.Arbitrary<Call> = fc.record({
    to: fc.constantFrom(factory, implementation),
    value: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    data: fc.uint8Array({ maxLength: 80 }).map((bytes) => toHex(bytes)),
  })
  const lower = (calls: readonly Call[]) => calls.map((item) => ({ ...item, to: item.to.toLowerCase() }))

  test('reads back what was written, one call or several', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 4 }), call, (calls, single) => {
        expect(lower(decodeExecution('batch', encodeExecution('batch', calls)))).toEqual(lower(calls))
        expect(lower(decodeExecution('single', encodeExecution('single', [single])))).toEqual(lower([single]))
      }),
    )
  })

  test('the four modes are those of ERC-7579', () => {
    const start = (callType: 'single' | 'batch', onFailure: 'revert' | 'try') => {
      const mode = encodeExecutionMode({ callType, onFailure })
      expect(mode.slice(6)).toBe('0'.repeat(60))
      return mode.slice(2, 6)
    }
    expect([
      start('single', 'revert'),
      start('batch', 'revert'),
      start('single', 'try'),
      start('batch', 'try'),
    ]).toEqual(['0000', '0100', '0001', '0101'])
  })

  test('no call, two calls in a single execution, and values that do not fit are refused', () => {
    expect(() => encodeExecute([])).toThrow(/no call/)
    expect(() => encodeExecution('single', [{ to: factory }, { to: factory }])).toThrow(/2 calls/)
    expect(() => encodeExecution('single', [{ to: factory, value: 2n ** 256n }])).toThrow()
    expect(() => decodeExecution('single', '0x1234')).toThrow()
    expect(encodeExecute([{ to: factory }]).slice(0, 10)).toBe('0xe9ae5c53')
  })
})
