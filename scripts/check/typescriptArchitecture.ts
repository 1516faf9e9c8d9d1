import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isTypeScriptTest } from '../gen/files.ts'
import { problemCheck } from './check.ts'
import { findCycles, readTypeScriptSources, resolveImport, type SourceFile } from './sources.ts'

/** Folders of `sdk/src` from the bottom up: a file imports from its own folder and from lower rows only. */
const sdkLayers: readonly (readonly string[])[] = [
  ['abis'],
  ['errors'],
  ['encoding', 'secrets'],
  ['webauthn'],
  ['config'],
  ['accounts'],
  ['actions'],
  ['recovery', 'sessions'],
  ['kit', 'drift'],
  ['finding'],
  ['codes', 'passphrase', 'oidc'],
  ['client'],
  ['dialog', 'service', 'vault'],
  ['testing'],
]

/** What every service is built of: the one package that services share. */
const serviceKit = '@rekey/service-kit'

/** Where a file belongs; packages that consume the SDK are units of their own (`apps/dialog`). */
interface Unit {
  readonly kind: 'sdk' | 'consumer' | 'scripts' | 'tests' | 'other'
  readonly folder: string
}

/** Import direction between and inside the TypeScript parts. */
export const typescriptArchitecture = problemCheck('architecture: TypeScript', async (root) => {
  const manifest: { exports: Record<string, unknown> } = JSON.parse(
    await readFile(join(root, 'sdk/package.json'), 'utf8'),
  )
  const files = await readTypeScriptSources(root)
  const problems = findWrongImports(files, Object.keys(manifest.exports))
  return { problems, summary: `${files.length} files import in one direction` }
})

/** Lists imports against the direction contracts → sdk → apps, services, examples, bench; `sdkExports` as in package.json. */
export function findWrongImports(files: readonly SourceFile[], sdkExports: readonly string[]): readonly string[] {
  const entries = new Set(sdkExports.map((key) => `@rekey/sdk${key.slice(1)}`))
  const problems: string[] = []
  const sdkGraph = new Map<string, string[]>()
  for (const file of files) {
    const from = unitOf(file.path)
    for (const specifier of file.imports) {
      const target = resolveImport(file.path, specifier)
      const reason = target === undefined ? wrongPackage(from, specifier, entries) : wrongFile(file.path, from, target)
      if (reason !== undefined) problems.push(`${file.path} imports ${specifier}: ${reason}`)
      if (target !== undefined && from.kind === 'sdk') {
        sdkGraph.set(file.path, [...(sdkGraph.get(file.path) ?? []), target])
      }
    }
  }
  for (const cycle of findCycles(sdkGraph)) problems.push(`import circle: ${[...cycle, cycle[0]].join(' → ')}`)
  return problems
}

function wrongPackage(from: Unit, specifier: string, entries: ReadonlySet<string>): string | undefined {
  if (!specifier.startsWith('@rekey/')) return undefined
  if (from.kind === 'sdk') return 'the SDK imports its own files by path'
  if (specifier.startsWith('@rekey/sdk') && !entries.has(specifier)) return 'not a subpath export of the SDK'
  const isService = from.folder.startsWith('services/')
  if (specifier === serviceKit && (!isService || from.folder === 'services/kit') && from.kind !== 'tests')
    return 'only services are built of their kit'
  if (isService && !specifier.startsWith('@rekey/sdk') && specifier !== serviceKit)
    return 'services import nothing of each other but the kit'
  if (from.folder === 'services/kit' && specifier !== '@rekey/sdk/errors') return "the kit knows the SDK's errors only"
  const isTestKit = specifier === '@rekey/sdk/testing'
  if (isTestKit && from.kind === 'consumer' && from.folder !== 'bench') return 'production code imports the test kit'
  return undefined
}

function wrongFile(path: string, from: Unit, target: string): string | undefined {
  if (from.kind === 'tests') return undefined
  const to = unitOf(target)
  if (to.kind === 'tests') return 'nothing imports tests'
  if (from.kind === 'sdk')
    return to.kind === 'sdk' ? wrongLayer(path, target) : 'the SDK imports only itself and packages'
  if (to.kind === 'sdk') return 'the SDK is used through its subpath exports'
  if (to.kind === 'consumer' && to.folder !== from.folder) return `nothing imports ${to.folder}`
  if (from.kind === 'consumer' && from.folder !== 'bench' && to.folder !== from.folder) {
    return `${from.folder} is a package of its own`
  }
  return undefined
}

function wrongLayer(path: string, target: string): string | undefined {
  const from = layerOf(path)
  const to = layerOf(target)
  if (from === undefined || to === undefined) {
    return `${from === undefined ? path : target} lies in no layer; name its folder in scripts/check/typescriptArchitecture.ts`
  }
  if (from.name === to.name || from.level > to.level) return undefined
  return from.level === to.level ? `${from.name} and ${to.name} are side by side` : `${from.name} lies below ${to.name}`
}

/** Files directly in `sdk/src` are entry points and lie above everything but the test kit. */
function layerOf(path: string): { readonly name: string; readonly level: number } | undefined {
  const folder = /^sdk\/src\/([^/]+)\//.exec(path)?.[1]
  if (folder === undefined) return { name: 'sdk/src', level: sdkLayers.length - 1.5 }
  const level = sdkLayers.findIndex((names) => names.includes(folder))
  return level < 0 ? undefined : { name: folder, level }
}

function unitOf(path: string): Unit {
  if (path.startsWith('test/') || isTypeScriptTest(path)) return { kind: 'tests', folder: 'test' }
  const packageFolder = /^(?:apps|services|examples)\/[^/]+/.exec(path)?.[0]
  if (packageFolder !== undefined) return { kind: 'consumer', folder: packageFolder }
  const folder = path.split('/')[0] ?? ''
  if (folder === 'bench') return { kind: 'consumer', folder }
  if (path.startsWith('sdk/src/')) return { kind: 'sdk', folder }
  return { kind: folder === 'scripts' ? 'scripts' : 'other', folder }
}
