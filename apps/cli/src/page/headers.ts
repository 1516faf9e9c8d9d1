/** What every answer says. Nothing is kept, nothing is guessed, and nothing of it is shown inside another page. */
const common = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** No code but files of the page's own, no connection but to this command, and passkeys for nobody else. */
const page = {
  ...common,
  'content-security-policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'",
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  ].join('; '),
  'permissions-policy': 'publickey-credentials-create=(self), publickey-credentials-get=(self)',
} as const

/** The worker that stretches passphrases may compile WebAssembly, and load nothing. */
const worker = { ...common, 'content-security-policy': "default-src 'none'; script-src 'wasm-unsafe-eval'" } as const

export function headersOf(pathname: string): Readonly<Record<string, string>> {
  return /^\/assets\/argon2Worker-[\w-]+\.js$/.test(pathname) ? worker : page
}
