import type { Generator } from './generator.ts'
import { addresses } from './vectors/addresses.ts'
import { assertions } from './vectors/assertions.ts'
import { codes } from './vectors/codes.ts'
import { readContracts } from './vectors/contracts.ts'
import { credentials } from './vectors/credentials.ts'
import { derivation } from './vectors/derivation.ts'
import { digests } from './vectors/digests.ts'
import { encodings } from './vectors/encodings.ts'
import { oidc } from './vectors/oidc.ts'
import { policies } from './vectors/policies.ts'
import { startWorld } from './vectors/world.ts'

const writers = [digests, addresses, credentials, policies, assertions, codes, encodings, derivation, oidc]

/** Golden vectors: what the deployed production contracts answer to fixed inputs → `vectors/*.json`. */
export const vectors: Generator = {
  name: 'vectors',
  async generate(root) {
    const { chains, stop } = await startWorld(['osaka'])
    try {
      const [chain] = chains
      if (!chain) throw new Error('There is no chain.')
      const contracts = await readContracts(root, chain)
      const files = []
      for (const write of writers) files.push(await write(chain, contracts))
      return files
    } finally {
      await stop()
    }
  },
}
