import {
  type Address,
  encodeDeployData,
  type Hex,
  type PrivateKeyAccount,
  serializeErc6492Signature,
  zeroHash,
} from 'viem'
import { readArtifact } from '../../../scripts/deploy/artifacts.ts'
import { DEPLOYER } from '../../../scripts/deploy/constants.ts'
import { create2Address, deployCalldata } from '../../../scripts/deploy/plan.ts'
import type { Stack, StackChain } from '../../../scripts/stack/startStack.ts'
import { deliver } from '../../stories/support/foreignAccount.ts'

/** A wallet that is a contract (ERC-1271) with one key, at the same address on every chain that has it. */
export type ContractWallet = {
  readonly address: Address
  readonly signer: PrivateKeyAccount
  /** Deploys it on these chains. */
  readonly deploy: (stack: Stack, chains: readonly StackChain[]) => Promise<void>
  /** A signature as wallets give it before they are deployed (ERC-6492). */
  readonly wrap: (signature: Hex) => Hex
}

export function createContractWallet(signer: PrivateKeyAccount): ContractWallet {
  const { abi, bytecode } = readArtifact('WalletGuardian', 'test/contracts')
  const initCode = encodeDeployData({ abi, bytecode, args: [signer.address] })
  const call = { to: DEPLOYER, data: deployCalldata(zeroHash, initCode) }
  return {
    address: create2Address(zeroHash, initCode),
    signer,
    deploy: async (stack, chains) => {
      for (const chain of chains) await deliver(stack, chain, call)
    },
    wrap: (signature) => serializeErc6492Signature({ address: call.to, data: call.data, signature }),
  }
}
