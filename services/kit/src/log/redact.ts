/** Names whose values are never written, whatever they are. */
const secretName =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|mnemonic|private|api[-_]?key|credential|verifier|assertion|nonce|^state$|session|(?:^|_)sub$|subject|signing[-_]?key|^jwk$|^d$/i

const REDACTED = '[redacted]'
const MAX_TEXT = 2_000
const MAX_SCANNED = 16_000
const MAX_DEPTH = 6
const MAX_ENTRIES = 50
/** In all: objects that point at each other would make far more of them. */
const MAX_VALUES = 500

/** Makes of anything what may be written to a log. */
export type Redact = (value: unknown) => unknown

/**
 * Makes what cleans values before they are written.
 *
 * What goes: values under names that belong to secrets; the texts in `secrets`, wherever they stand; tokens, bearer
 * and basic credentials; of addresses all but the origin; query strings. Texts are cut, and so are depth and width.
 *
 * @param secrets - Texts that this process knows and that must never be seen.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const known = secretForms(secrets)
  const clean = (text: string): string => redactText(text, known)

  const visit = (value: unknown, depth: number, left: { count: number }): unknown => {
    left.count -= 1
    if (left.count < 0) return '[more]'
    if (typeof value === 'string') return clean(value)
    if (typeof value === 'bigint') return clean(value.toString())
    if (typeof value === 'number') return clean(String(value)) === String(value) ? value : REDACTED
    if (typeof value === 'symbol' || typeof value === 'function') return undefined
    if (typeof value !== 'object' || value === null) return value
    if (depth >= MAX_DEPTH) return '[deeper]'
    const go = (one: unknown): unknown => visit(one, depth + 1, left)
    if (value instanceof Error) return errorFields(value, clean, go)
    if (value instanceof URL) return clean(value.href)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[no date]' : value.toISOString()
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
    if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map(go)
    if (value instanceof Set) return [...value].slice(0, MAX_ENTRIES).map(go)
    const entries = isEntries(value) ? [...value] : ownEntries(value)
    return Object.fromEntries(
      entries.slice(0, MAX_ENTRIES).map(([name, one]) => {
        const key = typeof name === 'string' ? name : String(go(name))
        return [clean(key), isSecretEntry(key, one) ? REDACTED : go(one)]
      }),
    )
  }
  return (value) => visit(value, 0, { count: MAX_VALUES })
}

/** OAuth calls a secret `code`; our errors call their name so. */
function isSecretEntry(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false
  if (/^code$/i.test(name)) return !(typeof value === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(value))
  return secretName.test(name)
}

function errorFields(error: Error, clean: (text: string) => string, go: Redact): Record<string, unknown> {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const { name, message, cause } = error
  return {
    // First what others put on the error, so that it cannot pass for the fields below.
    ...(go({ ...error, cause: undefined, errors: undefined }) as Record<string, unknown>),
    name: clean(String(name)),
    message: clean(String(message)),
    at: frames.slice(0, 5).map((line) => clean(line.trim().replace(/\(?(?:file:\/\/)?\/\S*\/(?=[^/]+$)/, ''))),
    ...(cause === undefined ? {} : { cause: go(cause) }),
    ...(error instanceof AggregateError ? { errors: go(error.errors) } : {}),
  }
}

function redactText(text: string, secrets: readonly string[]): string {
  // Cutting first could leave half of a secret; searching everything would take a while.
  if (text.length > MAX_SCANNED) return `[text of ${text.length} characters]`
  let rest = text
  for (const secret of secrets) rest = rest.replaceAll(secret, REDACTED)
  rest = rest
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#"'<>@]*@)?([^\s/?#"'<>]*)[^\s"'<>]*/gi, '$1$2')
    .replace(/\beyJ[\w-]*(?:\.[\w-]*)+/g, '[token]')
    .replace(/\b(Bearer|Basic|DPoP)\s+[^\s"',]+/gi, `$1 ${REDACTED}`)
    .replace(/-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g, REDACTED)
    .replace(/[?#][^\s"'<>]+/g, '?…')
    .replace(/\b([\w.-]+)=[^\s"'&;,)]+/g, `$1=${REDACTED}`)
  return rest.length > MAX_TEXT ? `${rest.slice(0, MAX_TEXT)}…` : rest
}

/** Longest first, so that no part of a longer one is left; each as itself, without 0x, and as URLs and base64 have it. */
function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => {
    const bare = secret.replace(/^0x/i, '')
    const bytes = Buffer.from(secret)
    const encoded = [encodeURIComponent(secret), bytes.toString('base64url'), bytes.toString('base64')]
    const decimal = /^0x[0-9a-f]+$/i.test(secret) ? [BigInt(secret).toString()] : []
    return [secret, ...decimal, bare, bare.toLowerCase(), bare.toUpperCase(), ...encoded, ...passwordsOf(secret)]
  })
  return [...new Set(forms)].filter((form) => form.length >= 4).toSorted((a, b) => b.length - a.length)
}

function passwordsOf(secret: string): readonly string[] {
  const url = URL.parse(secret)
  if (url === null) return []
  return [url.password, safeDecode(url.password)]
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function isEntries(value: object): value is Iterable<readonly [unknown, unknown]> {
  return value instanceof Map || value instanceof Headers || value instanceof URLSearchParams
}

/** A getter that throws says so instead of ending the service. */
function ownEntries(value: object): readonly (readonly [string, unknown])[] {
  return Object.keys(value).map((name) => {
    try {
      return [name, Reflect.get(value, name)] as const
    } catch {
      return [name, '[unreadable]'] as const
    }
  })
}
