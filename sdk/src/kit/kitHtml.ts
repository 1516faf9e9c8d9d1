import { describeKit, recoverCommand } from './describeKit.ts'
import type { RecoveryKit } from './kit.ts'
import { type KitTextParameters, kitBlock } from './kitText.ts'
import { toSheetText } from './sheet.ts'

/** The dark squares of a QR code, row by row. */
export type QrSquares = readonly (readonly boolean[])[]

/** How a kit is written as a page to print. */
export type KitHtmlParameters = KitTextParameters & {
  /** Draws the QR code of a text. Without it the page has none. */
  drawQr?: ((text: string) => QrSquares) | undefined
}

const style = `body{font:14px/1.4 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#000;background:#fff}
h1{font-size:1.4rem}h2{font-size:1rem;margin:1.2em 0 .3em}p{margin:.2em 0;overflow-wrap:anywhere}
pre{font-size:9px;white-space:pre-wrap;overflow-wrap:anywhere}svg{width:60mm;height:60mm;max-width:100%}
section,figure{break-inside:avoid}figure{margin:1em 0}`

/**
 * Writes a kit as a page to print or to keep: in words, with a QR code of the sheet if you can draw one, and at the end the
 * JSON. The page loads nothing and runs nothing; {@link readKit} takes the file.
 *
 * @example
 * const url = URL.createObjectURL(new Blob([toKitHtml(kit)], { type: 'text/html' }))
 */
export function toKitHtml(kit: RecoveryKit, parameters: KitHtmlParameters = {}): string {
  const { command = recoverCommand, drawQr } = parameters
  const sections = describeKit(kit, command).map(
    ({ title, lines }) =>
      `<section>\n<h2>${escapeHtml(title)}</h2>\n${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}\n</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rekey recovery kit of ${escapeHtml(kit.account)}</title>
<style>
${style}
</style>
</head>
<body>
<main>
<h1>Rekey recovery kit</h1>
${drawQr ? figure(drawQr(toSheetText(kit))) : ''}${sections.join('\n')}
<section>
<h2>For the program</h2>
<pre>
${kitBlock(kit).join('\n')}
</pre>
</section>
</main>
</body>
</html>
`
}

function figure(squares: QrSquares): string {
  const margin = 4
  const side = squares.length + 2 * margin
  const path = squares
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x + margin} ${y + margin}h1v1h-1z`] : [])))
    .join('')
  return `<figure>
<svg role="img" aria-label="QR code with the account and its guardians" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}h-${side}z"/><path d="${path}"/></svg>
<figcaption>Scan this where you recover the account.</figcaption>
</figure>
`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
