import { size } from 'viem'
import { matchesTemplate } from './code.ts'
import { DEPLOYER, DEPLOYER_CODE, ENTRY_POINT, ENTRY_POINT_SALT, P256VERIFY } from './constants.ts'
import { entryPointArtifact } from './entryPoint.ts'
import type { Problem } from './errors.ts'
import type { ChainFacts } from './probes.ts'

/** Everything about a chain that forbids deploying there; empty when it is fit. Pure. */
export function judgeChain(facts: ChainFacts, expectedChainId: number | undefined): readonly Problem[] {
  return [
    ...judgeChainId(facts, expectedChainId),
    ...judgeDeployer(facts),
    ...judgeEntryPoint(facts),
    ...judgeEvm(facts),
    ...judgePrecompile(facts),
  ]
}

function judgeChainId({ chainId }: ChainFacts, expected: number | undefined): readonly Problem[] {
  if (expected === undefined || expected === chainId) return []
  return [
    {
      code: 'WrongChain',
      message: `The node is on chain ${chainId}, not ${expected}.`,
      remedy: 'Correct the URL or the chain id of this chain.',
    },
  ]
}

function judgeDeployer({ deployerCode }: ChainFacts): readonly Problem[] {
  if (deployerCode === DEPLOYER_CODE) return []
  if (deployerCode === '0x')
    return [
      {
        code: 'DeployerMissing',
        message: `There is no deterministic deployer at ${DEPLOYER}.`,
        remedy:
          'Send 0.01 of the native coin to 0x3fAB184622Dc19b6109349B94811493BF45362AE and broadcast the pre-signed transaction from ' +
          'https://github.com/Arachnid/deterministic-deployment-proxy (the chain must accept transactions without EIP-155), or ask the operator of the chain to put it into genesis.',
      },
    ]
  return [
    {
      code: 'DeployerWrong',
      message: `The code at ${DEPLOYER} (${size(deployerCode)} bytes) is not the deterministic deployer.`,
      remedy: 'Do not use this chain: our addresses cannot be had there.',
    },
  ]
}

function judgeEntryPoint({ entryPointCode }: ChainFacts): readonly Problem[] {
  if (entryPointCode === '0x')
    return [
      {
        code: 'EntryPointMissing',
        message: `There is no EntryPoint v0.8 at ${ENTRY_POINT}.`,
        remedy: `Send its published initcode through ${DEPLOYER} with salt ${ENTRY_POINT_SALT}; anybody may.`,
      },
    ]
  if (matchesTemplate(entryPointCode, entryPointArtifact().deployedBytecode)) return []
  return [
    {
      code: 'EntryPointWrong',
      message: `The code at ${ENTRY_POINT} is not EntryPoint v0.8.`,
      remedy: 'Do not use this chain: whoever controls that code controls the accounts.',
    },
  ]
}

function judgeEvm({ hasPush0, hasMcopy }: ChainFacts): readonly Problem[] {
  const missing = [...(hasPush0 ? [] : ['PUSH0 (EIP-3855)']), ...(hasMcopy ? [] : ['MCOPY (EIP-5656)'])]
  if (missing.length === 0) return []
  return [
    {
      code: 'EvmTooOld',
      message: `The chain does not run ${missing.join(' and ')}.`,
      remedy: 'Wait until the chain has the Cancun instructions.',
    },
  ]
}

function judgePrecompile({ p256 }: ChainFacts): readonly Problem[] {
  if (p256 !== 'unsound') return []
  return [
    {
      code: 'P256Unsound',
      message: `${P256VERIFY} answers, but takes a bad signature for good or a good one for bad.`,
      remedy: 'Do not use this chain: passkeys would not protect accounts there.',
    },
  ]
}
