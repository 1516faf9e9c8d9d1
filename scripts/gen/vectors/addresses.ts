import { slice, zeroHash } from 'viem'
import type { GeneratedFile } from '../generator.ts'
import type { Contracts } from './contracts.ts'
import { vectorFile, word } from './file.ts'
import type { WorldChain } from './world.ts'

const geneses = [
  { credential: word('credential'), policy: zeroHash, handle: word('handle') },
  { credential: word('credential'), policy: word('policy'), handle: word('handle') },
  { credential: word('credential'), policy: zeroHash, handle: word('other handle') },
  { credential: word('other credential'), policy: zeroHash, handle: word('handle') },
  { credential: word('handle'), policy: zeroHash, handle: word('credential') },
]

const policyIds = ['0x0000000000000000000000000000000000000001', slice(word('policy'), 12), `0x${'ff'.repeat(20)}`] as const

/** Addresses of accounts by what they commit to, and of policies by their ids. */
export async function addresses({ read }: WorldChain, contracts: Contracts): Promise<GeneratedFile> {
  const { RekeyAccountFactory: factory, RekeyAccount: implementation, PolicyStore } = contracts
  return vectorFile('addresses', 'Addresses of accounts and policies as the deployed factory and store compute them.', {
    factory: factory.address,
    implementation: implementation.address,
    accounts: await Promise.all(
      geneses.map(async ({ credential, policy, handle }) => ({
        credential,
        policy,
        handle,
        account: await read(factory, 'accountAddress', [implementation.address, credential, policy, handle]),
      })),
    ),
    policyStore: PolicyStore.address,
    policies: await Promise.all(
      policyIds.map(async (policyId) => ({ policyId, pointer: await read(PolicyStore, 'addressOf', [BigInt(policyId)]) })),
    ),
  })
}
