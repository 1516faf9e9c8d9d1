// What an installed workspace looks like. Plain JavaScript on Node built-ins: it runs before anything is installed.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const pnpmVersion = '12.21.0'

/** The oldest Node that starts the bootstrap, and the oldest that runs the tools. */
export const oldestNode = { bootstrap: [20, 0], tools: [22, 18] }

const stampPath = join(root, 'node_modules', '.rekey-install')

/** @param {string} version like v24.21.0 @param {number[]} oldest major and minor */
export function isNodeAtLeast(version, [oldestMajor = 0, oldestMinor = 0]) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}

/** A digest of everything that decides what an install puts on disk. */
function wantedInstall() {
  const hash = createHash('sha256').update(`${pnpmVersion} ${process.platform} ${process.arch}`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** The folders of the workspace's packages, as the lockfile names them. */
function workspacePackages() {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
  const importers = lockfile.split(/^importers:$/m)[1]?.split(/^\S/m)[0] ?? ''
  return [...importers.matchAll(/^ {2}(\S+):$/gm)].map((match) => match[1] ?? '.')
}

export function isInstalled() {
  if (!existsSync(stampPath) || readFileSync(stampPath, 'utf8') !== wantedInstall()) return false
  return workspacePackages().every((folder) => existsSync(join(root, folder, 'node_modules')))
}

export function recordInstall() {
  writeFileSync(stampPath, wantedInstall())
}

const binFolder = join(root, 'node_modules', '.bin')
const executable = process.platform === 'win32' ? 'node.exe' : 'node'

/** The Node that came with the workspace, or undefined where none is published for this platform. */
export function workspaceNode() {
  const path = join(binFolder, executable)
  return existsSync(path) ? path : undefined
}

/** The environment in which all tools run: the workspace's Node and tools come first. */
export function toolEnvironment() {
  return { ...process.env, PATH: `${binFolder}${delimiter}${process.env.PATH ?? ''}` }
}
