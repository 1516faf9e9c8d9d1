import type { GeneratedFile } from '../generator.ts'
import { badAssertions } from './badAssertions.ts'
import type { Contracts } from './contracts.ts'
import { vectorFile } from './file.ts'
import { goodAssertions } from './goodAssertions.ts'
import type { WorldChain } from './world.ts'

/** Assertion blobs with the verdict of PasskeyValidator. */
export async function assertions({ read }: WorldChain, { PasskeyValidator }: Contracts): Promise<GeneratedFile> {
  const cases = [
    ...(await goodAssertions(PasskeyValidator.address)),
    ...(await badAssertions(PasskeyValidator.address)),
  ]
  return vectorFile(
    'assertions',
    'Verdicts of PasskeyValidator.validateSignatureWithData under osaka; blobs by the software authenticator of the SDK.',
    {
      passkeyValidator: PasskeyValidator.address,
      assertions: await Promise.all(
        cases.map(async ({ name, hash, commitment, blob }) => ({
          name,
          hash,
          commitment,
          blob,
          isAccepted: await read(PasskeyValidator, 'validateSignatureWithData', [hash, blob, commitment]),
        })),
      ),
    },
  )
}
