import { createRequire } from 'node:module'
import path from 'node:path'
import type { Hex } from 'viem'
import { ENTRY_POINT } from '../deploy/constants.ts'
import { StackError } from './errors.ts'
import { followClock, preload } from './followingProcess.ts'
import { callRpc } from './jsonRpc.ts'
import { type ManagedProcess, startProcess } from './managedProcess.ts'

export type AltoParameters = {
  readonly chainId: number
  readonly rpcUrl: string
  readonly executorKey: Hex
  readonly utilityKey: Hex
  readonly directory: string
}

export type Alto = {
  readonly process: ManagedProcess
  readonly port: number
  readonly url: string
  /** Sets how far its clock is ahead of the machine's: it judges validAfter and validUntil, and simulates, by it. */
  readonly setClockOffset: (seconds: number) => Promise<void>
}

const READY_MS = 60_000

/** Starts an ERC-4337 bundler for EntryPoint v0.8, which must be deployed; both keys need funds. */
export async function startAlto(parameters: AltoParameters): Promise<Alto> {
  const { chainId, directory } = parameters
  const alto = startProcess({
    name: `alto-${chainId}`,
    command: process.execPath,
    args: [...preload('loopback.ts'), ...preload('followClock.ts'), altoPath(), 'run', ...altoFlags(parameters)],
    directory,
    // Without it alto would read a file .env of its working directory.
    environment: { DOTENV_CONFIG_PATH: path.join(directory, 'no.env') },
  })
  try {
    // Its log is written by another thread, in pieces: this line may stand at the end of half a line of the log.
    const [, port] = await alto.waitForLine(/listening on 127\.0\.0\.1:(\d+)$/, READY_MS)
    const url = `http://127.0.0.1:${port}`
    const entryPoints = await callRpc(url, 'eth_supportedEntryPoints')
    if (!Array.isArray(entryPoints) || !entryPoints.includes(ENTRY_POINT))
      throw new StackError(`${alto.name} does not serve ${ENTRY_POINT}.`, alto.logTail())
    return { process: alto, port: Number(port), url, setClockOffset: (seconds) => followClock(alto, seconds) }
  } catch (error) {
    await alto.stop()
    throw error
  }
}

function altoFlags({ rpcUrl, executorKey, utilityKey }: AltoParameters): readonly string[] {
  const flags = {
    entrypoints: ENTRY_POINT,
    'rpc-url': rpcUrl,
    port: 0,
    'executor-private-keys': executorKey,
    'utility-private-key': utilityKey,
    'utility-wallet-monitor': false,
    'refilling-wallets': false,
    'min-executor-balance': 0,
    // Its safe mode does not work with EntryPoint 0.8; our own checker judges ERC-7562.
    'safe-mode': false,
    'deploy-simulations-contract': true,
    'enable-cors': true,
    // Sets how often it polls; anvil mines at once.
    'block-time': 200,
    'max-bundle-interval': 100,
    'min-bundle-interval': 20,
    'log-level': 'info',
    json: true,
  }
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
}

function altoPath(): string {
  const main = createRequire(import.meta.url).resolve('@pimlico/alto')
  return path.join(main.slice(0, main.lastIndexOf('@pimlico/alto')), '@pimlico/alto/esm/cli/alto.js')
}
