import { p256 } from '@noble/curves/nist.js'
import { hexToBytes, sliceHex, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { DEPLOYER_CODE } from './constants.ts'
import { entryPointArtifact } from './entryPoint.ts'
import { judgeChain } from './judge.ts'
import { judgeObservations, type Observation } from './observe.ts'
import { BAD_VECTOR, type ChainFacts, GOOD_VECTOR, judgeP256 } from './probes.ts'

const fit: ChainFacts = {
  chainId: 10,
  deployerCode: DEPLOYER_CODE,
  entryPointCode: entryPointArtifact().deployedBytecode,
  hasPush0: true,
  hasMcopy: true,
  p256: 'present',
}
const TRUE = toHex(1, { size: 32 })

describe('judgeChain', () => {
  test.each<[string, Partial<ChainFacts>]>([
    ['has everything', {}],
    ['lacks P256VERIFY', { p256: 'absent' }],
  ])('takes a chain that %s', (_, change) => {
    expect(judgeChain({ ...fit, ...change }, 10)).toEqual([])
  })

  test.each<[string, Partial<ChainFacts>, string]>([
    ['[289] another chain id', { chainId: 11 }, 'WrongChain'],
    ['[206] no deterministic deployer', { deployerCode: '0x' }, 'DeployerMissing'],
    ['[206] other code in its place', { deployerCode: `${DEPLOYER_CODE}00` }, 'DeployerWrong'],
    ['no EntryPoint', { entryPointCode: '0x' }, 'EntryPointMissing'],
    ['other code in its place', { entryPointCode: '0x6001' }, 'EntryPointWrong'],
    ['[208] no PUSH0', { hasPush0: false }, 'EvmTooOld'],
    ['[208] no MCOPY', { hasMcopy: false }, 'EvmTooOld'],
    ['[30] something unsound at 0x100', { p256: 'unsound' }, 'P256Unsound'],
  ])('refuses a chain with %s', (_, change, code) => {
    expect(judgeChain({ ...fit, ...change }, 10)).toEqual([expect.objectContaining({ code })])
  })

  test('tells everything that is wrong at once', () => {
    const codes = judgeChain({ ...fit, deployerCode: '0x', hasMcopy: false }, 1).map(({ code }) => code)
    expect(codes).toEqual(['WrongChain', 'DeployerMissing', 'EvmTooOld'])
  })
})

describe('judgeP256', () => {
  const verify = (vector: `0x${string}`): boolean => {
    const [hash, signature, key] = [sliceHex(vector, 0, 32), sliceHex(vector, 32, 96), sliceHex(vector, 96)].map(
      (part) => hexToBytes(part),
    )
    if (!hash || !signature || !key) return false
    return p256.verify(signature, hash, Uint8Array.of(4, ...key), { prehash: false })
  }

  test('the vectors are one good and one bad signature', () => {
    expect([verify(GOOD_VECTOR), verify(BAD_VECTOR)]).toEqual([true, false])
  })

  test.each([
    [TRUE, '0x', 'present'],
    ['0x', '0x', 'absent'],
    [TRUE, TRUE, 'unsound'],
    ['0x', TRUE, 'unsound'],
    ['0x01', '0x', 'unsound'],
    [TRUE, undefined, 'unsound'],
    [undefined, undefined, 'unsound'],
  ] as const)('good %s, bad %s: %s', (good, bad, support) => {
    expect(judgeP256(good, bad)).toBe(support)
  })
})

describe('judgeObservations', () => {
  const observation: Observation = {
    name: 'PasskeyValidator',
    address: '0x1111111111111111111111111111111111111111',
    state: 'fallback',
    codeHash: TRUE,
    gas: 0n,
  }

  test('refuses a slow build on a chain that got the precompile later, unless told otherwise', () => {
    expect(judgeObservations([observation], false)).toEqual([expect.objectContaining({ code: 'PrecompileAppeared' })])
    expect(judgeObservations([observation], true)).toEqual([])
  })

  test('never accepts wrong code', () => {
    expect(judgeObservations([{ ...observation, state: 'wrong-code' }], true)).toEqual([
      expect.objectContaining({ code: 'AddressTaken' }),
    ])
  })
})
