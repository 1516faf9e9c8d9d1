import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Generator } from './generator.ts'

/** What one subpath of the SDK exports. */
export interface EntryExports {
  /** Functions, classes and constants: there at run time. */
  readonly values: readonly string[]
  readonly types: readonly string[]
}

/** The public names of the SDK, by subpath → `test/snapshots/sdk-exports.json`: none comes or goes unnoticed. */
export const sdkExports: Generator = {
  name: 'SDK exports',
  async generate(root) {
    const manifest: { name: string; exports: Record<string, Record<string, string>> } = JSON.parse(
      await readFile(join(root, 'sdk/package.json'), 'utf8'),
    )
    const entries = Object.entries(manifest.exports).map(async ([subpath, targets]) => {
      const source = await readFile(join(root, 'sdk', targets['@rekey/source'] ?? ''), 'utf8')
      return [`${manifest.name}${subpath.slice(1)}`, readExports(source)] as const
    })
    const content = Object.fromEntries(await Promise.all(entries))
    return [{ path: 'test/snapshots/sdk-exports.json', content: `${JSON.stringify(content, null, 2)}\n` }]
  },
}

/**
 * Reads the names that an entry point exports.
 * @throws when it contains anything but `export { … } from` and comments: names could be missed.
 */
export function readExports(source: string): EntryExports {
  const clauses = /export\s+(type\s+)?\{([^}]*)\}\s+from\s+'[^']+'/g
  const rest = source.replace(clauses, '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  if (rest.trim() !== '') throw new Error(`An entry point has more than re-exports: ${rest.trim().slice(0, 80)}`)
  const values: string[] = []
  const types: string[] = []
  for (const [, isTypes, names = ''] of source.matchAll(clauses))
    for (const item of names.split(',').map((text) => text.trim())) {
      if (item === '') continue
      const name = item.replace(/^type\s+/, '').replace(/^\S+\s+as\s+/, '')
      ;(isTypes || item.startsWith('type ') ? types : values).push(name)
    }
  return { values: values.sort(), types: types.sort() }
}
