import { bytesToHex, type Hex, hexToBytes } from 'viem'
import { toBase64Url } from '../webauthn/base64url.ts'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import { toRpIdHash, toUint8Array } from '../webauthn/credential.ts'
import { flagBits, signDer, writeAttested, writeAuthenticatorData, writeSpki } from './authenticatorBytes.ts'
import { encodeCbor, join } from './cborEncode.ts'
import type { Device, SyncedPasskey } from './device.ts'

/** How a page is embedded, and what its user does. */
export type SoftwarePage = {
  /** Origin of the top-level page, when this one is in a cross-origin frame. */
  readonly topOrigin?: string | undefined
  /** Which of several matching passkeys the user chooses, by id. Default: the newest. */
  readonly choose?: ((ids: readonly Hex[]) => Hex) | undefined
}

const es256 = -7
const aaguid = hexToBytes('0x0a1b2c3d4e5f60718293a4b5c6d7e8f9')
const extraKey =
  ',"other_keys_can_be_added_here":"do not compare clientDataJSON against a template. See https://goo.gl/yabPex"'

/** Plays the browser between a page and a device: checks what browsers check, and rejects as browsers reject. */
export function createSoftwareBrowser(
  device: Device,
  origin: string,
  page: SoftwarePage = {},
): CredentialsContainerLike {
  return {
    async create(options) {
      begin(device, options?.signal)
      const request = expectRequest(options?.publicKey)
      const rpId = expectRpId(request.rp.id, origin)
      if (!request.pubKeyCredParams.some(({ alg }) => alg === es256))
        throw new DOMException('No algorithm', 'NotSupportedError')
      const excluded = (request.excludeCredentials ?? []).map(toId)
      if (device.passkeys.some((passkey) => passkey.rpId === rpId && excluded.includes(passkey.id)))
        throw new DOMException('Already registered', 'InvalidStateError')
      const { residentKey, userVerification } = request.authenticatorSelection ?? {}
      expectAble(device, { residentKey, userVerification })
      const passkey = device.makePasskey({
        rpId,
        userHandle: bytesToHex(readBuffer(request.user.id)),
        userName: request.user.name,
        isDiscoverable: device.keepsPasskeys && residentKey !== 'discouraged',
      })
      return attest(device, passkey, writeClientData(device, 'webauthn.create', request.challenge, origin, page))
    },
    async get(options) {
      begin(device, options?.signal)
      const request = expectRequest(options?.publicKey)
      const rpId = expectRpId(request.rpId, origin)
      expectAble(device, request)
      const allowed = request.allowCredentials?.map(toId) ?? []
      const found = device.passkeys.filter(
        ({ rpId: own, id, isDiscoverable }) =>
          own === rpId && (allowed.length === 0 ? isDiscoverable !== false : allowed.includes(id)),
      )
      const chosen = page.choose?.(found.map(({ id }) => id))
      const passkey = chosen === undefined ? found.at(-1) : found.find(({ id }) => id === chosen)
      if (!passkey) throw new DOMException('No passkey', 'NotAllowedError')
      return assert(device, passkey, writeClientData(device, 'webauthn.get', request.challenge, origin, page))
    },
  }
}

function begin(device: Device, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new DOMException('Aborted', 'AbortError')
  if (device.misbehaviour.cancels) throw new DOMException('The user closed the prompt', 'NotAllowedError')
}

/** Browsers refuse a device that cannot do what is required as they refuse a prompt that was closed. */
function expectAble(
  { canVerifyUser, keepsPasskeys }: Device,
  wanted: { residentKey?: string | undefined; userVerification?: string | undefined },
): void {
  if (wanted.userVerification === 'required' && !canVerifyUser)
    throw new DOMException('The device cannot verify its user', 'NotAllowedError')
  if (wanted.residentKey === 'required' && !keepsPasskeys)
    throw new DOMException('The device cannot keep passkeys', 'NotAllowedError')
}

function expectRequest<request>(request: request | undefined): request {
  if (request === undefined) throw new DOMException('Only public-key credentials', 'NotSupportedError')
  return request
}

