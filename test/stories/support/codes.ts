import { codeSet, signWithCode } from '@rekey/sdk'
import { codesGuardian } from '@rekey/sdk/codes'
import type { GuardianInput, RecoveryRequest } from '@rekey/sdk/recovery'
import { type Hex, keccak256, toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { stackContracts } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'

/** Ten recovery codes as one guardian. */
export type Codes = {
  readonly guardian: GuardianInput
  /** Approves with the code of this number, 0 to 9. */
  readonly approveWith: (index: number, request: RecoveryRequest) => Promise<void>
}

export function createCodes(stack: Stack, seed: string): Codes {
  const keys = Array.from({ length: 10 }, (_, index) => keccak256(toHex(`${seed} ${index}`)))
  const addresses = keys.map((key) => privateKeyToAddress(key))
  const set = codeSet(addresses)
  const guardian = codesGuardian({ contracts: stackContracts(stack) }, { set, addresses })
  return {
    guardian,
    async approveWith(index, request) {
      const signature = await signWithCode({ privateKey: keys[index] as Hex, index, set, hash: request.digest })
      await request.addApproval({ index: placeOf(request, guardian), signature })
    },
  }
}

/** The guardian's place in the policy of a request. */
export function placeOf({ policy }: RecoveryRequest, { signer }: GuardianInput): number {
  return policy.guardians.findIndex((guardian) => guardian.signer.toLowerCase() === signer.toLowerCase())
}
