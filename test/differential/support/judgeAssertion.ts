import { passkeyTypedData } from '@rekey/sdk'
import { isRekeyError } from '@rekey/sdk/errors'
import {
  credentialFlags,
  type DecodedAssertion,
  decodeAssertion,
  merkleRoot,
  parseClientData,
  signedClientData,
  statelessIndex,
  toBase64Url,
  verifyAssertion,
} from '@rekey/sdk/webauthn'
import { type Address, type Hex, hashTypedData, hexToBytes } from 'viem'

/**
 * Judges a stateless assertion as PasskeyValidator does, with the SDK's own decoder and the platform's P-256: no line of it is
 * shared with the contract.
 */
export async function judgeAssertion(
  passkeyValidator: Address,
  hash: Hex,
  blob: Hex,
  commitment: Hex,
): Promise<boolean> {
  try {
    const decoded = decodeAssertion(blob)
    return (
      decoded.index === statelessIndex &&
      decoded.commitment === commitment &&
      isRuled(decoded) &&
      (await isSigned(decoded, challengeOf(passkeyValidator, hash, decoded)))
    )
  } catch (error) {
    if (isRekeyError(error)) return false
    throw error
  }
}

function challengeOf(passkeyValidator: Address, hash: Hex, { proof }: DecodedAssertion): Hex {
  if (proof === undefined) return hash
  return hashTypedData(passkeyTypedData(passkeyValidator, 'MultiChain', { root: merkleRoot(hash, proof) }))
}

/** User present, verified if required, backed up only if it may be. */
function isRuled({ authenticatorData, flags }: DecodedAssertion): boolean {
  const bits = hexToBytes(authenticatorData)[32] ?? 0
  const isVerified = (bits & 0x04) !== 0 || (flags & credentialFlags.userVerification) === 0
  return (bits & 0x01) !== 0 && isVerified && ((bits & 0x10) === 0 || (bits & 0x08) !== 0)
}

async function isSigned(decoded: DecodedAssertion, challenge: Hex): Promise<boolean> {
  const clientDataJSON = signedClientData(decoded, challenge)
  const clientData = parseClientData(clientDataJSON)
  const { authenticatorData, signature, publicKey, flags } = decoded
  return (
    clientData.type === 'webauthn.get' &&
    clientData.challenge === toBase64Url(hexToBytes(challenge)) &&
    (!clientData.crossOrigin || (flags & credentialFlags.crossOrigin) !== 0) &&
    (await verifyAssertion(publicKey, { authenticatorData, clientDataJSON, signature }))
  )
}
