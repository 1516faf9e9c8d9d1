import { concat, type Hex, size } from 'viem'
import { createCursor, uint } from '../../encoding/cursor.ts'
import { isRekeyError } from '../../errors/base.ts'
import { LinkDamagedError, LinkOtherRequestError } from '../../errors/link.ts'
import type { RecoveryApproval } from '../recoveryApproval.ts'
import { envelopes, open, seal } from './envelope.ts'

const { subject } = envelopes.reply

/**
 * Writes an approval as text that fits a message, a link or a QR code; nothing in it is secret.
 *
 * @param digest - What was approved.
 */
export function formatApproval(digest: Hex, approval: RecoveryApproval): string {
  const { index, revealed } = approval
  const blob = (bytes: Hex) => [uint(size(bytes), 2, subject), bytes]
  const signatures = 'signature' in approval ? [{ chainId: 0, signature: approval.signature }] : approval.signatures
  return seal(
    envelopes.reply,
    concat([
      digest,
      uint(index, 1, subject),
      ...(revealed ? ['0x01' as const, revealed.salt, ...blob(revealed.signer)] : ['0x00' as const]),
      uint(signatures.length, 1, subject),
      // No chain has the id 0: there it stands for all.
      ...signatures.flatMap(({ chainId, signature }) => [uint(chainId, 8, subject), ...blob(signature)]),
    ]),
  )
}

/**
 * Reads an approval from its text or from a link.
 *
 * @param digest - What it has to be for.
 * @throws {LinkDamagedError} when it is cut, mistyped or something else.
 * @throws {LinkOtherRequestError} when it is for another request.
 */
export function parseApproval(digest: Hex, input: string): RecoveryApproval {
  const bytes = open(envelopes.reply, input)
  try {
    const cursor = createCursor(bytes, subject)
    if (cursor.hex(32) !== digest.toLowerCase()) throw new LinkOtherRequestError()
    const index = cursor.number(1)
    const reveals = cursor.number(1) === 1
    const revealed = reveals ? { revealed: { salt: cursor.hex(32), signer: cursor.hex(cursor.number(2)) } } : {}
    const signatures = Array.from({ length: cursor.number(1) }, () => {
      const chainId = Number(BigInt(cursor.hex(8)))
      return { chainId, signature: cursor.hex(cursor.number(2)) }
    })
    cursor.end()
    const [first] = signatures
    if (first && signatures.length === 1 && first.chainId === 0)
      return { index, signature: first.signature, ...revealed }
    return { index, signatures, ...revealed }
  } catch (error) {
    if (isRekeyError(error, 'ENCODING_INVALID')) throw new LinkDamagedError(subject, 'it is cut or extended')
    throw error
  }
}
