import type { RekeyConfig } from '@rekey/sdk'
import type { Address } from 'viem'
import { getCode } from 'viem/actions'

/** How a wallet's key may sign although there is code at its address (EIP-7702). */
const delegation = '0xef0100'

/** Networks that do not have a wallet which is a contract on others; none of an address that is a key's. */
export async function findChainsWithout({ chains }: RekeyConfig, address: Address): Promise<readonly number[]> {
  const codes = await Promise.all(
    chains.map(async ({ id, client }) => {
      // A network that does not answer says nothing, and is no reason against a guardian.
      const code = await getCode(client, { address }).catch(() => null)
      return { id, code }
    }),
  )
  const isContract = codes.some(({ code }) => code && !code.startsWith(delegation))
  return isContract ? codes.flatMap(({ id, code }) => (code === undefined ? [id] : [])) : []
}
