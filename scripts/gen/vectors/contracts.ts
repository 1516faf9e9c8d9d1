import { type CompiledContract, readCompiled } from '../artifacts.ts'
import type { contracts as listed } from '../contracts.ts'
import type { Deployed, WorldChain } from './world.ts'

/** The production contracts on a chain, with their interfaces as compiled now. */
export type Contracts = Readonly<Record<(typeof listed)[number]['name'], Deployed>>

/**
 * Joins addresses and interfaces.
 *
 * @throws when the build is old: vectors of old code would look right.
 */
export async function readContracts(root: string, chain: WorldChain): Promise<Contracts> {
  const { contracts } = await readCompiled(root)
  return Object.fromEntries(contracts.map((compiled) => [compiled.name, join(compiled, chain)])) as Contracts
}

function join({ name, abi }: CompiledContract, { contracts }: WorldChain): Deployed {
  const address = contracts[name]
  if (!address) throw new Error(`${name} is not deployed.`)
  return { address, abi }
}
