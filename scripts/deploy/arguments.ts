import { parseArgs } from 'node:util'
import { type Hex, isHex, size } from 'viem'
import { DeployError } from './errors.ts'

/** A chain to deploy to. Without a chain id, whatever chain the node is on will do. */
export type ChainTarget = { readonly name: string; readonly chainId?: number; readonly rpcUrl: string }

export type DeployArguments = {
  readonly targets: readonly ChainTarget[]
  readonly isDryRun: boolean
  readonly isJson: boolean
  readonly allowFallback: boolean
}

export const USAGE = `node --conditions=@rekey/source scripts/deploy/deploy.ts (--chains chains.json | --rpc [chainId=]url,…) [options]

  --chains file      [{ "name": "Base", "chainId": 8453, "rpcUrl": "https://…/\${API_KEY}" }, …]; \${NAME} is taken from the environment
  --rpc list         URLs, separated by commas; "8453=https://…" also checks the chain id
  --dry-run          say what would be done on each chain and what it would cost; needs no key
  --allow-fallback   accept a chain that got P256VERIFY after our contracts were deployed there
  --json             print the report as JSON

The key of the paying EOA comes from the environment: DEPLOYER_PRIVATE_KEY. Ends with 0 when every chain is in order, else 1.`

/** Pure: reads the command line; `readFile` gives the text of the chains file. */
export function parseArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): DeployArguments {
  const { values } = parse(argv)
  if ((values.chains === undefined) === (values.rpc === undefined)) throw invalid('Give either --chains or --rpc.')
  const targets =
    values.chains === undefined ? parseRpcList(values.rpc ?? '') : parseChains(readFile(values.chains), environment)
  return { targets, isDryRun: values['dry-run'], isJson: values.json, allowFallback: values['allow-fallback'] }
}

/** The key of the paying EOA. It is never taken from the command line, where every user of the machine can read it. */
export function parsePrivateKey(value: string | undefined): Hex | undefined {
  if (value === undefined || value === '') return undefined
  if (!isHex(value) || size(value) !== 32 || value.length !== 66)
    throw new DeployError({
      code: 'KeyMissing',
      message: 'DEPLOYER_PRIVATE_KEY is not a private key.',
      remedy: 'Set it to 0x and 64 hexadecimal digits.',
    })
  return value
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        chains: { type: 'string' },
        rpc: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'allow-fallback': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error))
  }
}

function parseRpcList(list: string): readonly ChainTarget[] {
  return list.split(',').map((entry) => {
    const [, id, url = ''] = /^(?:(\d+)=)?(.*)$/s.exec(entry.trim()) ?? []
    return target({ name: '', rpcUrl: url, ...(id === undefined ? {} : { chainId: Number(id) }) })
  })
}

function parseChains(text: string, environment: Readonly<Record<string, string | undefined>>): readonly ChainTarget[] {
  const chains: unknown = parseJson(text)
  if (!Array.isArray(chains) || chains.length === 0) throw invalid('The chains file is not a list of chains.')
  const targets = chains.map((chain: unknown, at) => {
    if (!isChain(chain)) throw invalid(`Chain ${at + 1} of the chains file needs name, chainId and rpcUrl.`)
    return target({ name: chain.name, chainId: chain.chainId, rpcUrl: substitute(chain.rpcUrl, environment) })
  })
  if (new Set(targets.map(({ chainId }) => chainId)).size < targets.length)
    throw invalid('The chains file names a chain id twice.')
  return targets
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The chains file is not JSON.')
  }
}

function isChain(value: unknown): value is { name: string; chainId: number; rpcUrl: string } {
  if (typeof value !== 'object' || value === null) return false
  const { name, chainId, rpcUrl } = value as Record<string, unknown>
  return typeof name === 'string' && Number.isSafeInteger(chainId) && Number(chainId) > 0 && typeof rpcUrl === 'string'
}

function substitute(url: string, environment: Readonly<Record<string, string | undefined>>): string {
  return url.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = environment[name]
    if (!value) throw invalid(`${name}, named in the chains file, is not set in the environment.`)
    return value
  })
}

function target(given: ChainTarget): ChainTarget {
  if (!URL.canParse(given.rpcUrl) || !/^https?:$/.test(new URL(given.rpcUrl).protocol))
    throw invalid('An RPC URL must begin with http:// or https://.')
  return given.name === '' ? { ...given, name: new URL(given.rpcUrl).host } : given
}

function invalid(message: string): DeployError {
  return new DeployError({ code: 'ArgumentsInvalid', message, remedy: `Usage:\n${USAGE}` })
}
