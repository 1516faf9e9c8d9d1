import { createECDH, createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { type CredentialsContainerLike, fromBase64Url, toBase64Url, toRpIdHash } from '@rekey/sdk/webauthn'
import { type Hex, hexToBytes } from 'viem'

/** A P-256 key in a file that signs as a passkey does. */
export type SoftwareKey = {
  /** The credential id. */
  readonly id: Hex
  readonly rpId: string
  readonly origins: readonly string[]
  readonly privateKey: PrivateJwk
}

/** The key as RFC 7517 writes it. */
export type PrivateJwk = {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly d: string
}

/**
 * Relying party of keys that this command makes. No page can ever ask for them: `.invalid` is nobody's.
 *
 * @see RFC 2606
 */
export const keyParty = { rpId: 'cli.rekey.invalid', origins: ['https://cli.rekey.invalid'] } as const

/** User present, user verified: whoever has the file. */
const present = 0x05
const attested = 0x40

/** Makes a key. */
export function createSoftwareKey(): SoftwareKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' })
  return { ...keyParty, id: `0x${randomBytes(32).toString('hex')}`, privateKey: { kty: 'EC', crv: 'P-256', x, y, d } }
}

/**
 * Signs with a key as a browser would with a passkey.
 *
 * @param save - Keeps a new key; called before anybody learns of it.
 */
export function softwareCredentials(
  key: SoftwareKey,
  save: (key: SoftwareKey) => Promise<void> = async () => {},
): CredentialsContainerLike {
  return {
    async create(options) {
      const request = expectRequest(options?.publicKey)
      await save(key)
      const authData = authenticatorData(key, present | attested, attestedCredential(key))
      return toCredential(key, {
        clientDataJSON: clientData(key, 'webauthn.create', request.challenge).buffer,
        attestationObject: attestationObject(authData).buffer,
      })
    },
    async get(options) {
      const request = expectRequest(options?.publicKey)
      const authData = authenticatorData(key, present)
      const json = clientData(key, 'webauthn.get', request.challenge)
      const signed = Buffer.concat([authData, createHash('sha256').update(json).digest()])
      return toCredential(key, {
        clientDataJSON: json.buffer,
        authenticatorData: authData.buffer,
        signature: bytes(sign('sha256', signed, createPrivateKey({ key: { ...key.privateKey }, format: 'jwk' })))
          .buffer,
        userHandle: null,
      })
    },
  }
}

/** Tells whether public and private half of a key belong together. */
export function isWholeKey({ privateKey }: Pick<SoftwareKey, 'privateKey'>): boolean {
  try {
    const curve = createECDH('prime256v1')
    curve.setPrivateKey(Buffer.from(fromBase64Url(privateKey.d)))
    const halves = [Buffer.of(4), ...[privateKey.x, privateKey.y].map((half) => fromBase64Url(half))]
    return curve.getPublicKey().equals(Buffer.concat(halves))
  } catch {
    return false
  }
}

function expectRequest<request>(request: request | undefined): request {
  if (request === undefined) throw new DOMException('Only public-key credentials', 'NotSupportedError')
  return request
}

function clientData({ origins }: SoftwareKey, type: string, challenge: BufferSource): Uint8Array<ArrayBuffer> {
  const view = ArrayBuffer.isView(challenge)
    ? new Uint8Array(challenge.buffer, challenge.byteOffset, challenge.byteLength)
    : new Uint8Array(challenge)
  const [origin] = origins
  return bytes(
    Buffer.from(`{"type":"${type}","challenge":"${toBase64Url(view)}","origin":"${origin}","crossOrigin":false}`),
  )
}

function authenticatorData({ rpId }: SoftwareKey, flags: number, tail?: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes(Buffer.concat([hexToBytes(toRpIdHash(rpId)), Buffer.of(flags, 0, 0, 0, 0), tail ?? Buffer.of()]))
}

/** No model, the id, and the key in COSE: EC2, ES256, P-256, x, y. */
function attestedCredential({ id, privateKey }: SoftwareKey): Buffer {
  const idBytes = hexToBytes(id)
  return Buffer.concat([
    Buffer.alloc(16),
    Buffer.of(idBytes.length >> 8, idBytes.length & 0xff),
    idBytes,
    Buffer.from('a5010203262001215820', 'hex'),
    fromBase64Url(privateKey.x),
    Buffer.from('225820', 'hex'),
    fromBase64Url(privateKey.y),
  ])
}

/** CBOR of `{fmt: 'none', attStmt: {}, authData}`; of 164 bytes, with an id of 32. */
function attestationObject(authData: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = (value: string) => Buffer.concat([Buffer.of(0x60 + value.length), Buffer.from(value)])
  return bytes(
    Buffer.concat([
      Buffer.of(0xa3),
      ...[text('fmt'), text('none'), text('attStmt'), Buffer.of(0xa0), text('authData')],
      Buffer.of(0x58, authData.length),
      authData,
    ]),
  )
}

function toCredential({ id }: SoftwareKey, response: AuthenticatorResponse & Record<string, unknown>): Credential {
  const rawId = hexToBytes(id)
  const credential = {
    id: toBase64Url(rawId),
    rawId: bytes(rawId).buffer,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    response,
    getClientExtensionResults: () => ({}),
  }
  return credential
}

/** Bytes in a buffer of their own: those of Node share one. */
function bytes(source: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(source)
}
