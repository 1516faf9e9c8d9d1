import {
  createPasskeyAccount,
  encodeApprovals,
  listPasskeys,
  type PasskeyAccount,
  recoveryTypedData,
  sendCalls,
} from '@rekey/sdk'
import { guardianRecoveryAbi } from '@rekey/sdk/abis'
import {
  loadRecovery,
  planRecovery,
  type RecoveryRequest,
  startRecovery,
  vetoRecovery,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { BaseError, ContractFunctionRevertedError, type Hex } from 'viem'
import { getCode, getProof, simulateContract } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, fund } from '../integration/support/sdkStack.ts'
import { startDirectly } from './support/direct.ts'
import { createFriend } from './support/friend.ts'
import {
  begin,
  calls,
  createGuardedOwner,
  createOwner,
  day,
  expectSends,
  outcomesOf,
  statesOf,
  walletPolicy,
} from './support/owner.ts'

/** All that a recovery could change of an account: its storage, code, nonce and money, and its passkeys. */
async function snapshot(account: PasskeyAccount) {
  const { address, config } = account
  const proofs = await Promise.all(
    config.chains.map(({ client }) => getProof(client, { address, storageKeys: [], blockTag: 'latest' })),
  )
  const { chains } = await listPasskeys(account)
  return {
    accounts: proofs.map(({ storageHash, codeHash, balance, nonce }) => ({ storageHash, codeHash, balance, nonce })),
    passkeys: chains.map((chain) => ('passkeys' in chain ? chain.passkeys.map(({ commitment }) => commitment) : [])),
  }
}

/** The custom error that `start` reverts with on the first chain. */
async function startError(request: RecoveryRequest, changes: { credential?: object; possession?: Hex }) {
  const { config } = request.toAccount()
  const { policy: policyBytes, possession } = request.toJSON()
  const recovery = { ...request.recovery, credential: { ...request.recovery.credential, ...changes.credential } }
  const { guardianRecovery } = config.contracts
  const typedData = recoveryTypedData(guardianRecovery, 'Recovery', recovery)
  const signature = await stack.accounts.guardian.signTypedData(typedData)
  const approvals = encodeApprovals([{ index: 0, signature }])
  const [chain] = config.chains
  if (!chain) throw new Error('The config has no chain.')
  const error = await simulateContract(chain.client, {
    address: guardianRecovery,
    abi: guardianRecoveryAbi,
    functionName: 'start',
    args: [recovery, policyBytes, approvals, changes.possession ?? possession],
  }).then(
    () => undefined,
    (error: unknown) => error,
  )
  const reverted =
    error instanceof BaseError ? error.walk((cause) => cause instanceof ContractFunctionRevertedError) : error
  return reverted instanceof ContractFunctionRevertedError ? reverted.data?.errorName : reverted
}

