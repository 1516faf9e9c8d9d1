import { keccak256, size } from 'viem'
import { type CompiledContract, readCompiled, type StorageLayout, type StorageSlot } from './artifacts.ts'
import type { Generator } from './generator.ts'

/** Runtime and initcode size, hash of the initcode and storage layout of each contract → `test/snapshots/*.json`. */
export const snapshots: Generator = {
  name: 'snapshots',
  async generate(root) {
    const { contracts } = await readCompiled(root)
    return [
      snapshotFile('size', contracts, sizes),
      snapshotFile('initcode-hash', contracts, ({ bytecode }) => keccak256(bytecode)),
      snapshotFile('storage-layout', contracts, describeContractStorage),
    ]
  },
}

/** Sizes in bytes; the initcode is without constructor arguments. */
export function sizes(contract: Pick<CompiledContract, 'bytecode' | 'deployedBytecode'>): {
  readonly runtime: number
  readonly initcode: number
} {
  return { runtime: size(contract.deployedBytecode), initcode: size(contract.bytecode) }
}

function describeContractStorage({ storageLayout, namespaces }: CompiledContract) {
  return {
    ...describeStorage(storageLayout),
    namespaces: Object.fromEntries(namespaces.map(({ id, members }) => [id, members])),
  }
}

/**
 * One line per variable and per struct member. The compiler's type identifiers hold syntax-tree numbers, which change
 * with any edit, so types are described by their labels.
 */
export function describeStorage(layout: StorageLayout): {
  readonly variables: readonly string[]
  readonly structs: Readonly<Record<string, readonly string[]>>
} {
  const types = layout.types ?? {}
  const label = (type: string): string => types[type]?.label ?? type
  const line = (item: StorageSlot): string => `slot ${item.slot} byte ${item.offset}: ${label(item.type)} ${item.label}`
  const structs: Record<string, readonly string[]> = {}
  const described = Object.values(types).filter((type) => type.members !== undefined)
  for (const type of described.sort((a, b) => (a.label < b.label ? -1 : 1))) {
    structs[type.label] = (type.members ?? []).map(line)
  }
  return { variables: layout.storage.map(line), structs }
}

function snapshotFile(
  name: string,
  contracts: readonly CompiledContract[],
  of: (contract: CompiledContract) => unknown,
) {
  const sorted = [...contracts].sort((a, b) => (a.name < b.name ? -1 : 1))
  const content = Object.fromEntries(sorted.map((contract) => [contract.name, of(contract)]))
  return { path: `test/snapshots/${name}.json`, content: `${JSON.stringify(content, null, 2)}\n` }
}
