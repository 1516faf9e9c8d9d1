import { type ReactNode, use, useEffect, useRef } from 'react'
import { Banner } from './banner.ts'

/** A screen: its heading gets the focus, so that a change of screen is heard as well as seen. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const banner = use(Banner)
  useEffect(() => {
    document.title = `${title} · Rekey`
    heading.current?.focus()
  }, [title])
  return (
    <main>
      <p className="brand" aria-hidden="true">
        Rekey
      </p>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {banner}
      {children}
    </main>
  )
}
