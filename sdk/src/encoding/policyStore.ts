import { type Address, getContractAddress, type Hex, keccak256, pad } from 'viem'
import { expectSize } from './cursor.ts'
import { policyId } from './policy.ts'

/** Creation code of the contract that deploys a policy; always the same, so that its address follows from the id. */
const deployerCode = '0x67365f5f37365f5ff05f5260086018f3'

/**
 * Computes where PolicyStore keeps the policy with an id, the same on every chain and whether or not it is there.
 *
 * The code there is 0x00 ‖ policy. Whoever reads it compares its hash with what the account or the owner says.
 *
 * @param policyStore - Address of the PolicyStore.
 * @param id - Low 160 bits of the policy hash.
 * @throws {EncodingError} when the id has another size.
 * @example
 * const code = await getCode(client, { address: policyStoreAddress(contracts.policyStore, policyId(policy)) })
 * @see SPEC §10, PolicyStore
 */
export function policyStoreAddress(policyStore: Address, id: Hex): Address {
  const salt = pad(expectSize(id, 20, 'id of a policy'), { size: 32 })
  const bytecodeHash = keccak256(deployerCode)
  const deployer = getContractAddress({ opcode: 'CREATE2', from: policyStore, salt, bytecodeHash })
  return getContractAddress({ from: deployer, nonce: 1n })
}

/**
 * Returns the policy in the code that PolicyStore made, or nothing when it is not the policy with this id.
 *
 * @param code - What is at {@link policyStoreAddress}; `undefined` when nothing is.
 * @param id - Low 160 bits of the policy hash.
 */
export function readStoredPolicy(code: Hex | undefined, id: Hex): Hex | undefined {
  if (code === undefined || !code.startsWith('0x00')) return undefined
  const policy: Hex = `0x${code.slice(4)}`
  return policyId(policy) === id.toLowerCase() ? policy : undefined
}
