import { describe, expect, test } from 'vitest'
import { createTestPasskey, testOrigin, testRpId } from '../testing/fixtures.ts'
import { getAssertion } from './getAssertion.ts'
import { passkeyName, providerName } from './passkeyName.ts'
import { backupState, type PasskeyNote, passkeyRisks, updatePasskeyNote } from './passkeyNote.ts'

const flags = { userPresent: true, userVerified: true }
const google = '0xea9b8d664d011d213ce4b6b48cb575d4'
const note = (changes: Partial<PasskeyNote> = {}): PasskeyNote => ({
  id: '0xaa',
  rpId: testRpId,
  backup: 'synced',
  backupSince: 1,
  lastSeen: 1,
  ...changes,
})

describe('whether a passkey is synced', () => {
  test.each([
    [false, false, 'deviceBound'],
    [true, false, 'notSynced'],
    [true, true, 'synced'],
  ] as const)('BE %s, BS %s: %s', (backupEligible, backedUp, state) => {
    expect(backupState({ ...flags, backupEligible, backedUp })).toBe(state)
  })

  test('is told by the next answer when it changes, and since when', () => {
    const made = { id: '0xaa', rpId: testRpId, backup: 'notSynced' } as const
    const creation = { name: 'Ada', aaguid: google, transports: ['internal'] } as const
    const first = updatePasskeyNote(undefined, { ...made, userHandle: '0x01', creation }, 100)
    expect(first).toEqual({
      note: { ...made, ...creation, userHandle: '0x01', backupSince: 100, lastSeen: 100 },
      change: undefined,
    })
    const same = updatePasskeyNote(first.note, made, 200)
    expect(same).toEqual({ note: { ...first.note, lastSeen: 200 }, change: undefined })
    const synced = updatePasskeyNote(same.note, { ...made, backup: 'synced' }, 300)
    expect(synced.change).toEqual({ from: 'notSynced', to: 'synced' })
    expect(synced.note).toMatchObject({
      backup: 'synced',
      backupSince: 300,
      lastSeen: 300,
      name: 'Ada',
      aaguid: google,
    })
    expect(updatePasskeyNote(synced.note, made, 400).change).toEqual({ from: 'synced', to: 'notSynced' })
  })

  test('comes from the flags of the answer itself', async () => {
    const { device } = await createTestPasskey('flags')
    const { flags: seen } = await getAssertion({
      rpId: testRpId,
      origins: [testOrigin],
      challenge: `0x${'00'.repeat(32)}`,
      credentials: device.credentialsAt(testOrigin),
    })
    expect(backupState(seen)).toBe('synced')
  })
})

describe('what may lock an owner out', () => {
  const nobody = `0x${'00'.repeat(16)}` as const
  const bound = note({ backup: 'deviceBound' })
  test.each([
    ['one passkey on one device', [bound], ['oneDevice']],
    ['two passkeys, none of them synced', [bound, note({ backup: 'notSynced' })], ['noneSynced']],
    ['all with one provider', [note({ aaguid: google }), note({ aaguid: google })], ['oneProvider']],
    ['two with providers that do not say which', [note({ aaguid: nobody }), note({ aaguid: nobody })], []],
    ['two providers', [note({ aaguid: google }), note({ aaguid: '0x01' })], []],
    ['one synced, one on a key', [note({ aaguid: google }), bound], []],
    ['a passkey of another device', [bound, undefined], []],
    ['nothing known', [], []],
  ] as const)('%s', (_, notes, risks) => {
    expect(passkeyRisks(notes)).toEqual(risks)
  })
})

describe('names of passkeys', () => {
  test.each([
    [{ name: 'My phone', aaguid: google }, 'My phone'],
    [{ aaguid: google, transports: ['internal'] }, 'Google Password Manager'],
    [{ aaguid: '0xFA2B99DC9E3942578F924A30D23C4118', transports: ['usb'] }, 'YubiKey 5 NFC'],
    [{ aaguid: `0x${'00'.repeat(16)}`, transports: ['internal', 'hybrid'] }, 'Passkey on this device'],
    [{ transports: ['hybrid'] }, 'Passkey on a phone'],
    [{ transports: ['nfc', 'usb'] }, 'Security key (USB)'],
    [{ transports: ['ble'] }, 'Security key (Bluetooth)'],
    [{ aaguid: '0x0102', transports: ['a new one'] }, 'Passkey'],
    [{}, 'Passkey'],
  ] as const)('%j is %s', (known, name) => {
    expect(passkeyName(known)).toBe(name)
  })

  test('an AAGUID reaches nothing but the list', () => {
    expect(providerName('0xconstructor' as never)).toBeUndefined()
    expect(providerName('0xea9b8d664d011d213ce4b6b48cb575d5')).toBeUndefined()
  })
})
