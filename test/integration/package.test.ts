import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryDirectory } from './support/directory.ts'

/** The package as it would be published, beside its dependencies and nothing else. */
type EntryExports = { readonly values: readonly string[]; readonly types: readonly string[] }
type Manifest = {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const root = path.join(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const exported: Readonly<Record<string, EntryExports>> = JSON.parse(read('test/snapshots/sdk-exports.json'))
const manifest: Manifest = JSON.parse(read('sdk/package.json'))
const run = promisify(execFile)
// Whatever the tests run with, the package is used without: no condition that leads to its sources.
const { NODE_OPTIONS: _, ...environment } = process.env
const directory = temporaryDirectory()
const consumer = path.join(directory.path, 'consumer')
const installed = path.join(consumer, 'node_modules/@rekey/sdk')
let files: string[]

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', directory.path], {
    cwd: path.join(root, 'sdk'),
    env: { ...environment, npm_config_offline: 'true', npm_config_loglevel: 'error' },
  })
  // Building, which packing begins with, prints before it.
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[$/m))) as [{ filename: string; files: { path: string }[] }]
  files = packed.files.map((file) => file.path)
  mkdirSync(installed, { recursive: true })
  const tarball = path.join(directory.path, packed.filename)
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const link = path.join(consumer, 'node_modules', name)
    mkdirSync(path.dirname(link), { recursive: true })
    symlinkSync(path.join(root, 'sdk/node_modules', name), link)
  }
  writeFileSync(path.join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }))
})
afterAll(() => directory[Symbol.dispose]())

describe('the packed SDK', () => {
  test('has what is built, its sources, a licence and a README, and nothing else', () => {
    for (const file of ['package.json', 'LICENSE', 'README.md']) expect(files).toContain(file)
    const others = files.filter(
      (file) => !/^(dist\/[\w-]+\.(js|js\.map|d\.ts)|src\/[\w/]+(\.generated)?\.ts)$/.test(file),
    )
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
    expect(files.filter((file) => /\.test\.|fixtures|fake/i.test(file))).toEqual([])
    expect(readFileSync(path.join(installed, 'LICENSE'), 'utf8')).toBe(read('LICENSE'))
    for (const { types, default: code } of Object.values(manifest.exports))
      expect(files).toEqual(expect.arrayContaining([types.slice(2), code.slice(2)]))
  })

  test('imports on Node without a browser, each entry alone, and exports the names on record', async () => {
    const script = `
      for (const name of ['window', 'document', 'navigator', 'location', 'localStorage']) delete globalThis[name]
      console.log(JSON.stringify(Object.keys(await import(process.argv[1])).sort()))`
    const entries = Object.keys(manifest.exports).map((subpath) => `@rekey/sdk${subpath.slice(1)}`)
    expect(Object.keys(exported).sort()).toEqual(entries.sort())
    const options = { cwd: consumer, env: environment }
    const imports = entries.map(async (entry) => {
      const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script, entry], options)
      expect(JSON.parse(stdout), entry).toEqual(exported[entry]?.values)
      expect(stderr).toBe('')
    })
    await Promise.all(imports)
  })

  test('has one class of each error, whichever entry it came through', async () => {
    const script = `
      const { createConfig } = await import('@rekey/sdk')
      const { EncodingError } = await import('@rekey/sdk/errors')
      try { createConfig({ rpId: 'x', rpName: 'X', origins: ['https://x'], chains: [] }) }
      catch (error) { console.log(error instanceof EncodingError, error.code) }`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: consumer,
      env: environment,
    })
    expect(stdout).toBe('true ENCODING_INVALID\n')
  })

  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types for every name under module %s, resolved as %s', async (module, moduleResolution) => {
    const folder = path.join(consumer, moduleResolution)
    mkdirSync(folder)
    cpSync(path.join(root, 'docs/snippets/quickstart.ts'), path.join(folder, 'quickstart.ts'))
    Object.entries(exported).forEach(([entry, { values, types }], index) => {
      const names = [...values, ...types.map((name) => `type ${name}`)].join(', ')
      writeFileSync(path.join(folder, `entry${index}.ts`), `export { ${names} } from '${entry}'\n`)
    })
    writeFileSync(
      path.join(folder, 'strict.ts'),
      `import { createConfig, type RekeyConfig } from '@rekey/sdk'
       // @ts-expect-error Without its parameters: it is no 'any'.
       export const config: RekeyConfig = createConfig({})
       // @ts-expect-error
       export type Absent = import('@rekey/sdk').Absent`,
    )
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    }
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }))
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
    const outcome = await run(process.execPath, [tsc, '-p', folder], { cwd: consumer, env: environment }).catch(
      (error: { stdout: string }) => error,
    )
    expect(outcome.stdout).toBe('')
  })
})
