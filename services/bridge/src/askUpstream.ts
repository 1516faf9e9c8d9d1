import { RequestError, type SafeFetch } from '@rekey/service-kit'
import {
  type AuthorizationServer,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  ClientSecretPost,
  customFetch,
  None,
  processAuthorizationCodeResponse,
  protectedResourceRequest,
  validateAuthResponse,
} from 'oauth4webapi'
import { codeVerifierOf, type Departure } from './pendingSignIns.ts'
import { providerForms, type Upstream } from './providers.ts'

/** A user who came back from a provider. */
export type Arrival = {
  readonly departure: Departure
  /** The query of the address he came back to. */
  readonly query: URLSearchParams
  /** That address as it was registered. */
  readonly redirectUri: string
}

/**
 * Asks a provider who signed in: exchanges the code, asks once with the token that comes, and forgets both.
 *
 * @throws {RequestError} 502 when the provider does not say, or names no number.
 */
export async function askUpstream(upstream: Upstream, arrival: Arrival, fetch: SafeFetch): Promise<string> {
  const { departure, query, redirectUri } = arrival
  const server: AuthorizationServer = {
    issuer: providerForms[upstream.id].issuer,
    token_endpoint: upstream.tokenEndpoint,
  }
  const client: Client = { client_id: upstream.clientId }
  // Whether an address may be asked without TLS is for `fetch` to say.
  const options = { [customFetch]: asFetch(fetch), [allowInsecureRequests]: true }
  try {
    const parameters = validateAuthResponse(server, client, query, departure.state)
    const answer = await authorizationCodeGrantRequest(
      server,
      client,
      authenticationOf(upstream),
      parameters,
      redirectUri,
      codeVerifierOf(departure),
      options,
    )
    const { access_token: token } = await processAuthorizationCodeResponse(server, client, answer)
    const headers = new Headers({ 'user-agent': 'rekey-bridge' })
    const user = await protectedResourceRequest(token, 'GET', new URL(upstream.userEndpoint), headers, null, options)
    const id = user.ok ? providerForms[upstream.id].readId(await user.json()) : undefined
    if (id === undefined) throw new TypeError(`The provider answered ${user.status} without a number.`)
    return id
  } catch (cause) {
    throw new RequestError(502, 'PROVIDER_FAILED', 'The provider did not say who signed in.', 'Sign in again.', cause)
  }
}

function authenticationOf({ id, clientSecret }: Upstream): ClientAuth {
  if (clientSecret === '') return None()
  return providerForms[id].clientAuthentication === 'basic' ? plainBasic(clientSecret) : ClientSecretPost(clientSecret)
}

/** As X documents it: base64 of the two as they are, not of their form encodings as RFC 6749 §2.3.1 has it. */
function plainBasic(clientSecret: string): ClientAuth {
  return (_server, { client_id: clientId }, _body, headers) =>
    headers.set('authorization', `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`)
}

type FetchLike = (
  url: string,
  options: { readonly method: string; readonly headers: Record<string, string>; readonly body?: unknown },
) => Promise<Response>

function asFetch(fetch: SafeFetch): FetchLike {
  return async (url, { method, headers, body }) => {
    const answer = await fetch(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    })
    const type = answer.headers['content-type']
    return new Response(answer.text, {
      status: answer.status,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  }
}
