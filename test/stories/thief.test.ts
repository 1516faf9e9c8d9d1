import { changeKinds, encodePolicy, type PasskeyAccount, policyId, sendCalls, sortGuardians } from '@rekey/sdk'
import { guardianRecoveryAbi, rekeyAccountAbi } from '@rekey/sdk/abis'
import { type RecoveryPreset, type RecoveryRequest, recoveryPresets, walletGuardian } from '@rekey/sdk/recovery'
import { type CredentialRecord, toCredential } from '@rekey/sdk/webauthn'
import {
  type Address,
  createPublicClient,
  createWalletClient,
  encodePacked,
  type Hex,
  http,
  zeroAddress,
  zeroHash,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { localAccount } from '../../scripts/stack/accounts.ts'
import { stackContracts } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA } from '../integration/support/sdkStack.ts'
import { createCodes } from './support/codes.ts'
import { startDirectly } from './support/direct.ts'
import { createFriend, type Friend } from './support/friend.ts'
import {
  begin,
  calls,
  createGuardedOwner,
  day,
  expectSends,
  type Owner,
  outcomesOf,
  statesOf,
} from './support/owner.ts'
import { onAccount, onPasskeys, onRecovery, thiefOf } from './support/thief.ts'

/*
 * A thief holds the account's only passkey and has an evening for it. He tries everything the account lets him do; the
 * owner has her guardians. In the end she alone is in control, or the limit that the documentation states is shown.
 */

let friend: Friend

beforeAll(async () => {
  friend = await createFriend(stack, 'friend')
})

const wallet = () => walletGuardian(stack.accounts.guardian.address)

/** A wallet and a friend's passkey: two kinds. The account exists on the first chain and has sent there. */
async function createVictim(seed: string, preset: RecoveryPreset): Promise<Owner> {
  const guardians = [wallet(), friend.guardian]
  const owner = await createGuardedOwner(stack, seed, { guardians, preset })
  await sendCalls(owner.account, { chainId: chainA, calls })
  return owner
}

/** Days from the start by both guardians to the end, when nobody objects and when the thief has vetoed; days that a change waits. */
const waits = {
  simple: { quiet: 1, vetoed: undefined, changes: 2 },
  careful: { quiet: 0, vetoed: 0, changes: 2 },
  fast: { quiet: 0, vetoed: 0, changes: 2 },
  guarded: { quiet: 1, vetoed: 3, changes: 4 },
  sovereign: { quiet: 3, vetoed: 7, changes: 8 },
} as const satisfies Record<RecoveryPreset, { quiet: number; vetoed: number | undefined; changes: number }>

/** Both guardians approve; what has to be waited for is waited for to the second. */
async function finishWithBoth(request: RecoveryRequest, days: number): Promise<void> {
  await request.approve({ wallet: stack.accounts.guardian })
  await request.approve({ passkey: friend.credential, credentials: friend.credentials })
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  await waitOut(request, days)
}

/** Nothing happens before the day; on it the recovery executes. */
async function waitOut(request: RecoveryRequest, days: number, hoursGone = 0): Promise<void> {
  if (days === 0) return
  await stack.clock.increase(days * day - (hoursGone + 1) * 3_600)
  expect(outcomesOf(await request.execute())).toEqual(['RECOVERY_NOT_READY', 'RECOVERY_NOT_READY'])
  await stack.clock.increase(3_600)
  expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
}

/** The owner comes back with both guardians, and nobody objects in time. */
async function recoverWithBoth(
  account: PasskeyAccount,
  seed: string,
  preset: RecoveryPreset,
): Promise<RecoveryRequest> {
  const { request } = await begin(stack, account, seed)
  await finishWithBoth(request, waits[preset].quiet)
  return request
}

/** The owner alone: her passkey sends on both chains, the stolen one on none. */
async function expectOwnerInControl(request: RecoveryRequest, stolen: PasskeyAccount): Promise<void> {
  expect(await statesOf(request)).toEqual(['done', 'done'])
  await expectSends(request.toAccount())
  await expect(sendCalls(stolen, { chainId: chainA, calls })).rejects.toMatchObject({
    code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
  })
}

/** Another policy, whose only guardian is the thief. */
function thiefsPolicy(name: Hex): Hex {
  return encodePolicy({
    salt: `0x${name.slice(2).padEnd(64, '7')}`,
    allowsInstantSingle: true,
    windowHours: 336,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: 0, isVetoable: true }],
    guardians: sortGuardians([walletGuardian('0x000000000000000000000000000000000007be1f')]),
  })
}

