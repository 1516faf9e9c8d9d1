// Removes generated folders. With --all also node_modules. Never a source.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './lib/install.mjs'

const generated = ['artifacts', 'cache', 'coverage', 'reports', 'dist', '.rekey']
const workspaceFolders = ['sdk', ...['apps', 'services', 'examples'].flatMap(packagesIn)]

function packagesIn(parent) {
  const folder = join(root, parent)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(parent, entry.name))
}

if (existsSync(join(root, '.rekey', 'stack.json')) && !process.argv.includes('--force')) {
  console.error('The local stack seems to be running (.rekey/stack.json exists). Stop it first, or pass --force.')
  process.exit(1)
}

const targets = [
  ...generated,
  ...workspaceFolders.flatMap((folder) => [join(folder, 'dist'), join(folder, 'coverage')]),
  ...(process.argv.includes('--all') ? ['.', ...workspaceFolders].map((folder) => join(folder, 'node_modules')) : []),
].map((path) => join(root, path))

for (const path of targets.filter(existsSync)) {
  rmSync(path, { recursive: true, force: true })
  console.log(`removed ${relative(root, path)}`)
}
