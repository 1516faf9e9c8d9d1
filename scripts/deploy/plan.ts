import {
  type Abi,
  type Address,
  concatHex,
  encodeDeployData,
  getContractAddress,
  type Hex,
  isHex,
  keccak256,
  size,
} from 'viem'
import { DEPLOYER, MAX_INITCODE_BYTES, MAX_RUNTIME_BYTES } from './constants.ts'
import { DeployError } from './errors.ts'
import { DEFAULT_SALT, type Singleton } from './manifest.ts'

/** Bytes of runtime code that the constructor fills in. */
export type CodeRange = { readonly start: number; readonly length: number }

/** What the compiler gives for one contract. */
export type Artifact = {
  readonly abi: Abi
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
  readonly immutables: readonly CodeRange[]
}

/** One singleton with everything that follows from manifest and compiler output alone; the same for every chain. */
export type PlannedSingleton = {
  readonly name: string
  readonly salt: Hex
  readonly initCode: Hex
  readonly initCodeHash: Hex
  readonly address: Address
  readonly immutables: readonly CodeRange[]
  readonly probesP256: boolean
}

/** The public part of a plan: `deployments/singletons.json`. */
export type SingletonRecord = Pick<PlannedSingleton, 'name' | 'salt' | 'initCodeHash' | 'address'>

/**
 * Turns a manifest into addresses. Pure: no chain, no clock, no nonce, so nobody can take an address from us
 * except by deploying the very same code there.
 */
export function planDeployment(
  manifest: readonly Singleton[],
  artifactOf: (name: string) => Artifact,
): readonly PlannedSingleton[] {
  const planned = new Map<string, PlannedSingleton>()
  for (const singleton of manifest) {
    if (planned.has(singleton.name)) throw manifestError(`${singleton.name} is listed twice.`)
    const addressOf = (name: string): Address => {
      const earlier = planned.get(name)
      if (!earlier)
        throw manifestError(`${singleton.name} needs the address of ${name}, which is not listed before it.`)
      return earlier.address
    }
    planned.set(singleton.name, planSingleton(singleton, artifactOf(singleton.name), addressOf))
  }
  return [...planned.values()]
}

/** The address the deterministic deployer gives to an initcode. */
export function create2Address(salt: Hex, initCode: Hex): Address {
  return getContractAddress({ opcode: 'CREATE2', from: DEPLOYER, salt, bytecode: initCode })
}

/** Calldata for the deterministic deployer. */
export function deployCalldata(salt: Hex, initCode: Hex): Hex {
  return concatHex([salt, initCode])
}

export function toRecords(plan: readonly PlannedSingleton[]): readonly SingletonRecord[] {
  return plan.map(({ name, salt, initCodeHash, address }) => ({ name, salt, initCodeHash, address }))
}

function planSingleton(
  singleton: Singleton,
  artifact: Artifact,
  addressOf: (name: string) => Address,
): PlannedSingleton {
  const { name } = singleton
  checkArtifact(name, artifact)
  const salt = singleton.salt ?? DEFAULT_SALT
  if (!isHex(salt) || size(salt) !== 32) throw manifestError(`The salt of ${name} is ${salt}, not 32 bytes.`)
  const initCode = encodeDeployData({
    abi: artifact.abi,
    bytecode: artifact.bytecode,
    args: singleton.args?.(addressOf) ?? [],
  })
  if (size(initCode) > MAX_INITCODE_BYTES)
    throw artifactError(
      `The initcode of ${name} has ${size(initCode)} bytes, more than ${MAX_INITCODE_BYTES} (EIP-3860).`,
    )
  return {
    name,
    salt,
    initCode,
    initCodeHash: keccak256(initCode),
    address: create2Address(salt, initCode),
    immutables: artifact.immutables,
    probesP256: singleton.probesP256 ?? false,
  }
}

function checkArtifact(name: string, { bytecode, deployedBytecode }: Artifact): void {
  if (bytecode === '0x') throw artifactError(`${name} has no bytecode: it is abstract or an interface.`)
  if (!isHex(bytecode) || !isHex(deployedBytecode))
    throw artifactError(`The bytecode of ${name} has unlinked libraries.`)
  if (size(deployedBytecode) > MAX_RUNTIME_BYTES)
    throw artifactError(
      `The code of ${name} has ${size(deployedBytecode)} bytes, more than ${MAX_RUNTIME_BYTES} (EIP-170).`,
    )
}

function manifestError(message: string): DeployError {
  return new DeployError({ code: 'ManifestInvalid', message, remedy: 'Correct scripts/deploy/manifest.ts.' })
}

function artifactError(message: string): DeployError {
  return new DeployError({ code: 'ArtifactInvalid', message, remedy: 'Correct the contract and build again.' })
}
