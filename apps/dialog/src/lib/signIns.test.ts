import { guardianKinds } from '@rekey/sdk'
import { InvalidIdTokenError, SignInClosedError, SignInMismatchError } from '@rekey/sdk/errors'
import { describe, expect, it } from 'vitest'
import { emptySetUp } from '../flows/setUp.ts'
import { errorText } from './errorText.ts'
import { keepRequest, readKeptRequest } from './keptRequest.ts'
import { keepSetUp, takeSetUp } from './keptSetUp.ts'
import { keepReturn, takeReturn } from './signInReturn.ts'
import { signInTexts } from './signInTexts.ts'
import type { KeyValueStore } from './storage.ts'

const account = { address: '0x00000000000000000000000000000000000A11cE' } as never
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

describe('a sign-in in this very window', () => {
  it('comes back once to where it was begun', () => {
    const store = createStore()
    keepReturn({ path: '/set-up', way: 'signIn:google' }, store)
    expect(takeReturn(store)).toEqual({ path: '/set-up', way: 'signIn:google' })
    expect(takeReturn(store)).toBeUndefined()
  })

  it.each([
    '{',
    'null',
    '{"path":"https://evil.example","way":"signIn:google"}',
    '{"path":"//evil.example","way":"signIn:google"}',
    '{"path":"/set-up","way":"wallet"}',
  ])('[J88] goes nowhere else: %s', (text) => {
    const store = createStore()
    store.setItem('rekey.signInReturn', text)
    expect(takeReturn(store)).toBeUndefined()
    expect(store.texts.size).toBe(0)
  })

  it('leaves the list of guardians as it was, for this account and once', () => {
    const store = createStore()
    keepSetUp(account, { ...emptySetUp, preset: 'simple', isAtOnce: true }, store)
    expect(takeSetUp({ address: digest.slice(0, 42) } as never, store)).toBeUndefined()
    expect(takeSetUp(account, store)).toEqual({ guardians: [], preset: 'simple', isAtOnce: true, freezeHours: 0 })
    expect(takeSetUp(account, store)).toBeUndefined()
    store.setItem('rekey.setUp.0x00000000000000000000000000000000000a11ce', '{"guardians":1}')
    expect(takeSetUp(account, store)).toBeUndefined()
  })
})

describe('what is kept', () => {
  it('does not hold sign-ins: they say who somebody is', () => {
    const store = createStore()
    const guardian = { kind: guardianKinds.oidc, weight: 1, signer: '0x', isHidden: false, validUntil: 0 } as const
    const policy = {
      guardians: [
        { ...guardian, needsEvidence: true },
        { ...guardian, needsEvidence: false },
      ],
    } as never
    const approvals = [
      { index: 0, signature: '0x22' },
      { index: 1, signature: '0x33' },
    ] as const
    keepRequest('drill', account, { text: 'text', digest, policy, approvals }, store)
    expect(readKeptRequest('drill', account, store)?.approvals).toHaveLength(1)
  })
})

describe('words for sign-ins that fail', () => {
  it('are there for every way in which one does not fit', () => {
    expect(errorText(new SignInClosedError()).title).toBe('The sign-in window was closed before you signed in.')
    expect(errorText(new SignInMismatchError('person')).title).toBe('This is not the account that is your guardian.')
    expect(errorText(new SignInMismatchError('audience')).title).toBe('This sign-in does not fit.')
    expect(errorText(new InvalidIdTokenError('form', 'secret')).advice).not.toContain('secret')
    for (const [title, advice] of Object.values(signInTexts)) expect(`${title} ${advice}`).toMatch(/[.] \S.*[.]$/)
  })
})
