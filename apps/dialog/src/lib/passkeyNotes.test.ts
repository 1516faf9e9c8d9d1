import type { SeenPasskey } from '@rekey/sdk/webauthn'
import { describe, expect, it } from 'vitest'
import { forgetPasskey, noteSeenPasskey, readPasskeyNotes } from './passkeyNotes.ts'
import type { KeyValueStore } from './storage.ts'

function createStore(initial?: string): KeyValueStore & { text(): string | null } {
  let text = initial ?? null
  return {
    text: () => text,
    getItem: () => text,
    setItem: (_, value) => {
      text = value
    },
    removeItem: () => {
      text = null
    },
  }
}

const seen: SeenPasskey = { id: '0xaa', rpId: 'auth.example', backup: 'notSynced' }
const creation = { name: 'Ada', aaguid: '0x01', transports: ['usb'] } as const

describe('what the browser remembers of passkeys', () => {
  it('is there at the next visit, and follows the flags', () => {
    const store = createStore()
    noteSeenPasskey(store, { ...seen, creation }, 10)
    noteSeenPasskey(store, { ...seen, backup: 'synced' }, 20)
    expect(readPasskeyNotes(store).get('0xaa')).toEqual({
      ...seen,
      ...creation,
      backup: 'synced',
      backupSince: 20,
      lastSeen: 20,
    })
    forgetPasskey(store, '0xaa')
    expect(readPasskeyNotes(store).size).toBe(0)
  })

  it('keeps the hundred passkeys seen last', () => {
    const store = createStore()
    for (let number = 0; number < 105; number += 1)
      noteSeenPasskey(store, { ...seen, id: `0x${number.toString(16).padStart(4, '0')}` }, number)
    expect([...readPasskeyNotes(store).keys()].slice(0, 2)).toEqual(['0x0005', '0x0006'])
    expect(readPasskeyNotes(store).size).toBe(100)
  })

  it.each([
    'not JSON',
    '{}',
    '[null, 1, {"id":"0xaa"}]',
    '[{"id":"0xaa","rpId":"x","backup":"constructor","backupSince":1,"lastSeen":1}]',
    '[{"id":"0xaa","rpId":"x","backup":"synced","backupSince":1,"lastSeen":1,"transports":[1]}]',
    '[{"id":"0xaa","rpId":"x","backup":"synced","backupSince":1,"lastSeen":1,"aaguid":"google"}]',
  ])('[249] %s is no note', (text) => {
    expect(readPasskeyNotes(createStore(text)).size).toBe(0)
  })

  it('a full disk stops no signature', () => {
    const store = {
      ...createStore(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(() => noteSeenPasskey(store, seen, 1)).not.toThrow()
  })
})
