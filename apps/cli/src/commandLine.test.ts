import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands, runCommandLine } from './commandLine.ts'

let folder = ''
const at = (name: string) => path.join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rekey-command-'))
  writeFileSync(at('wallet.key'), `0x${'11'.repeat(32)}`, { mode: 0o600 })
  writeFileSync(at('not.json'), 'not JSON')
  writeFileSync(at('nodes.json'), '{"rpc": {"one": "https://node.example.com"}}')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a command line with nobody at the terminal; nothing that is run here reaches a node. */
async function run(...argv: readonly string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end()
  const shown = { stdout: '', stderr: '' }
  stdout.on('data', (chunk: Buffer) => {
    shown.stdout += chunk.toString('utf8')
  })
  stderr.on('data', (chunk: Buffer) => {
    shown.stderr += chunk.toString('utf8')
  })
  const exit = await runCommandLine(argv, { stdin, stdout, stderr, once: () => {} })
  return { exit, ...shown }
}

/** A node that nobody runs. */
const rpc = ['--rpc', '1=http://127.0.0.1:1'] as const
const account = '0x00000000000000000000000000000000000fee14'
const hash = `0x${'ab'.repeat(32)}`

describe('help', () => {
  test('of all, on standard output; without a command it is an error', async () => {
    expect(await run('--help')).toMatchObject({ exit: 0, stdout: expect.stringContaining('rekey recover'), stderr: '' })
    expect(await run()).toMatchObject({ exit: 2, stdout: expect.stringContaining('rekey recover') })
  })

  test.each(commands.map(({ name }) => name))('of %s', async (name) => {
    const { exit, stdout } = await run(...name.split(' '), '--help')
    expect([exit, stdout]).toEqual([0, expect.stringContaining(`rekey ${name}`)])
    expect(JSON.parse((await run(...name.split(' '), '--help', '--json')).stdout)).toEqual({
      ok: true,
      command: name,
      help: stdout.trimEnd(),
    })
  })

  test.each([['recover'], ['veto']])('of %s says where a passkey of its page works', async (name) => {
    const { stdout } = await run(name, '--help')
    expect(stdout).toContain('belongs to `localhost` and to the port')
  })
})

describe('an error', () => {
  test('is one document with these fields, and nothing else on standard output', async () => {
    const { exit, stdout, stderr } = await run('veto', '--json')
    expect([exit, stderr]).toEqual([2, ''])
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      command: 'veto',
      error: {
        code: 'CLI_USAGE',
        message: expect.any(String),
        details: null,
        remedies: expect.arrayContaining(['See `rekey veto --help`.']),
      },
    })
  })

  test('goes to standard error for people', async () => {
    expect(await run('veto')).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('--key') })
  })
})

const page = ['recover', '--passkey', '--port', '0', ...rpc] as const
const usage: readonly (readonly [what: string, argv: readonly string[]])[] = [
  ['no such command', ['recovery']],
  ['half a command', ['kit']],
  ['no node', ['recover', '--account', account, '--new-key', 'key.json']],
  ['a node without its chain', ['health', '--account', account, '--rpc', 'https://node.example.com']],
  ['a node that is no address', ['health', '--account', account, '--rpc', '1=node']],
  ['a chain with two nodes', ['health', '--account', account, ...rpc, ...rpc]],
  ['no account', ['health', ...rpc]],
  ['an account that is no address', ['health', '--account', '0x12', ...rpc]],
  ['a policy of no account', ['policy', 'show', ...rpc]],
  ['no new key', ['recover', '--account', account, ...rpc]],
  ['a new key for a recovery that has one', ['recover', '--resume', 'x', '--new-key', 'y', ...rpc]],
  ['a veto without the recovery', ['veto', '--key', 'key.json', ...rpc]],
  ['a veto of half a recovery', ['veto', '--key', 'key.json', '--recovery', '0x12', ...rpc]],
  ['an approval of nothing', ['approve', ...rpc]],
  ['two requests', ['approve', 'x', '--request', 'y', ...rpc]],
  ['approvals of no drill', ['drill', '--account', account, '--approval', 'x', ...rpc]],
  ['a kit of no account', ['kit', 'export', ...rpc]],
  ['a kit in a form that there is not', ['kit', 'print', 'x', '--format', 'pdf']],
  ['no kit', ['kit', 'check']],
  ['a port that is no number', [...page.slice(0, 2), '--port', 'x', ...rpc]],
  ['a port that there is not', [...page.slice(0, 2), '--port', '65536', ...rpc]],
  ['a port without a page', ['recover', '--account', account, '--port', '1', ...rpc]],
  ['a bundler without a page', ['veto', '--key', 'x', '--recovery', hash, '--bundler', '1=https://b.example', ...rpc]],
  ['a bundler without its chain', [...page, '--bundler', 'https://bundler.example.com']],
  ['a page and a key file', [...page, '--new-key', 'key.json']],
  ['a page and a code', [...page, '--code']],
  ['a page and an approval', [...page, '--approval', 'x']],
  ['a page for an account that is no address', [...page, '--account', '0x12']],
  ['a page and a key file for a veto', ['veto', '--passkey', '--key', 'x', ...rpc]],
]

test.each(usage)('%s is told, and nothing is done', async (_, argv) => {
  const { exit, stdout } = await run(...argv, '--json')
  expect([exit, JSON.parse(stdout).error.code]).toEqual([2, 'CLI_USAGE'])
})

test.each([
  ['is not there', 'missing'],
  ['is no JSON', 'not.json'],
  ['has something else in it', 'nodes.json'],
])('a file that %s is told', async (_, name) => {
  const { exit, stdout } = await run('health', '--account', account, '--config', at(name), '--json')
  const { code, message } = JSON.parse(stdout).error
  expect([exit, code]).toEqual([2, 'CLI_FILE'])
  expect(message).toContain(at(name))
})

test('a page that would pay is not served without a yes', async () => {
  const { exit, stdout } = await run(...page, '--relayer', at('wallet.key'), '--json')
  expect([exit, JSON.parse(stdout).error.code]).toEqual([4, 'CLI_DECLINED'])
})

test('a chain that does not answer is told, with the code of it', async () => {
  const { exit, stdout } = await run('policy', 'show', '--account', account, ...rpc, '--json')
  expect([exit, JSON.parse(stdout)]).toEqual([
    1,
    {
      ok: false,
      command: 'policy show',
      account: expect.stringMatching(/^0x[\da-fA-F]{40}$/),
      chains: [{ chainId: 1, policy: null, error: expect.objectContaining({ code: 'CHAIN_UNREACHABLE' }) }],
    },
  ])
})
