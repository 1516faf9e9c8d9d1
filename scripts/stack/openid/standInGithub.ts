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

/** How long GitHub's codes live. */
const CODE_MS = 600_000

/** Plays GitHub: OAuth with code, PKCE where it is asked for, errors with status 200, numbers as numbers. */
export function startGithub(client: () => StandInClient, closers: (() => Promise<void>)[]): Promise<StandIn> {
  const people = createPeople('github', 8)
  const parts = { client, people, codes: createCodes(CODE_MS) }
  return startStandIn(
    'github.localhost',
    people,
    async (request, response, url) => {
      const { method } = request
      if (url.pathname === '/login/oauth/authorize') await authorize(request, response, url, parts)
      else if (url.pathname === '/login/oauth/access_token' && method === 'POST') await token(request, response, parts)
      else if (url.pathname === '/user' && method === 'GET') user(request, response, parts)
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
  if (url.searchParams.get('client_id') !== id) return sendProblem(response, 404, 'Not Found')
  if (url.searchParams.get('redirect_uri') !== redirectUri) {
    const back = new URL(redirectUri)
    back.searchParams.set('error', 'redirect_uri_mismatch')
    back.searchParams.set('error_description', 'The redirect_uri is not associated with this application.')
    return void response.writeHead(302, { location: back.href }).end()
  }
  const method = url.searchParams.get('code_challenge_method')
  if (url.searchParams.has('code_challenge') && method !== 'S256')
    return sendProblem(response, 400, 'The code_challenge_method is not supported.')
  await signInOnPage(request, response, { url, provider: 'GitHub', people, codes })
}

async function token(
  request: IncomingMessage,
  response: ServerResponse,
  { client, codes }: StandInParts,
): Promise<void> {
  const { id, secret, redirectUri } = client()
  const form = await readForm(request)
  const send = (body: Readonly<Record<string, string>>): void => {
    if (request.headers.accept?.includes('application/json')) return void sendJson(response, 200, body)
    response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })
    response.end(new URLSearchParams(body).toString())
  }
  const refuse = (error: string, error_description: string): void => send({ error, error_description })
  if (form.get('client_id') !== id || form.get('client_secret') !== secret)
    return refuse('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.')
  const grant = codes.redeem(form.get('code') ?? '')
  if (!grant || !provesChallenge(form.get('code_verifier'), grant.challenge))
    return refuse('bad_verification_code', 'The code passed is incorrect or expired.')
  if ((form.get('redirect_uri') ?? redirectUri) !== grant.redirectUri)
    return refuse(
      'redirect_uri_mismatch',
      'The redirect_uri MUST match the registered callback URL for this application.',
    )
  send({ access_token: `gho_${codes.issueToken(grant.id)}`, token_type: 'bearer', scope: '' })
}

function user(request: IncomingMessage, response: ServerResponse, { people, codes }: StandInParts): void {
  if (!request.headers['user-agent'])
    return void sendJson(response, 403, { message: 'Request forbidden by administrative rules.' })
  const id = codes.ownerOf(bearerOf(request).replace(/^gho_/, ''))
  if (id === undefined)
    return void sendJson(response, 401, {
      message: 'Bad credentials',
      documentation_url: 'https://docs.github.com/rest',
      status: '401',
    })
  const login = people.handleOf(id)
  sendJson(response, 200, { login, id: Number(id), type: 'User', name: login, site_admin: false })
}
