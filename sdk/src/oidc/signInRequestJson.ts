import type { SignInProvider, SignInResponseType } from './provider.ts'
import type { SignInRequest } from './signInRequest.ts'

const responseTypes: readonly string[] = ['id_token', 'code id_token', 'code'] satisfies SignInResponseType[]

/** Reads a request back from its JSON; `undefined` when it is none. */
export function parseSignInRequest(json: string): SignInRequest | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  return isSignInRequest(value) ? value : undefined
}

function isSignInRequest(value: unknown): value is SignInRequest {
  if (!isRecord(value)) return false
  const { provider, url, nonce, state, redirectUri, codeVerifier, createdAt } = value
  return (
    [url, nonce, state, redirectUri].every(isText) &&
    (codeVerifier === undefined || isText(codeVerifier)) &&
    Number.isSafeInteger(createdAt) &&
    isProvider(provider)
  )
}

function isProvider(value: unknown): value is SignInProvider {
  if (!isRecord(value)) return false
  const { id, name, issuer, audiences, authorizationEndpoint, responseType, parameters, isBridged, becomesPublic } =
    value
  return (
    [id, name, issuer, authorizationEndpoint].every(isText) &&
    [value.tokenEndpoint, value.jwksUri].every((address) => address === undefined || isText(address)) &&
    [audiences, becomesPublic].every((list) => Array.isArray(list) && list.length > 0 && list.every(isText)) &&
    responseTypes.includes(String(responseType)) &&
    isRecord(parameters) &&
    Object.values(parameters).every(isText) &&
    typeof isBridged === 'boolean'
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
