import { approveWithCode, codesGuardian, createCodes as makeCodes, type NewCodes, revealCode } from '@rekey/sdk/codes'
import type { GuardianInput, RecoveryRequest } from '@rekey/sdk/recovery'
import { stackContracts } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'

/** Ten recovery codes as one guardian. */
export type Codes = {
  readonly guardian: GuardianInput
  readonly made: NewCodes
  /** What the sheet says, by number from 0. */
  readonly texts: readonly string[]
  /** Approves with the code of this number, 0 to 9, as typed from the sheet. */
  readonly approveWith: (index: number, request: RecoveryRequest) => Promise<void>
}

export function createCodes(stack: Stack, count = 10): Codes {
  const config = { contracts: stackContracts(stack) }
  const made = makeCodes({ count })
  const texts = made.codes.map(revealCode)
  return {
    guardian: codesGuardian(config, made),
    made,
    texts,
    approveWith: (index, request) => request.addApproval(approveWithCode(config, request, texts[index] ?? '')),
  }
}

/** The guardian's place in the policy of a request. */
export function placeOf({ policy }: RecoveryRequest, { signer }: GuardianInput): number {
  return policy.guardians.findIndex((guardian) => guardian.signer.toLowerCase() === signer.toLowerCase())
}
