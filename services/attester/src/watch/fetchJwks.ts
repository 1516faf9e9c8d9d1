import { OutboundError, type SafeFetch } from '@rekey/service-kit'
import type { WatchedIssuer } from '../settings.ts'

/**
 * Asks an issuer for its list of keys. Where that is comes from the settings, or else from the issuer's discovery
 * document, which has to be about this issuer.
 *
 * @returns The text, whatever it is; `undefined` when the issuer answers that it cannot.
 * @throws {OutboundError} when it cannot be asked, or its answer may not be taken.
 */
export async function fetchJwks(get: SafeFetch, { issuer, jwksUri }: WatchedIssuer): Promise<string | undefined> {
  const uri = jwksUri ?? (await discover(get, issuer))
  if (uri === undefined) return undefined
  const { status, text } = await get(uri, { headers: { accept: 'application/json, application/jwk-set+json' } })
  return status === 200 ? text : undefined
}

async function discover(get: SafeFetch, issuer: string): Promise<string | undefined> {
  const { status, text } = await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  if (status !== 200) return undefined
  const found = parse(text)
  const uri = found.jwks_uri
  if (found.issuer !== issuer || typeof uri !== 'string')
    throw new OutboundError('type', `the discovery document of ${issuer} is about another issuer, or has no jwks_uri`)
  return uri
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}
