import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import type { Row } from '../lib/row.ts'

const root = path.join(import.meta.dirname, '../..')

/** What a page that signs in with passkeys imports, by itself. */
const passkeys = `export { createCredential, credentialCommitment, encodeAssertion, getAssertion, toCredential }
  from '@rekey/sdk/webauthn'`
/** What a wallet's page imports: accounts, calls, passkeys and recovery, from both sides. */
const wallet = `
  export { addPasskey, createConfig, createPasskeyAccount, httpRelay, listPasskeys, loadAccount, removePasskey,
    sendCalls, signIn } from '@rekey/sdk'
  export { loadRecovery, passkeyGuardian, planRecovery, startRecovery, vetoRecovery, walletGuardian }
    from '@rekey/sdk/recovery'`
const viem = ['viem', 'viem/*']

/** P16: what the SDK adds to a page, minified and compressed. What is loaded only when it is needed does not count. */
export async function sizeRows(): Promise<Row[]> {
  const size = (source: string, external: readonly string[]) => measureSize(source, external)
  return [
    {
      id: 'P16a',
      what: 'SDK: passkeys, without viem',
      unit: 'B gzip',
      measured: await size(passkeys, viem),
      target: 4_000,
    },
    {
      id: 'P16b',
      what: 'SDK: passkeys, accounts and recovery, without viem',
      unit: 'B gzip',
      measured: await size(wallet, viem),
      target: 14_000,
      moonshot: 10_000,
    },
    {
      id: 'P16c',
      what: 'SDK: passkeys, accounts and recovery, with viem',
      unit: 'B gzip',
      measured: await size(wallet, []),
      target: 112_000,
      moonshot: 108_000,
    },
  ]
}

/** Bundles a page for browsers and returns the bytes of what it loads at once, each file compressed by itself. */
async function measureSize(contents: string, external: readonly string[]): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, sourcefile: 'page.ts', loader: 'ts' },
    absWorkingDir: root,
    outdir: 'dist',
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['@rekey/source'],
    external: [...external],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  const files = new Map(outputFiles.map((file) => [path.relative(root, file.path), file.contents]))
  const loaded = findLoaded(metafile)
  return loaded.reduce((sum, name) => sum + gzipSync(files.get(name) ?? '', { level: 9 }).length, 0)
}

/** The page's own file and everything that it imports statically. */
function findLoaded({ outputs }: Metafile): string[] {
  const entry = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === 'page.ts')
  if (entry === undefined) throw new Error('The bundler wrote no page.')
  const loaded = [entry]
  for (const name of loaded)
    for (const { path: imported, kind, external } of outputs[name]?.imports ?? [])
      if (kind === 'import-statement' && !external && !loaded.includes(imported)) loaded.push(imported)
  return loaded
}
