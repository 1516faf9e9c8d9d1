import { describe, expect, test } from 'vitest'
import { parseArguments, parsePrivateKey } from './arguments.ts'
import { describeError } from './errors.ts'

/** Text with a placeholder for a variable, as it stands in a chains file. */
const placeholder = (name: string): string => `\${${name}}`
const chains = JSON.stringify([{ name: 'Base', chainId: 8453, rpcUrl: `https://base.example/${placeholder('KEY')}` }])
const parse = (argv: readonly string[], text = chains) => parseArguments(argv, { KEY: 'k1' }, () => text)
const invalid = expect.objectContaining({ code: 'ArgumentsInvalid' })

describe('parseArguments', () => {
  test('reads a chains file and takes keys from the environment', () => {
    expect(parse(['--chains', 'chains.json', '--dry-run'])).toEqual({
      targets: [{ name: 'Base', chainId: 8453, rpcUrl: 'https://base.example/k1' }],
      isDryRun: true,
      isJson: false,
      allowFallback: false,
    })
  })

  test('reads URLs, with and without the chain id they must have', () => {
    expect(parse(['--rpc', 'http://127.0.0.1:1,10=http://127.0.0.1:2/a=b']).targets).toEqual([
      { name: '127.0.0.1:1', rpcUrl: 'http://127.0.0.1:1' },
      { name: '127.0.0.1:2', chainId: 10, rpcUrl: 'http://127.0.0.1:2/a=b' },
    ])
  })

  test.each<[string, readonly string[], string?]>([
    ['no chains', []],
    ['both ways of naming chains', ['--rpc', 'http://a', '--chains', 'c']],
    ['an unknown option', ['--rpc', 'http://a', '--force']],
    ['a key on the command line', ['--rpc', 'http://a', '--private-key', '0x00']],
    ['a URL that is none', ['--rpc', 'localhost:8545']],
    ['a file that is not JSON', ['--chains', 'c'], '{'],
    ['an empty list', ['--chains', 'c'], '[]'],
    ['a chain without id', ['--chains', 'c'], '[{"name":"a","rpcUrl":"http://a"}]'],
    [
      'a chain twice',
      ['--chains', 'c'],
      '[{"name":"a","chainId":1,"rpcUrl":"http://a"},{"name":"b","chainId":1,"rpcUrl":"http://b"}]',
    ],
    [
      'a variable that is not set',
      ['--chains', 'c'],
      `[{"name":"a","chainId":1,"rpcUrl":"http://${placeholder('OTHER')}"}]`,
    ],
  ])('refuses %s', (_, argv, text) => {
    expect(() => parse(argv, text)).toThrow(invalid)
  })
})

describe('parsePrivateKey', () => {
  test('an unset or empty variable is no key', () => {
    expect([parsePrivateKey(undefined), parsePrivateKey('')]).toEqual([undefined, undefined])
  })

  test('a malformed key is refused without being repeated', () => {
    const secret = '0xabcdef'
    expect(() => parsePrivateKey(secret)).toThrow(
      expect.objectContaining({ code: 'KeyMissing', message: expect.not.stringContaining(secret) }),
    )
  })
})

test('an error message never shows more of a URL than its host', () => {
  const url = 'https://node.example/v3/secret'
  expect(describeError(new Error(`fetch of ${url} failed`), url)).toBe('fetch of node.example failed')
})
