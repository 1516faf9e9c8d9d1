import { type Address, concat, getAddress, type Hex, hexToBytes, keccak256, numberToHex, size, slice } from 'viem'
import type { AccountGenesis } from '../accounts/genesis.ts'
import { defaultContracts } from '../config/contracts.generated.ts'
import { type Cursor, createCursor, uint } from '../encoding/cursor.ts'
import { decodePolicy } from '../encoding/policy.ts'
import { isRekeyError } from '../errors/base.ts'
import {
  InvalidKitError,
  KitAccountError,
  KitChecksumError,
  KitContractsError,
  KitVersionError,
  TruncatedKitError,
} from '../errors/kit.ts'
import { fromBase64Url, toBase64Url } from '../webauthn/base64url.ts'
import type { KitContracts, RecoveryKit } from './kit.ts'
import { checkGenesis } from './kitJson.ts'

/** What fits into a QR code on paper: enough to recover the account without any event. */
export type RecoverySheet = {
  readonly account: Address
  readonly genesis: AccountGenesis
  /** Bytes of policies; used only where a chain names them. */
  readonly policies: readonly Hex[]
}

const subject = 'recovery sheet'
const version = 1
const scheme = 'rekey:sheet/'
const linkKey = 'sheet='
const checksumSize = 4
/** A QR code holds 2,331 bytes at error correction M. */
const longestText = 2_300

/**
 * Writes what a QR code on paper has to say: account, genesis and policies. Policies are left out, the oldest last in, where
 * there would be too much for one code; they are then found on the chains.
 *
 * @param page - Address of a page that reads the sheet from its fragment, so that any camera opens it. Default: none.
 * @example
 * const squares = drawQr(toSheetText(kit))
 */
export function toSheetText(kit: Pick<RecoveryKit, 'account' | 'genesis' | 'policies'>, page?: string): string {
  const { account, genesis } = kit
  // The genesis is of no use without its own policy.
  const first = genesis.policy === '0x' ? [] : [genesis.policy]
  let policies = [...new Set([...first, ...kit.policies.map(({ bytes }) => bytes)])]
  for (;;) {
    const encoded = toBase64Url(hexToBytes(encodeSheet({ account, genesis, policies })))
    const text = page === undefined ? `${scheme}${encoded}` : toLink(page, encoded)
    if (text.length <= longestText || policies.length <= first.length) return text
    policies = policies.slice(0, -1)
  }
}

/**
 * Reads the text of a sheet's QR code, or the link in it. It asks nobody.
 *
 * @throws {TruncatedKitError} {@link KitChecksumError} {@link KitVersionError} {@link KitAccountError}
 * @throws {KitContractsError} when the account's address does not commit to the genesis under these contracts.
 * @throws {InvalidKitError} when it is the text of something else.
 * @example
 * const sheet = readSheet(scanned, { contracts: config.contracts })
 */
export function readSheet(
  text: string,
  parameters: { contracts?: KitContracts | undefined; account?: Address | undefined } = {},
): RecoverySheet {
  const { contracts = defaultContracts, account } = parameters
  const sheet = decodeSheet(findPayload(text.trim()))
  if (account && sheet.account !== getAddress(account))
    throw new KitAccountError({ seen: sheet.account, wanted: account })
  try {
    checkGenesis(contracts, sheet.account, sheet.genesis)
  } catch (error) {
    // Its checksum fits, so that it is not a matter of scanning.
    if (isRekeyError(error, 'KIT_INVALID')) throw new KitContractsError(error.shortMessage)
    throw error
  }
  return sheet
}

/** Tells whether a text is meant to be that of a sheet. */
export function isSheetText(text: string): boolean {
  return text.trim().startsWith(scheme) || (URL.canParse(text) && new URL(text).hash.startsWith(`#${linkKey}`))
}

function toLink(page: string, encoded: string): string {
  const url = new URL(page)
  url.hash = `${linkKey}${encoded}`
  return url.href
}

function findPayload(text: string): Uint8Array {
  if (!isSheetText(text)) throw new InvalidKitError('it is not the code of a recovery sheet')
  const encoded = text.startsWith(scheme) ? text.slice(scheme.length) : new URL(text).hash.slice(1 + linkKey.length)
  if (!/^[\w-]*$/.test(encoded))
    throw new InvalidKitError('the code of the sheet has characters that do not belong there')
  try {
    return fromBase64Url(encoded)
  } catch (error) {
    if (!isRekeyError(error, 'ENCODING_INVALID')) throw error
    // The last group is cut, or was changed: the bytes before it tell which.
    return fromBase64Url(encoded.slice(0, -(encoded.length % 4) || -4))
  }
}

function encodeSheet({ account, genesis, policies }: RecoverySheet): Hex {
  const { credential, credentialId, policy, handle } = genesis
  const content = concat([
    account,
    numberToHex(credential.x, { size: 32 }),
    numberToHex(credential.y, { size: 32 }),
    credential.rpIdHash,
    credential.originsHash,
    uint(credential.flags, 1, subject),
    handle,
    withLength(credentialId),
    // 0, or the place of the policy that the address commits to.
    uint(policies.indexOf(policy) + 1, 1, subject),
    uint(policies.length, 1, subject),
    ...policies.map(withLength),
  ])
  const bytes = concat([uint(version, 1, subject), withLength(content)])
  return concat([bytes, slice(keccak256(bytes), 0, checksumSize)])
}

function withLength(bytes: Hex): Hex {
  return concat([uint(size(bytes), 2, subject), bytes])
}

function decodeSheet(bytes: Uint8Array): RecoverySheet {
  const [seen = 0] = bytes
  if (bytes.length > 0 && seen > version) throw new KitVersionError(seen, version)
  const wanted = bytes.length < 3 ? 3 : 3 + ((bytes[1] ?? 0) << 8) + (bytes[2] ?? 0) + checksumSize
  if (bytes.length < wanted) throw new TruncatedKitError(`it has ${bytes.length} of ${wanted} bytes`)
  const checked = bytes.subarray(0, wanted - checksumSize)
  const checksum = bytes.subarray(wanted - checksumSize)
  const expected = hexToBytes(slice(keccak256(checked), 0, checksumSize))
  if (checksum.length !== checksumSize || expected.some((byte, at) => byte !== checksum[at]))
    throw new KitChecksumError()
  if (seen !== version) throw new InvalidKitError(`there is no version ${seen}`)
  try {
    return readContent(createCursor(checked.subarray(3), subject))
  } catch (error) {
    if (isRekeyError(error) && !error.code.startsWith('KIT_'))
      throw new InvalidKitError('its parts are not well-formed', error)
    throw error
  }
}

function readContent(cursor: Cursor): RecoverySheet {
  const account = getAddress(cursor.hex(20))
  const [x, y] = [cursor.word(), cursor.word()]
  const [rpIdHash, originsHash] = [cursor.hex(32), cursor.hex(32)]
  const flags = cursor.number(1)
  const handle = cursor.hex(32)
  const credentialId = cursor.hex(cursor.number(2))
  const place = cursor.number(1)
  const policies = Array.from({ length: cursor.number(1) }, () => cursor.hex(cursor.number(2)))
  cursor.end()
  for (const policy of policies) decodePolicy(policy)
  const policy = place === 0 ? '0x' : policies[place - 1]
  if (policy === undefined) throw new InvalidKitError('its first policy is missing')
  const credential = { x, y, rpIdHash, originsHash, flags, idHash: keccak256(credentialId) }
  return { account, genesis: { credential, credentialId, policy, handle }, policies }
}
