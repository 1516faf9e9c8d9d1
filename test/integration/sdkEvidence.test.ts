import { guardianKinds } from '@rekey/sdk'
import { type GuardianInput, loadRecovery, planRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { type Abi, type Address, concat, encodeFunctionData, type Hex, keccak256, toHex, zeroHash } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { DEPLOYER } from '../../scripts/deploy/constants.ts'
import { create2Address, deployCalldata } from '../../scripts/deploy/plan.ts'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { placeOf } from '../stories/support/codes.ts'
import { deliver } from '../stories/support/foreignAccount.ts'
import { begin, createOwner, day, expectSends, outcomesOf, statesOf } from '../stories/support/owner.ts'
import { stack } from './support/runningStack.ts'

const tiers = [
  { weight: 1, kinds: 1, delay: 3 * day, isVetoable: true },
  { weight: 2, kinds: 2, delay: day, isVetoable: true },
]
let verifier: Address
let abi: Abi

beforeAll(async () => {
  const artifact = readArtifact('EvidenceGuardian', 'test/contracts')
  abi = artifact.abi
  verifier = create2Address(zeroHash, artifact.bytecode)
  for (const chain of stack.chains)
    await deliver(stack, chain, { to: DEPLOYER, data: deployCalldata(zeroHash, artifact.bytecode) })
})

/** An issuer on both chains, whose word is good as long as its key is. */
async function createIssuer(name: string) {
  const issuer = keccak256(toHex(name))
  const tell = async (functionName: string, args: readonly unknown[]): Promise<void> => {
    for (const chain of stack.chains)
      await deliver(stack, chain, { to: verifier, data: encodeFunctionData({ abi, functionName, args }) })
  }
  const keyOf = (version: number): Hex => keccak256(toHex(`${name}, ${version}`))
  const use = (version: number) => tell('use', [issuer, keyOf(version)])
  await use(1)
  const guardian: GuardianInput = {
    kind: guardianKinds.oidc,
    weight: 1,
    signer: concat([verifier, issuer]),
    isHidden: false,
    needsEvidence: true,
    validUntil: 0,
  }
  return { guardian, use, revoke: (version: number) => tell('revoke', [keyOf(version), true]) }
}

/** A recovery that an issuer and a wallet have approved, and that waits for a day on both chains. */
async function createScheduled(seed: string) {
  const { account } = await createOwner(stack, seed)
  const issuer = await createIssuer(seed)
  const guardians = [issuer.guardian, walletGuardian(stack.accounts.guardian.address)]
  expect(outcomesOf(await (await planRecovery(account, { guardians, preset: { tiers } })).apply())).toEqual([
    'done',
    'done',
  ])
  const { request } = await begin(stack, account, `${seed}, again`)
  const index = placeOf(request, issuer.guardian)
  await expect(request.addApproval({ index, signature: zeroHash })).rejects.toMatchObject({
    code: 'RECOVERY_INVALID_APPROVAL',
  })
  await request.addApproval({ index, signature: request.digest })
  await request.approve({ wallet: stack.accounts.guardian })
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  return { issuer, request }
}

describe('a vote that rests on the key of an issuer', () => {
  test('counts while the key holds, and everything there is to recount is nothing', async () => {
    const { request } = await createScheduled('holds')
    expect(outcomesOf(await request.recount())).toEqual(['skipped', 'skipped'])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })

  test('[122] counts after the issuer has changed to another key: what it rested on is found as of then', async () => {
    const { issuer, request } = await createScheduled('rotates')
    await issuer.use(2)
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })

  test('[123] is dropped when the key is revoked during the delay; the others wait as long as they do alone', async () => {
    const { issuer, request } = await createScheduled('revoked')
    await issuer.revoke(1)
    await issuer.use(2)
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(Array(2).fill('CONTRACT_EVIDENCE_FAILED'))
    // Anyone who has the JSON may recount.
    const elsewhere = loadRecovery(configFor(stack, createDevice('elsewhere')), JSON.stringify(request))
    expect(outcomesOf(await elsewhere.recount())).toEqual(['done', 'done'])
    expect(outcomesOf(await elsewhere.recount())).toEqual(['skipped', 'skipped'])
    expect(await statesOf(request)).toEqual(['scheduled', 'scheduled'])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(Array(2).fill('RECOVERY_NOT_READY'))
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })

  test('cannot be accounted for by one who has not the approval', async () => {
    const { request } = await createScheduled('bare')
    await stack.clock.increase(day)
    const bare = loadRecovery(configFor(stack, createDevice('bare')), { ...request.toJSON(), approvals: [] })
    expect(outcomesOf(await bare.execute())).toEqual(Array(2).fill('RECOVERY_EVIDENCE_UNKNOWN'))
    expect(outcomesOf(await bare.recount())).toEqual(Array(2).fill('RECOVERY_EVIDENCE_UNKNOWN'))
  })
})
