import { readSettings } from '@rekey/service-kit'
import { expect, test } from 'vitest'
import { attesterSettings, checkSettings, settingsPrefix } from './settings.ts'

const keys = { signs: `0x${'1'.repeat(64)}`, pays: `0x${'2'.repeat(64)}` }
const good = {
  ATTESTER_KEY: keys.signs,
  ATTESTER_ACCOUNT_KEY: keys.pays,
  ATTESTER_REGISTRY: '0x00000000000000000000000000000000000000aa',
  ATTESTER_CHAINS: '[{"chainId":1,"rpcUrl":"https://node.example/key"}]',
  ATTESTER_ISSUERS:
    '[{"issuer":"https://a.example","jwksUri":"https://a.example/jwks"},{"issuer":"https://b.example"}]',
  ATTESTER_QUORUM: '2',
  ATTESTER_STORE: 'memory:',
}

function start(changes: Record<string, string> = {}): void {
  checkSettings(readSettings(attesterSettings, { ...good, ...changes }, { prefix: settingsPrefix }).values)
}

test('an attester starts with seven settings', () => expect(() => start()).not.toThrow())

const issuers = (...list: readonly object[]): Record<string, string> => ({ ATTESTER_ISSUERS: JSON.stringify(list) })

test.each<[string, Record<string, string>, string]>([
  ['[J100] an issuer without TLS', issuers({ issuer: 'http://a.example' }), 'ATTESTER_ISSUERS'],
  [
    '[J100] a list of keys without TLS',
    issuers({ issuer: 'https://a.example', jwksUri: 'http://a.example/' }),
    'ATTESTER_ISSUERS',
  ],
  ['an issuer twice', issuers({ issuer: 'https://a.example' }, { issuer: 'https://a.example' }), 'ATTESTER_ISSUERS'],
  ['[J66] an issuer that the registry cannot name', issuers({ issuer: 'https://ä.example' }), 'ATTESTER_ISSUERS'],
  ['no issuer', issuers(), 'ATTESTER_ISSUERS'],
  ['a misspelt member', issuers({ issuer: 'https://a.example', jwks_uri: 'https://a.example/' }), 'ATTESTER_ISSUERS'],
  ['a peer without TLS', { ATTESTER_PEERS: '["http://peer.example"]' }, 'ATTESTER_PEERS'],
  ['one key to sign and to pay', { ATTESTER_ACCOUNT_KEY: keys.signs }, 'ATTESTER_KEY and ATTESTER_ACCOUNT_KEY'],
  ['a quorum of none', { ATTESTER_QUORUM: '0' }, 'ATTESTER_QUORUM'],
  ['an interval of a day', { ATTESTER_INTERVAL_SECONDS: '86400' }, 'ATTESTER_INTERVAL_SECONDS'],
  ['no address', { ATTESTER_REGISTRY: '0x00' }, 'ATTESTER_REGISTRY'],
])('it does not with %s', (_, changes, name) => {
  expect(() => start(changes)).toThrow(expect.objectContaining({ code: 'SERVICE_SETTINGS_INVALID' }))
  expect(() => start(changes)).toThrow(name)
})

test('a local stack may do without TLS on the hosts that it names', () => {
  const local = { ...issuers({ issuer: 'http://127.0.0.1:4000' }), ATTESTER_ALLOWED_HOSTS: '127.0.0.1:4000' }
  expect(() => start(local)).not.toThrow()
})
