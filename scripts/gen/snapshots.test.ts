import { expect, test } from 'vitest'
import { findChangedSources, findNamespaces, importsOf } from './artifacts.ts'
import { findUnlisted } from './contracts.ts'
import { describeStorage, sizes } from './snapshots.ts'

test('storage is described without the compiler’s tree numbers', () => {
  const layout = (number: number) => {
    const struct = `t_struct(Head)${number}_storage`
    return {
      storage: [{ label: 'head', slot: '0', offset: 0, type: struct }],
      types: {
        [struct]: {
          label: 'struct A.Head',
          numberOfBytes: '32',
          members: [{ label: 'floor', slot: '0', offset: 5, type: 't_uint40' }],
        },
        t_uint40: { label: 'uint40', numberOfBytes: '5' },
      },
    }
  }
  expect(describeStorage(layout(12))).toEqual({
    variables: ['slot 0 byte 0: struct A.Head head'],
    structs: { 'struct A.Head': ['slot 0 byte 5: uint40 floor'] },
  })
  expect(describeStorage(layout(99))).toEqual(describeStorage(layout(12)))
})

test('sizes are in bytes', () => {
  expect(sizes({ bytecode: '0x60806040', deployedBytecode: '0x6080' })).toEqual({ runtime: 2, initcode: 4 })
})

test('a contract that can be deployed must be listed; libraries and abstract parts need not', () => {
  const source = 'library L {}\nabstract contract Part {}\ncontract Known {}\ncontract Forgotten is Part {}'
  const entries = [{ name: 'Known', folder: 'modules' }] as const
  expect(findUnlisted([{ path: 'contracts/modules/A.sol', source }], entries)).toEqual(['Forgotten'])
})

test('namespaced structs are found in the contract and its bases only', () => {
  const struct = (namespace: string) => ({
    nodeType: 'StructDefinition',
    documentation: { text: `Doc.\n @custom:storage-location erc7201:${namespace}` },
    members: [{ nodeType: 'VariableDeclaration', name: 'floor', typeDescriptions: { typeString: 'uint40' } }],
  })
  const contract = (id: number, name: string, linearizedBaseContracts: number[]) => ({
    nodeType: 'ContractDefinition',
    id,
    name,
    linearizedBaseContracts,
    nodes: [struct(`rekey.${name}`)],
  })
  const nodes = [contract(1, 'Base', [1]), contract(2, 'Account', [2, 1]), contract(3, 'Other', [3])]
  expect(findNamespaces('Account', [{ nodeType: 'SourceUnit', nodes }])).toEqual([
    { id: 'rekey.Account', members: ['uint40 floor'] },
    { id: 'rekey.Base', members: ['uint40 floor'] },
  ])
})

test('sources that differ from what was compiled are named', async () => {
  const compiled = {
    'project/contracts/Same.sol': { content: 'a' },
    'project/contracts/Edited.sol': { content: 'a' },
    'project/contracts/Removed.sol': { content: 'a' },
    'project/test/Edited.t.sol': { content: 'a' },
    'npm/library@1.0.0/Library.sol': { content: 'a' },
  }
  const present = new Map([
    ['contracts/Same.sol', 'a'],
    ['contracts/Edited.sol', 'b'],
  ])
  expect(await findChangedSources(compiled, async (path) => present.get(path))).toEqual([
    'contracts/Edited.sol',
    'contracts/Removed.sol',
  ])
})

test('a contract is made of what it imports, however far, and of nothing else in its build', () => {
  const source = (...imports: string[]) => ({
    ast: {
      nodeType: 'SourceUnit',
      nodes: imports.map((absolutePath) => ({ nodeType: 'ImportDirective', absolutePath })),
    },
  })
  const sources = { a: source('b'), b: source('c', 'a'), c: source(), other: source('a') }
  expect(importsOf(sources, 'a')).toEqual(new Set(['a', 'b', 'c']))
})
