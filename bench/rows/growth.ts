import { encodePolicy, type Guardian, hideSigner, sortGuardians } from '@rekey/sdk'
import { type Hex, keccak256, stringToHex } from 'viem'
import { type Approver, approverKinds } from '../lib/guardians.ts'
import { type Cost, measure } from '../lib/measure.ts'
import { requestRecovery } from '../lib/request.ts'
import type { Row } from '../lib/row.ts'
import { createUser } from '../lib/user.ts'
import type { World } from '../lib/world.ts'

const sizes = [1, 3, 8, 32] as const
/** Letters of the rows of each kind of guardian: in the open, and hidden. */
const prefixes: Readonly<Record<string, readonly [open: string, hidden: string]>> = {
  wallets: ['G', 'H'],
  'contract wallets': ['I', 'J'],
  passkeys: ['K', 'L'],
  'sets of 10 codes': ['M', 'N'],
}

/** How a policy's size is felt: set-up, a recovery that one approves, one that all approve; by kind, open and hidden. */
export async function growthRows(world: World): Promise<Row[]> {
  const rows: Row[] = []
  for (const [kind, create] of Object.entries(approverKinds)) {
    const prefix = prefixes[kind]
    if (!prefix) throw new Error(`The rows of ${kind} have no letter.`)
    for (const hidden of [false, true]) {
      const label = `${hidden ? 'hidden ' : ''}${kind}`
      const measured = new Map<number, Costs>()
      for (const count of sizes) {
        const approvers = await createAll(world, create, `growth ${hidden} ${count}`, count)
        const { setUp, one, all } = await costs(world, approvers, { seed: `${kind} ${hidden} ${count}`, hidden })
        measured.set(count, { setUp, one, all })
        const row = (letter: string, what: string, cost: Cost): Row => ({
          id: `${prefix[hidden ? 1 : 0]}${letter}${count}`,
          what: `${what}, ${count} ${label}`,
          unit: 'gas',
          measured: cost.gas,
          cost,
        })
        rows.push(row('a', 'create and set up, relayed', setUp))
        rows.push(row('b', 'recovery at once, one approval', one))
        rows.push(row('c', 'recovery at once, all approve', all))
      }
      const each = (letter: string, what: string, part: keyof Costs): Row => ({
        id: `${prefix[hidden ? 1 : 0]}${letter}`,
        what: `${what}, for each more of ${label}`,
        unit: 'gas',
        measured: growth(measured, part),
      })
      rows.push(each('d', 'create and set up, relayed', 'setUp'))
      rows.push(each('e', 'recovery at once, one approval', 'one'))
      rows.push(each('f', 'recovery at once, all approve', 'all'))
    }
  }
  return rows
}

type Costs = { readonly setUp: Cost; readonly one: Cost; readonly all: Cost }

/** What one more guardian costs between the smallest and the largest policy. */
function growth(measured: ReadonlyMap<number, Costs>, part: keyof Costs): number {
  const [least, most] = [Math.min(...measured.keys()), Math.max(...measured.keys())]
  const gas = (count: number) => measured.get(count)?.[part].gas ?? 0
  return Math.round((gas(most) - gas(least)) / (most - least))
}

type Create = (world: World, seed: string) => Promise<Approver>

/** One after the other: who is deployed takes the sender's next nonce. */
async function createAll(world: World, create: Create, seed: string, count: number): Promise<Approver[]> {
  const approvers: Approver[] = []
  for (let index = 0; index < count; index++) approvers.push(await create(world, `${seed} ${index}`))
  return approvers
}

type Shape = { readonly seed: string; readonly hidden: boolean }

async function costs(world: World, approvers: readonly Approver[], { seed, hidden }: Shape): Promise<Costs> {
  const signers = approvers.map((approver, index) => {
    const salt = keccak256(stringToHex(`rekey bench: salt ${index}`))
    const guardian: Guardian = {
      kind: approver.kind,
      weight: 1,
      signer: hidden ? hideSigner(salt, approver.signer) : approver.signer,
      isHidden: hidden,
      needsEvidence: false,
      validUntil: 0,
    }
    return { approver, guardian, revealed: hidden ? { salt, signer: approver.signer } : undefined }
  })
  const guardians = sortGuardians(signers.map(({ guardian }) => guardian))
  const policy = encodePolicy({
    salt: keccak256(stringToHex('rekey bench: policy')),
    allowsInstantSingle: true,
    windowHours: 48,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: 0, isVetoable: true }],
    guardians,
  })
  const user = await createUser(world, seed, policy)
  const setUp = await measure(world, await world.send(world.contracts.factory, user.createAndSetupData))

  const recover = async (voters: number, step: number): Promise<Cost> => {
    const approve = (digest: Hex) =>
      Promise.all(
        guardians.slice(0, voters).map(async (guardian, index) => {
          const signer = signers.find((one) => one.guardian === guardian)
          if (!signer) throw new Error('A guardian of the policy is nobody here.')
          return { index, signature: await signer.approver.sign(digest), revealed: signer.revealed }
        }),
      )
    const issuedAt = (await world.now()) + step
    const { startData } = await requestRecovery(world, { user, policy, seed: `${seed} to ${step}`, issuedAt, approve })
    return measure(world, await world.send(world.contracts.guardianRecovery, startData))
  }
  const one = await recover(1, 1)
  return { setUp, one, all: await recover(approvers.length, 2) }
}
