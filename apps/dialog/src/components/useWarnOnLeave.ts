import { useEffect } from 'react'

/** Has the browser ask before the page is closed or reloaded: what it shows exists nowhere else. */
export function useWarnOnLeave(): void {
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', onLeave)
    return () => window.removeEventListener('beforeunload', onLeave)
  }, [])
}
