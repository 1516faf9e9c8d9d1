import { createPasskeyAccount, type RekeyConfig } from '@rekey/sdk'
import {
  approveWithProvider,
  createSignInNonce,
  createSignInRequest,
  discoverOidc,
  findIssuerKey,
  linkSignIn,
  oidcNonce,
  readSignInResponse,
  type SignInProvider,
  type SignInWith,
} from '@rekey/sdk/oidc'
import { planRecovery, startRecovery } from '@rekey/sdk/recovery'
import { type Address, keccak256, stringToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { KEY_DELAY } from '../../scripts/stack/contracts.ts'
import type { LocalGoogle } from '../../scripts/stack/openid/startGoogle.ts'
import { type Stack, startStack } from '../../scripts/stack/startStack.ts'
import { temporaryDirectory } from './support/directory.ts'
import { fund } from './support/sdkStack.ts'
import { signInPage } from './support/signIns.ts'
import { createVisitor, type Visitor } from './support/visitor.ts'

const directory = temporaryDirectory()
const person = 'ada@example.test'
const ourOrigin = new URL(signInPage).origin
let stack: Stack
let google: LocalGoogle
let config: RekeyConfig
let registry: Address

beforeAll(async () => {
  stack = await startStack({ directory: directory.path, signIn: true, sites: [] })
  if (!stack.openid || !stack.contracts.OidcKeyRegistry) throw new Error('The stack has no issuers.')
  google = stack.openid.google
  registry = stack.contracts.OidcKeyRegistry
  config = configFor(stack, createDevice('signs in'))
})
afterAll(async () => {
  await stack?.stop()
  directory[Symbol.dispose]()
})

/** Fetches as a page does in a browser: names of the stack lead to loopback, and it is told which origin asks. */
const fetchInBrowser: typeof globalThis.fetch = async (address, init) => {
  const form = init?.body instanceof URLSearchParams ? Object.fromEntries(init.body) : undefined
  const { status, body } = await createVisitor().ask(String(address), form, ourOrigin)
  return new Response(body, { status })
}

/** The local Google as the package finds it, for the client that is registered for this kind of answer. */
function discover(responseType: SignInProvider['responseType']): Promise<SignInProvider> {
  const client = google.clients.find((candidate) => candidate.responseType === responseType)
  if (!client) throw new Error(`Nobody is registered for ${responseType}.`)
  return discoverOidc({ issuer: google.issuer, clientId: client.clientId, responseType, fetch: fetchInBrowser })
}

/** What happens in the window: the person signs in at the provider's own page, which sends the browser back to ours. */
async function visit(
  visitor: Visitor,
  url: string,
  form: Record<string, string> = { account: person },
): Promise<string> {
  const login = await visitor.visit(url, signInPage)
  return (await visitor.visit(login.url, signInPage, form)).url.href
}

const signIn: SignInWith = async (provider, { nonce }) => {
  const now = stack.clock.now()
  const request = createSignInRequest(provider, { nonce, redirectUri: signInPage, now })
  return readSignInResponse(await visit(createVisitor(), request.url), request, { fetch: fetchInBrowser, now })
}

describe.each(['id_token', 'code'] as const)('a certified provider that answers with %s', (responseType) => {
  const nonce = oidcNonce(keccak256(stringToHex(responseType)))
  const begin = async () => {
    const provider = await discover(responseType)
    return createSignInRequest(provider, { nonce, redirectUri: signInPage, now: stack.clock.now() })
  }
  const read = (url: string, request: Awaited<ReturnType<typeof begin>> | undefined) =>
    readSignInResponse(url, request, { fetch: fetchInBrowser, now: stack.clock.now() })

  test('signs somebody in', async () => {
    const request = await begin()
    const token = await read(await visit(createVisitor(), request.url), request)
    expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({ nonce })
  })

  test('asks again who it is, of somebody who is signed in: [J90] no sign-in is silent', async () => {
    const visitor = createVisitor()
    await visit(visitor, (await begin()).url)
    const again = await begin()
    const { url } = await visitor.visit(again.url, signInPage)
    expect(url.href).toMatch(`${google.issuer}/sign-in/`)
  })

  test('[J83] [J84] [126] is not believed about what was asked for elsewhere', async () => {
    const [asked, other] = [await begin(), await begin()]
    const url = await visit(createVisitor(), asked.url)
    await expect(read(url, undefined)).rejects.toMatchObject({ problem: 'noRequest' })
    await expect(read(url, other)).rejects.toMatchObject({ problem: 'state' })
    await read(url, asked)
    await expect(read(url, asked)).rejects.toMatchObject({ problem: 'used' })
  })

  test('is told from one that was cancelled', async () => {
    const request = await begin()
    const url = await visit(createVisitor(), request.url, { refuse: 'yes' })
    await expect(read(url, request)).rejects.toMatchObject({ code: 'OIDC_SIGN_IN_CANCELLED' })
  })
})

test('[J87] the provider itself gives no token for a code without its verifier, and none for a code twice', async () => {
  const provider = await discover('code')
  const redeem = async (codeVerifier: 'right' | 'wrong', times: number) => {
    const now = stack.clock.now()
    const request = createSignInRequest(provider, { nonce: createSignInNonce(), redirectUri: signInPage, now })
    const code = new URL(await visit(createVisitor(), request.url)).searchParams.get('code') ?? ''
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: signInPage,
      client_id: provider.audiences[0] ?? '',
      code_verifier: codeVerifier === 'right' ? (request.codeVerifier ?? '') : 'x'.repeat(43),
    }
    const statuses: number[] = []
    for (let count = 0; count < times; count++)
      statuses.push((await createVisitor().ask(provider.tokenEndpoint ?? '', form, ourOrigin)).status)
    return statuses
  }
  expect(await redeem('wrong', 1)).toEqual([400])
  expect(await redeem('right', 2)).toEqual([200, 400])
})

