import { existsSync } from 'node:fs'
import path from 'node:path'
import { repositoryRoot } from '../deploy/artifacts.ts'
import { localAccount } from './accounts.ts'
import { type NamesParameters, startNames } from './names.ts'
import { startRelay } from './relay.ts'
import { type SiteParameters, startSite } from './site.ts'
import type { StackInfo } from './stackFile.ts'

export type StackSite = Omit<SiteParameters, 'config'> & {
  /** Its key in `urls`. */
  readonly name: string
  /** Content of `/config.json`; by default the whole StackInfo. */
  readonly config?: (info: StackInfo) => unknown
}

/** What a page with passkeys is served with: no inline code, no frame around it, no passkeys for anybody else. */
const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:",
    "connect-src 'self' http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'permissions-policy': 'publickey-credentials-create=(self), publickey-credentials-get=(self)',
  'x-frame-options': 'DENY',
}

/** The worker that stretches passphrases may compile WebAssembly, which makes it four times as fast, and load nothing. */
const workerHeaders = { 'content-security-policy': "default-src 'none'; script-src 'wasm-unsafe-eval'" }

/** What a file of the dialog is served with. */
export function dialogHeaders(pathname: string): Readonly<Record<'content-security-policy', string>> {
  return /^\/assets\/argon2Worker-[\w-]+\.js$/.test(pathname) ? workerHeaders : pageHeaders
}

const dialogSite = { folder: path.join(repositoryRoot, 'apps/dialog/dist'), headers: dialogHeaders }

export const defaultSites: readonly StackSite[] = [
  { name: 'dialog', host: 'auth.localhost', ...dialogSite },
  { name: 'backup', host: 'backup.localhost', ...dialogSite },
  { name: 'demo', host: 'app.localhost', folder: path.join(repositoryRoot, 'examples/demo/dist') },
]

/** Sites that serve, by name, and how each is stopped. */
export type RunningSites = Map<string, () => Promise<void>>

export async function stopSite(sites: RunningSites, name: string): Promise<void> {
  const stop = sites.get(name)
  sites.delete(name)
  await stop?.()
}

/** Starts the sites that are built; returns their addresses. `info` is what their pages ask for, once the stack is up. */
export async function startSites(
  sites: readonly StackSite[],
  info: () => StackInfo,
  running: RunningSites,
): Promise<Readonly<Record<string, string>>> {
  const urls: Record<string, string> = {}
  for (const { name, config, ...site } of sites) {
    if (!existsSync(path.join(site.folder, 'index.html'))) continue
    const { url, stop } = await startSite({ ...site, config: () => config?.(info()) ?? info() })
    running.set(name, stop)
    urls[name] = url
  }
  return urls
}

/** Pages that providers send people back to after they signed in. */
export function signInPages(urls: Readonly<Record<string, string>>): readonly string[] {
  const pages = [urls.dialog, urls.backup].flatMap((url) => (url === undefined ? [] : [`${url}/sign-in`]))
  return pages.length > 0 ? pages : ['http://auth.localhost/sign-in']
}

/** Starts what answers the pages of the sites: the relay, and who knows the names where there are any. */
export async function startSiteServices(
  info: StackInfo,
  names: NamesParameters['names'] | undefined,
  closers: (() => Promise<void>)[],
): Promise<Readonly<Record<string, string>>> {
  const origins = () => [info.urls.dialog, info.urls.backup].filter((url) => url !== undefined)
  const relay = await startSiteRelay(info, origins, closers)
  if (!names) return relay
  const { url, stop } = await startNames({ names, origins })
  closers.push(stop)
  return { ...relay, names: url }
}

async function startSiteRelay(
  info: StackInfo,
  origins: () => readonly string[],
  closers: (() => Promise<void>)[],
): Promise<Readonly<Record<string, string>>> {
  const { RekeyAccountFactory: factory } = info.contracts
  if (!factory) return {}
  const relay = await startRelay({
    chains: info.chains,
    account: localAccount('relayer'),
    singletons: Object.values(info.contracts),
    factory,
    origins,
  })
  closers.push(relay.stop)
  return { relay: relay.url }
}
