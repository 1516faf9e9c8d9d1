import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import type { CompiledContract } from './artifacts.ts'
import { collectErrors } from './contractErrors.ts'
import { parseNatSpec } from './natspec.ts'

function contract(name: string, abi: CompiledContract['abi']): CompiledContract {
  return {
    name,
    abi,
    bytecode: '0x',
    deployedBytecode: '0x',
    storageLayout: { storage: [], types: null },
    namespaces: [],
  }
}

test('an error gets selector, arguments, message and remedy from its definition', () => {
  const text = '@notice Too\n early.\n @param ready when\n @custom:remedy Wait.'
  const definition = { nodeType: 'ErrorDefinition', errorSelector: '5a997526', documentation: { text } }
  const source = { nodeType: 'SourceUnit', nodes: [{ nodeType: 'ContractDefinition', nodes: [definition] }] }
  const { entries, items } = collectErrors({
    contracts: [contract('A', parseAbi(['error NotReady(uint256 ready)', 'error Another()', 'function f()']))],
    sources: new Map([['a.sol', source]]),
  })
  expect(Object.keys(entries)).toEqual(['Another', 'NotReady'])
  expect(items.map(({ name }) => name)).toEqual(['Another', 'NotReady'])
  expect(entries.Another).toEqual({ selector: expect.stringMatching(/^0x[0-9a-f]{8}$/), args: [] })
  expect(entries.NotReady?.args).toEqual([{ name: 'ready', type: 'uint256' }])
  expect(entries.NotReady).toMatchObject({ message: 'Too early.', remedy: 'Wait.' })
})

test('one name with two signatures is refused, one signature in two contracts is not', () => {
  const one = contract('A', parseAbi(['error Bad(uint256 a)']))
  const sources = new Map()
  expect(() => collectErrors({ contracts: [one, contract('B', parseAbi(['error Bad(bytes a)']))], sources })).toThrow(
    'Two errors are named Bad: Bad(uint256) and Bad(bytes).',
  )
  expect(collectErrors({ contracts: [one, contract('B', one.abi)], sources }).items).toHaveLength(1)
})

test('NatSpec without a tag is the notice; other tags are left out', () => {
  expect(parseNatSpec(' A fact.\n More.')).toEqual({ notice: 'A fact. More.' })
  expect(parseNatSpec('@dev Why. Mail a@b. @param x no')).toEqual({ dev: 'Why. Mail a@b.' })
})
