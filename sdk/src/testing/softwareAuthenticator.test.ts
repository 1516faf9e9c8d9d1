import { bytesToHex, type Hex, keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { parseClientData } from '../webauthn/clientData.ts'
import { createCredential } from '../webauthn/createCredential.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'
import { n } from '../webauthn/p256.ts'
import { verifyAssertion } from '../webauthn/verifyAssertion.ts'
import { createTestPasskey, testOrigin, testRpId } from './fixtures.ts'
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from './softwareAuthenticator.ts'

const challenge = keccak256('0x1234')
const registration = { rpId: testRpId, rpName: 'Example', userName: 'Ada', origins: [testOrigin] }

function ask(device: SoftwareAuthenticator, parameters: Partial<Parameters<typeof getAssertion>[0]> = {}) {
  return getAssertion({
    rpId: testRpId,
    challenge,
    origins: [testOrigin],
    credentials: device.credentialsAt(testOrigin),
    ...parameters,
  })
}

describe('both ceremonies', () => {
  test('create a passkey, then sign with it', async () => {
    const { device, created } = await createTestPasskey('both')
    expect(created.flags).toEqual({ userPresent: true, userVerified: true, backupEligible: true, backedUp: true })
    expect(created.credential).toMatchObject({ rpId: testRpId, origins: [testOrigin], flags: 1 })
    const result = await ask(device)
    expect(result).toMatchObject({ credentialId: created.credential.id, userHandle: created.userHandle })
    expect(await verifyAssertion(created.credential.publicKey, result.assertion)).toBe(true)
  })

  test('[243] the user handle is 32 random bytes', async () => {
    const [one, two] = await Promise.all([createTestPasskey('same'), createTestPasskey('same')])
    expect(one.created.userHandle).toMatch(/^0x[\da-f]{64}$/)
    expect(one.created.userHandle).not.toBe(two.created.userHandle)
    const credentials = one.device.credentialsAt(testOrigin)
    await expect(createCredential({ ...registration, userHandle: '0x61', credentials })).rejects.toMatchObject({
      code: 'ENCODING_INVALID',
    })
  })

  test('[242] [248] asks for ES256 alone, and for user verification', async () => {
    const { device } = await createTestPasskey('asks')
    const seen: { algorithms?: number[]; verification?: (string | undefined)[] } = {}
    const inner = device.credentialsAt(testOrigin)
    const credentials: typeof inner = {
      create(options) {
        seen.algorithms = options?.publicKey?.pubKeyCredParams.map(({ alg }) => alg) ?? []
        seen.verification = [options?.publicKey?.authenticatorSelection?.userVerification]
        return inner.create(options)
      },
      get(options) {
        seen.verification?.push(options?.publicKey?.userVerification)
        return inner.get(options)
      },
    }
    await createCredential({ ...registration, credentials })
    await ask(device, { credentials })
    expect(seen).toEqual({ algorithms: [-7], verification: ['required', 'required'] })
  })
})

describe.each([
  ['[8] nobody present', { skipsUserPresence: true }, 'userPresence'],
  ['[9] [248] user not verified', { skipsUserVerification: true }, 'userVerification'],
  ['[10] backed up, but not eligible', { claimsImpossibleBackup: true }, 'backupFlags'],
  ['[13] another type', { type: 'payment.get' }, 'type'],
  ['[16] another challenge', { challenge: 'A'.repeat(43) }, 'challenge'],
  ['[21] a sibling origin', { origin: 'https://blog.example.com' }, 'origin'],
  ['[23] another relying party', { rpId: 'evil.example' }, 'rpId'],
])('%s', (_, misbehaviour, problem) => {
  test('is refused when a passkey is created', async () => {
    const device = createSoftwareAuthenticator({ seed: 'bad' })
    device.misbehave(misbehaviour)
    const credentials = device.credentialsAt(testOrigin)
    await expect(createCredential({ ...registration, credentials })).rejects.toMatchObject({
      code: 'WEBAUTHN_RESPONSE',
      problem,
    })
  })

  test('is refused when it signs', async () => {
    const { device } = await createTestPasskey('bad')
    device.misbehave(misbehaviour)
    await expect(ask(device)).rejects.toMatchObject({ code: 'WEBAUTHN_RESPONSE', problem })
  })
})

describe('what browsers reject', () => {
  test('[24] a frame of another origin, unless it is allowed', async () => {
    const { device } = await createTestPasskey('frame')
    const credentials = device.credentialsAt(testOrigin, { topOrigin: 'https://top.example' })
    await expect(ask(device, { credentials })).rejects.toMatchObject({ problem: 'crossOrigin' })
    const { assertion } = await ask(device, { credentials, allowsCrossOrigin: true })
    expect(parseClientData(assertion.clientDataJSON).crossOrigin).toBe(true)
  })

  test('closing the prompt', async () => {
    const { device } = await createTestPasskey('cancel')
    device.misbehave({ cancels: true })
    await expect(ask(device)).rejects.toMatchObject({ code: 'WEBAUTHN_NOT_ALLOWED', name: 'WebAuthn.NotAllowedError' })
    device.misbehave()
    await expect(ask(device)).resolves.toBeDefined()
  })

  test('[245] a device that holds an excluded passkey', async () => {
    const { device, created } = await createTestPasskey('exclude')
    const again = {
      ...registration,
      credentials: device.credentialsAt(testOrigin),
      excludeCredentials: [created.credential.id],
    }
    await expect(createCredential(again)).rejects.toMatchObject({ code: 'WEBAUTHN_ALREADY_REGISTERED' })
    expect(device.exportPasskeys()).toHaveLength(1)
  })

  test('[234] a relying party that is not the page’s', async () => {
    const device = createSoftwareAuthenticator({ seed: 'rp' })
    for (const [origin, rpId] of [
      ['https://example.com.evil.test', 'example.com'],
      ['https://notexample.com', 'example.com'],
      ['https://example.com', 'com'],
    ] as const)
      await expect(
        createCredential({ ...registration, rpId, credentials: device.credentialsAt(origin) }),
      ).rejects.toMatchObject({ code: 'WEBAUTHN_RELYING_PARTY' })
  })

  test('an aborted signal', async () => {
    const { device } = await createTestPasskey('abort')
    await expect(ask(device, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'WEBAUTHN_ABORTED' })
  })

  test('a passkey that was not asked, deleted, or of another device', async () => {
    const [one, two] = [await createTestPasskey('one'), await createTestPasskey('two')]
    await expect(ask(two.device, { allowCredentials: [one.created.credential.id] })).rejects.toMatchObject({
      code: 'WEBAUTHN_NOT_ALLOWED',
    })
    const lying = {
      create: two.device.credentialsAt(testOrigin).create,
      get: () =>
        two.device
          .credentialsAt(testOrigin)
          .get({ publicKey: { challenge: new Uint8Array(Buffer.from(challenge.slice(2), 'hex')), rpId: testRpId } }),
    }
    await expect(
      ask(two.device, { allowCredentials: [one.created.credential.id], credentials: lying }),
    ).rejects.toMatchObject({ problem: 'credentialId' })
    one.device.deletePasskey(one.created.credential.id)
    await expect(ask(one.device)).rejects.toMatchObject({ code: 'WEBAUTHN_NOT_ALLOWED' })
  })

  test('no container at all', async () => {
    await expect(getAssertion({ rpId: testRpId, challenge })).rejects.toMatchObject({ code: 'WEBAUTHN_NOT_SUPPORTED' })
  })
})

describe('the device', () => {
  test('devices share nothing until a passkey is synced', async () => {
    const { device, created } = await createTestPasskey('phone')
    const laptop = createSoftwareAuthenticator({ seed: 'laptop' })
    await expect(ask(laptop)).rejects.toMatchObject({ code: 'WEBAUTHN_NOT_ALLOWED' })
    laptop.importPasskeys(device.exportPasskeys())
    const { assertion } = await ask(laptop)
    expect(await verifyAssertion(created.credential.publicKey, assertion)).toBe(true)
  })

  test('the user chooses among several passkeys', async () => {
    const { device, created: first } = await createTestPasskey('several')
    await createCredential({ ...registration, credentials: device.credentialsAt(testOrigin) })
    const credentials = device.credentialsAt(testOrigin, { choose: (ids) => ids[0] as Hex })
    await expect(ask(device, { credentials })).resolves.toMatchObject({ credentialId: first.credential.id })
  })

  test('the same user at the same relying party replaces its passkey', async () => {
    const device = createSoftwareAuthenticator({ seed: 'replace' })
    const again = {
      ...registration,
      userHandle: bytesToHex(new Uint8Array(32).fill(1)),
      credentials: device.credentialsAt(testOrigin),
    }
    await createCredential(again)
    await createCredential(again)
    expect(device.exportPasskeys()).toHaveLength(1)
  })

  test('about half of the signatures have high s, about a fifth Chrome’s extra key, the same for the same seed', async () => {
    const count = async () => {
      const device = createSoftwareAuthenticator({ seed: 'shares' })
      const credentials = device.credentialsAt(testOrigin)
      await createCredential({ ...registration, userHandle: `0x${'11'.repeat(32)}`, credentials })
      let [high, extra] = [0, 0]
      for (let index = 0; index < 100; index++) {
        const answer = await credentials.get({
          publicKey: { rpId: testRpId, challenge: new Uint8Array(32).fill(index) },
        })
        const response = Reflect.get(answer ?? {}, 'response') as AuthenticatorAssertionResponse
        const der = new Uint8Array(response.signature)
        const s = BigInt(toHex(der.subarray(4 + (der[3] ?? 0) + 2)))
        if (s > n / 2n) high += 1
        if (new TextDecoder().decode(response.clientDataJSON).includes('other_keys_can_be_added_here')) extra += 1
      }
      return { high, extra }
    }
    const shares = await count()
    expect(shares.high).toBeGreaterThan(30)
    expect(shares.high).toBeLessThan(70)
    expect(shares.extra).toBeGreaterThan(8)
    expect(shares.extra).toBeLessThan(35)
    expect(await count()).toEqual(shares)
  })
})
