import { zeroHash } from 'viem'
import type { GeneratedFile } from '../generator.ts'
import { vectorFile } from './file.ts'
import { createPasskey, origin } from './passkey.ts'
import type { WorldChain } from './world.ts'

const fieldPrime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn

/** Credentials, whether they could be registered, and what the contracts commit to. */
export async function credentials({ harness, read }: WorldChain): Promise<GeneratedFile> {
  const { asStruct } = await createPasskey('credentials')
  const two = (await createPasskey('credentials', { origins: [origin, 'https://app.example.com'] })).asStruct
  const list = {
    'one origin': asStruct,
    'two origins': two,
    'no user verification': { ...asStruct, flags: 0 },
    'cross-origin frames': { ...asStruct, flags: 3 },
    'unknown flag': { ...asStruct, flags: 4 },
    'no relying party': { ...asStruct, rpIdHash: zeroHash },
    'no origins': { ...asStruct, originsHash: zeroHash },
    'key off the curve': { ...asStruct, y: asStruct.y ^ 1n },
    'the other point with this x': { ...asStruct, y: fieldPrime - asStruct.y },
    'x and y exchanged': { ...asStruct, x: asStruct.y, y: asStruct.x },
    'key at infinity': { ...asStruct, x: 0n, y: 0n },
    'x at the field prime': { ...asStruct, x: fieldPrime },
  }
  return vectorFile('credentials', 'Commitments and verdicts of CredentialLib.', {
    credentials: await Promise.all(
      Object.entries(list).map(async ([name, credential]) => ({
        name,
        credential,
        isWellFormed: await read(harness, 'isWellFormed', [credential]),
        commitment: await read(harness, 'commitment', [credential]),
      })),
    ),
  })
}
