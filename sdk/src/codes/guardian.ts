import { type Address, concat, type Hex, isAddressEqual, size, slice } from 'viem'
import type { RekeyConfig } from '../config/createConfig.ts'
import { type CodeSet, codeSet } from '../encoding/codes.ts'
import { encodeCodeNotes, findCodeAddresses } from '../encoding/notes.ts'
import { guardianKinds, type Policy } from '../encoding/policy.ts'
import { UnknownCodeError } from '../errors/codes.ts'
import { buildGuardian, type GuardianInput, type GuardianOptions } from '../recovery/guardians.ts'
import { type NewCodes, parseCode, type RecoveryCode } from './recoveryCode.ts'

/** A set of codes that a policy names as guardian. */
export type CodesInPolicy = {
  /** Place of the guardian in the policy. */
  readonly guardianIndex: number
  /** Six characters that the sheet shows too. */
  readonly name: string
  readonly set: CodeSet
  readonly addresses: readonly Address[]
}

/** A code and the set of a policy that it belongs to. */
export type FoundCode = CodesInPolicy & { readonly code: RecoveryCode }

/**
 * Names a set of recovery codes as guardian. The whole set is one guardian.
 *
 * @example
 * const codes = createCodes()
 * const guardians = [codesGuardian(config, codes), walletGuardian('0x…')]
 */
export function codesGuardian(
  { contracts }: Pick<RekeyConfig, 'contracts'>,
  { set, addresses }: Pick<NewCodes, 'set' | 'addresses'>,
  options: GuardianOptions = {},
): GuardianInput {
  const signer = concat([contracts.recoveryCodeVerifier, set.key])
  return { ...buildGuardian(guardianKinds.codes, signer, options), notes: encodeCodeNotes(addresses) }
}

/** Returns the name of a set, the same on screen, sheet and chain: the beginning of its root. */
export function codeSetName(root: Hex): string {
  return root.slice(2, 8).toUpperCase()
}

/** Lists the sets of codes that a policy names as guardians. */
export function findCodeSets({ contracts }: Pick<RekeyConfig, 'contracts'>, policy: Policy): CodesInPolicy[] {
  return policy.guardians.flatMap(({ signer, isHidden }, guardianIndex) => {
    if (isHidden || size(signer) !== 53 || !isAddressEqual(slice(signer, 0, 20), contracts.recoveryCodeVerifier))
      return []
    const addresses = findCodeAddresses(policy, slice(signer, 20))
    if (!addresses) return []
    const set = codeSet(addresses)
    return [{ guardianIndex, name: codeSetName(set.root), set, addresses }]
  })
}

/**
 * Finds out which code of a policy a text is. Nothing is sent, so nobody learns of a guess, and a typo costs nothing.
 *
 * @throws {InvalidCodeError} when it is no code, naming the group that is wrong, where that can be told.
 * @throws {UnknownCodeError} when it is a code of no set that the policy names.
 */
export function findCode(
  config: Pick<RekeyConfig, 'contracts'>,
  { policy, account }: { policy: Policy; account?: Address | undefined },
  text: string,
): FoundCode {
  const code = parseCode(text)
  for (const found of findCodeSets(config, policy)) {
    const address = found.addresses[code.index]
    if (address && isAddressEqual(address, code.address)) return { ...found, code }
  }
  throw new UnknownCodeError(account)
}
