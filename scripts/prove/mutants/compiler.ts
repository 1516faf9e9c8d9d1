import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import solc from 'solc'
import type { AstNode, Range } from './ast.ts'

/** Something solc cannot compile; where, in bytes of the file. */
export interface CompileError extends Range {
  readonly file: string
  readonly message: string
}

/** Solidity that should compile and does not. */
export class UncompiledError extends Error {
  override name = 'UncompiledError'
}

export interface Analysis {
  readonly trees: ReadonlyMap<string, AstNode>
  readonly errors: readonly CompileError[]
}

interface Output {
  readonly sources?: Readonly<Record<string, { readonly ast: AstNode }>>
  readonly errors?: readonly {
    readonly severity: string
    readonly formattedMessage: string
    readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number }
  }[]
}

/** Parses and checks the files without making bytecode, which takes seconds. What they import comes from `read`. */
export function analyse(files: ReadonlyMap<string, string>, read: (path: string) => string | undefined): Analysis {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...files].map(([path, content]) => [path, { content }])),
    settings: { evmVersion: 'cancun', outputSelection: { '*': { '': ['ast'] } } },
  }
  const callbacks = {
    import: (path: string) => {
      const contents = read(path)
      return contents === undefined ? { error: `${path} is not there` } : { contents }
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), callbacks)) as Output
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  return {
    trees: new Map(Object.entries(output.sources ?? {}).map(([path, { ast }]) => [path, ast])),
    errors: errors.map(({ formattedMessage, sourceLocation }) => ({
      file: sourceLocation?.file ?? '',
      start: sourceLocation?.start ?? 0,
      end: sourceLocation?.end ?? 0,
      message: formattedMessage,
    })),
  }
}

/** Reads a source of the project, or of a package that is installed. */
export function readSource(root: string, path: string): string | undefined {
  const place = [join(root, path), join(root, 'node_modules', path)].find((candidate) => existsSync(candidate))
  return place === undefined ? undefined : readFileSync(place, 'utf8')
}
