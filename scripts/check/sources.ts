import { readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import ts from '@typescript/typescript6'
import { listFiles } from '../gen/files.ts'

/** A source file and what it imports, as written. */
export interface SourceFile {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string
  readonly imports: readonly string[]
}

/** Every TypeScript and JavaScript file with its static, dynamic and type-only imports and re-exports. */
export async function readTypeScriptSources(root: string): Promise<readonly SourceFile[]> {
  const paths = listFiles(root).filter((path) => /\.(ts|tsx|mts|mjs|js)$/.test(path) && !path.endsWith('.d.ts'))
  return Promise.all(
    paths.map(async (path) => {
      const { importedFiles } = ts.preProcessFile(await readFile(join(root, path), 'utf8'), true, true)
      return { path, imports: importedFiles.map(({ fileName }) => fileName) }
    }),
  )
}

/** A relative import as a path from the repository root; package imports have none. */
export function resolveImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(dirname(from), specifier)) : undefined
}

/** Circles among files, each as the list of its members in order of import. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: string[][] = []
  const finished = new Set<string>()
  const path: string[] = []
  const visit = (node: string): void => {
    const start = path.indexOf(node)
    if (start >= 0) {
      cycles.push(path.slice(start))
      return
    }
    if (finished.has(node)) return
    path.push(node)
    for (const next of graph.get(node) ?? []) visit(next)
    path.pop()
    finished.add(node)
  }
  for (const node of graph.keys()) visit(node)
  return cycles
}
