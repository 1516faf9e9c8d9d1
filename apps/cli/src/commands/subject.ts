import type { RekeyConfig } from '@rekey/sdk'
import { findGenesis } from '@rekey/sdk'
import { type RecoveryKit, readKit } from '@rekey/sdk/kit'
import { type Address, getAddress, type Hex, isAddress } from 'viem'
import { type Nodes, toConfig } from '../chains/nodes.ts'
import { UsageError } from '../errors.ts'
import { readText } from '../files/files.ts'
import type { Options } from '../io/arguments.ts'

export const subjectOptions = {
  account: { type: 'text', value: '<address>', help: 'the account' },
  kit: { type: 'text', value: '<file>', help: 'its recovery kit, instead of the address or to check it against' },
} as const satisfies Options

/** Which account a command is about, and what its kit says of it. */
export type Subject = {
  readonly address: Address
  readonly kit: RecoveryKit | undefined
  /** Bytes of policies that the kit has. */
  readonly policies: readonly Hex[]
}

/** @throws {UsageError} when no account is named. */
export async function readSubject(
  command: string,
  { account, kit: file }: { account: string | undefined; kit: string | undefined },
  { contracts }: Nodes,
): Promise<Subject> {
  if (account !== undefined && !isAddress(account))
    throw new UsageError('Option --account wants an address.', { command })
  const wanted = account === undefined ? undefined : getAddress(account)
  const kit = file === undefined ? undefined : readKit(await readText(file), { contracts, account: wanted })
  const address = kit?.account ?? wanted
  if (address === undefined)
    throw new UsageError('It is not said which account.', {
      command,
      remedy: 'Give --account <address> or --kit <file>.',
    })
  return { address, kit, policies: kit?.policies.map(({ bytes }) => bytes) ?? [] }
}

/** Returns what the account came from: the kit knows, or the chains tell. */
export async function readGenesis(config: RekeyConfig, { address, kit }: Subject, signal: AbortSignal) {
  return kit?.genesis ?? findGenesis(config, address, { signal })
}

/** A config for looking, with the names of the kit. */
export function toViewConfig(nodes: Nodes, { kit }: Subject): RekeyConfig {
  return toConfig(nodes, { kit })
}
