import fc from 'fast-check'
import { concat, type Hex, hashTypedData, keccak256 } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultContracts } from '../config/contracts.generated.ts'
import { passkeyTypedData } from '../encoding/typedData.ts'
import { createTestPasskey, testOrigin, testRpId } from '../testing/fixtures.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import { fromBase64Url, toBase64Url } from '../webauthn/base64url.ts'
import { type CredentialRecord, credentialCommitment, toCredential } from '../webauthn/credential.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'
import {
  cutName,
  type PasskeyRequest,
  passkeyRequestDigest,
  readPasskeyRequest,
  toPasskeyRequestLink,
} from './passkeyRequestLink.ts'

const account = '0x00000000000000000000000000000000000A11cE'
const page = 'https://first.example/approve-passkey'
/** Written by version 1 of the format; it must stay readable. */
const written =
  'https://first.example/approve-passkey#add-passkey=AQAAAAAAAAAAAAAAAAAAAAAAChHOAGpVrgALZXhhbXBsZS5jb20DQWRhACB9OgAAkjEJxoLQVRWt_vVdHxncE3u4FDCbzP7QrvMLaAEYaHR0cHM6Ly9hdXRoLmV4YW1wbGUuY29tAME_Aeq05xbDj9smTQnKSDQh260-yUhcUFevlRw8oxrctXpAU_LLRAY-VPHJLSdi80q3wXEzktVm5iwVOLt26iKmHJGedBlSS2cQD0nm6hGaXegDycw_S13nLz-lXc-Z4FdYU-8V1uP0UU5YMCYirYYm_nZsn89bTZYHU_wLtTXF0bkwo3mm9u6vuaVeN4wRgDTidR5oL6ufLTCrE9ISVYbOGUcdAAAAABhodHRwczovL2F1dGguZXhhbXBsZS5jb219WdTUAA'

async function makeRequest(changes: Partial<CredentialRecord> = {}): Promise<PasskeyRequest> {
  const { device, created } = await createTestPasskey('request', { extraKeyShare: 0 })
  const passkey = { ...created.credential, ...changes }
  const commitment = credentialCommitment(toCredential(passkey))
  const { assertion } = await getAssertion({
    rpId: testRpId,
    origins: [testOrigin],
    challenge: hashTypedData(passkeyTypedData(defaultContracts.passkeyValidator, 'Prove', { account, commitment })),
    credentials: device.credentialsAt(testOrigin),
  })
  const possession = encodeAssertion({ credential: { ...passkey, origins: [testOrigin] }, assertion })
  return { account, passkey, name: 'Ada', expiresAt: 1_784_000_000, possession }
}

const bytesOf = (link: string): Uint8Array => fromBase64Url(link.slice(link.indexOf('=') + 1))
const linkOf = (bytes: Uint8Array): string => `${page}#add-passkey=${toBase64Url(bytes)}`

/** Changes the content and makes the checksum fit again, as an attacker would. */
function forge(link: string, change: (content: Uint8Array) => Uint8Array): string {
  const bytes = bytesOf(link)
  const content = change(bytes.slice(0, -4))
  return linkOf(Buffer.concat([content, Buffer.from(keccak256(content).slice(2, 10), 'hex')]))
}

function refusal(link: string): string {
  try {
    readPasskeyRequest(link)
  } catch (error) {
    return String(Reflect.get(error as object, 'problem') ?? error)
  }
  return 'accepted'
}

let request: PasskeyRequest
let link: string
beforeAll(async () => {
  request = await makeRequest()
  link = toPasskeyRequestLink(page, request)
})

describe('a request to add a passkey, as a link', () => {
  test('comes back as it was, and fits a QR code that telephones can read', () => {
    expect(readPasskeyRequest(link)).toEqual(request)
    expect(link.length).toBeLessThan(600)
    expect(new URL(link).search).toBe('')
  })

  test('whatever name it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const name = cutName(text)
        const read = readPasskeyRequest(toPasskeyRequestLink(page, { ...request, name }))
        expect(new TextEncoder().encode(read.name).length).toBeLessThanOrEqual(64)
        expect(passkeyRequestDigest(read)).toBe(passkeyRequestDigest({ ...request, name }))
      }),
    )
  })

  test('is refused after any change of a byte, cut anywhere, or with anything added', () => {
    const bytes = bytesOf(link)
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(refusal(linkOf(changed)), `byte ${at}`).not.toBe('accepted')
      expect(refusal(linkOf(bytes.slice(0, at))), `cut at ${at}`).not.toBe('accepted')
    }
    expect(refusal(linkOf(Buffer.concat([bytes, Buffer.of(0)])))).toBe('checksum')
    expect(refusal(`${page}#recovery=abc`)).toBe('format')
    expect(refusal(page)).toBe('format')
  })

  test('of another version says so', () => {
    expect(refusal(forge(link, (content) => Uint8Array.of(2, ...content.slice(1))))).toBe('version')
  })

  test('of version 1 stays readable', () => {
    const read = readPasskeyRequest(written)
    expect(read).toMatchObject({ account, name: 'Ada', passkey: { rpId: testRpId, origins: [testOrigin], flags: 1 } })
  })

  test('is another one, in words, whatever part of it changes', () => {
    const digest = passkeyRequestDigest(request)
    for (const changed of [
      { ...request, name: 'Eve' },
      { ...request, expiresAt: request.expiresAt + 1 },
      { ...request, account: defaultContracts.factory },
      { ...request, passkey: { ...request.passkey, id: `0x${'ab'.repeat(32)}` as Hex } },
    ])
      expect(passkeyRequestDigest(changed)).not.toBe(digest)
  })
})

describe('[246] a request forged by an attacker, its checksum made to fit', () => {
  test('without a proof', () => {
    expect(refusal(toPasskeyRequestLink(page, { ...request, possession: '0x' }))).toBe('possession')
  })

  test('with a proof of another kind', () => {
    const indexed = concat(['0x00', `0x${request.possession.slice(4)}`])
    expect(refusal(toPasskeyRequestLink(page, { ...request, possession: indexed }))).toBe('possession')
  })

  test.each([
    ['a passkey that need not verify its user', { flags: 0 }],
    ['a passkey that signs inside frames', { flags: 3 }],
  ])('for %s', async (_, changes) => {
    expect(refusal(toPasskeyRequestLink(page, await makeRequest(changes)))).toBe('rules')
  })

  test.each([
    ['shows one domain and obeys another', { rpId: 'bank.example' }],
    ['hides letters of another alphabet in its domain', { rpId: 'exаmple.com' }],
    ['has an origin of another domain', { origins: [testOrigin, 'https://evil.example'] }],
    ['has an origin that only looks like the domain', { origins: ['https://auth.example.com.evil.test'] }],
    ['has an origin without HTTPS', { origins: ['http://auth.example.com'] }],
    ['has an origin that is more than one', { origins: ['https://auth.example.com/path'] }],
    ['has no origin', { origins: [] }],
    ['has an origin twice', { origins: [testOrigin, testOrigin] }],
  ])('that %s', (_, changes) => {
    expect(refusal(toPasskeyRequestLink(page, { ...request, passkey: { ...request.passkey, ...changes } }))).toBe(
      'domain',
    )
  })

  test('for a domain that the passkey is not of', () => {
    const passkey = { ...request.passkey, rpId: 'auth.example.com' }
    expect(refusal(toPasskeyRequestLink(page, { ...request, passkey }))).toBe('possession')
  })
})
