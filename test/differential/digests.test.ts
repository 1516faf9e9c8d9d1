import {
  accountAddress,
  changeId,
  changeKinds,
  type Messages,
  passkeyTypedData,
  type Recovery,
  recoveryTypedData,
} from '@rekey/sdk'
import { credentialCommitment } from '@rekey/sdk/webauthn'
import fc from 'fast-check'
import { encodeFunctionData, type Hex, hashTypedData, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as arbitrary from './support/arbitraries.ts'
import { startChains, type TestChain } from './support/world.ts'

let chains: Awaited<ReturnType<typeof startChains>>
beforeAll(async () => {
  chains = await startChains()
})
afterAll(() => chains?.stop())

const both = (): readonly TestChain[] => [chains.osaka, chains.prague]
const few = 8

/** What the contract on a chain hashes. */
const contractDigest = {
  Recovery: ({ client, guardianRecovery }: TestChain, message: Recovery) =>
    client.readContract({ ...guardianRecovery, functionName: 'hashRecovery', args: [message] }),
  Veto: ({ client, guardianRecovery }: TestChain, { account, recovery }: Messages['Veto']) =>
    client.readContract({ ...guardianRecovery, functionName: 'vetoDigest', args: [account, recovery] }),
  SetPolicy: ({ client, guardianRecovery }: TestChain, { account, policy, issuedAt }: Messages['SetPolicy']) =>
    client.readContract({ ...guardianRecovery, functionName: 'setPolicyDigest', args: [account, policy, issuedAt] }),
  GuardianCancel: (
    { client, guardianRecovery }: TestChain,
    { account, policy, recovery }: Messages['GuardianCancel'],
  ) =>
    client.readContract({
      ...guardianRecovery,
      functionName: 'guardianCancelDigest',
      args: [account, policy, recovery],
    }),
  Uninstall: ({ client, guardianRecovery }: TestChain, { account, issuedAt }: Messages['Uninstall']) =>
    client.readContract({ ...guardianRecovery, functionName: 'uninstallDigest', args: [account, issuedAt] }),
  Upgrade: ({ client, guardianRecovery }: TestChain, { account, implementation, issuedAt }: Messages['Upgrade']) =>
    client.readContract({
      ...guardianRecovery,
      functionName: 'upgradeDigest',
      args: [account, implementation, issuedAt],
    }),
  Freeze: ({ client, guardianRecovery }: TestChain, { account, policy, duration, issuedAt }: Messages['Freeze']) =>
    client.readContract({
      ...guardianRecovery,
      functionName: 'freezeDigest',
      args: [account, policy, duration, issuedAt],
    }),
  Drill: ({ client, guardianRecovery }: TestChain, { account, policy, challenge, deadline }: Messages['Drill']) =>
    client.readContract({
      ...guardianRecovery,
      functionName: 'drillDigest',
      args: [account, policy, challenge, deadline],
    }),
  Prove: ({ client, passkeyValidator }: TestChain, { account, commitment }: Messages['Prove']) =>
    client.readContract({ ...passkeyValidator, functionName: 'proveDigest', args: [account, commitment] }),
  Possession: ({ client, passkeyValidator }: TestChain, { recovery }: Messages['Possession']) =>
    client.readContract({ ...passkeyValidator, functionName: 'possessionDigest', args: [recovery] }),
}

type Name = keyof typeof contractDigest

function sdkDigest(name: Name, message: never): Hex {
  const { guardianRecovery, passkeyValidator } = chains.osaka
  const typedData =
    name === 'Prove' || name === 'Possession'
      ? passkeyTypedData(passkeyValidator.address, name, message)
      : recoveryTypedData(guardianRecovery.address, name, message)
  return hashTypedData(typedData as never)
}

/** Asks every chain about every message; returns the digests all agree on. */
async function compare<message>(name: Name, list: readonly message[]): Promise<readonly Hex[]> {
  const ours = list.map((message) => sdkDigest(name, message as never))
  for (const chain of both()) {
    const theirs = await Promise.all(list.map((message) => contractDigest[name](chain, message as never)))
    expect(theirs, chain.name).toEqual(ours)
  }
  return ours
}

const arbitraries: { readonly [name in Name]: fc.Arbitrary<unknown> } = {
  Recovery: arbitrary.recovery,
  ...arbitrary.messages,
}

describe('digests', () => {
  test.each(Object.keys(arbitraries) as Name[])('[103] any %s: SDK and contract on both chains agree', (name) =>
    fc.assert(
      fc.asyncProperty(fc.array(arbitraries[name], { minLength: few, maxLength: few }), async (list) => {
        await compare(name, list)
      }),
    ),
  )

  test('[199] different messages of any kind never share a digest, although they are made of the same words', () =>
    fc.assert(
      fc.asyncProperty(arbitrary.recovery, arbitrary.word, async (recovery, word) => {
        const { account, issuedAt } = recovery
        const all = [
          ...(await compare('Recovery', [recovery, { ...recovery, policy: word }])),
          ...(await compare('Veto', [{ account, recovery: word }])),
          ...(await compare('SetPolicy', [{ account, policy: word, issuedAt }])),
          ...(await compare('GuardianCancel', [{ account, policy: word, recovery: word }])),
          ...(await compare('Uninstall', [{ account, issuedAt }])),
          ...(await compare('Upgrade', [{ account, implementation: account, issuedAt }])),
          ...(await compare('Freeze', [{ account, policy: word, duration: 0, issuedAt }])),
          ...(await compare('Drill', [{ account, policy: word, challenge: word, deadline: issuedAt }])),
          ...(await compare('Prove', [{ account, commitment: word }])),
          ...(await compare('Possession', [{ recovery: word }])),
        ]
        expect(new Set(all).size).toBe(recovery.policy === word ? all.length - 1 : all.length)
      }),
      { numRuns: 20 },
    ))
})

test('[103] any change: SDK and contract call it off by the same digest', () =>
  fc.assert(
    fc.asyncProperty(fc.array(arbitrary.change, { minLength: few, maxLength: few }), async (list) => {
      const { guardianRecovery } = chains.osaka
      for (const { account, ...change } of list) {
        const message = { account, change: changeId(change) }
        const ours = hashTypedData(recoveryTypedData(guardianRecovery.address, 'CancelChange', message))
        const args = [account, changeKinds[change.kind], BigInt(change.value), change.issuedAt] as const
        for (const chain of both()) {
          const contract = chain.guardianRecovery
          expect(
            await chain.client.readContract({ ...contract, functionName: 'cancelChangeDigest', args }),
            chain.name,
          ).toBe(ours)
        }
      }
    }),
  ))

test('any credential: SDK and contract commit to the same', () =>
  fc.assert(
    fc.asyncProperty(fc.array(arbitrary.credential, { minLength: few, maxLength: few }), async (list) => {
      const { harness, read } = chains.osaka
      const valid = list.map((one) => ({ ...one, flags: one.flags & 3 }))
      const known = valid.filter((one) => one.rpIdHash !== zeroHash && one.originsHash !== zeroHash)
      const theirs = await Promise.all(known.map((one) => read(harness, 'commitment', [one])))
      expect(theirs).toEqual(known.map(credentialCommitment))
    }),
  ))

describe('accounts', () => {
  test('the same beginning has the same address on every chain, another beginning another', () =>
    fc.assert(
      fc.asyncProperty(fc.array(arbitrary.genesis, { minLength: few, maxLength: few }), async (list) => {
        const [factory, implementation] = [chains.osaka.factory.address, chains.osaka.implementation.address]
        const ours = list.map((genesis) => accountAddress({ factory, implementation, ...genesis }))
        for (const chain of both()) {
          const theirs = await Promise.all(
            list.map(({ credential, policy, handle }) =>
              chain.client.readContract({
                ...chain.factory,
                functionName: 'accountAddress',
                args: [implementation, credential, policy, handle],
              }),
            ),
          )
          expect(theirs, chain.name).toEqual(ours)
        }
        const beginnings = new Set(list.map((genesis) => JSON.stringify(genesis)))
        expect(new Set(ours).size).toBe(beginnings.size)
      }),
    ))

  test('the factory creates it where the SDK says', async () => {
    const [genesis] = fc.sample(arbitrary.genesis, 1)
    if (!genesis) throw new Error('There is no sample.')
    const { credential, policy, handle } = genesis
    for (const { client, factory, implementation, sendAs } of both()) {
      const account = accountAddress({ factory: factory.address, implementation: implementation.address, ...genesis })
      expect(await client.getCode({ address: account })).toBeUndefined()
      const args = [implementation.address, credential, policy, handle] as const
      const data = encodeFunctionData({ abi: factory.abi, functionName: 'createAccount', args })
      await sendAs('0x000000000000000000000000000000000000dead', factory.address, data)
      expect(await client.getCode({ address: account })).toContain(implementation.address.slice(2).toLowerCase())
    }
  })
})
