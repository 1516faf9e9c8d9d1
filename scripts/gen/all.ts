import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { generators } from './generators.ts'

const root = resolve(import.meta.dirname, '../..')
const failures: string[] = []

for (const generator of generators) {
  try {
    for (const file of await generator.generate(root)) await write(file.path, file.content)
  } catch (error) {
    failures.push(`${generator.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

for (const failure of failures) console.error(`failed     ${failure}`)
process.exitCode = failures.length > 0 ? 1 : 0

/** Writes only what differs, so that a second run touches nothing. */
async function write(path: string, content: string): Promise<void> {
  const target = join(root, path)
  const before = await readFile(target, 'utf8').catch(() => undefined)
  console.log(`${before === content ? 'unchanged ' : 'written   '} ${path}`)
  if (before === content) return
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, content)
}
