/** The contracts whose ABI the SDK publishes and whose size, initcode and storage are snapshot, with the folder each lives in. */
export const contracts = [
  { name: 'RekeyAccount', folder: 'account' },
  { name: 'RekeyAccountFactory', folder: 'account' },
  { name: 'PasskeyValidator', folder: 'modules' },
  { name: 'SignerValidator', folder: 'modules' },
  { name: 'GuardianRecovery', folder: 'modules' },
  { name: 'PolicyChanges', folder: 'modules/recovery' },
  { name: 'GuardianVotes', folder: 'modules/recovery' },
  { name: 'ForeignRecovery', folder: 'modules/recovery' },
  { name: 'RecoveryProvider', folder: 'modules' },
  { name: 'RegistryAdapter', folder: 'modules' },
  { name: 'OidcRecoveryValidator', folder: 'modules' },
  { name: 'WebAuthnVerifier', folder: 'verifiers' },
  { name: 'RecoveryCodeVerifier', folder: 'verifiers' },
  { name: 'PolicyStore', folder: 'registries' },
  { name: 'OidcKeyRegistry', folder: 'registries' },
] as const satisfies readonly ContractEntry[]

export interface ContractEntry {
  readonly name: string
  readonly folder: 'account' | 'modules' | 'modules/recovery' | 'verifiers' | 'registries'
}

/** Path of the Solidity source, relative to the repository root. */
export function sourcePath(entry: ContractEntry): string {
  return `contracts/${entry.folder}/${entry.name}.sol`
}

/** True for a part of another contract: its code runs on that one's storage, under that one's address. */
export function isPart(name: string): boolean {
  return contracts.some((entry) => entry.name === name && entry.folder === 'modules/recovery')
}

/** Contracts among the Solidity sources that can be deployed but are not in the list: none may be forgotten. */
export function findUnlisted(
  sources: readonly { readonly path: string; readonly source: string }[],
  entries: readonly ContractEntry[] = contracts,
): readonly string[] {
  const listed = new Set(entries.map(({ name }) => name))
  return sources.flatMap(({ source }) =>
    [...source.matchAll(/^contract\s+(\w+)/gm)].map((match) => match[1] ?? '').filter((name) => !listed.has(name)),
  )
}

/** `PasskeyValidator` → `passkeyValidator`. */
export function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
