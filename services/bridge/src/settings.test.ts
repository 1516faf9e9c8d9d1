import { generateKeyPairSync } from 'node:crypto'
import { readSettings } from '@rekey/service-kit'
import { describe, expect, test } from 'vitest'
import { bridgeSettings, upstreamsOf } from './settings.ts'

const key = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid: 'k' }
const good = {
  BRIDGE_ISSUER: 'https://bridge.example.com',
  BRIDGE_PORT: '8080',
  BRIDGE_DATABASE: 'memory:',
  BRIDGE_SIGNING_KEY: JSON.stringify(key),
  BRIDGE_CLIENTS: JSON.stringify([{ id: 'app', redirectUris: ['https://auth.example.com/sign-in'] }]),
  BRIDGE_X_CLIENT_ID: 'at-x',
  BRIDGE_X_CLIENT_SECRET: 'a secret of X',
}

function read(changes: Readonly<Record<string, string | undefined>> = {}) {
  const { values } = readSettings(bridgeSettings, { ...good, ...changes }, { prefix: 'BRIDGE_' })
  return { settings: values, upstreams: upstreamsOf(values) }
}

test('X and GitHub are asked where they really are, unless told otherwise', () => {
  expect(read().upstreams).toEqual([
    {
      id: 'x',
      clientId: 'at-x',
      clientSecret: 'a secret of X',
      authorizationEndpoint: 'https://x.com/i/oauth2/authorize',
      tokenEndpoint: 'https://api.x.com/2/oauth2/token',
      userEndpoint: 'https://api.x.com/2/users/me',
    },
  ])
  const both = read({ BRIDGE_GITHUB_CLIENT_ID: 'at-github', BRIDGE_GITHUB_CLIENT_SECRET: 'another' }).upstreams
  expect(both.map(({ id, userEndpoint }) => [id, userEndpoint])).toEqual([
    ['x', 'https://api.x.com/2/users/me'],
    ['github', 'https://api.github.com/user'],
  ])
})

describe('the bridge does not start, and says why,', () => {
  test.each<[name: string, changes: Readonly<Record<string, string | undefined>>, problem: RegExp]>([
    ['without a key', { BRIDGE_SIGNING_KEY: undefined }, /BRIDGE_SIGNING_KEY is missing/],
    ['with a key that is none', { BRIDGE_SIGNING_KEY: '{"kty":"oct","k":"c2VjcmV0"}' }, /BRIDGE_SIGNING_KEY is wrong/],
    ['without an address of its own', { BRIDGE_ISSUER: undefined }, /BRIDGE_ISSUER is missing/],
    ['with a slash at its end', { BRIDGE_ISSUER: 'https://bridge.example.com/' }, /BRIDGE_ISSUER is wrong/],
    ['[J100] without TLS', { BRIDGE_ISSUER: 'http://bridge.example.com' }, /BRIDGE_ISSUER is wrong.*https/],
    ['without apps', { BRIDGE_CLIENTS: '[]' }, /BRIDGE_CLIENTS is wrong/],
    ['with an app without pages', { BRIDGE_CLIENTS: '[{"id":"app","redirectUris":[]}]' }, /BRIDGE_CLIENTS is wrong/],
    [
      '[J88] with a page without TLS',
      { BRIDGE_CLIENTS: '[{"id":"app","redirectUris":["http://auth.example.com/"]}]' },
      /BRIDGE_CLIENTS is wrong.*https/,
    ],
    [
      '[J88] with a page that is a program',
      { BRIDGE_CLIENTS: '[{"id":"app","redirectUris":["javascript:alert(1)"]}]' },
      /BRIDGE_CLIENTS is wrong/,
    ],
    [
      'with an app twice',
      { BRIDGE_CLIENTS: JSON.stringify(Array(2).fill({ id: 'app', redirectUris: ['https://a.example'] })) },
      /BRIDGE_CLIENTS is wrong/,
    ],
    [
      'without a provider',
      { BRIDGE_X_CLIENT_ID: undefined },
      /BRIDGE_X_CLIENT_ID and BRIDGE_GITHUB_CLIENT_ID are missing/,
    ],
    ['without the secret for one', { BRIDGE_X_CLIENT_SECRET: undefined }, /BRIDGE_X_CLIENT_SECRET is missing/],
    [
      '[J100] asking for codes without TLS',
      { BRIDGE_X_TOKEN_ENDPOINT: 'http://api.x.com/t' },
      /BRIDGE_X_TOKEN_ENDPOINT is wrong/,
    ],
    [
      '[J100] asking who it was without TLS',
      { BRIDGE_X_USER_ENDPOINT: 'http://api.x.com/u' },
      /BRIDGE_X_USER_ENDPOINT is wrong/,
    ],
    [
      '[J100] sending people off without TLS',
      { BRIDGE_X_AUTHORIZATION_ENDPOINT: 'http://x.com/a' },
      /BRIDGE_X_AUTHORIZATION_ENDPOINT is wrong/,
    ],
    ['with a setting that is misspelt', { BRIDGE_SIGNING_KAY: 'x' }, /BRIDGE_SIGNING_KAY is no setting/],
  ])('%s', (_, changes, problem) => {
    expect(() => read(changes)).toThrow(problem)
    expect(() => read(changes)).toThrow(expect.objectContaining({ code: 'SERVICE_SETTINGS_INVALID' }))
  })
})

test('no secret is in what it says', () => {
  const wrong = { BRIDGE_ISSUER: 'http://bridge.example.com', BRIDGE_X_TOKEN_ENDPOINT: 'http://api.x.com' }
  expect(() => read(wrong)).toThrow(
    expect.objectContaining({ message: expect.not.stringMatching(new RegExp(`a secret of X|${key.d}`)) }),
  )
})

test('hosts that are named may do without TLS: a local stack has none', () => {
  const local = {
    BRIDGE_ISSUER: 'http://bridge.localhost:4000',
    BRIDGE_X_TOKEN_ENDPOINT: 'http://127.0.0.1:4001/2/oauth2/token',
  }
  expect(() => read({ ...local, BRIDGE_ALLOWED_HOSTS: 'bridge.localhost:4000' })).toThrow('BRIDGE_X_TOKEN_ENDPOINT')
  expect(read({ ...local, BRIDGE_ALLOWED_HOSTS: 'bridge.localhost:4000,127.0.0.1:4001' }).settings.BRIDGE_PORT).toBe(
    8080,
  )
})