async function deployModule(): Promise<Address> {
  const { abi, bytecode } = readArtifact('ForeignModule', 'test/contracts')
  const transport = http(stack.chains[0]?.rpcUrl)
  const deployer = createWalletClient({ transport, account: localAccount('deployer') })
  const hash = await deployer.deployContract({ abi, bytecode, args: [], chain: null })
  const { contractAddress } = await createPublicClient({ transport }).waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('ForeignModule was not deployed.')
  return contractAddress
}

const read = (
  functionName: 'generation' | 'implementation' | 'isModule',
  { address }: PasskeyAccount,
  args: readonly unknown[] = [],
): Promise<unknown> => firstChain().readContract({ address, abi: rekeyAccountAbi, functionName, args } as never)

const asStruct = (credential: CredentialRecord) => toCredential(credential)

describe.each(recoveryPresets)('%s: both guardians take the account back from a thief who does not veto', (preset) => {
  test('[73] [181] [178] he tries to remove the guardians in every way the account has; every one fails at once', async () => {
    const { account } = await createVictim(`removes, ${preset}`, preset)
    const attempt = thiefOf(account, chainA)
    const self = account.address
    const { guardianRecovery, passkeyValidator } = stackContracts(stack)
    const module = await deployModule()
    const issuedAt = await chainTime()
    const expectRefused = async (to: Address, data: Hex, reason: string) =>
      expect([reason, await attempt(to, data)]).toEqual([reason, reason])

    await expectRefused(self, onAccount('uninstallModule', [2n, guardianRecovery, '0x']), 'UnknownChange')
    await expectRefused(self, onAccount('uninstallModule', [1n, passkeyValidator, '0x']), 'CoreModule')
    await expectRefused(self, onAccount('unlink', [2n, guardianRecovery, '0x']), 'CoreModule')
    await expectRefused(self, onAccount('installModule', [4n, module, '0x']), 'UnsupportedModule')
    await expectRefused(self, onAccount('upgradeTo', [module]), 'UnknownChange')
    const delegatecall: Hex = `0xff${zeroHash.slice(4)}`
    const erase = encodePacked(['address'], [module])
    await expectRefused(self, onAccount('execute', [delegatecall, erase]), 'UnsupportedMode')
    await expectRefused(self, onAccount('recover', [asStruct(friend.credential), 0, zeroHash, '0x']), 'Unauthorized')
    await expectRefused(guardianRecovery, onRecovery('onUninstall', ['0x']), 'UnknownChange')
    await expectRefused(guardianRecovery, onRecovery('onInstall', [thiefsPolicy('0x01')]), 'PolicyExists')
    const ahead = [self, thiefsPolicy('0x02'), issuedAt + 3_600, '0x']
    await expectRefused(guardianRecovery, onRecovery('setPolicy', ahead), 'NotYetIssued')

    const request = await recoverWithBoth(account, `removes, ${preset}, again`, preset)
    await expectOwnerInControl(request, account)
  })

  test.each(['policy', 'uninstall', 'upgrade'] as const)(
    '[73] [97] he announces another %s and waits; the guardians are faster, and his announcement is dead',
    async (kind) => {
      const { account } = await createVictim(`announces ${kind}, ${preset}`, preset)
      const attempt = thiefOf(account, chainA)
      const self = account.address
      const { guardianRecovery, implementation } = stackContracts(stack)
      const module = await deployModule()
      const planted = thiefsPolicy('0x03')
      const announce = {
        policy: async () => onRecovery('setPolicy', [self, planted, await laterThanAll(), '0x']),
        uninstall: async () =>
          onRecovery('announce', [self, changeKinds.uninstall, zeroAddress, await laterThanAll(), '0x']),
        upgrade: async () => onRecovery('announce', [self, changeKinds.upgrade, module, await laterThanAll(), '0x']),
      }
      const use = {
        policy: [guardianRecovery, onRecovery('applyPolicy', [self, planted])],
        uninstall: [self, onAccount('uninstallModule', [2n, guardianRecovery, '0x'])],
        upgrade: [self, onAccount('upgradeTo', [module])],
      } as const
      expect(await attempt(guardianRecovery, await announce[kind]())).toBe('done')
      expect(await attempt(...use[kind])).toBe('ChangeNotReady')
      await stack.clock.increase(day / 2)
      expect(await attempt(...use[kind])).toBe('ChangeNotReady')

      const request = await recoverWithBoth(account, `announces ${kind}, ${preset}, again`, preset)
      await expectOwnerInControl(request, account)
      await stack.clock.increase(8 * day)
      expect(await thiefOf(request.toAccount(), chainA)(...use[kind])).toBe('Superseded')
      expect(await read('implementation', account)).toBe(implementation)
    },
  )

  test('[84] [95] [I20] he fills the passkeys, registers the owner’s new one beforehand, and installs a module; none of it stays', async () => {
    const { account } = await createVictim(`plants, ${preset}`, preset)
    const attempt = thiefOf(account, chainA)
    const { passkeyValidator } = stackContracts(stack)
    const module = await deployModule()
    const self = account.address
    for (const type of [1n, 2n])
      expect(await attempt(self, onAccount('installModule', [type, module, '0x']))).toBe('done')
    const fallback = onAccount('installModule', [3n, module, encodePacked(['bytes4'], ['0x12345678'])])
    expect(await attempt(self, fallback)).toBe('done')
    const { request } = await begin(stack, account, `plants, ${preset}, again`)
    const fresh = request.toAccount().credential
    const own = [fresh]
    for (let number = own.length; number < 31; number++)
      own.push((await createFriend(stack, `thief ${number}`)).credential)
    const adds = own.map((passkey) => ({
      to: passkeyValidator,
      data: onPasskeys('addCredential', [asStruct(passkey), passkey.id, '0x']),
    }))
    expect((await sendCalls(account, { chainId: chainA, calls: adds })).success).toBe(true)
    const more = (await createFriend(stack, 'thief 32')).credential
    const last = onPasskeys('addCredential', [asStruct(more), more.id, '0x'])
    expect(await attempt(passkeyValidator, last)).toBe('TooManyCredentials')

    await finishWithBoth(request, waits[preset].quiet)
    await expectOwnerInControl(request, account)
    expect(await read('isModule', account, [module])).toBe(false)
    expect(await read('generation', account)).toBe(1)
  })
})

