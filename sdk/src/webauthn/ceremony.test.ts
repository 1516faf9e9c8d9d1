import { afterEach, describe, expect, test, vi } from 'vitest'
import { testOrigin, testRpId } from '../testing/fixtures.ts'
import { createCredential } from './createCredential.ts'
import { getAssertion } from './getAssertion.ts'

const asked = vi.fn()
const container = { create: asked, get: asked }

afterEach(() => {
  expect(asked).not.toHaveBeenCalled()
  vi.unstubAllGlobals()
})

/** What a browser shows to a page, and the name of what is wrong with that. */
const pages = [
  ['an old browser', {}, 'WEBAUTHN_NOT_SUPPORTED'],
  ['a browser that knows passwords only', { navigator: { credentials: container } }, 'WEBAUTHN_NOT_SUPPORTED'],
  ['no browser at all', { navigator: undefined, PublicKeyCredential: undefined }, 'WEBAUTHN_NOT_SUPPORTED'],
  ['a browser that hides its container', { PublicKeyCredential: class {} }, 'WEBAUTHN_NOT_SUPPORTED'],
  ['a page without HTTPS', { isSecureContext: false }, 'WEBAUTHN_INSECURE_CONTEXT'],
  [
    'a page without HTTPS in a browser that does not hide passkeys from it',
    { isSecureContext: false, navigator: { credentials: container }, PublicKeyCredential: class {} },
    'WEBAUTHN_INSECURE_CONTEXT',
  ],
] as const

describe('asking for a passkey', () => {
  test.each(pages)('in %s is refused by name, and nobody is asked', async (_, globals, code) => {
    for (const [name, value] of Object.entries({ isSecureContext: true, navigator: {}, ...globals }))
      vi.stubGlobal(name, value)
    const origins = [testOrigin]
    await expect(
      createCredential({ rpId: testRpId, rpName: 'Example', userName: 'Ada', origins }),
    ).rejects.toMatchObject({ code })
    await expect(getAssertion({ rpId: testRpId, origins, challenge: `0x${'11'.repeat(32)}` })).rejects.toMatchObject({
      code,
    })
  })
})
