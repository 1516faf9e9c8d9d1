import { encodePolicy, guardianKinds, sortGuardians } from '@rekey/sdk'
import { type Hex, keccak256, stringToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** Guardians who are EOAs, the same in every run. */
export const guardians: readonly PrivateKeyAccount[] = ['ben', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hana', 'ida'].map(
  (name) => privateKeyToAccount(keccak256(stringToHex(`rekey bench: guardian ${name}`))),
)

type Shape = { readonly count: number; readonly weight: number; readonly delay: number }

/** `count` wallets, of which `weight` together reach the only tier. */
export function walletPolicy({ count, weight, delay }: Shape): Hex {
  return encodePolicy({
    salt: keccak256(stringToHex('rekey bench: policy')),
    allowsInstantSingle: true,
    windowHours: 48,
    freezeHours: 0,
    tiers: [{ weight, kinds: 1, delay, isVetoable: true }],
    guardians: sortGuardians(
      guardians.slice(0, count).map(({ address }) => ({
        kind: guardianKinds.wallet,
        weight: 1,
        signer: address,
        isHidden: false,
        needsEvidence: false,
        validUntil: 0,
      })),
    ),
  })
}

/** One wallet that needs not wait. */
export function oneOfOne(): Hex {
  return walletPolicy({ count: 1, weight: 1, delay: 0 })
}
