import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import data from './chromium.json' with { type: 'json' }

/** What the browser is started with: no network traffic of its own, and no sandbox where it refuses to run with one. */
export const chromiumArgs: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The command that installs Chromium and the fonts its pages need on Debian. */
export const installCommand = data.debianCommands.map((command) => command.join(' ')).join(' && ')

export class ChromiumNotFoundError extends Error {
  override name = 'ChromiumNotFoundError'
}

type Machine = {
  chromePath: string | undefined
  platform: string
  isDebian: boolean
  isRoot: boolean
  exists: (path: string) => boolean
  run: (command: string, args: string[]) => number
}

const thisMachine: Machine = {
  chromePath: process.env.CHROME_PATH,
  platform: process.platform,
  isDebian: existsSync('/etc/debian_version'),
  isRoot: process.getuid?.() === 0,
  exists: existsSync,
  run: (command, args) =>
    spawnSync(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status ?? 1,
}

function locate({ platform, exists }: Machine): string | undefined {
  const places: Record<string, string[]> = data.places
  return places[platform]?.find(exists)
}

/**
 * The path of a Chromium: `$CHROME_PATH`, else a known place, else Debian's package is installed when this is root on Debian.
 * @throws {ChromiumNotFoundError} with the command that installs it.
 */
export function findChromium(machine: Machine = thisMachine): string {
  if (machine.chromePath) {
    if (machine.exists(machine.chromePath)) return machine.chromePath
    throw new ChromiumNotFoundError(`CHROME_PATH is ${machine.chromePath}, and there is no such file.`)
  }
  const found = locate(machine)
  if (found) return found
  if (machine.isDebian && machine.isRoot) {
    console.log(`Chromium is missing; the browser tests need it. Installing it: ${installCommand}`)
    for (const [command = '', ...args] of data.debianCommands) {
      if (machine.run(command, args) !== 0) {
        throw new ChromiumNotFoundError(`"${command} ${args.join(' ')}" failed; the lines above say why.`)
      }
    }
    const installed = locate(machine)
    if (installed) return installed
  }
  throw new ChromiumNotFoundError(
    `Chromium was not found. Set CHROME_PATH, or install it, on Debian as root with: ${installCommand}`,
  )
}
