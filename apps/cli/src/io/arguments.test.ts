import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

const options = {
  rpc: { type: 'list', help: '' },
  wallet: { type: 'text', help: '' },
  recovery: { type: 'text', help: '', isHash: true },
  passphrase: { type: 'secret', help: '' },
  yes: { type: 'flag', help: '' },
} as const
const read = (argv: readonly string[], positionals = 1) => readArguments('test', { options, positionals }, argv)
const key = `0x${'ab'.repeat(32)}`
const mnemonic = 'test test test test test test test test test test test junk'

test('reads what it knows', () => {
  const { values, positionals } = read([
    'text',
    '--rpc',
    '1=a',
    '--rpc=2=b',
    '--yes',
    '--recovery',
    key,
    '--passphrase',
  ])
  expect(values).toEqual({ rpc: ['1=a', '2=b'], wallet: undefined, recovery: key, passphrase: true, yes: true })
  expect(positionals).toEqual(['text'])
  expect(read([]).values).toEqual({ rpc: [], wallet: undefined, recovery: undefined, passphrase: false, yes: false })
})

test.each([
  ['an unknown option', ['--unknown']],
  ['an option without its value', ['--wallet']],
  ['an option with an empty value', ['--wallet=']],
  ['a flag with a value', ['--yes=1']],
  ['an option given twice', ['--wallet', 'a', '--wallet', 'b']],
  ['one argument too many', ['a', 'b']],
  ['a key as an argument', [key]],
])('refuses %s', (_, argv) => {
  expect(() => read(argv)).toThrow(expect.objectContaining({ code: 'CLI_USAGE' }))
})

test.each([
  ['after the option', ['--passphrase', 'vivid gravity']],
  ['with the option', ['--passphrase=vivid']],
  ['a private key', ['--wallet', key]],
  ['a private key without 0x', [`--wallet=${key.slice(2)}`]],
  ['a mnemonic', ['--wallet', mnemonic]],
])('refuses a secret among the arguments: %s', (_, argv) => {
  expect(() => read(argv)).toThrow(expect.objectContaining({ code: 'CLI_SECRET_IN_ARGUMENTS' }))
})

test('repeats nothing of what it refuses', () => {
  const secret = fc.stringMatching(/^[a-z]{8,12}Q[a-z]{4}$/)
  const place = fc.constantFrom<(secret: string) => string[]>(
    (text) => ['--passphrase', text],
    (text) => [`--passphrase=${text}`],
    (text) => ['one', text],
    (text) => [`--yes=${text}`],
    (text) => [`--${text}=${text}`],
    (text) => ['--wallet', 'a', '--wallet', text],
  )
  fc.assert(
    fc.property(secret, place, (text, arrange) => {
      const argv = arrange(text)
      let message = ''
      try {
        read(argv)
      } catch (error) {
        message = String(error)
      }
      expect(message).not.toBe('')
      // The name of an option may be told, its value never.
      if (!argv[0]?.startsWith(`--${text}`)) expect(message).not.toContain(text)
    }),
  )
})
