import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const ignored = new Set(['node_modules', 'dist', 'artifacts', 'cache', 'reports', 'coverage', '.rekey', '.git'])

/** All files under `root` in order of path, without installed, built and temporary ones; forward slashes, relative. */
export function listFiles(root: string, folder = ''): string[] {
  const files: string[] = []
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory() && !ignored.has(entry.name)) files.push(...listFiles(root, path))
    else if (entry.isFile()) files.push(path)
  }
  return files.sort()
}

export function isSolidityTest(path: string): boolean {
  return path.endsWith('.t.sol')
}

export function isTypeScriptTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}

export interface SolidityFile {
  readonly path: string
  readonly source: string
}

/** Every Solidity file under `contracts/`. */
export async function readSolidity(root: string): Promise<readonly SolidityFile[]> {
  const paths = listFiles(root).filter((path) => path.startsWith('contracts/') && path.endsWith('.sol'))
  return Promise.all(paths.map(async (path) => ({ path, source: await readFile(join(root, path), 'utf8') })))
}
