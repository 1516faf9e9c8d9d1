import { createRequire } from 'node:module'
import path from 'node:path'
import { StackError } from './errors.ts'
import { type ManagedProcess, startProcess } from './managedProcess.ts'

export type Hardfork = 'shanghai' | 'cancun' | 'prague' | 'osaka'

type AnvilParameters = {
  readonly chainId: number
  /** P256VERIFY exists under `osaka` only. */
  readonly hardfork?: Hardfork
  /** Unix time in seconds that its clock begins at. Default: now. */
  readonly startsAt?: number | undefined
  /** Where `logs/` is. */
  readonly directory: string
}

export type Anvil = { readonly process: ManagedProcess; readonly port: number; readonly rpcUrl: string }

const READY_MS = 20_000

/** Starts an EVM chain on a free loopback port; it mines a block per transaction. */
export async function startAnvil({
  chainId,
  hardfork = 'osaka',
  startsAt,
  directory,
}: AnvilParameters): Promise<Anvil> {
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--chain-id',
    String(chainId),
    '--hardfork',
    hardfork,
    '--accounts',
    '1',
    '--color',
    'never',
    ...(startsAt === undefined ? [] : ['--timestamp', String(startsAt)]),
  ]
  const anvil = startProcess({ name: `anvil-${chainId}`, command: anvilPath(), args, directory })
  try {
    const [, port] = await anvil.waitForLine(/^Listening on 127\.0\.0\.1:(\d+)$/, READY_MS)
    return { process: anvil, port: Number(port), rpcUrl: `http://127.0.0.1:${port}` }
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** The binary itself: anvil's npm entry is a script that would stand between us and it. */
function anvilPath(): string {
  const platform = `${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
  try {
    const manifest = require.resolve(`@foundry-rs/anvil-${platform}/package.json`)
    return path.join(path.dirname(manifest), 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil')
  } catch (cause) {
    throw new StackError(
      `There is no anvil for ${platform}. Install with optional dependencies, on Linux or macOS (x64, arm64).`,
      [],
      { cause },
    )
  }
}
