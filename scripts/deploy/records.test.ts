import { describe, expect, test } from 'vitest'
import type { ChainReport } from './deployChain.ts'
import type { Observation } from './observe.ts'
import { chainRecord, checkCommittedBuild, singletonsText } from './records.ts'
import { formatJson, formatReport } from './report.ts'

const observation: Observation = {
  name: 'Thing',
  address: '0x1111111111111111111111111111111111111111',
  state: 'present',
  codeHash: '0x02',
  gas: 0n,
}
const report: ChainReport = {
  name: 'Base',
  host: 'base.example',
  chainId: 8453,
  status: 'unchanged',
  p256: 'present',
  before: [observation],
  after: [observation],
  transactions: [],
  cost: 0n,
  problems: [],
}

describe('chainRecord', () => {
  test('keeps the transaction of an earlier run', () => {
    const deployed = {
      ...report,
      transactions: [{ name: 'Thing', hash: '0x0a' as const, blockNumber: 5n, gasUsed: 1n }],
    }
    const first = chainRecord(deployed, undefined)
    expect(first?.singletons).toEqual([
      { name: 'Thing', address: observation.address, codeHash: '0x02', transactionHash: '0x0a', blockNumber: 5 },
    ])
    expect(chainRecord(report, first)).toEqual(first)
  })

  test('records only code that was checked', () => {
    const after: readonly Observation[] = [
      { ...observation, state: 'wrong-code' },
      { ...observation, state: 'missing', codeHash: null },
    ]
    expect(chainRecord({ ...report, after }, undefined)).toBeUndefined()
    expect(chainRecord({ ...report, chainId: null }, undefined)).toBeUndefined()
  })
})

test('[207] a build whose initcode hashes are not the committed ones is refused', () => {
  expect(() => checkCommittedBuild([], undefined)).toThrow(expect.objectContaining({ code: 'BuildChanged' }))
  expect(() => checkCommittedBuild([], '[{}]')).toThrow(expect.objectContaining({ code: 'BuildChanged' }))
  expect(() => checkCommittedBuild([], singletonsText([]))).not.toThrow()
})

describe('the report', () => {
  const failed: ChainReport = {
    ...report,
    status: 'failed',
    before: [{ ...observation, state: 'missing', codeHash: null, gas: 1234n }],
    cost: 5n,
    problems: [{ code: 'InsufficientFunds', message: 'No money.', remedy: 'Send some.' }],
  }

  test('says per chain what is there, what is not, what it costs and what to do', () => {
    const text = formatReport([report, failed])
    expect(text).toContain('Base (chain 8453, base.example): nothing to do')
    expect(text).toContain('= Thing')
    expect(text).toMatch(/\+ Thing .* missing, about 1234 gas/)
    expect(text).toContain('estimated cost: 0.000000000000000005')
    expect(text).toContain('InsufficientFunds: No money.\n    Send some.')
    expect(text).toContain('1 of 2 chains failed: Base. Run the same command again')
  })

  test('as JSON has amounts as decimal strings', () => {
    expect(JSON.parse(formatJson([failed]))).toMatchObject([{ status: 'failed', cost: '5', before: [{ gas: '1234' }] }])
  })
})
