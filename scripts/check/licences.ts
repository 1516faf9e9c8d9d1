import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFiles, readSolidity } from '../gen/files.ts'
import { problemCheck } from './check.ts'
import { solidityImports } from './solidityArchitecture.ts'

const allowed = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'CC0-1.0',
  'Unlicense',
  'BlueOak-1.0.0',
])

/** A package that ships with ours, and through which packages it comes. */
export interface ShippedPackage {
  readonly name: string
  readonly licence: string | undefined
  readonly via: readonly string[]
}

interface Manifest {
  readonly name?: string
  readonly license?: string | { readonly type?: string }
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>
}

/** Licences of everything that reaches users: dependencies of our packages and what the contracts import. */
export const licences = problemCheck('licences', async (root) => {
  const { packages, unresolved } = await shippedPackages(root)
  return {
    problems: [...unresolved, ...findForbiddenLicences(packages)],
    summary: `${packages.length} shipped packages, all under allowed licences`,
  }
})

export function findForbiddenLicences(packages: readonly ShippedPackage[]): readonly string[] {
  return packages
    .filter(({ licence }) => licence === undefined || !isAllowed(licence))
    .map(({ name, licence, via }) => `${name} (${licence ?? 'no licence'}) is shipped through ${via.join(' → ')}`)
}

/** Judges an SPDX expression without nesting beyond one level: each AND part needs one allowed OR alternative. */
export function isAllowed(expression: string): boolean {
  const parts = expression.replace(/[()]/g, '').split(/\s+AND\s+/)
  return parts.every((part) => part.split(/\s+OR\s+/).some((licence) => allowed.has(licence.trim())))
}

async function shippedPackages(
  root: string,
): Promise<{ packages: readonly ShippedPackage[]; unresolved: readonly string[] }> {
  const found = new Map<string, ShippedPackage>()
  const unresolved: string[] = []
  const visit = (folder: string, via: readonly string[]): void => {
    const manifest = readManifest(folder)
    for (const [name, optional] of shippedDependencies(manifest)) {
      const target = resolvePackage(folder, name)
      if (target === undefined) {
        if (!optional) unresolved.push(`${name} is not installed, needed by ${via.join(' → ')}`)
        continue
      }
      add(target, via)
    }
  }
  const add = (folder: string, via: readonly string[]): void => {
    if (found.has(folder)) return
    const manifest = readManifest(folder)
    const name = manifest.name ?? folder
    const licence = typeof manifest.license === 'string' ? manifest.license : manifest.license?.type
    found.set(folder, { name, licence, via })
    visit(folder, [...via, name])
  }
  for (const path of listFiles(root).filter((candidate) => /^(?:[^/]+\/){0,2}package\.json$/.test(candidate))) {
    const folder = join(root, dirname(path))
    visit(folder, [readManifest(folder).name ?? path])
  }
  for (const { path, source } of await readSolidity(root)) {
    for (const specifier of solidityImports(source).filter((candidate) => !candidate.startsWith('.'))) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      const target = resolvePackage(root, name)
      if (target === undefined) unresolved.push(`${name} is not installed, imported by ${path}`)
      else add(target, [path])
    }
  }
  return { packages: [...found.values()], unresolved: [...new Set(unresolved)] }
}

/** Names of dependencies that ship, each with whether it may be absent. */
function shippedDependencies(manifest: Manifest): readonly (readonly [string, boolean])[] {
  const isOptionalPeer = (name: string): boolean => manifest.peerDependenciesMeta?.[name]?.optional === true
  return [
    ...Object.keys(manifest.dependencies ?? {}).map(
      (name) => [name, name in (manifest.optionalDependencies ?? {})] as const,
    ),
    ...Object.keys(manifest.optionalDependencies ?? {}).map((name) => [name, true] as const),
    ...Object.keys(manifest.peerDependencies ?? {}).map((name) => [name, isOptionalPeer(name)] as const),
  ]
}

/** Folder of an installed package as Node would find it from `folder`, links resolved. */
function resolvePackage(folder: string, name: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    const candidate = join(current, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (dirname(current) === current) return undefined
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
