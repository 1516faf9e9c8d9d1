import type { SignInProvider } from '../../../scripts/stack/stackFile.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'
import type { Visited, Visitor } from './visitor.ts'

/** Where the providers of a stack without sites send people back to. */
export const signInPage = 'http://auth.localhost/sign-in'

export function providerOf(stack: Stack, id: SignInProvider['id']): SignInProvider {
  const provider = stack.info.signIn.find((candidate) => candidate.id === id)
  if (!provider) throw new Error(`Nobody can sign in with ${id} on this stack.`)
  return provider
}

/** The address that a page sends people to; parameters that are undefined are left out. */
export function authorizationUrl(
  { authorizationEndpoint, clientId }: SignInProvider,
  parameters: Readonly<Record<string, string | undefined>>,
): URL {
  const url = new URL(authorizationEndpoint)
  const all = {
    client_id: clientId,
    redirect_uri: signInPage,
    response_type: 'id_token',
    scope: 'openid',
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

/** Signs in as an account, by the login page unless somebody is signed in already; returns what comes in the fragment. */
export async function signInAs(visitor: Visitor, url: URL, account: string): Promise<URLSearchParams> {
  const login = await visitor.visit(url, signInPage)
  const back = login.url.href.startsWith(signInPage) ? login : await visitor.visit(login.url, signInPage, { account })
  return fragmentOf(back)
}

/** What came back to the page that asked for the sign-in. */
export function fragmentOf({ url, status, body }: Visited): URLSearchParams {
  if (!url.href.startsWith(signInPage)) throw new Error(`The sign-in ended at ${url} with ${status}: ${body}`)
  return new URLSearchParams(url.hash.slice(1))
}

/** An issuer's keys, as a page reads them. */
export async function readJwks(visitor: Visitor, { jwksUri }: SignInProvider): Promise<unknown> {
  return JSON.parse((await visitor.ask(jwksUri)).body)
}
