import { abis } from './abis.ts'
import { attackMap } from './attackMap.ts'
import { contractErrors } from './contractErrors.ts'
import { featureMap } from './features.ts'
import type { Generator } from './generator.ts'
import { sdkExports } from './sdkExports.ts'
import { singletons } from './singletons.ts'
import { snapshots } from './snapshots.ts'
import { vectors } from './vectors.ts'

/** Every generator of the repository; `pnpm gen` writes their files, `pnpm check` compares them. */
export const generators: readonly Generator[] = [
  abis,
  contractErrors,
  sdkExports,
  snapshots,
  singletons,
  vectors,
  attackMap,
  featureMap,
]
