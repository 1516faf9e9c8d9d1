import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { repositoryRoot } from '../../../scripts/deploy/artifacts.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'

/** What one run of the command came to. */
export type Run = { readonly exit: number | null; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  /** Lines typed, where nobody sees them. */
  readonly input?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Told of what goes to standard error as it comes. */
  readonly onStderr?: (seen: string, child: ChildProcess) => void
}

/** Somebody's computer: a home, a folder, and the `rekey` command, which reaches the nodes and nothing else. */
export type Machine = {
  readonly folder: string
  /** Everything that the command has put out here, and the arguments it was called with. */
  readonly seen: () => string
  /** Places that it wanted to reach although they are no nodes. */
  readonly strangers: () => string
  /** Writes a file that only its owner can read, and returns its name. */
  readonly file: (name: string, content: string) => string
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Run>
}

const command = path.join(repositoryRoot, 'apps/cli/src/main.ts')
const guard = pathToFileURL(path.join(import.meta.dirname, 'onlyNodes.ts')).href
/** Whoever asks a proxy gets nowhere; nobody listens there. */
const deadProxy = 'http://127.0.0.1:1'

export function createMachine(folder: string, rpcUrls: readonly string[]): Machine {
  mkdirSync(folder, { recursive: true })
  const strangers = path.join(folder, 'strangers.log')
  let seen = ''
  return {
    folder,
    seen: () => seen,
    strangers: () => (existsSync(strangers) ? readFileSync(strangers, 'utf8') : ''),
    file(name, content) {
      const file = path.join(folder, name)
      writeFileSync(file, content, { mode: 0o600 })
      return file
    },
    async run(args, { input = [], env = {}, onStderr } = {}) {
      seen += `${args.join(' ')}\n`
      const child = spawn(process.execPath, ['--conditions=@rekey/source', '--import', guard, command, ...args], {
        cwd: folder,
        env: {
          PATH: process.env.PATH ?? '',
          HOME: folder,
          ...{ HTTP_PROXY: deadProxy, HTTPS_PROXY: deadProxy, ALL_PROXY: deadProxy },
          REKEY_TEST_PORTS: rpcUrls.map((url) => new URL(url).port).join(','),
          REKEY_TEST_STRANGERS: strangers,
          ...env,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      // The command may have ended before it read anything.
      child.stdin.on('error', () => {})
      child.stdin.end(input.map((line) => `${line}\n`).join(''))
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        stderr += chunk
        onStderr?.(stderr, child)
      })
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
      const [stdout, exit] = await Promise.all([text(child.stdout), ended])
      seen += stdout + stderr
      return { exit, stdout, stderr }
    },
  }
}

/** The options that name the nodes of a stack. */
export function rpcOptions({ chains }: Pick<Stack, 'chains'>): string[] {
  return chains.flatMap(({ chainId, rpcUrl }) => ['--rpc', `${chainId}=${rpcUrl}`])
}

/** Returns the document that a run has printed; one that ended otherwise than it should is an error. */
export function readRun(run: Run, exit: number) {
  expect(run.exit, run.stderr + run.stdout).toBe(exit)
  return JSON.parse(run.stdout)
}

/** The arguments of every process of this machine, where the system tells. */
export function processArguments(): string {
  if (!existsSync('/proc')) return ''
  const read = (id: string): string => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')
    } catch {
      // It has ended since.
      return ''
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(read)
    .join('\n')
}
