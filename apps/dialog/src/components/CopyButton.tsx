import { useState } from 'react'
import { Button } from './Button.tsx'

type CopyButtonProps = { text: string; label: string; done?: string; kind?: 'primary' | 'secondary' | 'quiet' }

/** Copies a text, and says so. */
export function CopyButton({ text, label, done = 'Copied', kind = 'secondary' }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false)
  return (
    <>
      <Button kind={kind} onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
        {isCopied ? done : label}
      </Button>
      <span className="visually-hidden" role="status">
        {isCopied ? done : ''}
      </span>
    </>
  )
}
