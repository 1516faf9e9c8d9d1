// Installs the workspace when it is not, then runs a script of it on the workspace's Node:
//   node scripts/bootstrap.mjs scripts/start.ts [arguments]
// Node built-ins only: it starts on a machine that has Node 20 and npm and nothing else.
import { spawn, spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import {
  isInstalled,
  isNodeAtLeast,
  oldestNode,
  pnpmVersion,
  recordInstall,
  root,
  toolEnvironment,
  workspaceNode,
} from './lib/install.mjs'
import { watchParent } from './lib/parent.mjs'

const isWindows = process.platform === 'win32'
const offlineCodes =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL|dns error|error sending request/i

/** @param {string[]} lines */
function stop(...lines) {
  for (const line of lines) console.error(line)
  process.exit(1)
}

/** Runs a child to its end. Signals that reach this process reach the child. */
function waitFor(child) {
  const forward = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(signal === null ? code : 128 + constants.signals[signal])
    })
  })
}

/** Prints at most one progress line every two seconds. */
function createProgressPrinter() {
  let printedAt = Date.now()
  return (line) => {
    const isEnd = /^Progress:.*, done$|^Done in/.test(line)
    const isDue = /^Progress:/.test(line) && Date.now() - printedAt > 2_000
    if (!isEnd && !isDue) return
    printedAt = Date.now()
    console.log(`  ${line}`)
  }
}

/** Says why an installation failed, and what to do. */
function explainFailure(output, code) {
  const reasons = output.filter((line) => offlineCodes.test(line)).slice(0, 2)
  if (reasons.length === 0) {
    stop(...output.filter(Boolean).slice(-40), `The installation failed (exit code ${code}); the lines above say why.`)
  }
  stop(
    ...reasons,
    'The package registry cannot be reached. Check the network and the proxy settings (npm config list),',
    'then run the command again.',
  )
}

async function install() {
  console.log(
    `Installing the workspace with pnpm ${pnpmVersion} (about 600 packages; only what is missing is downloaded)`,
  )
  const child = spawn(
    'npx',
    ['--yes', `pnpm@${pnpmVersion}`, 'install', '--frozen-lockfile', '--reporter=append-only'],
    {
      cwd: root,
      // CI: pnpm never asks a question. The log level silences warnings about the machine's own npm settings.
      env: { ...process.env, CI: 'true', npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: isWindows,
    },
  )
  const output = []
  const print = createProgressPrinter()
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split(/\r?\n/)
      rest = lines.pop() ?? ''
      output.push(...lines)
      lines.forEach(print)
    })
    stream.on('end', () => output.push(rest))
  }
  const code = await waitFor(child).catch((error) => {
    if (error.code === 'ENOENT')
      stop('npx was not found. It comes with npm: install Node.js 20 or newer together with npm.')
    throw error
  })
  if (code === 0) return recordInstall()
  if (code > 128) process.exit(code)
  explainFailure(output, code)
}

/** The workspace's own Node, or the machine's where none is published for the platform. */
function nodeForTools() {
  for (const path of [workspaceNode(), process.execPath]) {
    if (path === undefined) continue
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim()
    if (version && isNodeAtLeast(version, oldestNode.tools)) return path
  }
  return stop(
    `The tools need Node ${oldestNode.tools.join('.')} or newer. This machine runs ${process.version}, and no Node package is`,
    `published for ${process.platform}-${process.arch}. Install Node 24 and run the command again.`,
  )
}

if (!isNodeAtLeast(process.version, oldestNode.bootstrap)) {
  stop(`Rekey needs Node ${oldestNode.bootstrap[0]} or newer to start; this is ${process.version}.`)
}
const [script, ...scriptArguments] = process.argv.slice(2)
if (script === undefined) stop('Usage: node scripts/bootstrap.mjs <script> [arguments]')
if (process.env.npm_lifecycle_event) watchParent(() => process.kill(process.pid, 'SIGTERM'))
if (!isInstalled()) await install()

const child = spawn(nodeForTools(), ['--conditions=@rekey/source', join(root, script), ...scriptArguments], {
  cwd: root,
  env: toolEnvironment(),
  stdio: 'inherit',
})
process.exitCode = await waitFor(child)
