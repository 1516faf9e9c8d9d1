import { passkeyTypedData } from '@rekey/sdk'
import { passkeyValidatorAbi } from '@rekey/sdk/abis'
import { toCredential } from '@rekey/sdk/webauthn'
import { encodeFunctionData, hashTypedData } from 'viem'
import { accountPart, measure, projected } from '../lib/measure.ts'
import { oneOfOne } from '../lib/policies.ts'
import type { Row } from '../lib/row.ts'
import { createPasskey, createUser, handleOp, settle, signOp } from '../lib/user.ts'
import type { World } from '../lib/world.ts'

/** P3–P8, P12, P18: what an account costs to create and to use. */
export async function userOpRows(world: World): Promise<Row[]> {
  const user = await createUser(world, 'ada', oneOfOne())
  const first = await measure(world, await settle(world, user))
  const other = await createUser(world, 'relayed', oneOfOne())
  const created = await measure(world, await world.send(world.contracts.factory, other.createAndSetupData))
  const transfer = [{ to: world.token, data: world.transferData(10n ** 18n) }]
  // The second op writes nothing for the first time any more.
  await handleOp(world, await signOp(world, user, transfer))
  const hash = await handleOp(world, await signOp(world, user, transfer))
  const steady = await measure(world, hash)
  const many = await measure(world, await handleOp(world, await signOp(world, user, transfer, { chains: 8 })))
  const added = await measure(
    world,
    await handleOp(world, await signOp(world, user, [await addPasskey(world, 'second')])),
  )
  const proven = await measure(
    world,
    await handleOp(world, await signOp(world, user, [await addPasskey(world, 'third', user.address)])),
  )
  return [
    {
      id: 'P3',
      what: 'ERC-20 transfer by passkey userOp',
      unit: 'gas',
      measured: steady.gas,
      target: 108_000,
      moonshot: 104_500,
      cost: steady,
    },
    {
      id: 'P4',
      what: "the account's own part of P3",
      unit: 'gas',
      measured: await accountPart(world, hash, user.address, world.token),
      target: 21_000,
      moonshot: 17_500,
    },
    { id: 'P5a', what: 'calldata of P3', unit: 'bytes', measured: steady.calldataBytes, target: 1_060, moonshot: 996 },
    {
      id: 'P5b',
      what: 'calldata of P3 after FastLZ',
      unit: 'bytes',
      measured: steady.fastLzBytes,
      target: 490,
      moonshot: 450,
    },
    {
      id: 'P6',
      what: 'first userOp: create, set up with guardians, transfer',
      unit: 'gas',
      measured: first.gas,
      target: 270_000,
      moonshot: 250_000,
      cost: first,
    },
    // The token's and the EntryPoint's slots are not the account's: the nonce is one of the new ones.
    {
      id: 'P7a',
      what: 'new slots of P6, without the nonce',
      unit: 'slots',
      measured: first.newSlots - 1,
      target: 4,
      moonshot: 3,
    },
    { id: 'P7b', what: 'deployed bytes of P6', unit: 'bytes', measured: first.deployedBytes, target: 61, moonshot: 44 },
    {
      id: 'P8a',
      what: 'add a passkey',
      unit: 'gas',
      measured: added.gas,
      target: 122_000,
      moonshot: 112_000,
      cost: added,
    },
    { id: 'P8b', what: 'new slots of P8a', unit: 'slots', measured: added.newSlots, target: 1 },
    {
      id: 'P8c',
      what: 'add a passkey and prove it at once',
      unit: 'gas',
      measured: proven.gas,
      target: 135_000,
      cost: proven,
    },
    {
      id: 'P12a',
      what: 'one prompt for 8 chains, above P3',
      unit: 'gas',
      measured: many.gas - steady.gas,
      target: 2_500,
      moonshot: 1_800,
      cost: many,
    },
    {
      id: 'P12b',
      what: 'calldata of P12a, above P3',
      unit: 'bytes',
      measured: many.calldataBytes - steady.calldataBytes,
      target: 130,
    },
    {
      id: 'P18a',
      what: 'create and set up with guardians, relayed, after the fork that prices state',
      unit: 'gas',
      measured: projected(created),
      target: 550_000,
      moonshot: 450_000,
    },
    {
      id: 'P18b',
      what: 'P8a after that fork',
      unit: 'gas',
      measured: projected(added),
      target: 225_000,
      moonshot: 120_000,
    },
  ]
}

async function addPasskey(world: World, seed: string, provenFor?: `0x${string}`) {
  const { passkeyValidator } = world.contracts
  const passkey = await createPasskey(seed)
  const prove = { account: provenFor ?? '0x', commitment: passkey.commitment } as const
  const possession = provenFor
    ? await passkey.sign(hashTypedData(passkeyTypedData(passkeyValidator, 'Prove', prove)))
    : ('0x' as const)
  return {
    to: passkeyValidator,
    data: encodeFunctionData({
      abi: passkeyValidatorAbi,
      functionName: 'addCredential',
      args: [toCredential(passkey.credential), passkey.credential.id, possession],
    }),
  }
}
