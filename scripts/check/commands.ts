import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Check } from './check.ts'

/** How much of a failing tool's output is shown. */
const maxLines = 60

/** Tools with their own configuration; a check passes when the tool exits with zero. */
export const commandChecks: readonly Check[] = [
  commandCheck('biome', 'biome', ['ci', '--colors=off', '.']),
  commandCheck('types', 'tsc', ['-p', 'tsconfig.json', '--noEmit', '--pretty', 'false']),
  commandCheck('unused code', 'knip', ['--no-progress', '--no-config-hints']),
  commandCheck('solhint', 'solhint', ['--noPoster', '--max-warnings', '0', 'contracts/**/*.sol']),
  commandCheck('prettier', 'prettier', ['--check', 'contracts/**/*.sol', 'test/**/*.sol']),
]

export function commandCheck(name: string, tool: string, args: readonly string[]): Check {
  return {
    name,
    async run(root) {
      const bin = join(root, 'node_modules/.bin')
      const env = {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
        NO_COLOR: '1',
        FORCE_COLOR: '0',
      }
      const { status, output } = await runTool(tool, args, root, env)
      return status === 0
        ? { ok: true, detail: `${tool} passed` }
        : { ok: false, detail: shorten(output) || `${tool} exited with ${status}` }
    },
  }
}

function runTool(tool: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  return new Promise<{ status: number | null; output: string }>((resolve, reject) => {
    const child = spawn(tool, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
  })
}

/** Drops colours and empty lines, and keeps the beginning of a long report. */
export function shorten(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const more = lines.length - maxLines
  return [...lines.slice(0, maxLines), ...(more > 0 ? [`… ${more} more lines`] : [])].join('\n')
}
