import encodeQR from 'qr'

/** The most bytes that a QR code holds at the level used here. */
const maxBytes = 2_953

/** Whether a text fits a QR code. */
export function fitsQr(text: string): boolean {
  return new TextEncoder().encode(text).length <= maxBytes
}

/** The dark squares of a text's QR code, row by row, with a margin around. */
export function qrSquares(text: string, margin = 4): readonly (readonly boolean[])[] {
  return encodeQR(text, 'raw', { ecc: 'low', border: margin })
}
