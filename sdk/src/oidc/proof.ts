import { concat, type Hex, size } from 'viem'
import { expectSize, uint } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'
import { type OidcIdentity, packAudiences, packKeys } from './identity.ts'
import type { IdToken } from './idToken.ts'
import { type IssuerKey, signatureSizeOf } from './issuerKey.ts'

/** What a sign-in shows to the chains so as to approve. */
export type OidcProof = {
  readonly identity: Pick<OidcIdentity, 'salt' | 'audiences' | 'keys'>
  readonly token: Pick<IdToken, 'header' | 'payload' | 'signature'>
  /** The issuer's key that signed the token. */
  readonly key: IssuerKey
}

const subject = 'proof of a sign-in'

/**
 * Packs the approval of a guardian who signs in.
 *
 * All of it is public once it is delivered: the token's claims with it.
 *
 * @throws {EncodingError} when the signature is not one by such a key, or something is too long.
 * @see SPEC §10, OidcRecoveryValidator
 */
export function encodeOidcProof({ identity, token, key }: OidcProof): Hex {
  if (size(token.signature) !== signatureSizeOf(key))
    throw new EncodingError(subject, 'the signature is not as long as one by this key')
  return concat([
    expectSize(identity.salt, 32, subject),
    packAudiences(identity.audiences),
    uint(size(token.header), 2, subject),
    token.header,
    uint(size(token.payload), 2, subject),
    token.payload,
    identity.keys ? packKeys(identity.keys) : '0x',
    key.key,
    token.signature,
  ])
}
