import fc from 'fast-check'
import { bytesToHex, type Hex, hexToBytes } from 'viem'
import { expect, test } from 'vitest'
import { createAccountHandle, createLaterHandle, isAccountHandle, isLaterHandle } from './handles.ts'

test('[243] the handle of a later passkey is 32 bytes of chance and their hash, another one each time', () => {
  const handles = Array.from({ length: 50 }, () => createLaterHandle())
  expect(new Set(handles).size).toBe(50)
  for (const handle of handles) {
    expect(handle).toMatch(/^0x[\da-f]{64}$/)
    expect(isLaterHandle(handle)).toBe(true)
    expect(isLaterHandle(`0x${handle.slice(2).toUpperCase()}`)).toBe(true)
  }
})

test('no other handle is taken for one: not a random one, and none with a changed byte', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  fc.assert(fc.property(bytes(32), (handle) => !isLaterHandle(bytesToHex(handle))))
  fc.assert(
    fc.property(fc.nat({ max: 31 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = hexToBytes(createLaterHandle())
      changed[at] = (changed[at] ?? 0) ^ change
      return !isLaterHandle(bytesToHex(changed))
    }),
  )
})

test('a handle of another length is not one', () => {
  for (const handle of ['0x', '0x61', `${createLaterHandle()}00`] as Hex[]) expect(isLaterHandle(handle)).toBe(false)
})

test('[243] the handle of an account says which policy it was made for, and is none of a later passkey', () => {
  const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes))
  fc.assert(
    fc.property(word, word, (policy, other) => {
      const handle = createAccountHandle(policy)
      expect(isAccountHandle(handle, policy)).toBe(true)
      expect(isAccountHandle(`0x${handle.slice(2).toUpperCase()}`, policy)).toBe(true)
      expect(isAccountHandle(handle, other)).toBe(policy === other)
      expect(isLaterHandle(handle)).toBe(false)
      expect(isAccountHandle(createLaterHandle(), policy)).toBe(false)
    }),
  )
})
