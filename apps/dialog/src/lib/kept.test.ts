import { describe, expect, it } from 'vitest'
import { keepRequest, readKeptRequest } from './keptRequest.ts'
import { maxNameLength, readPasskeyNames, renamePasskey } from './passkeyNames.ts'
import type { KeyValueStore } from './storage.ts'

const account = { address: '0x00000000000000000000000000000000000A11cE' } as never
const policy = { guardians: [] } as never
const digest = `0x${'11'.repeat(32)}` as const

function createStore(): KeyValueStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>()
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  }
}

describe('a request to guardians that is kept', () => {
  it('is there after a reload with its approvals, apart from others, until it is forgotten', () => {
    const store = createStore()
    const request = { text: 'text', digest, policy, approvals: [{ index: 1, signature: '0x22' }] } as const
    keepRequest('drill', account, request, store)
    expect(readKeptRequest('drill', account, store)).toEqual({
      text: 'text',
      approvals: [expect.stringMatching(/\w{20,}/)],
    })
    expect(readKeptRequest('freeze', account, store)).toBeUndefined()
    keepRequest('drill', account, undefined, store)
    expect(store.texts.size).toBe(0)
  })

  it.each(['{', '[]', '{"text":1,"approvals":[]}', '{"text":"a","approvals":[1]}'])(
    'is dropped when damaged: %s',
    (text) => {
      const store = createStore()
      store.setItem('rekey.drill.0x00000000000000000000000000000000000a11ce', text)
      expect(readKeptRequest('drill', account, store)).toBeUndefined()
      expect(store.texts.size).toBe(0)
    },
  )
})

describe('names of passkeys', () => {
  it('are kept by commitment, cut to their length, and taken away by an empty one', () => {
    const store = createStore()
    renamePasskey(account, { commitment: '0xaa', name: `  ${'n'.repeat(50)}` }, store)
    renamePasskey(account, { commitment: '0xbb', name: 'Phone' }, store)
    expect([...readPasskeyNames(account, store)]).toEqual([
      ['0xaa', 'n'.repeat(maxNameLength)],
      ['0xbb', 'Phone'],
    ])
    renamePasskey(account, { commitment: '0xaa', name: ' ' }, store)
    expect([...readPasskeyNames(account, store).keys()]).toEqual(['0xbb'])
  })

  it.each(['{', '{}', '[["0xaa"]]', '[["aa","x"]]', '[["0xaa",1]]'])('are forgotten when damaged: %s', (text) => {
    const store = createStore()
    store.setItem('rekey.passkeyNames.0x00000000000000000000000000000000000a11ce', text)
    expect(readPasskeyNames(account, store).size).toBe(0)
    expect(store.texts.size).toBe(0)
  })
})
