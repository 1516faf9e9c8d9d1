import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { contracts, sourcePath } from '../gen/contracts.ts'
import { runInGroup } from './processGroup.ts'

/** Something that is built from files of the repository. */
export type Target = {
  readonly name: string
  /** A file that exists when there is anything to build. */
  readonly source: string
  /** Patterns of the files it is built from. */
  readonly inputs: readonly string[]
  /** The folder it is built into. */
  readonly output: string
  /** What Node runs. */
  readonly args: readonly string[]
}

/** What a stack runs: the contracts that are deployed, and the token of its demo. The tests build themselves. */
const token = 'test/contracts/mocks/TestToken.sol'

/** What is built, in this order; paths are those of the repository. */
export const targets: readonly Target[] = [
  {
    name: 'contracts',
    source: 'hardhat.config.ts',
    inputs: ['contracts/**/*.sol', token, 'hardhat.config.ts', 'pnpm-lock.yaml'],
    output: 'artifacts/contracts',
    args: ['node_modules/hardhat/dist/src/cli.js', 'build', ...contracts.map(sourcePath), token],
  },
  site('dialog', 'apps/dialog'),
  site('demo', 'examples/demo'),
]

function site(name: string, folder: string): Target {
  return {
    name,
    source: `${folder}/index.html`,
    inputs: [`${folder}/*.*`, `${folder}/{src,public}/**`, 'sdk/src/**/*.ts', 'sdk/package.json', 'pnpm-lock.yaml'],
    output: `${folder}/dist`,
    args: ['--conditions=@rekey/source', 'node_modules/vite/bin/vite.js', 'build', folder, '--logLevel', 'warn'],
  }
}

/** A build failed; the message ends with what it printed. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
}

/**
 * Builds a target unless it is up to date: built from exactly these files, and not touched since.
 *
 * @returns What was done; `absent` when there is nothing to build.
 * @throws BuildError with the output of the build.
 */
export async function ensureBuilt(
  root: string,
  target: Target,
  onBuild: () => void,
): Promise<'fresh' | 'built' | 'absent'> {
  if (!existsSync(path.join(root, target.source))) return 'absent'
  const stamp = path.join(root, 'node_modules', `.rekey-built-${target.name}`)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest(root, target)) return 'fresh'
  onBuild()
  const output: string[] = []
  const { exitCode } = await runInGroup(
    process.execPath,
    target.args.map((argument) => (argument.startsWith('node_modules/') ? path.join(root, argument) : argument)),
    { environment: process.env, onOutput: (text) => output.push(text), timeoutMs: 15 * 60_000 },
  )
  if (exitCode !== 0)
    throw new BuildError(
      `The ${target.name} could not be built:\n${output.join('').trim().split('\n').slice(-40).join('\n')}`,
    )
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, digest(root, target))
  return 'built'
}

function digest(root: string, { inputs, output }: Target): string {
  const hash = createHash('sha256')
  for (const pattern of [...inputs, `${output}/**`])
    for (const entry of globSync(pattern, { cwd: root, withFileTypes: true }).sort(byPath)) {
      if (!entry.isFile()) continue
      const file = path.join(entry.parentPath, entry.name)
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
    }
  return hash.digest('hex')
}

function byPath(a: { parentPath: string; name: string }, b: { parentPath: string; name: string }): number {
  const [left, right] = [path.join(a.parentPath, a.name), path.join(b.parentPath, b.name)]
  return left < right ? -1 : left > right ? 1 : 0
}
