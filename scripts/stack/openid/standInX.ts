import type { IncomingMessage, ServerResponse } from 'node:http'
import { createCodes, provesChallenge } from './codes.ts'
import { readForm, sendProblem } from './loginPage.ts'
import { createPeople } from './people.ts'
import {
  bearerOf,
  type StandIn,
  type StandInClient,
  type StandInParts,
  sendJson,
  signInOnPage,
  startStandIn,
} from './standIn.ts'

/** Seconds that X lets pass before a code is redeemed, in milliseconds. */
const CODE_MS = 30_000

/** Plays X: OAuth 2.0 with code and PKCE, no ID tokens, numbers of 19 digits as text. */
export function startX(client: () => StandInClient, closers: (() => Promise<void>)[]): Promise<StandIn> {
  const people = createPeople('x', 19)
  const parts = { client, people, codes: createCodes(CODE_MS) }
  return startStandIn(
    'x.localhost',
    people,
    async (request, response, url) => {
      const { method } = request
      if (url.pathname === '/i/oauth2/authorize') await authorize(request, response, url, parts)
      else if (url.pathname === '/2/oauth2/token' && method === 'POST') await token(request, response, parts)
      else if (url.pathname === '/2/users/me' && method === 'GET') me(request, response, parts)
      else return false
      return true
    },
    closers,
  )
}

async function authorize(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { client, people, codes }: StandInParts,
): Promise<void> {
  const { id, redirectUri } = client()
  const wanted = { client_id: id, redirect_uri: redirectUri, response_type: 'code', code_challenge_method: 'S256' }
  const isWrong = Object.entries(wanted).some(([name, value]) => url.searchParams.get(name) !== value)
  const isPartial = ['scope', 'state', 'code_challenge'].some((name) => (url.searchParams.get(name) ?? '') === '')
  if (isWrong || isPartial)
    return sendProblem(response, 400, "You weren't able to give access to the App. Go back and try logging in again.")
  await signInOnPage(request, response, { url, provider: 'X', people, codes })
}

async function token(
  request: IncomingMessage,
  response: ServerResponse,
  { client, codes }: StandInParts,
): Promise<void> {
  const { id, secret, redirectUri } = client()
  const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  if (request.headers.authorization !== basic)
    return void sendJson(response, 401, {
      error: 'unauthorized_client',
      error_description: 'Missing valid authorization header',
    })
  const form = await readForm(request)
  const refuse = (error_description: string): void =>
    sendJson(response, 400, { error: 'invalid_request', error_description })
  if (form.get('grant_type') !== 'authorization_code') return refuse('Value passed for the grant type was invalid.')
  const grant = codes.redeem(form.get('code') ?? '')
  if (!grant || grant.clientId !== id) return refuse('Value passed for the authorization code was invalid.')
  if (form.get('redirect_uri') !== redirectUri)
    return refuse('Value passed for the redirect uri did not match the uri of the authorization code.')
  if (!provesChallenge(form.get('code_verifier'), grant.challenge))
    return refuse('Value passed for the code verifier did not match the code challenge.')
  sendJson(response, 200, {
    token_type: 'bearer',
    expires_in: 7_200,
    access_token: codes.issueToken(grant.id),
    scope: 'users.read tweet.read',
  })
}

function me(request: IncomingMessage, response: ServerResponse, { people, codes }: StandInParts): void {
  const id = codes.ownerOf(bearerOf(request))
  if (id === undefined)
    return void sendJson(response, 401, {
      title: 'Unauthorized',
      type: 'about:blank',
      status: 401,
      detail: 'Unauthorized',
    })
  const username = people.handleOf(id)
  sendJson(response, 200, { data: { id, name: username, username } })
}
