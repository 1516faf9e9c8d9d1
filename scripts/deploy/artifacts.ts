import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Abi, Hex } from 'viem'
import { DeployError } from './errors.ts'
import type { Artifact, CodeRange } from './plan.ts'

export const repositoryRoot: string = path.resolve(import.meta.dirname, '../..')

type HardhatArtifact = {
  readonly abi: Abi
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
  readonly immutableReferences?: Readonly<Record<string, readonly CodeRange[]>>
}

/**
 * Reads what `hardhat build` wrote for a contract of `contracts/` (or, for mocks, of another folder).
 *
 * @throws DeployError `NotBuilt` when there is no artifact, `ArtifactInvalid` when two contracts have the name.
 */
export function readArtifact(name: string, folder = 'contracts', root: string = repositoryRoot): Artifact {
  const base = path.join(root, 'artifacts', folder)
  const files = existsSync(base) ? globSync(`**/*.sol/${name}.json`, { cwd: base }) : []
  const [file, ...others] = files
  if (!file)
    throw new DeployError({
      code: 'NotBuilt',
      message: `There is no artifact of ${name} under artifacts/${folder}.`,
      remedy: 'Run `pnpm exec hardhat build`.',
    })
  if (others.length > 0)
    throw new DeployError({
      code: 'ArtifactInvalid',
      message: `${files.length} contracts are called ${name}.`,
      remedy: 'Give each its own name, or run `pnpm clean` if one is stale.',
    })
  const artifact = JSON.parse(readFileSync(path.join(base, file), 'utf8')) as HardhatArtifact
  return {
    abi: artifact.abi,
    bytecode: artifact.bytecode,
    deployedBytecode: artifact.deployedBytecode,
    immutables: Object.values(artifact.immutableReferences ?? {}).flat(),
  }
}
