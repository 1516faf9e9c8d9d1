import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Abi } from 'viem'
import { readCompiled } from './artifacts.ts'
import { camelCase, isPart } from './contracts.ts'
import { isTypeScriptTest, listFiles } from './files.ts'
import { type GeneratedFile, type Generator, generatedBanner } from './generator.ts'
import { literal } from './literal.ts'

const usedBanner = `
// What the SDK itself calls and reads of the contracts: every entry is in every page that uses the SDK, and the whole ABIs
// are twice as large. An entry comes in when a file of the SDK names it as \`functionName\` or \`eventName\`.
`

/**
 * artifacts → `sdk/src/abis/<Name>.ts` and an index of named re-exports, for users; `used.ts` with what the SDK names, for
 * the SDK.
 */
export const abis: Generator = {
  name: 'abis',
  async generate(root) {
    const { contracts: compiled } = await readCompiled(root)
    // Nobody calls the parts of GuardianRecovery: its own ABI has their functions, errors and events.
    const contracts = compiled.filter(({ name }) => !isPart(name))
    const files: GeneratedFile[] = contracts.map(({ name, abi }) => ({
      path: `sdk/src/abis/${name}.ts`,
      content: `${generatedBanner}\n${declare(name, abi)}`,
    }))
    const sorted = [...contracts].sort((a, b) => (a.name < b.name ? -1 : 1))
    const lines = sorted.map(({ name }) => `export { ${camelCase(name)}Abi } from './${name}.ts'\n`)
    files.push({ path: 'sdk/src/abis/index.ts', content: `${generatedBanner}\n${lines.join('')}` })
    const sources = await readSdk(root)
    const names = findNamedEntries(sources)
    const used = sorted
      .filter(({ name }) => sources.some((source) => source.includes(`abi: ${camelCase(name)}Abi`)))
      .map(({ name, abi }) => `\n${declare(name, selectEntries(abi, names))}`)
    files.push({ path: 'sdk/src/abis/used.ts', content: `${generatedBanner}${usedBanner}${used.join('')}` })
    return files
  },
}

/** Names of functions and events that sources use with viem. */
export function findNamedEntries(sources: readonly string[]): ReadonlySet<string> {
  const names = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:functionName|eventName): '(\w+)'/g)].map(([, name = '']) => name),
  )
  return new Set(names)
}

/** The functions and events of these names; custom errors have a table of their own. */
export function selectEntries(abi: Abi, names: ReadonlySet<string>): Abi {
  return abi.filter((entry) => (entry.type === 'function' || entry.type === 'event') && names.has(entry.name))
}

function declare(name: string, abi: Abi): string {
  return `export const ${camelCase(name)}Abi = ${literal(abi)} as const\n`
}

async function readSdk(root: string): Promise<readonly string[]> {
  const paths = listFiles(root, 'sdk/src').filter((path) => path.endsWith('.ts') && !isTypeScriptTest(path))
  return Promise.all(paths.map((path) => readFile(join(root, path), 'utf8')))
}
