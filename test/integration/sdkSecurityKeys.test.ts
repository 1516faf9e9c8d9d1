import { addPasskey, createPasskeyAccount, sendCallsOnChains, signIn } from '@rekey/sdk'
import type { SeenPasskey } from '@rekey/sdk/webauthn'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const batches = [chainA, chainB].map((chainId) => ({
  chainId,
  calls: [{ to: '0x00000000000000000000000000000000000fee21', value: 1n }] as const,
}))
async function createOwner(seed: string, changes: Parameters<typeof createDevice>[1] = {}) {
  const device = createDevice(seed, changes)
  const seen: SeenPasskey[] = []
  const config = configFor(stack, device, { onPasskeySeen: (passkey) => void seen.push(passkey) })
  const account = await createPasskeyAccount(config, { name: 'Ada' })
  await fund(stack, account)
  for (const { error } of await sendCallsOnChains(account, { batches })) if (error) throw error
  return { device, account, seen }
}

describe('a security key that keeps no passkeys', () => {
  test('is added, signs in by address, and sends on both chains', async () => {
    const { account } = await createOwner('with a key')
    const key = createDevice('key', { keepsPasskeys: false, backupEligible: false, transports: ['usb'] })
    const parameters = { name: 'Key', credentials: key.credentials }
    // Without being told that it is a security key, the account asks for a passkey that it cannot keep.
    await expect(addPasskey(account, parameters)).rejects.toMatchObject({ code: 'WEBAUTHN_NOT_ALLOWED' })
    const added = await addPasskey(account, { ...parameters, isSecurityKey: true })
    expect(added.results.map(({ status }) => status)).toEqual(['done', 'done'])

    const config = configFor(stack, key)
    const { address } = account
    await expect(signIn(config)).rejects.toMatchObject({ code: 'WEBAUTHN_NOT_ALLOWED' })
    await expect(signIn(config, { address })).rejects.toMatchObject({ code: 'WEBAUTHN_NOT_ALLOWED' })
    const withKey = await signIn(config, { address, isSecurityKey: true })
    expect(withKey.credential.id).toBe(added.account.credential.id)
    expect((await sendCallsOnChains(withKey, { batches })).map(({ status }) => status)).toEqual(['done', 'done'])
  })

  test('without a PIN is refused with words for it, and so is a key of somebody else', async () => {
    const { account } = await createOwner('no PIN')
    const noPin = createDevice('no PIN, key', { keepsPasskeys: false, canVerifyUser: false })
    const refused = { code: 'WEBAUTHN_SECURITY_KEY_NOT_USED', cause: { code: 'WEBAUTHN_NOT_ALLOWED' } }
    await expect(
      addPasskey(account, { name: 'Key', credentials: noPin.credentials, isSecurityKey: true }),
    ).rejects.toMatchObject(refused)
    const stranger = configFor(stack, createDevice('stranger’s key', { keepsPasskeys: false }))
    await expect(signIn(stranger, { address: account.address, isSecurityKey: true })).rejects.toMatchObject(refused)
  })

  test('is not asked for when no chain names a passkey of this domain', async () => {
    const { account } = await createOwner('not here')
    const device = createDevice('not here, key', { page: 'http://backup.localhost:4174' })
    const elsewhere = configFor(stack, device, {
      rpId: 'backup.localhost',
      origins: ['http://backup.localhost:4174'],
    })
    await expect(signIn(elsewhere, { address: account.address, isSecurityKey: true })).rejects.toMatchObject({
      code: 'ACCOUNT_NO_LISTED_PASSKEY',
    })
    await expect(signIn(elsewhere, { isSecurityKey: true })).rejects.toMatchObject({ code: 'ENCODING_INVALID' })
    expect(device.prompts()).toBe(0)
  })
})

describe('what ceremonies tell of passkeys', () => {
  test('names and transports once, and at each answer whether it is synced', async () => {
    const { device, account, seen } = await createOwner('told', { backedUp: false })
    expect(seen[0]).toMatchObject({
      id: account.credential.id,
      rpId: 'localhost',
      backup: 'notSynced',
      userHandle: account.genesis.handle,
      creation: { name: 'Ada', transports: ['internal', 'hybrid'] },
    })
    device.authenticator.setBackedUp(true)
    await sendCallsOnChains(account, { batches })
    expect(seen.map(({ backup, creation }) => [backup, creation !== undefined])).toEqual([
      ['notSynced', true],
      ['notSynced', false],
      ['synced', false],
    ])
  })
})