test('a sign-in is linked and recovers the account on both chains, with nothing but nodes and the provider', async () => {
  const provider = await discover('id_token')
  const clock = () => stack.clock.now()
  const { guardian, key } = await linkSignIn(config, provider, { registry, signIn, clock })
  expect(key).toMatchObject({ state: 'usable', key: google.currentKey().key })
  const account = await createPasskeyAccount(config, { name: 'Ada' })
  await fund(stack, account)
  await (await planRecovery(account, { guardians: [guardian], preset: 'simple' })).apply()

  const device = configFor(stack, createDevice('a new phone'))
  const request = await startRecovery(device, { account: account.address, name: 'Ada, again' })
  const { approval } = await approveWithProvider(device, request, { provider, signIn, clock })
  await request.addApproval(approval)
  expect((await request.submit()).map(({ status }) => status)).toEqual(['done', 'done'])
  await stack.clock.increase(86_400)
  expect((await request.execute()).map(({ status }) => status)).toEqual(['done', 'done'])
})

test('[105] the key of a token is found as it stands on each chain: unknown, waiting, usable; and with a chain down', async () => {
  const provider = await discover('id_token')
  await google.rotate()
  const token = await signIn(provider, { nonce: createSignInNonce() })
  const find = () => findIssuerKey(config, { registry, token })
  const before = await find()
  expect([before.state, before.key]).toEqual(['unknown', undefined])
  await stack.openid?.observe()
  const { key } = google.currentKey()
  const waiting = await find()
  expect(waiting).toMatchObject({ key, state: 'waiting', chains: [{ state: 'waiting' }, { state: 'waiting' }] })
  await stack.clock.increase(KEY_DELAY)
  expect(waiting.activeFrom).toBeLessThanOrEqual(stack.clock.now())
  expect(await find()).toMatchObject({ key, state: 'usable' })
  const [first] = stack.chains
  await first?.stop()
  const found = await find()
  await first?.start()
  expect(found).toMatchObject({
    key,
    state: 'usable',
    chains: [{ error: { code: 'CHAIN_UNREACHABLE' } }, { state: 'usable' }],
  })
})
