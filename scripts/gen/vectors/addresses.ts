import { zeroHash } from 'viem'
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

/** Addresses of accounts by what they commit to. */
export async function addresses({ read }: WorldChain, contracts: Contracts): Promise<GeneratedFile> {
  const { RekeyAccountFactory: factory, RekeyAccount: implementation } = contracts
  return vectorFile('addresses', 'Addresses of accounts as the deployed factory computes them.', {
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
  })
}
