import type { PasskeyList } from '@rekey/sdk'
import type { Hex } from 'viem'

/** One passkey, over all networks. */
export type PasskeyRow = {
  readonly commitment: Hex
  readonly isThisDevice: boolean
  readonly isProven: boolean
  /** Networks on which the account is set up but does not have it. */
  readonly missingOn: readonly number[]
}

/** Puts the lists of all networks together, the passkey of this device first. */
export function passkeyRows({ chains }: PasskeyList, ownCredentialId: Hex): PasskeyRow[] {
  const lists = chains.flatMap((chain) => ('passkeys' in chain && chain.isSetUp ? [chain] : []))
  const all = lists.flatMap(({ passkeys }) => passkeys)
  const commitments = [...new Set(all.map(({ commitment }) => commitment))]
  const rows = commitments.map((commitment): PasskeyRow => {
    const copies = all.filter((passkey) => passkey.commitment === commitment)
    return {
      commitment,
      isThisDevice: copies.some(({ known }) => known?.credentialId?.toLowerCase() === ownCredentialId.toLowerCase()),
      isProven: copies.every(({ isProven }) => isProven),
      missingOn: lists
        .filter(({ passkeys }) => !passkeys.some((passkey) => passkey.commitment === commitment))
        .map(({ chainId }) => chainId),
    }
  })
  return rows.toSorted((a, b) => Number(b.isThisDevice) - Number(a.isThisDevice))
}
