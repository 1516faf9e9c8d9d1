import { sendCalls } from '@rekey/sdk'
import { type GuardianInput, loadRecovery, type RecoveryRequest, walletGuardian } from '@rekey/sdk/recovery'
import { keccak256, toHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { createContractWallet } from '../integration/support/contractWallet.ts'
import { stack } from '../integration/support/runningStack.ts'
import { placeOf } from './support/codes.ts'
import { createFriend } from './support/friend.ts'
import {
  begin,
  bothChains,
  calls,
  createGuardedOwner,
  day,
  expectSends,
  type Owner,
  outcomesOf,
  statesOf,
} from './support/owner.ts'

const walletOf = (seed: string): PrivateKeyAccount => privateKeyToAccount(keccak256(toHex(seed)))
const twoOfThree = /^weight 2 from 1 kinds of guardians; it takes weight 3 from 1 kinds of guardians, or weight \d/
const tooFew = Array(2).fill('RECOVERY_NOT_ENOUGH_APPROVALS')

/** What the first chain that refused the recovery said of the weight. */
async function whyNot(request: RecoveryRequest): Promise<string | undefined> {
  const results = await request.submit()
  expect(outcomesOf(results)).toEqual(tooFew)
  return results[0]?.error?.details
}

/** The new passkey sends on both chains, and the one before it nowhere. */
async function expectRecovered({ account }: Owner, request: RecoveryRequest): Promise<void> {
  await expectSends(request.toAccount())
  for (const chainId of bothChains)
    await expect(sendCalls(account, { chainId, calls })).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY_CANNOT_SIGN' })
}

describe('guardians of weights 1, 1 and 2: three wait two days, all four go at once', () => {
  const [ann, ben] = [walletOf('Ann'), walletOf('Ben')]
  const create = async (seed: string) => {
    const cleo = await createFriend(stack, `Cleo, ${seed}`)
    const guardians: GuardianInput[] = [
      walletGuardian(ann.address),
      walletGuardian(ben.address),
      { ...cleo.guardian, weight: 2 },
    ]
    const tiers = [
      { weight: 3, kinds: 1, delay: 2 * day, isVetoable: true },
      { weight: 4, kinds: 1, delay: 0, isVetoable: false },
    ]
    const owner = await createGuardedOwner(stack, seed, { guardians, preset: { tiers } })
    const { request } = await begin(stack, owner.account, `${seed}, again`)
    return { owner, request, approveAsCleo: () => request.approve({ passkey: cleo.credential, ...cleo }) }
  }

  test('[58] a set that does not reach the weight is told so; one that does waits, and has both chains', async () => {
    const { owner, request, approveAsCleo } = await create('three of four')
    await approveAsCleo()
    expect(await whyNot(request)).toMatch(twoOfThree)
    await request.approve({ wallet: ann })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(await statesOf(request)).toEqual(['scheduled', 'scheduled'])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(Array(2).fill('RECOVERY_NOT_READY'))
    await expectSends(owner.account)
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectRecovered(owner, request)
  })

  test('two of the lighter ones are too few; the third lets it go at once', async () => {
    const { owner, request, approveAsCleo } = await create('two, then four')
    await request.approve({ wallet: ann })
    await request.approve({ wallet: ann })
    expect(await whyNot(request)).toMatch(/^weight 1 from 1 kinds of guardians; it takes weight 3/)
    await request.approve({ wallet: ben })
    expect(await whyNot(request)).toMatch(twoOfThree)
    expect(await statesOf(request)).toEqual(['collecting', 'collecting'])
    await approveAsCleo()
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    await expectRecovered(owner, request)
  })
})

test('any three of five recover, each from a device of their own; with the other two nothing waits any more', async () => {
  const wallets = ['one', 'two', 'three', 'four', 'five'].map(walletOf)
  const owner = await createGuardedOwner(stack, 'five', {
    guardians: wallets.map(({ address }) => walletGuardian(address)),
    preset: {
      tiers: [
        { weight: 3, kinds: 1, delay: day, isVetoable: true },
        { weight: 5, kinds: 1, delay: 0, isVetoable: false },
      ],
    },
  })
  const { request, config } = await begin(stack, owner.account, 'five, again')
  const approve = async (wallet: PrivateKeyAccount): Promise<void> => {
    const elsewhere = loadRecovery(config, JSON.stringify(request))
    await request.addApproval(await elsewhere.approve({ wallet }))
  }
  for (const at of [4, 1]) await approve(wallets[at] as PrivateKeyAccount)
  expect(await whyNot(request)).toMatch(twoOfThree)
  await approve(wallets[2] as PrivateKeyAccount)
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  expect(await statesOf(request)).toEqual(['scheduled', 'scheduled'])
  for (const at of [0, 3]) await approve(wallets[at] as PrivateKeyAccount)
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  expect(await statesOf(request)).toEqual(['done', 'done'])
  await expectRecovered(owner, request)
})

describe('a guardian whose wallet is a contract', () => {
  test('on one chain only recovers there; the other says what is missing, and takes the same approval after that', async () => {
    const wallet = createContractWallet(walletOf('on one chain'))
    const guardian = walletGuardian(wallet.address)
    const owner = await createGuardedOwner(stack, 'one chain', { guardians: [guardian], preset: 'careful' })
    const { request } = await begin(stack, owner.account, 'one chain, again')
    const index = placeOf(request, guardian)
    const signature = await wallet.signer.sign({ hash: request.digest })
    const wrapped = { index, signature: wallet.wrap(signature) }
    await expect(request.addApproval(wrapped)).rejects.toMatchObject({
      code: 'RECOVERY_GUARDIAN_ABSENT',
      wallet: wallet.address,
    })

    await wallet.deploy(stack, [stack.chain(0)])
    await request.addApproval(wrapped)
    expect(request.approvals).toEqual([{ index, signature }])
    expect(outcomesOf(await request.submit())).toEqual(['done', 'RECOVERY_GUARDIAN_ABSENT'])
    expect(await statesOf(request)).toEqual(['scheduled', 'collecting'])

    await wallet.deploy(stack, [stack.chain(1)])
    expect(outcomesOf(await request.submit())).toEqual(['skipped', 'done'])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectRecovered(owner, request)
  })

  test('refuses what is wrapped for it and is not its signature', async () => {
    const wallet = createContractWallet(walletOf('refuses'))
    await wallet.deploy(stack, stack.chains)
    const guardian = walletGuardian(wallet.address)
    const owner = await createGuardedOwner(stack, 'refuses', { guardians: [guardian], preset: 'careful' })
    const { request } = await begin(stack, owner.account, 'refuses, again')
    const signature = wallet.wrap(await walletOf('a stranger').sign({ hash: request.digest }))
    await expect(request.addApproval({ index: placeOf(request, guardian), signature })).rejects.toMatchObject({
      code: 'RECOVERY_INVALID_APPROVAL',
    })
  })
})
