import { fromBase64Url, toBase64Url } from '@rekey/sdk/webauthn'
import { bytesToString, type Hex, isHex, stringToBytes } from 'viem'

/** A guardian's approval on its way back to the owner; nothing in it is secret. */
export type ApprovalCode = { readonly digest: Hex; readonly index: number; readonly signature: Hex }

const prefix = 'approval='

/** Writes an approval as a link to the owner's page. */
export function formatApprovalLink(page: string, { digest, index, signature }: ApprovalCode): string {
  const url = new URL(page)
  url.hash = prefix + toBase64Url(stringToBytes(JSON.stringify({ digest, index, signature })))
  return url.href
}

/** Reads an approval from a link, or from the part of it that was pasted. */
export function parseApprovalCode(text: string): ApprovalCode | undefined {
  const trimmed = text.trim()
  const start = trimmed.lastIndexOf(prefix)
  try {
    const json = bytesToString(fromBase64Url(start < 0 ? trimmed : trimmed.slice(start + prefix.length)))
    const { digest, index, signature } = JSON.parse(json)
    const isWhole = isHex(digest) && digest.length === 66 && isHex(signature) && Number.isSafeInteger(index)
    return isWhole && index >= 0 ? { digest, index, signature } : undefined
  } catch {
    return undefined
  }
}
