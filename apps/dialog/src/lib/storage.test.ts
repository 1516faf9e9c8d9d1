import { createConfig, createPasskeyAccount, type RekeyConfig } from '@rekey/sdk'
import { createSoftwareAuthenticator } from '@rekey/sdk/testing'
import { defineChain, http } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { type KeyValueStore, keepAccount, readAccount, readRecovery } from './storage.ts'

const origin = 'https://auth.example.com'
let config: RekeyConfig

beforeAll(() => {
  const device = createSoftwareAuthenticator({ seed: 'storage' })
  const chain = defineChain({
    id: 31337,
    name: 'Test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  config = createConfig({
    rpId: 'example.com',
    rpName: 'Example',
    origins: [origin],
    chains: [{ chain, rpc: http('http://127.0.0.1:9') }],
    credentials: device.credentialsAt(origin),
  })
})

function createStore(): KeyValueStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>()
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  }
}

describe('what the page keeps', () => {
  it('an account survives a reload', async () => {
    const store = createStore()
    const account = await createPasskeyAccount(config, { name: 'Ada' })
    keepAccount(account, store)
    expect(readAccount(config, store).value?.address).toBe(account.address)
    keepAccount(undefined, store)
    expect(readAccount(config, store)).toEqual({ value: undefined, wasDamaged: false })
  })

  it('[244] an account whose address does not follow from its first passkey is dropped', async () => {
    const store = createStore()
    const [ada, eve] = await Promise.all(['Ada', 'Eve'].map((name) => createPasskeyAccount(config, { name })))
    const record = { ...ada?.toJSON(), genesis: eve?.toJSON().genesis }
    store.setItem('rekey.account', JSON.stringify(record))
    expect(readAccount(config, store)).toEqual({ value: undefined, wasDamaged: true })
    expect(store.texts.size).toBe(0)
  })

  it.each(['', 'null', '{}', '[1]', '{"version":1}', 'x'])('damaged text is dropped, not thrown: %s', (text) => {
    const store = createStore()
    store.setItem('rekey.account', text)
    store.setItem('rekey.recovery', text)
    expect(readAccount(config, store).wasDamaged).toBe(true)
    expect(readRecovery(config, store).wasDamaged).toBe(true)
  })
})
