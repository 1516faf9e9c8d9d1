import { keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { createConfig } from '../config/createConfig.ts'
import { createTestPasskey, offlineChain, testOrigin, testRpId } from '../testing/fixtures.ts'
import { createSoftwareAuthenticator } from '../testing/softwareAuthenticator.ts'
import { verifyAssertion } from '../webauthn/verifyAssertion.ts'
import { signDigest } from './signDigest.ts'

const digest = keccak256('0x01')

test('a passkey signs a digest; a key that answers under its id does not', async () => {
  const { device, created } = await createTestPasskey('owner')
  const { credential } = created
  const on = (holder: typeof device) => ({
    credential,
    config: createConfig({
      rpId: testRpId,
      rpName: 'Example',
      origins: [testOrigin],
      chains: [offlineChain],
      credentials: holder.credentialsAt(testOrigin),
    }),
  })
  expect(await verifyAssertion(credential.publicKey, await signDigest(on(device), digest))).toBe(true)

  const { device: another } = await createTestPasskey('another')
  const [passkey] = another.exportPasskeys()
  if (!passkey) throw new Error('There is no passkey.')
  const impostor = createSoftwareAuthenticator({ seed: 'impostor' })
  impostor.importPasskeys([{ ...passkey, id: credential.id }])
  await expect(signDigest(on(impostor), digest)).rejects.toMatchObject({
    code: 'WEBAUTHN_RESPONSE',
    problem: 'publicKey',
  })
})
