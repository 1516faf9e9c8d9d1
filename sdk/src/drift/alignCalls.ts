import { type Address, encodeFunctionData, type Hex, hexToBigInt, numberToHex } from 'viem'
import { guardianRecoveryAbi, passkeyValidatorAbi } from '../abis/used.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { RekeyConfig } from '../config/createConfig.ts'
import type { Call } from '../encoding/execution.ts'
import { policyId } from '../encoding/policy.ts'
import { PolicyNotFoundError } from '../errors/recovery.ts'
import { findPolicyBytes, readAnnouncedPolicies } from '../recovery/policySources.ts'
import { pickIssuedAt } from '../recovery/recoveryState.ts'
import type { ChainAccount } from './chainAccount.ts'
import { findPossession } from './findPossession.ts'
import type { ChainDifference } from './judgeChains.ts'

/**
 * Returns the calls by which the account puts an end to the differences on a chain that its owner can end: passkeys in,
 * passkeys out, guardians set or announced.
 *
 * @throws {PolicyNotFoundError} when no source has the bytes of the wanted policy.
 */
export async function encodeAlignment(
  config: RekeyConfig,
  address: Address,
  chain: ChainAccount,
  differences: readonly ChainDifference[],
  given: readonly Hex[],
): Promise<Call[]> {
  const { passkeyValidator, guardianRecovery } = config.contracts
  const calls: Call[] = []
  for (const difference of differences) {
    if (difference.fix !== 'prompt') continue
    switch (difference.kind) {
      case 'passkeyMissing': {
        const { known } = difference
        if (known?.credentialId === undefined) break
        const possession = await findPossession(config, config.chains, { account: address, passkey: known })
        const args = [known.credential, known.credentialId, possession] as const
        const data = encodeFunctionData({ abi: passkeyValidatorAbi, functionName: 'addCredential', args })
        calls.push({ to: passkeyValidator, data })
        break
      }
      case 'passkeyExtra': {
        const args = [difference.index, difference.commitment] as const
        const data = encodeFunctionData({ abi: passkeyValidatorAbi, functionName: 'removeCredential', args })
        calls.push({ to: passkeyValidator, data })
        break
      }
      case 'policy': {
        const bytes = await findWantedPolicy(config, address, difference.wanted, given)
        const floor = Math.max(chain.floor, chain.changeIssuedAt)
        // The account calls by itself: it is its own owner's signature.
        const args = [address, bytes, pickIssuedAt([{ now: chain.now, floor }]), '0x'] as const
        const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'setPolicy', args })
        calls.push({ to: guardianRecovery, data })
        break
      }
    }
  }
  return calls
}

/** Returns the bytes of the policy with an id, from wherever they are found; also of one that is only announced. */
export async function findWantedPolicy(
  config: RekeyConfig,
  account: Address,
  id: bigint,
  given: readonly Hex[],
): Promise<Hex> {
  const [chain] = config.chains
  if (!chain) throw new PolicyNotFoundError(account)
  const { found, problems } = await findPolicyBytes(config, chain, { account, id, setAt: 0 }, given)
  if (found) return found.bytes
  const answers = await readFromChains(config.chains, (asked) =>
    readAnnouncedPolicies(asked, config.contracts, account),
  )
  const announced = answers
    .flatMap((answer) => ('value' in answer ? answer.value : []))
    .find((bytes) => hexToBigInt(policyId(bytes)) === id)
  if (announced === undefined) throw new PolicyNotFoundError(account, problems)
  return announced
}

/** Tells differences apart that the same signed calls put an end to. */
export function keyOf(differences: readonly ChainDifference[]): string {
  return differences
    .flatMap((difference) => {
      if (difference.fix !== 'prompt') return []
      const what = difference.kind === 'policy' ? numberToHex(difference.wanted, { size: 20 }) : difference.commitment
      return [`${difference.kind} ${what}`]
    })
    .join(', ')
}
