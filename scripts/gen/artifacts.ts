import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Abi, Hex } from 'viem'
import { type ContractEntry, contracts, findUnlisted, sourcePath } from './contracts.ts'
import { readSolidity } from './files.ts'

/** What the generators read of a compiled contract. */
export interface CompiledContract {
  readonly name: string
  readonly abi: Abi
  /** Initcode without constructor arguments. */
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
  readonly storageLayout: StorageLayout
  /** Namespaced (ERC-7201) structs of the contract and its bases, which the compiler's layout leaves out. */
  readonly namespaces: readonly StorageNamespace[]
}

export interface StorageNamespace {
  readonly id: string
  /** `type name` in order of declaration. */
  readonly members: readonly string[]
}

export interface StorageLayout {
  readonly storage: readonly StorageSlot[]
  readonly types: Readonly<Record<string, StorageType>> | null
}

export interface StorageSlot {
  readonly label: string
  readonly slot: string
  readonly offset: number
  readonly type: string
}

export interface StorageType {
  readonly label: string
  readonly numberOfBytes: string
  readonly members?: readonly StorageSlot[]
  readonly base?: string
  readonly key?: string
  readonly value?: string
}

/** A node of the compiler's syntax tree; only what the generators look at is typed. */
export interface AstNode {
  readonly nodeType: string
  readonly id?: number
  readonly name?: string
  readonly errorSelector?: string
  readonly documentation?: { readonly text: string } | null
  readonly nodes?: readonly AstNode[]
  readonly members?: readonly AstNode[]
  readonly typeDescriptions?: { readonly typeString: string }
  readonly linearizedBaseContracts?: readonly number[]
  /** Of an import directive: the name of the imported source. */
  readonly absolutePath?: string
}

/** How Hardhat names the project's own sources to the compiler. */
const projectPrefix = 'project/'

interface Artifact {
  readonly abi: Abi
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
  readonly inputSourceName: string
  readonly buildInfoId: string
}

interface BuildInput {
  readonly input: { readonly sources: Record<string, { readonly content: string }> }
}

interface Build extends BuildInput {
  readonly output: {
    readonly contracts: Record<string, Record<string, { readonly storageLayout: StorageLayout }>>
    readonly sources: Record<string, { readonly ast: AstNode }>
  }
}

export interface Compiled {
  readonly contracts: readonly CompiledContract[]
  /** Syntax trees of every source that went into them, by source name. */
  readonly sources: ReadonlyMap<string, AstNode>
}

/**
 * Reads the artifacts of all contracts in `contracts.ts` together with the build that produced them.
 * @throws when an artifact is absent or old, or a contract is not listed: the generated files would be silently wrong.
 */
export async function readCompiled(root: string, entries: readonly ContractEntry[] = contracts): Promise<Compiled> {
  const unlisted = findUnlisted(await readSolidity(root), entries)
  if (unlisted.length > 0)
    throw new Error(`${unlisted.join(', ')} can be deployed but is not in scripts/gen/contracts.ts.`)
  const missing = entries.filter((entry) => !existsSync(artifactPath(root, entry)))
  if (missing.length > 0) {
    const names = missing.map((entry) => `${entry.name} (${sourcePath(entry)})`).join(', ')
    throw new Error(`No artifact for ${names}. Run \`pnpm exec hardhat build\` first.`)
  }
  const builds = new Map<string, Build>()
  const compiled: CompiledContract[] = []
  const sources = new Map<string, AstNode>()
  for (const entry of entries) {
    const artifact: Artifact = JSON.parse(await readFile(artifactPath(root, entry), 'utf8'))
    const id = artifact.buildInfoId
    const build = builds.get(id) ?? (await readBuild(root, id))
    builds.set(id, build)
    await expectFresh(root, build, artifact.inputSourceName)
    const output = build.output.contracts[artifact.inputSourceName]?.[entry.name]
    if (output === undefined) throw new Error(`Build ${id} does not contain ${artifact.inputSourceName}:${entry.name}.`)
    compiled.push({
      name: entry.name,
      abi: withoutInternalTypes(artifact.abi),
      bytecode: artifact.bytecode,
      deployedBytecode: artifact.deployedBytecode,
      storageLayout: output.storageLayout,
      namespaces: findNamespaces(
        entry.name,
        Object.values(build.output.sources).map(({ ast }) => ast),
      ),
    })
    for (const [name, source] of Object.entries(build.output.sources)) sources.set(name, source.ast)
  }
  return { contracts: compiled, sources }
}

