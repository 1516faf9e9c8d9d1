import type { Locator } from 'playwright-core'
import { decodeQR } from 'qr/decode.js'

/** Reads a QR code off the screen as a camera would: from its pixels. */
export async function scan(code: Locator): Promise<string> {
  const png = (await code.screenshot()).toString('base64')
  const image = await code.page().evaluate(async (base64) => {
    const picture = await createImageBitmap(
      new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], { type: 'image/png' }),
    )
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('There is no canvas.')
    context.drawImage(picture, 0, 0)
    const { data, width, height } = context.getImageData(0, 0, picture.width, picture.height)
    return { data: [...data], width, height }
  }, png)
  return decodeQR({ ...image, data: Uint8Array.from(image.data) })
}
