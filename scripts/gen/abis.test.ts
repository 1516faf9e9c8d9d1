import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { findNamedEntries, selectEntries } from './abis.ts'

test('an entry is used when a source names it to viem, and in no other way', () => {
  const sources = [
    "readContract(client, { abi, functionName: 'getHead', args })",
    "getContractEvents(client, { abi, eventName: 'PolicySet' })",
    "const text = 'getRecord' // functionName: getNothing",
  ]
  expect([...findNamedEntries(sources)].sort()).toEqual(['PolicySet', 'getHead'])
})

test('of an ABI its functions and events of these names stay, in order, and no errors', () => {
  const abi = parseAbi([
    'function getHead(address) view returns (uint256)',
    'function getHead(address, uint256) view returns (uint256)',
    'function other()',
    'event PolicySet(address indexed account)',
    'event Other()',
    'error PolicySet()',
    'constructor()',
  ])
  const selected = selectEntries(abi, new Set(['getHead', 'PolicySet']))
  expect(selected.map((entry) => `${entry.type} ${'name' in entry ? entry.name : ''}`)).toEqual([
    'function getHead',
    'function getHead',
    'event PolicySet',
  ])
})
