import { type CodeSheetParameters, codeSheet, codeSheetFileName, codeSheetText, type NewCodes } from '@rekey/sdk/codes'
import { saveFile } from '../lib/saveFile.ts'
import { Button } from './Button.tsx'
import { CopyButton } from './CopyButton.tsx'
import { QrCode } from './QrCode.tsx'

/** New codes, shown once: to print, to save, or to copy. On paper there is this sheet and nothing else. */
export function CodeSheetView({ codes, parameters }: { codes: NewCodes; parameters: CodeSheetParameters }) {
  const sheet = codeSheet(codes, parameters)
  const text = codeSheetText(codes, parameters)
  const save = (): void => saveFile(codeSheetFileName(codes, parameters), text, 'text/plain')
  return (
    <>
      <section className="card sheet" aria-label="Sheet of recovery codes">
        <h2>{sheet.title}</h2>
        <dl className="facts">
          {sheet.facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <ol className="codes">
          {sheet.codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <ul className="notes">
          {sheet.advice.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <QrCode text={sheet.link} label="QR code of your account’s recovery page; no code is in it" />
      </section>
      <div className="actions">
        <Button kind="primary" onClick={() => window.print()}>
          Print the sheet
        </Button>
        <Button onClick={save}>Save as a file</Button>
        <CopyButton text={text} label="Copy the sheet" />
      </div>
    </>
  )
}
