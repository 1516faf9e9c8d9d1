import { codeSet, signWithCode } from '@rekey/sdk'
import { policyStoreAbi, recoveryCodeVerifierAbi } from '@rekey/sdk/abis'
import { encodeFunctionData, type Hex, keccak256, size, stringToHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { type Cost, measure } from '../lib/measure.ts'
import { walletPolicy } from '../lib/policies.ts'
import type { Row } from '../lib/row.ts'
import type { World } from '../lib/world.ts'

const DAY = 86_400
const CODES = 10
/** What every transaction pays, whatever it does. */
const TRANSACTION = 21_000

/** Spending a recovery code by itself, and storing a policy. */
export async function codeRows(world: World): Promise<Row[]> {
  const [first, second] = await spend(world)
  const policy = walletPolicy({ count: 8, weight: 5, delay: DAY })
  const { policyStore } = world.contracts
  const put = encodeFunctionData({ abi: policyStoreAbi, functionName: 'put', args: [policy] })
  const stored = await measure(world, await world.send(policyStore, put))
  const again = await measure(world, await world.send(policyStore, put))
  return [
    {
      id: 'C1a',
      what: `first recovery code of a set of ${CODES}, a transaction of its own`,
      unit: 'gas',
      measured: first.gas,
      target: TRANSACTION + 39_000,
      cost: first,
    },
    {
      id: 'C1b',
      what: `second recovery code of a set of ${CODES}, a transaction of its own`,
      unit: 'gas',
      measured: second.gas,
      target: TRANSACTION + 22_000,
      cost: second,
    },
    {
      id: 'C2a',
      what: `PolicyStore: a policy of 8 guardians, ${size(policy)} bytes`,
      unit: 'gas',
      measured: stored.gas,
      target: 160_000,
      cost: stored,
    },
    { id: 'C2b', what: 'PolicyStore: the same policy again', unit: 'gas', measured: again.gas, target: 32_000 },
  ]
}

/** Spends two codes of one set; the sender of the transaction is the module. */
async function spend(world: World): Promise<[Cost, Cost]> {
  const keys = Array.from({ length: CODES }, (_, index) => keccak256(stringToHex(`rekey bench: code ${index}`)))
  const set = codeSet(keys.map(privateKeyToAddress))
  const hash = keccak256(stringToHex('rekey bench: recovery'))
  const cost = async (index: number): Promise<Cost> => {
    const signature = await signWithCode({ privateKey: keys[index] as Hex, index, set, hash })
    const args = [world.recipient, set.key, hash, signature] as const
    const data = encodeFunctionData({ abi: recoveryCodeVerifierAbi, functionName: 'consume', args })
    return measure(world, await world.send(world.contracts.recoveryCodeVerifier, data))
  }
  const first = await cost(0)
  const second = await cost(1)
  if (first.newSlots !== 1 || second.changedSlots !== 1) throw new Error('A good code was not spent.')
  return [first, second]
}
