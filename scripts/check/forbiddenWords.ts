import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { listFiles } from '../gen/files.ts'
import { problemCheck } from './check.ts'

interface Rule {
  readonly name: string
  readonly pattern: RegExp
  /** Files the rule looks at; all when absent. */
  readonly files?: RegExp
}

const code = /\.(?:[cm]?[jt]sx?|sol|html)$/

export const rules: readonly Rule[] = [
  { name: 'unfinished work', pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/ },
  {
    name: 'skipped or focused test',
    pattern: /\b(?:it|test|describe|suite)\.(?:skip|only|todo|skipIf|runIf)\b/,
    files: code,
  },
  { name: 'skipped or focused test', pattern: /\b(?:xit|xdescribe|fit|fdescribe)\(|\bvm\.skip\(/, files: code },
  { name: 'message to any origin', pattern: /targetOrigin\s*:\s*(['"`])\*\1/, files: code },
  { name: 'message to any origin', pattern: /\bpostMessage\([^;]*,\s*(['"`])\*\1/, files: code },
  { name: 'path of one machine', pattern: /(?<![\w.*)}\]-])\/(?:work|root|home\/\w+|Users\/\w+)\// },
  {
    name: 'host of a package registry',
    pattern: /\b(?:registry\.(?:npmjs|yarnpkg)|npm\.pkg\.github|\w+\.jfrog|\w+\.artifactory)\b/i,
  },
  {
    name: 'secret',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\b(?:gh[pousr]|npm)_[A-Za-z0-9]{36}\b/,
  },
  { name: 'reference to a tracker', pattern: /\bissues?\s+#?\d+\b|\bissues\/\d+\b/i },
  {
    name: 'how the text came about',
    pattern:
      /\b(?:claude|anthropic|openai|chatgpt|copilot|language model|sub-?agents?|AI[- ](?:generated|assistant|session))\b/i,
  },
]

/** Files that must name the words; each with its reason. */
const exempt: Readonly<Record<string, string>> = {
  'scripts/check/forbiddenWords.ts': 'the rules themselves',
  'scripts/check/forbiddenWords.test.ts': 'examples that must be found',
}

const binary = /\.(?:png|jpe?g|gif|ico|woff2?|wasm|pdf|zip|gz)$/

/** Words that must not be in the repository: unfinished work, skipped tests, unsafe targets, traces of one machine. */
export const forbiddenWords = problemCheck('forbidden words', async (root) => {
  const paths = (await trackedFiles(root)).filter((path) => !binary.test(path) && !(path in exempt))
  const problems = await Promise.all(
    paths.map(async (path) => findForbiddenWords(path, await readFile(join(root, path), 'utf8').catch(() => ''))),
  )
  return { problems: problems.flat(), summary: `${paths.length} files` }
})

export function findForbiddenWords(path: string, text: string): readonly string[] {
  const problems: string[] = []
  text.split('\n').forEach((line, index) => {
    for (const { name, pattern, files } of rules) {
      if (files !== undefined && !files.test(path)) continue
      const match = pattern.exec(line)
      if (match) problems.push(`${path}:${index + 1}: ${name}: ${match[0].slice(0, 60)}`)
    }
  })
  return problems
}

/** Files under version control or about to be; without git, all that are neither installed nor built. */
async function trackedFiles(root: string): Promise<readonly string[]> {
  try {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
    const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 })
    return [...new Set(stdout.split('\0').filter((path) => path !== ''))]
  } catch {
    return listFiles(root)
  }
}
