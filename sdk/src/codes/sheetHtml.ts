import encodeQR from 'qr'
import type { NewCodes } from './recoveryCode.ts'
import { type CodeSheetParameters, codeSheet } from './sheet.ts'

const style = `
  body { font: 12pt/1.4 system-ui, sans-serif; color: #000; background: #fff; max-width: 40em; margin: 2em auto; padding: 0 1em }
  ol { font: 13pt/2 ui-monospace, monospace; padding: 0; list-style: none }
  .box { display: inline-block; width: 0.8em; height: 0.8em; border: 1pt solid #000; margin: 0 0.7em }
  dl { display: grid; grid-template-columns: max-content auto; gap: 0 1em } dd { margin: 0; overflow-wrap: anywhere }
  svg { width: 4cm; height: 4cm } @media print { body { margin: 0 } ol, figure { break-inside: avoid } }`

/**
 * Returns a sheet of codes as a page to print: complete in itself, it loads nothing and runs nothing.
 *
 * Show it in a frame of its own by `srcdoc` and print that; the address of a page must never contain it.
 *
 * @example
 * frame.srcdoc = codeSheetHtml(codes, { account: account.address, appName: 'Example', madeAt })
 */
export function codeSheetHtml(codes: NewCodes, parameters: CodeSheetParameters): string {
  const sheet = codeSheet(codes, parameters)
  const title = escapeHtml(sheet.title)
  const facts = sheet.facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
  const lines = sheet.codes.map((code, index) => `<li>${index + 1}.<span class="box"></span>${escapeHtml(code)}</li>`)
  const advice = sheet.advice.map((line) => `<li>${escapeHtml(line)}</li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}
</style>
</head>
<body>
<h1>${title}</h1>
<dl>${facts.join('')}</dl>
<ol>
${lines.join('\n')}
</ol>
<ul>${advice.join('')}</ul>
<figure role="img" aria-label="${escapeHtml(`QR code: ${sheet.link}`)}">${encodeQR(sheet.link, 'svg', { ecc: 'medium', border: 4 })}</figure>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
