import { decodePolicy, encodeApprovals, frameOwnerSignature, recoveryTypedData } from '@rekey/sdk'
import { guardianRecoveryAbi } from '@rekey/sdk/abis'
import { encodeFunctionData, type Hex, hashTypedData, keccak256, stringToHex } from 'viem'
import { type Cost, measure, projected } from '../lib/measure.ts'
import { guardians, walletPolicy } from '../lib/policies.ts'
import { requestRecovery } from '../lib/request.ts'
import type { Row } from '../lib/row.ts'
import { createUser, settle, type User } from '../lib/user.ts'
import type { World } from '../lib/world.ts'

const DAY = 86_400

/** P9, P10, P18: what a recovery costs. */
export async function recoveryRows(world: World): Promise<Row[]> {
  const single = await immediate(world, 'p9 single', { count: 1, weight: 1, delay: 0 })
  const quorum = await immediate(world, 'p9 quorum', { count: 3, weight: 2, delay: 0 })
  const { start, execute, veto, secondVeto, vetoByAccount } = await delayed(world)
  const drill = await drilled(world)
  const goal = 13_000
  return [
    {
      id: 'P9a',
      what: 'recovery at once, 1 of 1, possession included',
      unit: 'gas',
      measured: single.gas,
      target: 52_000 + goal,
      moonshot: 48_000 + goal,
      cost: single,
    },
    {
      id: 'P9b',
      what: 'recovery at once, 2 of 3, possession included',
      unit: 'gas',
      measured: quorum.gas,
      target: 59_000 + goal,
      moonshot: 54_000 + goal,
      cost: quorum,
    },
    { id: 'P9c', what: 'new slots of P9b', unit: 'slots', measured: quorum.newSlots, target: 0 },
    {
      id: 'P10a',
      what: 'recovery with delay, 2 of 3: start and execute',
      unit: 'gas',
      measured: start.gas + execute.gas,
      target: 125_000,
      moonshot: 112_000,
      cost: sum(start, execute),
    },
    {
      id: 'P10b',
      what: 'veto signed by a passkey, relayed, the first on a chain',
      unit: 'gas',
      measured: veto.gas,
      target: 62_000,
      cost: veto,
    },
    {
      id: 'P10d',
      what: 'veto signed by a passkey, relayed, a later one',
      unit: 'gas',
      measured: secondVeto.gas,
      target: 45_000,
      moonshot: 40_000,
      cost: secondVeto,
    },
    {
      id: 'P10c',
      what: 'veto of a recovery that has not arrived, relayed',
      unit: 'gas',
      measured: vetoByAccount.gas,
      target: 62_000,
      cost: vetoByAccount,
    },
    { id: 'D1', what: 'drill on chain, 2 of 3', unit: 'gas', measured: drill.gas, target: 60_000, cost: drill },
    {
      id: 'P18c',
      what: 'P9b after the fork that prices state',
      unit: 'gas',
      measured: projected(quorum),
      target: 85_000,
      moonshot: 70_000,
    },
  ]
}

type Shape = Parameters<typeof walletPolicy>[0]

async function immediate(world: World, seed: string, shape: Shape): Promise<Cost> {
  const { user, policy } = await createAccount(world, seed, shape)
  const { startData } = await request(world, user, policy, shape.weight, `${seed}: new`)
  return measure(world, await world.send(world.contracts.guardianRecovery, startData))
}

async function delayed(world: World) {
  const shape = { count: 3, weight: 2, delay: DAY }
  const { guardianRecovery } = world.contracts
  const { user, policy } = await createAccount(world, 'p10', shape)
  const done = await request(world, user, policy, 2, 'p10: new')
  const start = await measure(world, await world.send(guardianRecovery, done.startData))
  await world.increase(DAY)
  const execute = await measure(world, await world.send(guardianRecovery, done.executeData))

  const other = await createAccount(world, 'p10 veto', shape)
  const vetoed = await request(world, other.user, other.policy, 2, 'p10 veto: new')
  await world.send(guardianRecovery, vetoed.startData)
  const veto = await measure(
    world,
    await world.send(guardianRecovery, await vetoData(world, other.user, vetoed.digest)),
  )
  const unseen = await vetoData(world, other.user, keccak256(vetoed.digest))
  const vetoByAccount = await measure(world, await world.send(guardianRecovery, unseen))
  await world.increase(8 * DAY)
  const again = await request(world, other.user, other.policy, 2, 'p10 second veto: new')
  await world.send(guardianRecovery, again.startData)
  const secondVeto = await measure(
    world,
    await world.send(guardianRecovery, await vetoData(world, other.user, again.digest)),
  )
  return { start, execute, veto, secondVeto, vetoByAccount }
}

/** Two guardians show that they could approve; nothing is written. */
async function drilled(world: World): Promise<Cost> {
  const { user, policy } = await createAccount(world, 'drill', { count: 3, weight: 2, delay: DAY })
  const { guardianRecovery } = world.contracts
  const challenge = keccak256(stringToHex('rekey bench: drill'))
  const deadline = (await world.now()) + DAY
  const message = { account: user.address, policy: keccak256(policy), challenge, deadline }
  const digest = hashTypedData(recoveryTypedData(guardianRecovery, 'Drill', message))
  const approvals = encodeApprovals(await approveAs(policy, 2, digest))
  const args = [user.address, policy, challenge, deadline, approvals] as const
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'drill', args })
  const cost = await measure(world, await world.send(guardianRecovery, data))
  if (cost.newSlots + cost.changedSlots > 0) throw new Error('A drill wrote something.')
  return cost
}

async function createAccount(world: World, seed: string, shape: Shape): Promise<{ user: User; policy: Hex }> {
  const policy = walletPolicy(shape)
  const user = await createUser(world, seed, policy)
  await settle(world, user)
  return { user, policy }
}

/** A recovery that the first guardians of the policy have approved. */
async function request(world: World, user: User, policy: Hex, approvers: number, seed: string) {
  const approve = (digest: Hex) => approveAs(policy, approvers, digest)
  const { recovery, digest, possession, startData } = await requestRecovery(world, { user, policy, seed, approve })
  const args = [recovery, possession, []] as const
  return {
    digest,
    startData,
    executeData: encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'execute', args }),
  }
}

/** Approvals of the first guardians of a policy. */
async function approveAs(policy: Hex, approvers: number, digest: Hex) {
  const signers = decodePolicy(policy).guardians.slice(0, approvers)
  return Promise.all(
    signers.map(async ({ signer }, index) => {
      const guardian = guardians.find(({ address }) => address.toLowerCase() === signer)
      if (!guardian) throw new Error(`Nobody here is guardian ${signer}.`)
      return { index, signature: await guardian.sign({ hash: digest }) }
    }),
  )
}

async function vetoData(world: World, user: User, digest: Hex): Promise<Hex> {
  const { guardianRecovery } = world.contracts
  const message = { account: user.address, recovery: digest }
  const blob = await user.passkey.sign(hashTypedData(recoveryTypedData(guardianRecovery, 'Veto', message)), {
    index: 0,
  })
  return encodeFunctionData({
    abi: guardianRecoveryAbi,
    functionName: 'veto',
    args: [user.address, digest, frameOwnerSignature('passkey', blob)],
  })
}

function sum(a: Cost, b: Cost): Cost {
  const keys = Object.keys(a) as (keyof Cost)[]
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as Cost
}
