import { type Address, type Hex, keccak256, type PublicClient, type StateOverride, size } from 'viem'
import { compareCode } from './code.ts'
import { DEPLOYER } from './constants.ts'
import { DeployError, type Problem } from './errors.ts'
import { deployCalldata, type PlannedSingleton } from './plan.ts'
import { isExecutionError, readCode } from './probes.ts'

/**
 * - `present`: the code is what this initcode produces on this chain today.
 * - `fallback`: built here before the chain had P256VERIFY; correct and slow.
 */
export type SingletonState = 'present' | 'missing' | 'wrong-code' | 'fallback'

export type Observation = {
  readonly name: string
  readonly address: Address
  readonly state: SingletonState
  /** keccak256 of the code found; null where there is none. */
  readonly codeHash: Hex | null
  /** Estimated gas of deploying what is missing, else 0. */
  readonly gas: bigint
}

/**
 * Compares every singleton's address on one chain with the plan. Reads only: what is missing or wrong is
 * pretended to be right while its successors are looked at, because constructors may call earlier singletons.
 */
export async function observeAll(
  client: PublicClient,
  plan: readonly PlannedSingleton[],
  from: Address | undefined,
): Promise<readonly Observation[]> {
  const observations: Observation[] = []
  const pretended: StateOverride = []
  for (const singleton of plan) {
    const { observation, expected } = await look(client, singleton, from, pretended)
    observations.push(observation)
    const isAsPlanned = observation.state === 'present' || observation.state === 'fallback'
    if (!isAsPlanned) pretended.push({ address: singleton.address, code: expected })
  }
  return observations
}

/** Compares one singleton's address with the plan; the singletons before it must be deployed. */
export async function observe(
  client: PublicClient,
  singleton: PlannedSingleton,
  from: Address | undefined,
): Promise<Observation> {
  return (await look(client, singleton, from, [])).observation
}

type Look = { readonly observation: Observation; readonly expected: Hex }

async function look(
  client: PublicClient,
  singleton: PlannedSingleton,
  from: Address | undefined,
  pretended: StateOverride,
): Promise<Look> {
  const { name, address, immutables, probesP256 } = singleton
  const [code, expected] = await Promise.all([readCode(client, address), expectedRuntime(client, singleton, pretended)])
  if (code === '0x') {
    const gas = await estimateGas(client, singleton, from, pretended)
    return { observation: { name, address, state: 'missing', codeHash: null, gas }, expected }
  }
  const comparison = compareCode(code, expected, immutables)
  const isFallback = comparison === 'self-test-failed' && probesP256
  const state = comparison === 'same' ? 'present' : isFallback ? 'fallback' : 'wrong-code'
  return { observation: { name, address, state, codeHash: keccak256(code), gas: 0n }, expected }
}

/** What forbids going on with what was found. Pure. */
export function judgeObservations(observations: readonly Observation[], allowFallback: boolean): readonly Problem[] {
  return observations.flatMap(({ name, address, state }): readonly Problem[] => {
    if (state === 'wrong-code')
      return [
        {
          code: 'AddressTaken',
          message: `The code at ${address} is not ${name}.`,
          remedy: 'Do not use this chain: the node lies about code, or the chain does not follow CREATE2.',
        },
      ]
    if (state === 'fallback' && !allowFallback)
      return [
        {
          code: 'PrecompileAppeared',
          message: `${name} was deployed before this chain had P256VERIFY and keeps verifying in Solidity.`,
          remedy: 'That is correct, but costs about 100 times the gas. Pass --allow-fallback to accept it.',
        },
      ]
    return []
  })
}

/**
 * The runtime code that the initcode returns on this chain. The initcode is put at the singleton's own address by a
 * state override and called by the deployer, so that a constructor sees the same address, sender and chain as in
 * its deployment; immutables come out as they would there.
 */
async function expectedRuntime(
  client: PublicClient,
  { name, address, initCode }: PlannedSingleton,
  pretended: StateOverride,
): Promise<Hex> {
  const stateOverride = [...pretended, { address, code: initCode }]
  const { data } = await client.call({ account: DEPLOYER, to: address, stateOverride }).catch((error: unknown) => {
    throw constructorError(name, error)
  })
  return data ?? '0x'
}

async function estimateGas(
  client: PublicClient,
  { name, salt, initCode }: PlannedSingleton,
  from: Address | undefined,
  pretended: StateOverride,
): Promise<bigint> {
  const data = deployCalldata(salt, initCode)
  const payer = from ? { account: from } : {}
  try {
    return await client.estimateGas({ to: DEPLOYER, data, stateOverride: pretended, ...payer })
  } catch (error) {
    throw constructorError(`${name} (${size(initCode)} bytes of initcode)`, error)
  }
}

function constructorError(name: string, error: unknown): unknown {
  if (!isExecutionError(error)) return error
  return new DeployError(
    {
      code: 'ConstructorReverted',
      message: `The constructor of ${name} does not run on this chain.`,
      remedy: 'Look for a limit of the chain: gas per transaction, code size, a missing instruction.',
    },
    { cause: error },
  )
}
