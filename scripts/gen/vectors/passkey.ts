import { createSoftwareAuthenticator } from '@rekey/sdk/testing'
import {
  type Assertion,
  type Credential,
  type CredentialRecord,
  createCredential,
  credentialCommitment,
  getAssertion,
  type Signature,
  toCredential,
  toRpIdHash,
} from '@rekey/sdk/webauthn'
import { p256 } from '@noble/curves/nist.js'
import { concat, type Hex, hexToBytes, numberToHex, sha256, stringToHex } from 'viem'
import { word } from './file.ts'

export const rpId = 'auth.example.com'
export const origin = `https://${rpId}`

/** A passkey whose key, id and answers are the same in every run. */
export type FixedPasskey = {
  readonly credential: CredentialRecord
  readonly commitment: Hex
  readonly asStruct: Credential
  /** Signs as an authenticator on a page at `at`. */
  readonly ask: (challenge: Hex, page?: Page) => Promise<Assertion>
  /** Signs any two parts, also such as no browser would write. */
  readonly sign: (authenticatorData: Hex, clientDataJSON: string) => Signature
}

type Page = { at?: string; topOrigin?: string; putsChallengeFirst?: boolean; addsExtension?: boolean }

export type PasskeyOptions = {
  readonly origins?: readonly string[]
  readonly flags?: number
  readonly hasExtraKey?: boolean
}

/** Makes a passkey on a software authenticator. */
export async function createPasskey(seed: string, options: PasskeyOptions = {}): Promise<FixedPasskey> {
  const { origins = [origin], flags = 1, hasExtraKey = false } = options
  const device = createSoftwareAuthenticator({ seed, extraKeyShare: hasExtraKey ? 1 : 0 })
  const credentials = device.credentialsAt(origins[0] ?? origin)
  const userHandle = word(`handle of ${seed}`)
  const created = await createCredential({ rpId, rpName: 'Example', userName: seed, userHandle, origins, credentials })
  const credential = { ...created.credential, flags }
  const [passkey] = device.exportPasskeys()
  if (!passkey) throw new Error('The authenticator has no passkey.')
  const asStruct = toCredential(credential)
  return {
    credential,
    commitment: credentialCommitment(asStruct),
    asStruct,
    async ask(challenge, { at = origins[0] ?? origin, topOrigin, ...misbehaviour } = {}) {
      device.misbehave(misbehaviour)
      const page = { rpId, origins, credentials: device.credentialsAt(at, { topOrigin }) }
      const allowsCrossOrigin = topOrigin !== undefined
      return (await getAssertion({ ...page, allowsCrossOrigin, challenge })).assertion
    },
    sign: (authenticatorData, clientDataJSON) => signRaw(passkey.privateKey, authenticatorData, clientDataJSON),
  }
}

/** Signs authenticator data and client data with a private key; low s. */
export function signRaw(privateKey: Hex, authenticatorData: Hex, clientDataJSON: string): Signature {
  const hash = sha256(concat([authenticatorData, sha256(stringToHex(clientDataJSON))]), 'bytes')
  const bytes = p256.sign(hash, hexToBytes(privateKey), { prehash: false, lowS: true })
  const { r, s } = p256.Signature.fromBytes(bytes)
  return { r, s }
}

/** Authenticator data of 37 bytes; by default user present and verified. */
export function authenticatorData(flags = 0x05, id: string = rpId, tail: Hex = '0x'): Hex {
  return concat([toRpIdHash(id), numberToHex(flags, { size: 1 }), '0x00000000', tail])
}

/** The parts of an assertion blob; nothing is checked, so that bad blobs can be made. */
export type BlobParts = {
  readonly index?: number
  /** Credential flags, and in bits 6–7 the number of origins − 1. */
  readonly flags?: number
  readonly signature: Signature
  readonly publicKey: { readonly x: bigint; readonly y: bigint }
  /** Hashes of the other origins and the position of the used one. */
  readonly origins?: Hex
  readonly proof?: readonly Hex[]
  readonly authenticatorData: Hex
} & ({ readonly clientDataJSON: string } | { readonly compact: Hex })

/** Packs the parts as the contracts read them; the full form when there is a `clientDataJSON`. */
export function packBlob(parts: BlobParts): Hex {
  const { index = 63, flags = 1, signature, publicKey, origins = '0x', proof, authenticatorData } = parts
  const isFull = 'clientDataJSON' in parts
  const length = numberToHex((authenticatorData.length - 2) / 2, { size: 2 })
  return concat([
    numberToHex(index | (isFull ? 0x40 : 0) | (proof ? 0x80 : 0), { size: 1 }),
    numberToHex(flags, { size: 1 }),
    ...[signature.r, signature.s, publicKey.x, publicKey.y].map((value) => numberToHex(value, { size: 32 })),
    origins,
    proof ? concat([numberToHex(proof.length, { size: 1 }), ...proof]) : '0x',
    isFull ? length : '0x',
    authenticatorData,
    isFull ? stringToHex(parts.clientDataJSON) : parts.compact,
  ])
}
