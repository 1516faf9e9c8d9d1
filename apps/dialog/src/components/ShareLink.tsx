import { fitsQr } from '../lib/qr.ts'
import { CopyButton } from './CopyButton.tsx'
import { QrCode } from './QrCode.tsx'

type ShareLinkProps = {
  link: string
  /** What the QR code is of, for those who do not see it. */
  label: string
  /** Another link to the same, where it is shorter. */
  qr?: string
}

/** A link to copy or open, and the same as a QR code where it fits one. */
export function ShareLink({ link, label, qr = link }: ShareLinkProps) {
  return (
    <div className="stack">
      <div className="actions">
        <CopyButton kind="primary" text={link} label="Copy link" done="Link copied" />
        <a className="button quiet" href={link} target="_blank" rel="noreferrer">
          Open it here
        </a>
      </div>
      {fitsQr(qr) && <QrCode text={qr} label={label} />}
    </div>
  )
}