/** An origin may use its own host and any parent domain that is not a single label, unless it is that label itself. */
function expectRpId(rpId: string | undefined, origin: string): string {
  const host = new URL(origin).hostname
  const wanted = rpId ?? host
  const isAllowed = host === wanted || (host.endsWith(`.${wanted}`) && (wanted.includes('.') || wanted === 'localhost'))
  if (!isAllowed) throw new DOMException(`${wanted} is not a suffix of ${host}`, 'SecurityError')
  return wanted
}

function writeClientData(
  device: Device,
  type: string,
  challenge: BufferSource,
  origin: string,
  { topOrigin }: SoftwarePage,
): Uint8Array<ArrayBuffer> {
  const wrong = device.misbehaviour
  const fields = [
    `"type":"${wrong.type ?? type}"`,
    `"challenge":"${wrong.challenge ?? toBase64Url(readBuffer(challenge))}"`,
  ]
  if (wrong.putsChallengeFirst) fields.reverse()
  fields.push(`"origin":"${wrong.origin ?? origin}"`, `"crossOrigin":${topOrigin !== undefined}`)
  if (topOrigin !== undefined) fields.push(`"topOrigin":"${topOrigin}"`)
  return new TextEncoder().encode(`{${fields.join(',')}${device.hasExtraKey() ? extraKey : ''}}`)
}

function authenticatorData(device: Device, rpId: string, attested?: Uint8Array): Uint8Array<ArrayBuffer> {
  const wrong = device.misbehaviour
  const { backupEligible, backedUp } = device.flags
  const flags =
    (wrong.skipsUserPresence ? 0 : flagBits.UP) |
    (wrong.skipsUserVerification ? 0 : flagBits.UV) |
    (backupEligible && !wrong.claimsImpossibleBackup ? flagBits.BE : 0) |
    (backedUp || wrong.claimsImpossibleBackup ? flagBits.BS : 0)
  const extensions = wrong.addsExtension ? encodeCbor(new Map([['credProtect', 3]])) : undefined
  return writeAuthenticatorData({ rpIdHash: toRpIdHash(wrong.rpId ?? rpId), flags, signCount: 0, attested, extensions })
}

function attest(device: Device, passkey: SyncedPasskey, clientDataJSON: Uint8Array<ArrayBuffer>): Credential {
  const privateKey = hexToBytes(passkey.privateKey)
  const authData = authenticatorData(device, passkey.rpId, writeAttested(aaguid, hexToBytes(passkey.id), privateKey))
  const attestationObject = join([
    encodeCbor(
      new Map<string, string | ReadonlyMap<string, string> | Uint8Array>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, string>()],
        ['authData', authData],
      ]),
    ),
  ])
  return toPublicKeyCredential(passkey, {
    clientDataJSON: clientDataJSON.buffer,
    attestationObject: attestationObject.buffer,
    getAuthenticatorData: () => authData.buffer,
    getPublicKey: () => writeSpki(privateKey).buffer,
    getPublicKeyAlgorithm: () => es256,
    getTransports: () => [...device.transports],
  })
}

function assert(device: Device, passkey: SyncedPasskey, clientDataJSON: Uint8Array<ArrayBuffer>): Credential {
  const authData = authenticatorData(device, passkey.rpId)
  const signature = signDer(hexToBytes(passkey.privateKey), authData, clientDataJSON, device.isHighS())
  return toPublicKeyCredential(passkey, {
    clientDataJSON: clientDataJSON.buffer,
    authenticatorData: authData.buffer,
    signature: signature.buffer,
    userHandle: passkey.isDiscoverable === false ? null : hexToBytes(passkey.userHandle).buffer,
  })
}

function toPublicKeyCredential(
  passkey: SyncedPasskey,
  response: AuthenticatorResponse & Record<string, unknown>,
): Credential {
  const credential = {
    id: toBase64Url(hexToBytes(passkey.id)),
    rawId: hexToBytes(passkey.id).buffer,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    response,
    getClientExtensionResults: () => ({}),
  }
  return credential
}

function toId({ id }: PublicKeyCredentialDescriptor): Hex {
  return bytesToHex(readBuffer(id))
}

function readBuffer(source: BufferSource): Uint8Array {
  return toUint8Array(source)
}
