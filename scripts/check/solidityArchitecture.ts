import { readSolidity, type SolidityFile } from '../gen/files.ts'
import { problemCheck } from './check.ts'
import { findCycles, resolveImport } from './sources.ts'

/** Which folders of `contracts/` a folder may import, besides itself. */
const allowedFolders: Readonly<Record<string, readonly string[]>> = {
  types: [],
  interfaces: ['types'],
  libraries: ['types', 'interfaces'],
  account: ['types', 'interfaces', 'libraries'],
  modules: ['types', 'interfaces', 'libraries'],
  verifiers: ['types', 'interfaces', 'libraries'],
  registries: ['types', 'interfaces', 'libraries'],
}

/** Import direction between the contracts: deployed contracts know each other by interface only. */
export const solidityArchitecture = problemCheck('architecture: contracts', async (root) => {
  const files = await readSolidity(root)
  return { problems: findWrongSolidityImports(files), summary: `${files.length} files import in one direction` }
})

/** Paths or package files that a Solidity source imports, as written. */
export function solidityImports(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  return [...code.matchAll(/\bimport\b[^;]*?["']([^"']+)["']/g)].map((match) => match[1] ?? '')
}

export function findWrongSolidityImports(files: readonly SolidityFile[]): readonly string[] {
  const deployable = new Set(files.filter(({ source }) => /^contract\s+\w+/m.test(source)).map(({ path }) => path))
  const graph = new Map<string, string[]>()
  const problems: string[] = []
  for (const { path, source } of files) {
    const from = folderOf(path)
    const allowed = allowedFolders[from]
    if (allowed === undefined) {
      problems.push(`${path}: contracts/${from} is not a folder of the design`)
      continue
    }
    for (const specifier of solidityImports(source)) {
      const target = resolveImport(path, specifier)
      if (target === undefined) continue
      const to = folderOf(target)
      graph.set(path, [...(graph.get(path) ?? []), target])
      if (!target.startsWith('contracts/'))
        problems.push(`${path} imports ${specifier}: contracts import only contracts`)
      else if (to !== from && !allowed.includes(to))
        problems.push(`${path} imports ${specifier}: ${from} may not know ${to}`)
      else if (deployable.has(target))
        problems.push(`${path} imports ${specifier}: use the interface, not the implementation`)
    }
  }
  for (const cycle of findCycles(graph)) problems.push(`import circle: ${[...cycle, cycle[0]].join(' → ')}`)
  return problems
}

function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}
