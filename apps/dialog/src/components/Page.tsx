import { type ReactNode, useEffect, useRef } from 'react'

/** A screen: its heading gets the focus, so that a change of screen is heard as well as seen. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
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
      {children}
    </main>
  )
}
