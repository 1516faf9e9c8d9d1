import {
  encodeApprovals,
  encodePolicy,
  type Guardian,
  guardianKinds,
  hideSigner,
  passkeyTypedData,
  type Recovery,
  recoveryTypedData,
  sortGuardians,
} from '@rekey/sdk'
import { guardianRecoveryAbi } from '@rekey/sdk/abis'
import { toCredential } from '@rekey/sdk/webauthn'
import { encodeFunctionData, hashTypedData, keccak256, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type Cost, measure } from '../lib/measure.ts'
import type { Row } from '../lib/row.ts'
import { createPasskey, createUser } from '../lib/user.ts'
import type { World } from '../lib/world.ts'

const DAY = 86_400
const sizes = [1, 3, 8, 32] as const

/** How a policy's size is felt: set-up, a recovery that one approves, one that all approve; in the open and hidden. */
export async function growthRows(world: World): Promise<Row[]> {
  const rows: Row[] = []
  for (const hidden of [false, true]) {
    const kind = hidden ? 'hidden wallets' : 'wallets'
    const prefix = hidden ? 'H' : 'G'
    for (const count of sizes) {
      const { setUp, one, all } = await costs(world, { count, hidden })
      const row = (letter: string, what: string, cost: Cost): Row => ({
        id: `${prefix}${letter}${count}`,
        what: `${what}, ${count} ${kind}`,
        unit: 'gas',
        measured: cost.gas,
        cost,
      })
      rows.push(row('a', 'create and set up, relayed', setUp))
      rows.push(row('b', 'recovery at once, one approval', one))
      rows.push(row('c', 'recovery at once, all approve', all))
    }
  }
  return rows
}

async function costs(world: World, { count, hidden }: { count: number; hidden: boolean }) {
  const seed = `growth ${hidden} ${count}`
  const signers = Array.from({ length: count }, (_, index) => {
    const wallet = privateKeyToAccount(keccak256(stringToHex(`rekey bench: ${seed} ${index}`)))
    const salt = keccak256(stringToHex(`rekey bench: salt ${index}`))
    const signer = hidden ? hideSigner(salt, wallet.address) : wallet.address
    const guardian: Guardian = {
      kind: guardianKinds.wallet,
      weight: 1,
      signer,
      isHidden: hidden,
      needsEvidence: false,
      validUntil: 0,
    }
    return { wallet, guardian, revealed: hidden ? { salt, signer: wallet.address } : undefined }
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

  const recover = async (approvers: number, step: number): Promise<Cost> => {
    const issuedAt = (await world.now()) + step
    const passkey = await createPasskey(`${seed} to ${step}`)
    const recovery: Recovery = {
      account: user.address,
      policy: keccak256(policy),
      credential: toCredential(passkey.credential),
      keep: 0,
      chainIds: [],
      issuedAt,
      deadline: issuedAt + DAY,
    }
    const { guardianRecovery, passkeyValidator } = world.contracts
    const digest = hashTypedData(recoveryTypedData(guardianRecovery, 'Recovery', recovery))
    const approvals = await Promise.all(
      guardians.slice(0, approvers).map(async (guardian, index) => {
        const signer = signers.find((one) => one.guardian === guardian)
        if (!signer) throw new Error('A guardian of the policy is nobody here.')
        return { index, signature: await signer.wallet.sign({ hash: digest }), revealed: signer.revealed }
      }),
    )
    const proof = hashTypedData(passkeyTypedData(passkeyValidator, 'Possession', { recovery: digest }))
    const args = [recovery, policy, encodeApprovals(approvals), await passkey.sign(proof)] as const
    const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'start', args })
    return measure(world, await world.send(guardianRecovery, data))
  }
  const one = await recover(1, 1)
  return { setUp, one, all: await recover(count, 2) }
}
