import { addPasskey, createPasskeyAccount, prunePasskeys, removePasskey, sendCallsOnChains, signIn } from '@rekey/sdk'
import { planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { credentialCommitment, type PasskeySignals } from '@rekey/sdk/webauthn'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const batches = [chainA, chainB].map((chainId) => ({
  chainId,
  calls: [{ to: '0x00000000000000000000000000000000000fee21', value: 1n }] as const,
}))
async function createOwner(seed: string) {
  const device = createDevice(seed)
  const account = await createPasskeyAccount(configFor(stack, device), { name: 'Ada' })
  await fund(stack, account)
  for (const { error } of await sendCallsOnChains(account, { batches })) if (error) throw error
  return { device, account }
}

/** What a browser is told, in the words of the standard. */
function recordSignals() {
  const told: [name: string, options: object][] = []
  const record = (name: string) => async (options: object) => void told.push([name, options])
  const signals: PasskeySignals = {
    signalUnknownCredential: record('unknown'),
    signalAllAcceptedCredentials: record('accepted'),
  }
  return { told, signals }
}

const base64Url = (hex: string) => Buffer.from(hex.slice(2), 'hex').toString('base64url')

describe('[245] a passkey that is on the device and not on the account any more', () => {
  const addLaptop = async (account: Awaited<ReturnType<typeof createOwner>>['account'], seed: string) => {
    const laptop = createDevice(seed)
    const added = await addPasskey(account, { name: 'Laptop', credentials: laptop.credentials })
    return { laptop, commitment: added.commitment, id: added.account.credential.id }
  }

  test('signing in says so, with account and id, when all chains agree', async () => {
    const { account } = await createOwner('removed')
    const { laptop, commitment, id } = await addLaptop(account, 'removed laptop')
    const config = configFor(stack, laptop)
    await removePasskey(account, { commitment, chainIds: [chainA] })
    expect((await signIn(config)).credential.id).toBe(id)
    await removePasskey(account, { commitment })
    const removed = { code: 'ACCOUNT_PASSKEY_REMOVED', account: account.address, credentialId: id }
    await expect(signIn(config)).rejects.toMatchObject(removed)
    await expect(signIn(config, { address: account.address })).rejects.toMatchObject(removed)

    const silent = configBetween(stack, laptop, ({ chainId }, pass) =>
      chainId === chainB ? Promise.reject(new Error('down')) : pass(),
    )
    await expect(signIn(silent)).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
  })

  test('[247] the picker answers with a passkey of another account: sign-in stops, and does not call it removed', async () => {
    const { account } = await createOwner('never')
    const { device } = await createOwner('never, other')
    await expect(signIn(configFor(stack, device), { address: account.address })).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    })
  })

  test('its provider is told after a removal on every chain, and not before', async () => {
    const { account } = await createOwner('pruned')
    const { commitment, id } = await addLaptop(account, 'pruned laptop')
    const { told, signals } = recordSignals()
    await removePasskey(account, { commitment, chainIds: [chainA] })
    expect(await prunePasskeys(account, { signals })).toEqual({ ids: [], status: 'signalled' })
    await removePasskey(account, { commitment })

    const silent = configBetween(stack, { credentials: createDevice('x').credentials }, ({ chainId }, pass) =>
      chainId === chainB ? Promise.reject(new Error('down')) : pass(),
    )
    expect(await prunePasskeys({ ...account, config: silent }, { signals })).toEqual({ ids: [], status: 'uncertain' })
    expect(told).toEqual([])
    expect(await prunePasskeys(account, { signals })).toEqual({ ids: [id], status: 'signalled' })
    expect(told).toEqual([['unknown', { rpId: 'localhost', credentialId: base64Url(id) }]])
    expect(await prunePasskeys(account)).toEqual({ ids: [id], status: 'unsupported' })
  })

  test('all that a recovery threw out are told, and the new one is not', async () => {
    const { account } = await createOwner('thrown out')
    const { laptop, id } = await addLaptop(account, 'thrown out laptop')
    const guardians = [walletGuardian(stack.accounts.guardian.address)]
    const plan = await planRecovery(account, { guardians, preset: 'simple', allowInstantSingle: true })
    await plan.apply()
    const request = await startRecovery(configFor(stack, createDevice('thrown out, new')), {
      account: account.address,
      name: 'Ada again',
    })
    await request.approve({ wallet: stack.accounts.guardian })
    expect((await request.submit()).map(({ status }) => status)).toEqual(['done', 'done'])
    await expect(signIn(configFor(stack, laptop))).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY_REMOVED' })

    const { told, signals } = recordSignals()
    const recovered = request.toAccount()
    expect(await prunePasskeys(recovered, { includesUnlisted: true, signals })).toEqual({
      ids: [account.credential.id, id],
      status: 'signalled',
    })
    expect(told).toEqual([
      ['unknown', { rpId: 'localhost', credentialId: base64Url(account.credential.id) }],
      ['unknown', { rpId: 'localhost', credentialId: base64Url(id) }],
      [
        'accepted',
        {
          rpId: 'localhost',
          userId: base64Url(account.genesis.handle),
          allAcceptedCredentialIds: [base64Url(recovered.credential.id)],
        },
      ],
    ])
  })

  test('of an account that was used on one chain only: its first passkey still opens it on the other', async () => {
    const device = createDevice('one chain')
    const account = await createPasskeyAccount(configFor(stack, device), { name: 'Ada' })
    await fund(stack, account)
    const { credentials } = createDevice('one chain, laptop')
    const added = await addPasskey(account, { name: 'Laptop', credentials, chainIds: [chainA] })
    expect(added.results.map(({ status }) => status)).toEqual(['done'])
    const onLaptop = { ...added.account, config: { ...account.config, credentials } }
    const commitment = credentialCommitment(account.genesis.credential)
    const removed = await removePasskey(onLaptop, { commitment, chainIds: [chainA] })
    expect(removed.map(({ status }) => status)).toEqual(['done'])
    const { told, signals } = recordSignals()
    expect(await prunePasskeys(onLaptop, { signals })).toEqual({ ids: [], status: 'signalled' })
    expect(told).toEqual([])
  })
})
