import { describe, expect, test } from 'vitest'
import { type PasskeySignals, signalAcceptedPasskeys, signalPasskeyName, signalUnknownPasskey } from './signal.ts'

const rpId = 'example.com'
const calls = {
  signalUnknownCredential: (signals?: PasskeySignals) => signalUnknownPasskey({ rpId, id: '0xfb' }, signals),
  signalAllAcceptedCredentials: (signals?: PasskeySignals) =>
    signalAcceptedPasskeys({ rpId, userHandle: '0x01', ids: ['0xfb', '0xff'] }, signals),
  signalCurrentUserDetails: (signals?: PasskeySignals) =>
    signalPasskeyName({ rpId, userHandle: '0x01', name: 'Ada' }, signals),
} as const
const expected = {
  signalUnknownCredential: { rpId, credentialId: '-w' },
  signalAllAcceptedCredentials: { rpId, userId: 'AQ', allAcceptedCredentialIds: ['-w', '_w'] },
  signalCurrentUserDetails: { rpId, userId: 'AQ', name: 'Ada', displayName: 'Ada' },
} as const

describe.each(Object.keys(calls) as (keyof typeof calls)[])('[245] %s', (name) => {
  test('reaches the browser as the standard writes it', async () => {
    const seen: unknown[] = []
    const signals = { [name]: async (options: unknown) => void seen.push(options) }
    expect(await calls[name](signals)).toBe('sent')
    expect(seen).toEqual([expected[name]])
  })

  test('is missing in a browser without it, and in a place without passkeys', async () => {
    expect(await calls[name]({})).toBe('unsupported')
    expect(await calls[name]()).toBe('unsupported')
  })

  test('breaks nothing when the browser refuses, now or later', async () => {
    const later = { [name]: () => Promise.reject(new DOMException('no', 'SecurityError')) }
    const now = {
      [name]: () => {
        throw new TypeError('no')
      },
    }
    expect([await calls[name](later), await calls[name](now)]).toEqual(['refused', 'refused'])
  })
})
