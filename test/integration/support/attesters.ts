import { execFile } from 'node:child_process'
import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { cpSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { readIssuerKey } from '@rekey/sdk/oidc'
import { type Address, keccak256, parseEther, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { repositoryRoot } from '../../../scripts/deploy/artifacts.ts'
import { localKey } from '../../../scripts/stack/accounts.ts'
import { type FollowingProcess, startFollowing } from '../../../scripts/stack/followingProcess.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'
import { migrations } from '../../../services/attester/src/store/migrations.ts'
import { openStore } from '../../../services/kit/src/index.ts'

const script = path.join(repositoryRoot, 'services/attester/src/main.ts')
/** Seconds between looks. */
export const interval = 3

export type AttesterName = 'attester1' | 'attester2' | 'attester3'
export const attesterNames: readonly AttesterName[] = ['attester1', 'attester2', 'attester3']

/** What a server answers at a path; a text is JSON with status 200. */
export type Shown = string | ((request: IncomingMessage, response: ServerResponse) => void)

/** A web server whose answers a test chooses: issuers' lists of keys, and what stands for attesters. */
export type Web = AsyncDisposable & {
  readonly origin: string
  readonly show: (path: string, shown: Shown) => void
}

export async function startWeb(): Promise<Web> {
  const pages = new Map<string, Shown>()
  const server = createServer((request, response) => {
    const shown = pages.get(request.url ?? '')
    if (typeof shown === 'function') return shown(request, response)
    response.writeHead(shown === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(shown)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show: (where, shown) => void pages.set(where, shown),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A key of an issuer: how its list has it, and what stands for it on chain. */
export function createIssuerKey(kid: string, kind: 'rsa' | 'ec' = 'ec') {
  const { publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk: JsonWebKey & { kid: string } = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' }
  return { kid, jwk, key: readIssuerKey(jwk) }
}

export function listOf(...keys: readonly { readonly jwk: JsonWebKey }[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })
}

/** A folder with a database of an attester that has not seen anything; making one takes seconds, copying it does not. */
export async function createTemplate(directory: string): Promise<string> {
  const folder = path.join(directory, 'template')
  const store = await openStore({ kind: 'folder', path: folder }, migrations)
  await store.close()
  return folder
}

/** Who pays for what an attester delivers. */
export function payerOf(name: AttesterName) {
  const key = keccak256(stringToHex(`rekey test: pays for ${name}`))
  return { key, address: privateKeyToAccount(key).address }
}

export type RunningAttester = AsyncDisposable & {
  readonly url: string
  readonly logFile: string
  readonly stop: () => Promise<void>
}

export type AttesterParameters = {
  readonly stack: Stack
  readonly directory: string
  readonly template: string
  readonly web: Web
  readonly issuers: readonly string[]
}

/** Settings of an attester, as its operator writes them. It finds the others at paths of `web`. */
export function environmentOf(
  name: AttesterName,
  { stack, directory, web, issuers }: Omit<AttesterParameters, 'template'>,
): Readonly<Record<string, string>> {
  return {
    ATTESTER_KEY: localKey(name),
    ATTESTER_ACCOUNT_KEY: payerOf(name).key,
    ATTESTER_REGISTRY: registryOf(stack),
    ATTESTER_CHAINS: JSON.stringify(stack.chains.map(({ chainId, rpcUrl }) => ({ chainId, rpcUrl }))),
    ATTESTER_ISSUERS: JSON.stringify(
      issuers.map((issuer) => ({ issuer: `${web.origin}/${issuer}`, jwksUri: `${web.origin}/${issuer}/jwks` })),
    ),
    ATTESTER_PEERS: JSON.stringify(attesterNames.filter((one) => one !== name).map((one) => `${web.origin}/${one}`)),
    ATTESTER_QUORUM: '2',
    ATTESTER_INTERVAL_SECONDS: `${interval}`,
    ATTESTER_STORE: `folder:${path.join(directory, name)}`,
    ATTESTER_PORT: '0',
    ATTESTER_ALLOWED_HOSTS: new URL(web.origin).host,
  }
}

/** Starts an attester, with what it knew when it was stopped last, and shows it to its peers. */
export async function startAttester(name: AttesterName, parameters: AttesterParameters): Promise<RunningAttester> {
  const { stack, directory, template, web } = parameters
  cpSync(template, path.join(directory, name), { recursive: true, force: false })
  await stack.fund(payerOf(name).address, parseEther('1'))
  const program: FollowingProcess = await startFollowing({
    name,
    script,
    args: ['run'],
    directory,
    environment: environmentOf(name, parameters),
  })
  const url = `http://127.0.0.1:${program.port}`
  await program.setClockOffset(stack.clock.now() - Math.floor(Date.now() / 1000))
  const leave = stack.clock.join(program.setClockOffset)
  web.show(`/${name}/observations`, async (_, response) => {
    const answer = await fetch(`${url}/observations`).catch(() => undefined)
    if (answer === undefined) return void response.destroy()
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  const stop = async (): Promise<void> => {
    leave()
    await program.process.stop()
  }
  return { url, logFile: program.process.logFile, stop, [Symbol.asyncDispose]: stop }
}

export type CommandRun = { readonly exit: number; readonly text: string }

/** Runs a command of an attester, at the stack's time. */
export function runAttester(
  name: AttesterName,
  args: readonly string[],
  parameters: Omit<AttesterParameters, 'template'>,
): Promise<CommandRun> {
  const ahead = parameters.stack.clock.now() * 1000 - Date.now()
  const clock = `data:text/javascript,const now=Date.now;Date.now=()=>now()+${Math.max(0, ahead)}`
  const whole = ['--conditions=@rekey/source', '--import', clock, script, ...args]
  const env = { PATH: process.env.PATH, ...environmentOf(name, parameters) }
  return new Promise((resolve) => {
    execFile(process.execPath, whole, { env }, (error, stdout, stderr) =>
      resolve({ exit: error === null ? 0 : Number(error.code), text: `${stdout}${stderr}` }),
    )
  })
}

export function registryOf(stack: Stack): Address {
  const registry = stack.contracts.OidcKeyRegistry
  if (!registry) throw new Error('The stack has no registry of keys.')
  return registry
}
