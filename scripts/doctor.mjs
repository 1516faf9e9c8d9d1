// Says what is present, what is missing and what the commands would install. Installs nothing.
// Exit code 1 when something is missing that the commands cannot install by themselves.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { isInstalled, isNodeAtLeast, oldestNode, pnpmVersion, root, workspaceNode } from './lib/install.mjs'

const chromium = JSON.parse(readFileSync(join(root, 'scripts/lib/chromium.json'), 'utf8'))
const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0

const ok = (what) => ({ mark: 'ok      ', what })
const installs = (what, how) => ({ mark: 'installs', what: `${what}: ${how}` })
const missing = (what, remedy) => ({ mark: 'MISSING ', what: `${what}. ${remedy}`, isMissing: true })

/** The version a command prints, or undefined when it is not there. */
function versionOf(command) {
  const { status, stdout } = spawnSync(command, ['--version'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return status === 0 ? stdout.trim() : undefined
}

function checkNode() {
  if (isNodeAtLeast(process.version, oldestNode.bootstrap)) return ok(`Node ${process.version}`)
  return missing(`Node ${process.version} is too old`, `Install Node ${oldestNode.bootstrap[0]} or newer.`)
}

function checkNpx() {
  const version = versionOf('npx')
  return version ? ok(`npx ${version}`) : missing('npx', 'It comes with npm: install npm.')
}

function checkWorkspace() {
  if (isInstalled()) return ok('workspace packages')
  return installs('workspace packages', `npx pnpm@${pnpmVersion} install --frozen-lockfile, needs the package registry`)
}

function checkToolNode() {
  const own = workspaceNode()
  const version = own && versionOf(own)
  if (version) return ok(`Node ${version} for the tools, in node_modules`)
  if (isNodeAtLeast(process.version, oldestNode.tools)) return ok(`Node ${process.version} is new enough for the tools`)
  const isPublished = `node-${process.platform}-${process.arch}` in workspaceManifest().optionalDependencies
  if (isPublished) return installs('Node 24 for the tools', 'into node_modules, with the workspace packages')
  return missing('Node for the tools', `Install Node ${oldestNode.tools.join('.')} or newer.`)
}

function workspaceManifest() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
}

function checkChromium() {
  const { CHROME_PATH } = process.env
  if (CHROME_PATH) {
    if (existsSync(CHROME_PATH)) return ok(`Chromium at ${CHROME_PATH} (CHROME_PATH)`)
    return missing(`CHROME_PATH is ${CHROME_PATH}, and there is no such file`, 'Correct it or unset it.')
  }
  const path = chromium.places[process.platform]?.find(existsSync)
  if (path) return ok(`Chromium at ${path}`)
  const command = chromium.debianCommands.map((words) => words.join(' ')).join(' && ')
  if (isDebianRoot) return installs('Chromium for the browser tests', command)
  return missing('Chromium, for the browser tests of npm test', `Set CHROME_PATH or install it, on Debian: ${command}`)
}

function checkMachine() {
  const gibibytes = Math.round(totalmem() / 2 ** 30)
  return ok(`${availableParallelism()} processors, ${gibibytes} GiB of memory`)
}

const findings = [checkNode(), checkNpx(), checkWorkspace(), checkToolNode(), checkChromium(), checkMachine()]
for (const { mark, what } of findings) console.log(`${mark}  ${what}`)
const missingCount = findings.filter((finding) => finding.isMissing).length
console.log(missingCount === 0 ? 'Ready for npm start and npm test.' : `${missingCount} missing.`)
process.exitCode = missingCount === 0 ? 0 : 1
