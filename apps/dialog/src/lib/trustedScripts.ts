type PolicyFactory = {
  createPolicy(name: 'default', rules: { createScriptURL: (url: string) => string | undefined }): unknown
}

/**
 * The page's rules let no text become code. This one exception is the worker that stretches passphrases: a file of the
 * page's own, by its name.
 */
export function allowOwnWorker(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
  trustedTypes?.createPolicy('default', {
    createScriptURL: (url) => (isOwnWorker(url, window.location.origin) ? url : undefined),
  })
}

/** Whether an address is that of the worker, as the build names it. */
export function isOwnWorker(url: string, origin: string): boolean {
  const parsed = URL.parse(url, origin)
  return parsed?.origin === origin && /^\/assets\/argon2Worker-[\w-]+\.js$/.test(parsed.pathname)
}
