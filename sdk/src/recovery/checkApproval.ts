import {
  type Address,
  getAddress,
  type Hex,
  hexToBytes,
  isAddressEqual,
  parseErc6492Signature,
  parseSignature,
  serializeSignature,
  size,
  slice,
} from 'viem'
import { getCode, readContract } from 'viem/actions'
import { webAuthnVerifierAbi } from '../abis/used.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import { type ConfiguredChain, getChain, type RekeyConfig } from '../config/createConfig.ts'
import type { Approval } from '../encoding/approvals.ts'
import type { Guardian, Policy } from '../encoding/policy.ts'
import { GuardianAbsentError, InvalidApprovalError } from '../errors/recovery.ts'
import { statelessIndex } from '../webauthn/assertion.ts'
import { toBase64Url } from '../webauthn/base64url.ts'
import { parseClientData } from '../webauthn/clientData.ts'
import { decodeAssertion, signedClientData } from '../webauthn/decodeAssertion.ts'
import { verifyAssertion } from '../webauthn/verifyAssertion.ts'
import { isSignedBy } from './contractWallets.ts'
import { askEvidence } from './evidence/evidenceVerifier.ts'
import { signerOf } from './hiddenGuardians.ts'
import type { ChainApproval } from './recoveryApproval.ts'

const erc1271Abi = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [
      { name: 'hash', type: 'bytes32' },
      { name: 'signature', type: 'bytes' },
    ],
    outputs: [{ name: '', type: 'bytes4' }],
  },
] as const
const erc1271Magic = '0x1626ba7e'
const erc7913Magic = '0x024ad318'

/**
 * Checks that a signature is a guardian's approval of a recovery: keys here, contracts by asking the chains. What a contract
 * wallet signed before it was deployed (ERC-6492) is taken out of its wrapping: the recovery module deploys nothing.
 *
 * @returns The approval in the form the contract takes.
 * @throws {NotAGuardianError} when the policy has no such guardian.
 * @throws {InvalidApprovalError} when it is not that guardian's signature over this digest.
 * @throws {GuardianAbsentError} when it is wrapped for a wallet that no chain has yet.
 */
export async function checkApproval(
  config: RekeyConfig,
  { policy, digest }: { policy: Policy; digest: Hex },
  { index, signature, revealed }: Approval,
): Promise<Approval> {
  const { signer, guardian } = signerOf(policy, { index, revealed })
  const checked = { index, ...(revealed && { revealed }) }
  if (size(signer) === 20) {
    const normal = normaliseEcdsa(signature)
    const isKey = normal !== undefined && (await isSignedBy(signer, digest, normal))
    if (isKey) return { ...checked, signature: normal }
    return { ...checked, signature: await acceptedByContract(config, { index, signer, digest, signature }) }
  }
  const isPasskey = isAddressEqual(slice(signer, 0, 20), config.contracts.webAuthnVerifier)
  const isValid = isPasskey
    ? await isPasskeyAssertion(slice(signer, 20), digest, signature)
    : await isAcceptedByVerifier(config, guardian, { signer, digest, signature })
  if (!isValid) throw new InvalidApprovalError(index)
  return { ...checked, signature }
}

/**
 * Checks signatures of a contract, one per chain: every chain that answers must accept its own.
 *
 * @throws {NotAGuardianError} {@link InvalidApprovalError} also when no chain answers: nothing has been shown then.
 */
export async function checkChainApproval(
  config: RekeyConfig,
  { policy, digest }: { policy: Policy; digest: Hex },
  approval: ChainApproval,
): Promise<ChainApproval> {
  const { index, signatures, revealed } = approval
  const { signer } = signerOf(policy, { index, revealed })
  if (size(signer) !== 20) throw new InvalidApprovalError(index)
  const asked = signatures.map(({ chainId, signature }) => ({ ...getChain(config, chainId), signature }))
  const answers = await readFromChains(asked, async (chain) => {
    await checkChain(chain)
    return (await askContract(chain, signer, digest, chain.signature)) === 'accepted'
  })
  const verdicts = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  if (verdicts.length === 0 || verdicts.includes(false)) throw new InvalidApprovalError(index)
  return approval
}

/** 65 bytes with v 27 or 28, as the contract takes them; `undefined` when it is no ECDSA signature. */
function normaliseEcdsa(signature: Hex): Hex | undefined {
  if (size(signature) !== 65) return undefined
  try {
    const { r, s, yParity } = parseSignature(signature)
    return serializeSignature({ r, s, yParity })
  } catch {
    // Its last byte is no recovery id: it may still be what a contract wallet takes.
    return undefined
  }
}

async function isPasskeyAssertion(commitment: Hex, digest: Hex, signature: Hex): Promise<boolean> {
  try {
    const decoded = decodeAssertion(signature)
    const clientDataJSON = signedClientData(decoded, digest)
    const { authenticatorData, publicKey } = decoded
    return (
      decoded.index === statelessIndex &&
      decoded.proof === undefined &&
      decoded.commitment === commitment.toLowerCase() &&
      parseClientData(clientDataJSON).challenge === toBase64Url(hexToBytes(digest)) &&
      (await verifyAssertion(publicKey, { authenticatorData, clientDataJSON, signature: decoded.signature }))
    )
  } catch {
    // Not an assertion at all.
    return false
  }
}

/** Returns the signature that the wallet accepts on some chain. */
async function acceptedByContract(
  config: RekeyConfig,
  { index, signer, digest, signature }: { index: number; signer: Address; digest: Hex; signature: Hex },
): Promise<Hex> {
  const plain = unwrap(signature)
  const answers = await readFromChains(config.chains, (chain) => askContract(chain, signer, digest, plain))
  const verdicts = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  if (verdicts.includes('accepted')) return plain
  const isNowhere = verdicts.length > 0 && verdicts.every((verdict) => verdict === 'absent')
  throw isNowhere && plain !== signature ? new GuardianAbsentError(getAddress(signer)) : new InvalidApprovalError(index)
}

function unwrap(signature: Hex): Hex {
  try {
    return parseErc6492Signature(signature).signature
  } catch {
    // The mark of ERC-6492 with something else before it: the wallet will know.
    return signature
  }
}

type Verdict = 'accepted' | 'refused' | 'absent'

async function askContract(
  { client }: ConfiguredChain,
  address: Address,
  digest: Hex,
  signature: Hex,
): Promise<Verdict> {
  if ((await getCode(client, { address })) === undefined) return 'absent'
  const args = [digest, signature] as const
  const answer = await readContract(client, { address, abi: erc1271Abi, functionName: 'isValidSignature', args })
  return answer === erc1271Magic ? 'accepted' : 'refused'
}

async function isAcceptedByVerifier(
  config: RekeyConfig,
  { needsEvidence }: Guardian,
  { signer, digest, signature }: { signer: Hex; digest: Hex; signature: Hex },
) {
  return isTrueOnSomeChain(config, async (chain) => {
    if (needsEvidence) return (await askEvidence(chain, { signer, digest, signature })) !== undefined
    const { client } = chain
    const args = [slice(signer, 20), digest, signature] as const
    const verifier = { address: slice(signer, 0, 20), abi: webAuthnVerifierAbi, functionName: 'verify' } as const
    const answer = await readContract(client, { ...verifier, args })
    return answer === erc7913Magic
  })
}

async function isTrueOnSomeChain(
  { chains }: RekeyConfig,
  ask: (chain: RekeyConfig['chains'][number]) => Promise<boolean>,
): Promise<boolean> {
  const answers = await readFromChains(chains, ask)
  return answers.some((answer) => 'value' in answer && answer.value)
}
