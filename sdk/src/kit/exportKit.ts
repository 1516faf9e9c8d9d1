import type { Address, Hex } from 'viem'
import { getBlock } from 'viem/actions'
import type { AccountGenesis } from '../accounts/genesis.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import { contractsRelease, defaultContracts } from '../config/contracts.generated.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../config/createConfig.ts'
import { decodePolicy, guardianKey, hideSigner } from '../encoding/policy.ts'
import type { BaseError } from '../errors/base.ts'
import { EncodingError } from '../errors/encoding.ts'
import { getPolicy } from '../recovery/getPolicy.ts'
import type { Reveal } from '../recovery/hiddenGuardians.ts'
import type { KitGuardian, RecoveryKit } from './kit.ts'
import { fromKitJson, toKitJson } from './kitJson.ts'
import { plainName } from './plainName.ts'
import type { RecoverySheet } from './sheet.ts'

/** What an owner adds to a kit about a guardian. */
export type KitGuardianInput = {
  /** The signer, or for a hidden one what stands for it in the policy. */
  readonly signer: Hex
  readonly name?: string | undefined
  /** For a hidden guardian: what it has to show. Only its owner knows, so it is lost where no kit has it. */
  readonly reveal?: Reveal | undefined
}

/** What {@link exportKit} takes. */
export type ExportKitParameters = {
  /** Name of the account at a service, to be printed. */
  name?: string | undefined
  /** Names of guardians, and what hidden ones have to show. */
  guardians?: readonly KitGuardianInput[] | undefined
  /** Bytes of policies: of a change under way, or because no node tells them. */
  policies?: readonly Hex[] | undefined
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
}

/** What {@link exportKit} returns. */
export type ExportKitReturnType = {
  readonly kit: RecoveryKit
  /** Chains whose guardians could not be read: the kit may lack theirs. Make it again when they answer. */
  readonly unread: readonly { readonly chainId: number; readonly error: BaseError }[]
}

/**
 * Makes the recovery kit of an account: what it was created with, and its guardians on every chain. It reads the chains
 * and asks nobody; nothing secret goes in.
 *
 * @param account - The account, or its config, address and genesis.
 * @throws {BaseError} what the first chain said, when none could be read.
 * @throws {InvalidKitError} when what was passed about a guardian contradicts the policies.
 * @example
 * const { kit } = await exportKit(account, { guardians: [{ signer: friend, name: 'Grace' }] })
 * download(kitFileName(kit, 'html'), toKitHtml(kit))
 */
export async function exportKit(
  account: { readonly config: RekeyConfig; readonly address: Address; readonly genesis: AccountGenesis },
  { name, guardians = [], policies: given = [], chainIds, signal }: ExportKitParameters = {},
): Promise<ExportKitReturnType> {
  const { config, address, genesis } = account
  const chains = selectChains(config, chainIds)
  const candidates = [...given, ...(genesis.policy === '0x' ? [] : [genesis.policy])].map(lowerCase)
  const read = async (chain: ConfiguredChain) => {
    await checkChain(chain)
    const [{ timestamp }, policy] = await Promise.all([
      getBlock(chain.client),
      getPolicy(config, { address, chainId: chain.id, policies: candidates }),
    ])
    return { now: Number(timestamp), bytes: policy && lowerCase(policy.bytes) }
  }
  const answers = await readFromChains(chains, read, signal)
  const readings = answers.flatMap((answer) => ('value' in answer ? [{ id: answer.chain.id, ...answer.value }] : []))
  const unread = answers.flatMap((answer) =>
    'error' in answer ? [{ chainId: answer.chain.id, error: answer.error }] : [],
  )
  const [failed] = unread
  if (readings.length === 0 && failed) throw failed.error
  const all = [...new Set([...readings.flatMap(({ bytes }) => bytes ?? []), ...candidates])]
  const policies = all.map((bytes) => ({
    bytes,
    chainIds: readings.filter((reading) => reading.bytes === bytes).map(({ id }) => id),
  }))
  const isRelease = Object.entries(defaultContracts).every(
    ([key, value]) => Reflect.get(config.contracts, key) === value,
  )
  const kit: RecoveryKit = {
    account: address,
    ...(name !== undefined && { name: plainName(name) }),
    rpId: config.rpId,
    genesis,
    policies,
    guardians: toKitGuardians(all, guardians),
    contracts: config.contracts,
    release: isRelease ? contractsRelease : 'custom',
    chains: chains.map(({ id, client, fromBlock }) => ({
      id,
      name: plainName(client.chain.name),
      fromBlock: Number(fromBlock),
    })),
    createdAt: Math.max(...readings.map(({ now }) => now)),
  }
  // What goes out is what can be read back: no field but those of a kit.
  return { kit: fromKitJson(toKitJson(kit), { contracts: config.contracts, account: address }), unread }
}

/** Returns what {@link startRecovery} needs of a kit or sheet. */
export function recoveryFromKit(kit: RecoveryKit | RecoverySheet): RecoverySheet {
  const policies = kit.policies.map((policy) => (typeof policy === 'string' ? policy : policy.bytes))
  return { account: kit.account, genesis: kit.genesis, policies }
}

/** One policy has one text. */
function lowerCase(bytes: Hex): Hex {
  return bytes.toLowerCase() as Hex
}

function toKitGuardians(policies: readonly Hex[], inputs: readonly KitGuardianInput[]): KitGuardian[] {
  const known = policies.flatMap((bytes) => decodePolicy(bytes).guardians)
  return inputs.map(({ signer, name, reveal }) => {
    const wanted = reveal ? hideSigner(reveal.salt, reveal.signer) : lowerCase(signer)
    const guardian = known.find((one) => lowerCase(one.signer) === wanted)
    if (!guardian) throw new EncodingError('recovery kit', 'none of the account’s policies has one of the guardians')
    return {
      key: guardianKey(guardian),
      ...(name !== undefined && { name: plainName(name) }),
      ...(reveal && { reveal: { salt: reveal.salt, signer: reveal.signer } }),
    }
  })
}
