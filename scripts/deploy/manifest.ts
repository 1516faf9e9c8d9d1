import type { Address } from 'viem'
import { type Hex, zeroHash } from 'viem'

/** A contract that exists once per chain, at the same address on all of them. */
export type Singleton = {
  /** Contract name; also the name of its artifact. */
  readonly name: string
  /** Constructor arguments. They may only name singletons that stand earlier in the manifest. */
  readonly args?: (addressOf: (name: string) => Address) => readonly unknown[]
  /** CREATE2 salt, zero when not given. */
  readonly salt?: Hex
  /** True when the constructor tests P256VERIFY and keeps the outcome as an immutable, so that code differs between chains. */
  readonly probesP256?: boolean
}

export const DEFAULT_SALT: Hex = zeroHash

/** What GuardianRecovery and its parts are built with. */
function recoveryArgs(at: (name: string) => Address): readonly Address[] {
  return [at('PasskeyValidator'), at('SignerValidator'), at('RecoveryCodeVerifier')]
}

/** Everything we deploy, in order. A new singleton is one entry here and nothing else. */
export const singletons: readonly Singleton[] = [
  { name: 'RekeyAccountFactory' },
  { name: 'WebAuthnVerifier', probesP256: true },
  { name: 'RecoveryCodeVerifier' },
  { name: 'PolicyStore' },
  { name: 'PasskeyValidator', probesP256: true },
  { name: 'SignerValidator', args: (at) => [at('WebAuthnVerifier')] },
  { name: 'PolicyChanges', args: recoveryArgs },
  { name: 'GuardianVotes', args: recoveryArgs },
  { name: 'ForeignRecovery', args: recoveryArgs },
  {
    name: 'GuardianRecovery',
    args: (at) => [...recoveryArgs(at), at('PolicyChanges'), at('GuardianVotes'), at('ForeignRecovery')],
  },
  {
    name: 'RekeyAccount',
    args: (at) => [at('RekeyAccountFactory'), at('PasskeyValidator'), at('SignerValidator'), at('GuardianRecovery')],
  },
  { name: 'RecoveryProvider', args: (at) => [at('GuardianRecovery')] },
  { name: 'RegistryAdapter' },
  { name: 'OidcRecoveryValidator', probesP256: true },
]