describe.each(['careful', 'fast', 'guarded', 'sovereign'] as const)(
  '%s: a veto does not stop both guardians',
  (preset) => {
    const wait = waits[preset].vetoed

    test('[74] [82] he vetoes what he sees, also before it reaches the other chain; both guardians go through all the same', async () => {
      const { account } = await createVictim(`vetoes, ${preset}`, preset)
      const { request } = await begin(stack, account, `vetoes, ${preset}, again`)
      const { guardianRecovery } = stackContracts(stack)
      const veto = onRecovery('veto', [account.address, request.digest, '0x'])
      for (const { chainId } of stack.chains)
        expect(await thiefOf(account, chainId)(guardianRecovery, veto)).toBe('done')
      expect(await statesOf(request)).toEqual(['vetoed', 'vetoed'])
      await finishWithBoth(request, wait)
      await expectOwnerInControl(request, account)
    })

    test('[73] [74] he announces guardians of his own and vetoes the recovery when it starts: the announcement is held until the recovery is through', async () => {
      const { account } = await createVictim(`announces and vetoes, ${preset}`, preset)
      const attempt = thiefOf(account, chainA)
      const { guardianRecovery } = stackContracts(stack)
      const planted = thiefsPolicy('0x05')
      const apply = onRecovery('applyPolicy', [account.address, planted])
      const announce = onRecovery('setPolicy', [account.address, planted, await laterThanAll(), '0x'])
      expect(await attempt(guardianRecovery, announce)).toBe('done')
      // The last hour before his guardians would count.
      await stack.clock.increase(waits[preset].changes * day - 3_600)

      const { request } = await begin(stack, account, `announces and vetoes, ${preset}, again`)
      await request.approve({ wallet: stack.accounts.guardian })
      await request.approve({ passkey: friend.credential, credentials: friend.credentials })
      expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
      if (wait > 0) {
        const veto = onRecovery('veto', [account.address, request.digest, '0x'])
        for (const { chainId } of stack.chains)
          expect(await thiefOf(account, chainId)(guardianRecovery, veto)).toBe('done')
        expect(await attempt(guardianRecovery, veto)).toBe('NotVetoable')
        await stack.clock.increase(7_200)
        expect(await attempt(guardianRecovery, apply)).toBe('Held')
        await waitOut(request, wait, 2)
      }
      await expectOwnerInControl(request, account)
      await stack.clock.increase(day)
      expect(await thiefOf(request.toAccount(), chainA)(guardianRecovery, apply)).toBe('Superseded')
    })
  },
)

