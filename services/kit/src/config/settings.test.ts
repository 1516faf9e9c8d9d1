import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import { afterAll, describe, expect, test } from 'vitest'
import { readSettings } from './readSettings.ts'
import { allowedHosts, json, port, privateKey, secret, text, wholeNumber } from './settings.ts'
import { databaseUrl } from './storeSettings.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'rekey-'))
afterAll(() => rmSync(folder, { recursive: true }))

const key = `0x${'5a'.repeat(32)}`
const settings = {
  T_KEY: privateKey(),
  T_STORE: databaseUrl(),
  T_PORT: port({ fallback: 8_000 }),
  T_SECONDS: wholeNumber('seconds', 1, 60),
  T_LIST: json('JSON: a list of names.', v.array(v.string()), { fallback: [] }),
  T_HOSTS: allowedHosts(),
  T_NAME: text('a name.', { fallback: 'nobody' }),
  T_PASSWORD: secret(text('a password.', { fallback: '' })),
} as const
const good = { T_KEY: key, T_STORE: 'memory:', T_SECONDS: '5' }
const read = (environment: Record<string, string>) => readSettings(settings, environment, { prefix: 'T_' })

function messageOf(environment: Record<string, string>): string {
  try {
    read(environment)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'it started'
}

test('good settings come out as values, and say which of them are secrets', () => {
  const { values, secrets } = read({ ...good, T_LIST: '["a"]', T_HOSTS: 'localhost:1, 127.0.0.1:2', PATH: '/bin' })
  expect(values).toEqual({
    T_KEY: key,
    T_STORE: { kind: 'memory' },
    T_PORT: 8_000,
    T_SECONDS: 5,
    T_LIST: ['a'],
    T_HOSTS: ['localhost:1', '127.0.0.1:2'],
    T_NAME: 'nobody',
    T_PASSWORD: '',
  })
  expect(secrets).toEqual([key, 'memory:'])
})

describe('a service does not start', () => {
  test('and one message names everything that is wrong', () => {
    const message = messageOf({ T_KEY: 'short', T_PORT: '70000', T_LIST: '[1]', T_SECOND: '5', T_HOSTS: 'A B' })
    const [first, ...lines] = message.split('\n')
    expect(first).toContain('7 settings are not as they should be')
    expect(lines.map((line) => line.split('. Wanted: ')[0])).toEqual([
      'T_KEY is wrong',
      'T_STORE is missing',
      'T_PORT is wrong',
      'T_SECONDS is missing',
      'T_LIST is wrong',
      'T_HOSTS is wrong',
      'T_SECOND is no setting',
    ])
  })

  test('[250] and what was given is not repeated, secret or not', () => {
    const values = {
      T_KEY: 'value-of-key',
      T_STORE: 'value-of-store',
      T_SECONDS: 'value-of-seconds',
      T_LIST: 'value-of-list',
    }
    expect(messageOf(values)).not.toContain('value-of')
  })
})

describe('secrets in files', () => {
  const file = path.join(folder, 'key')
  writeFileSync(file, `${key}\n`)

  test('are read', () => {
    const { T_KEY: _, ...rest } = good
    expect(read({ ...rest, T_KEY_FILE: file })).toMatchObject({ values: { T_KEY: key }, secrets: [key, 'memory:'] })
  })

  test.each<[string, Record<string, string>, string]>([
    [
      'a file that is not there',
      { ...good, T_KEY: '', T_KEY_FILE: path.join(folder, 'none') },
      'T_KEY_FILE cannot be read',
    ],
    ['both', { ...good, T_KEY_FILE: file }, 'T_KEY and T_KEY_FILE are both there'],
    ['a file for what is no secret', { ...good, T_NAME_FILE: file }, 'T_NAME_FILE is no setting'],
  ])('%s is an error', (_, environment, message) => expect(messageOf(environment)).toContain(message))
})
