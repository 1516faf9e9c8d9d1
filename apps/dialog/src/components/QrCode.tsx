import { useMemo } from 'react'
import { qrSquares } from '../lib/qr.ts'

/** A QR code, dark on light in every theme so that cameras can read it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = useMemo(() => qrSquares(text), [text])
  const path = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={rows.length} height={rows.length} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  )
}
