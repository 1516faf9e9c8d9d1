import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GeneratedFile } from '../gen/generator.ts'
import { generators } from '../gen/generators.ts'
import { snapshots } from '../gen/snapshots.ts'
import { problemCheck } from './check.ts'

/** Generated files equal what the generators would write now; snapshots have a check of their own. */
export const generatedFiles = problemCheck('generated files', async (root) => {
  const problems: string[] = []
  let count = 0
  for (const generator of generators.filter((candidate) => candidate !== snapshots)) {
    try {
      const files = await generator.generate(root)
      count += files.length
      problems.push(...(await findStale(files, (path) => readIfPresent(root, path))))
    } catch (error) {
      problems.push(`${generator.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { problems, summary: `${count} files are fresh` }
})

/** Names files that are absent or differ from what was generated. */
export async function findStale(
  files: readonly GeneratedFile[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const { path, content } of files) {
    const present = await read(path)
    if (present === undefined) problems.push(`${path} is absent: run \`pnpm gen\``)
    else if (present !== content) problems.push(`${path} is stale: run \`pnpm gen\``)
  }
  return problems
}

async function readIfPresent(root: string, path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch(() => undefined)
}