describe('a recovery', () => {
  test('by two kinds of guardians, a wallet and a passkey of a friend, needs no delay', async () => {
    const key = await createFriend(stack, 'friend')
    const guardians = [walletGuardian(stack.accounts.guardian.address), key.guardian]
    const { account } = await createGuardedOwner(stack, 'two kinds', { guardians })
    const { request } = await begin(stack, account, 'two kinds, again')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.approve({ passkey: key.credential, credentials: key.credentials })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(await statesOf(request)).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })

  test('[79] [80] [82] vetoed by the owner with one signature is over on both chains, for ever', async () => {
    const { account, device } = await createGuardedOwner(stack, 'veto')
    const { request } = await begin(stack, account, 'thief')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    const before = device.prompts()
    expect(outcomesOf(await vetoRecovery(account, { digest: request.digest }))).toEqual(['done', 'done'])
    expect(device.prompts() - before).toBe(1)
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])
    expect(outcomesOf(await request.submit())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])
    for (const chain of [0, 1] as const) expect(await startDirectly(stack, chain, request)).toBe('Vetoed')
    await expectSends(account)
  })

  test('[215] goes on from its JSON when a chain that was down is back', async () => {
    const { account } = await createGuardedOwner(stack, 'chain down')
    const { request, config } = await begin(stack, account, 'chain down, again')
    await request.approve({ wallet: stack.accounts.guardian })
    await stack.chain(1).stop()
    try {
      expect(outcomesOf(await request.submit())).toEqual(['done', 'CHAIN_UNREACHABLE'])
    } finally {
      await stack.chain(1).start()
    }
    const later = loadRecovery(config, JSON.stringify(request))
    expect(outcomesOf(await later.submit())).toEqual(['skipped', 'done'])
    await stack.clock.increase(day)
    expect(outcomesOf(await later.execute())).toEqual(['done', 'done'])
    expect(outcomesOf(await later.execute())).toEqual(['skipped', 'skipped'])
    await expectSends(later.toAccount())
  })

  test('[84] to a passkey that cannot sign, or is off the curve, is refused before it starts', async () => {
    const { account } = await createGuardedOwner(stack, 'bad keys')
    const broken = createDevice('broken')
    const other = createDevice('other')
    await startRecovery(configFor(stack, other), { account: account.address, name: 'Other' })
    const [privateKey] = other.authenticator.exportPasskeys().map((passkey) => passkey.privateKey)
    const create: typeof broken.credentials.create = async (options) => {
      const created = await broken.credentials.create(options)
      const passkeys = broken.authenticator.exportPasskeys()
      broken.authenticator.importPasskeys(passkeys.map((passkey) => ({ ...passkey, privateKey: privateKey ?? '0x' })))
      return created
    }
    const onBroken = configFor(stack, { credentials: { ...broken.credentials, create } })
    await expect(startRecovery(onBroken, { account: account.address, name: 'Broken' })).rejects.toMatchObject({
      code: 'RECOVERY_NEW_PASSKEY_UNUSABLE',
    })

    const { request } = await begin(stack, account, 'honest')
    const { request: another } = await begin(stack, account, 'another')
    expect(await startError(request, {})).toBeUndefined()
    expect(await startError(request, { possession: another.toJSON().possession })).toBe('NewPasskeyNotPossessed')
    const { y } = request.recovery.credential
    expect(await startError(request, { credential: { y: y ^ 1n } })).toBe('InvalidNewCredential')
    expect(await statesOf(request)).toEqual(['collecting', 'collecting'])
  })

  test('leaves the account as it was until it is executed, and its owner can send meanwhile', async () => {
    const key = await createFriend(stack, 'supporter')
    const guardians = [walletGuardian(stack.accounts.guardian.address), key.guardian]
    const tiers = [
      { weight: 1, kinds: 1, delay: 2 * day, isVetoable: true },
      { weight: 2, kinds: 2, delay: day, isVetoable: true },
    ]
    const { account } = await createGuardedOwner(stack, 'unchanged', { guardians, preset: { tiers } })
    const { request } = await begin(stack, account, 'unchanged, again')
    const { request: vetoed } = await begin(stack, account, 'unchanged, vetoed')
    const before = await snapshot(account)

    await request.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    await request.approve({ passkey: key.credential, credentials: key.credentials })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(outcomesOf(await request.execute())).toEqual(['RECOVERY_NOT_READY', 'RECOVERY_NOT_READY'])
    expect(outcomesOf(await vetoRecovery(account, { digest: vetoed.digest }))).toEqual(['done', 'done'])
    expect(await snapshot(account)).toEqual(before)

    await expectSends(account)
    const sent = await snapshot(account)
    await stack.clock.increase(day)
    expect(await statesOf(request)).toEqual(['ready', 'ready'])
    expect(await snapshot(account)).toEqual(sent)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    expect((await snapshot(account)).passkeys).not.toEqual(sent.passkeys)
    const [chain] = account.config.chains
    await expect(sendCalls(account, { chainId: chain?.id ?? 0, calls })).rejects.toMatchObject({
      code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
    })
  })

  test('[76] of two that run side by side, the first to be executed ends the other', async () => {
    const { account } = await createGuardedOwner(stack, 'side by side')
    const { request: first } = await begin(stack, account, 'first')
    const { request: second } = await begin(stack, account, 'second')
    for (const request of [first, second]) {
      await request.approve({ wallet: stack.accounts.guardian })
      expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    }
    await stack.clock.increase(day)
    expect(outcomesOf(await second.execute())).toEqual(['done', 'done'])
    expect(await statesOf(first)).toEqual(['superseded', 'superseded'])
    expect(outcomesOf(await first.execute())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])
    await expectSends(second.toAccount())
  })

  test('[100] leaves a chain alone on which the account has another policy', async () => {
    const { account } = await createOwner(stack, 'one chain')
    const guardians = [walletGuardian(stack.accounts.guardian.address)]
    const plan = await planRecovery(account, { guardians, preset: 'careful' })
    expect(outcomesOf(await plan.apply({ chainIds: [chainA] }))).toEqual(['done'])
    await expectSends(account)
    const { request } = await begin(stack, account, 'one chain, again')
    await request.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'RECOVERY_OTHER_POLICY'])
    expect(await statesOf(request)).toEqual(['scheduled', 'noPolicy'])
  })

  test('[102] creates the account on a chain where it does not exist, and recovers it there', async () => {
    const config = configFor(stack, createDevice('not yet there'))
    const account = await createPasskeyAccount(config, { name: 'Owner', policy: walletPolicy(stack) })
    await fund(stack, account)
    expect(await isCreatedOn(account)).toEqual([true, false])
    const { request } = await begin(stack, account, 'not yet there, again')
    await request.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(await isCreatedOn(account)).toEqual([true, true])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })
})

async function isCreatedOn({ address, config }: PasskeyAccount): Promise<boolean[]> {
  const codes = await Promise.all(config.chains.map(({ client }) => getCode(client, { address })))
  return codes.map((code) => code !== undefined)
}
