import {
  guardianRecoveryAbi,
  passkeyValidatorAbi,
  policyStoreAbi,
  recoveryCodeVerifierAbi,
  rekeyAccountAbi,
  rekeyAccountFactoryAbi,
  signerValidatorAbi,
} from '@rekey/sdk/abis'
import type { Address } from 'viem'
import { startWorld, type WorldChain } from '../../../scripts/gen/vectors/world.ts'

/** A chain with typed production contracts. */
export type TestChain = WorldChain & {
  readonly name: string
  readonly guardianRecovery: { readonly address: Address; readonly abi: typeof guardianRecoveryAbi }
  readonly passkeyValidator: { readonly address: Address; readonly abi: typeof passkeyValidatorAbi }
  readonly signerValidator: { readonly address: Address; readonly abi: typeof signerValidatorAbi }
  readonly recoveryCodeVerifier: { readonly address: Address; readonly abi: typeof recoveryCodeVerifierAbi }
  readonly policyStore: { readonly address: Address; readonly abi: typeof policyStoreAbi }
  readonly factory: { readonly address: Address; readonly abi: typeof rekeyAccountFactoryAbi }
  readonly implementation: { readonly address: Address; readonly abi: typeof rekeyAccountAbi }
}

/** A chain with P256VERIFY and one without; `stop` ends both. */
export async function startChains(): Promise<{ osaka: TestChain; prague: TestChain; stop: () => Promise<void> }> {
  const { chains, stop } = await startWorld(['osaka', 'prague'])
  const [osaka, prague] = chains
  if (!osaka || !prague) throw new Error('Two chains were asked for.')
  return { osaka: withContracts('osaka', osaka), prague: withContracts('prague', prague), stop }
}

function withContracts(name: string, chain: WorldChain): TestChain {
  return {
    ...chain,
    name,
    guardianRecovery: { address: addressOf(chain, 'GuardianRecovery'), abi: guardianRecoveryAbi },
    passkeyValidator: { address: addressOf(chain, 'PasskeyValidator'), abi: passkeyValidatorAbi },
    signerValidator: { address: addressOf(chain, 'SignerValidator'), abi: signerValidatorAbi },
    recoveryCodeVerifier: { address: addressOf(chain, 'RecoveryCodeVerifier'), abi: recoveryCodeVerifierAbi },
    policyStore: { address: addressOf(chain, 'PolicyStore'), abi: policyStoreAbi },
    factory: { address: addressOf(chain, 'RekeyAccountFactory'), abi: rekeyAccountFactoryAbi },
    implementation: { address: addressOf(chain, 'RekeyAccount'), abi: rekeyAccountAbi },
  }
}

/** The address of a production contract. */
export function addressOf({ contracts }: WorldChain, name: string): Address {
  const address = contracts[name]
  if (!address) throw new Error(`${name} is not deployed.`)
  return address
}
