import { messageTypes, recoveryTypedData } from '@rekey/sdk'
import { hashTypedData } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestKinds, personalDigest, signDigest } from './support/digestKinds.ts'
import { createOwner, type Owner, setPolicy } from './support/owner.ts'
import { type PlaceName, places } from './support/places.ts'
import { startChains } from './support/world.ts'

const kinds = ['userOp', 'personal', 'typed', ...Object.keys(messageTypes)]
const forms = ['compact', 'full'] as const
const placeNames = Object.keys(places) as PlaceName[]

type Row = Record<string, boolean>
const table = new Map<string, Row>()
let owner: Owner
let chains: Awaited<ReturnType<typeof startChains>>

beforeAll(async () => {
  chains = await startChains()
  owner = await createOwner(chains.osaka)
  await fill(['SetPolicy'])
  await setPolicy(owner)
  await fill(placeNames.filter((name) => name !== 'SetPolicy'))
})
afterAll(() => chains?.stop())

/** Signs every kind of digest in both forms and takes it to these places. */
async function fill(names: readonly PlaceName[]): Promise<void> {
  const digests = digestKinds(owner)
  for (const form of forms)
    for (const [kind, digest] of Object.entries(digests)) {
      const signed = await signDigest(owner, digest, form === 'full')
      const verdicts = await Promise.all(names.map(async (name) => [name, await places[name](owner, signed)] as const))
      const key = `${kind}, ${form}`
      table.set(key, { ...table.get(key), ...Object.fromEntries(verdicts) })
    }
}

test('[199] the kinds are all that exist, and no two share a digest', () => {
  const digests = digestKinds(owner)
  expect(Object.keys(digests).sort()).toEqual([...kinds].sort())
  expect(new Set(Object.values(digests)).size).toBe(kinds.length)
})

describe.each(forms)('%s form', (form) => {
  test.each(kinds)('[199] a signature over %s counts where that is waited for, and nowhere else', (kind) => {
    const wanted = Object.fromEntries(placeNames.map((name) => [name, name === kind]))
    expect(table.get(`${kind}, ${form}`)).toEqual(wanted)
  })
})

describe('[101] the chain id changes', () => {
  const forked = 31_999

  test('[101] what was signed for the old id is refused, what is signed for the new one counts; chain-free digests stay', async () => {
    const { osaka } = chains
    const { address, abi } = osaka.guardianRecovery
    const hashRecovery = () =>
      osaka.client.readContract({ address, abi, functionName: 'hashRecovery', args: [owner.recovery] })
    const before = await signDigest(owner, personalDigest(owner, osaka.chainId), false)
    const after = await signDigest(owner, personalDigest(owner, forked), false)
    const verdicts = () => Promise.all([before, after].map((signed) => places.personal(owner, signed)))
    const digest = await hashRecovery()
    expect(digest).toBe(hashTypedData(recoveryTypedData(address, 'Recovery', owner.recovery)))
    expect(await verdicts()).toEqual([true, false])

    await osaka.node.request({ method: 'anvil_setChainId', params: [forked] } as never)
    expect(await osaka.client.getChainId()).toBe(forked)
    expect(await verdicts()).toEqual([false, true])
    expect(await hashRecovery()).toBe(digest)
  })
})
