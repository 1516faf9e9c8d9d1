import { createRequire } from 'node:module'
import type { Hex } from 'viem'

type PublishedArtifact = { readonly bytecode: Hex; readonly deployedBytecode: Hex }

/** EntryPoint v0.8 as its authors published it. */
export function entryPointArtifact(): PublishedArtifact {
  return createRequire(import.meta.url)('@account-abstraction/contracts/artifacts/EntryPoint.json') as PublishedArtifact
}