/** `internalType` names Solidity types; nothing that encodes or decodes reads it, and it is a third of the bytes. */
function withoutInternalTypes(abi: Abi): Abi {
  return JSON.parse(JSON.stringify(abi, (key, value) => (key === 'internalType' ? undefined : value)))
}

/** Structs marked `@custom:storage-location erc7201:<id>` in a contract and everything it inherits. */
export function findNamespaces(contract: string, sources: readonly AstNode[]): readonly StorageNamespace[] {
  const definitions = sources.flatMap((source) => source.nodes ?? []).filter(isContract)
  const bases = new Set(definitions.find(({ name }) => name === contract)?.linearizedBaseContracts)
  const structs = definitions.filter(({ id }) => id !== undefined && bases.has(id)).flatMap(({ nodes }) => nodes ?? [])
  const namespaces = structs.flatMap(({ documentation, members }) => {
    const id = /@custom:storage-location erc7201:(\S+)/.exec(documentation?.text ?? '')?.[1]
    if (id === undefined || members === undefined) return []
    return [{ id, members: members.map(({ name, typeDescriptions }) => `${typeDescriptions?.typeString} ${name}`) }]
  })
  return namespaces.sort((a, b) => (a.id < b.id ? -1 : 1))
}

function isContract(node: AstNode): boolean {
  return node.nodeType === 'ContractDefinition'
}

function artifactPath(root: string, entry: ContractEntry): string {
  return join(root, 'artifacts', sourcePath(entry), `${entry.name}.json`)
}

async function readBuild(root: string, id: string): Promise<Build> {
  const folder = join(root, 'artifacts/build-info')
  const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'))
  return { ...(await read(`${id}.json`)), ...(await read(`${id}.output.json`)) }
}

/** Refuses a contract when a source it was compiled from has changed since: nothing is generated from old code. */
async function expectFresh(root: string, build: Build, source: string): Promise<void> {
  const used = importsOf(build.output.sources, source)
  const compiled = Object.fromEntries(Object.entries(build.input.sources).filter(([name]) => used.has(name)))
  const changed = await findChangedSources(compiled, (path) =>
    readFile(join(root, path), 'utf8').catch(() => undefined),
  )
  if (changed.length > 0) {
    throw new Error(`${changed.join(', ')} changed since the last build. Run \`pnpm exec hardhat build\` first.`)
  }
}

/** A source and everything it imports; a build also holds sources of other contracts, which may be rebuilt elsewhere. */
export function importsOf(sources: Readonly<Record<string, { readonly ast: AstNode }>>, source: string): Set<string> {
  const found = new Set<string>()
  const open = [source]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    found.add(name)
    const directives = sources[name]?.ast.nodes?.filter(({ nodeType }) => nodeType === 'ImportDirective') ?? []
    open.push(...directives.flatMap(({ absolutePath }) => absolutePath ?? []))
  }
  return found
}

/** Paths of contracts whose source differs from what was compiled; tests in the same build do not matter. */
export async function findChangedSources(
  compiled: Readonly<Record<string, { readonly content: string }>>,
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const changed: string[] = []
  for (const [name, { content }] of Object.entries(compiled)) {
    if (!name.startsWith(`${projectPrefix}contracts/`)) continue
    const path = name.slice(projectPrefix.length)
    if ((await read(path)) !== content) changed.push(path)
  }
  return changed
}