describe('with a sheet of codes', () => {
  test('[73] [97] he makes new codes so as to void the sheet; until they apply the sheet is good, and afterwards he is out', async () => {
    const sheet = createCodes(stack)
    const planted = createCodes(stack)
    const { account } = await createGuardedOwner(stack, 'codes made anew', {
      guardians: [sheet.guardian, wallet()],
      preset: 'careful',
    })
    await sendCalls(account, { chainId: chainA, calls })
    const { guardianRecovery } = stackContracts(stack)
    const other = encodePolicy({
      salt: `0x${'06'.repeat(32)}`,
      allowsInstantSingle: false,
      windowHours: 336,
      freezeHours: 0,
      tiers: [{ weight: 1, kinds: 1, delay: day, isVetoable: true }],
      guardians: sortGuardians([planted.guardian, wallet()]),
    })
    const attempt = thiefOf(account, chainA)
    const set = onRecovery('setPolicy', [account.address, other, await laterThanAll(), '0x'])
    expect(await attempt(guardianRecovery, set)).toBe('done')

    const { request } = await begin(stack, account, 'codes made anew, again')
    await expect(async () => planted.approveWith(0, request)).rejects.toMatchObject({ code: 'CODE_UNKNOWN' })
    await sheet.approveWith(0, request)
    await request.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    await expectOwnerInControl(request, account)
    await stack.clock.increase(2 * day)
    const apply = onRecovery('applyPolicy', [account.address, other])
    expect(await thiefOf(request.toAccount(), chainA)(guardianRecovery, apply)).toBe('Superseded')
  })
})

describe('simple: one guardian after a day, which the owner can veto', () => {
  test('[74] [75] the documented limit: a thief with the passkey vetoes every attempt, and the guardian waits a week each time; neither gets the other out', async () => {
    const { account } = await createVictim('stalemate', 'simple')
    const attempt = thiefOf(account, chainA)
    const { guardianRecovery } = stackContracts(stack)
    const { request } = await begin(stack, account, 'stalemate, again')
    await request.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(await attempt(guardianRecovery, onRecovery('veto', [account.address, request.digest, '0x']))).toBe('done')
    expect(await statesOf(request)).toEqual(['vetoed', 'scheduled'])

    const { request: second } = await begin(stack, account, 'stalemate, once more')
    await second.approve({ wallet: stack.accounts.guardian })
    expect(await startDirectly(stack, 0, second)).toBe('NoTier')
    expect(outcomesOf(await second.submit())).toEqual(['RECOVERY_NOT_ENOUGH_APPROVALS', 'done'])
    await second.approve({ passkey: friend.credential, credentials: friend.credentials })
    expect(outcomesOf(await second.submit())).toEqual(['done', 'done'])
  })

  test('[73] but he cannot change the policy either while the guardian, unvetoed for a day, takes the account back', async () => {
    const { account } = await createVictim('asleep', 'simple')
    const attempt = thiefOf(account, chainA)
    const { guardianRecovery } = stackContracts(stack)
    const planted = thiefsPolicy('0x04')
    const announce = onRecovery('setPolicy', [account.address, planted, await laterThanAll(), '0x'])
    expect(await attempt(guardianRecovery, announce)).toBe('done')
    const { request } = await begin(stack, account, 'asleep, again')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectOwnerInControl(request, account)
    await stack.clock.increase(day)
    const apply = onRecovery('applyPolicy', [account.address, planted])
    expect(await thiefOf(request.toAccount(), chainA)(guardianRecovery, apply)).toBe('Superseded')
    expect(await policyOf(account)).not.toBe(BigInt(policyId(planted)))
  })
})

function firstChain() {
  return createPublicClient({ transport: http(stack.chains[0]?.rpcUrl), cacheTime: 0 })
}

/** A time of issue that is newer than whatever took effect in this block. */
async function laterThanAll(): Promise<number> {
  return (await chainTime()) + 1
}

async function chainTime(): Promise<number> {
  return Number((await firstChain().getBlock()).timestamp)
}

async function policyOf({ address, config }: PasskeyAccount): Promise<bigint> {
  const { policyId } = await firstChain().readContract({
    address: config.contracts.guardianRecovery,
    abi: guardianRecoveryAbi,
    functionName: 'getHead',
    args: [address],
  })
  return policyId
}
