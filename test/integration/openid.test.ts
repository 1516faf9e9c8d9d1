import { createPasskeyAccount } from '@rekey/sdk'
import { oidcKeyRegistryAbi, oidcRecoveryValidatorAbi } from '@rekey/sdk/abis'
import {
  approveWithSignIn,
  encodeOidcKey,
  encodeOidcProof,
  findSigningKey,
  issuerKeyHash,
  issuerKeyId,
  oidcGuardian,
  oidcIdentityHash,
  oidcNonce,
  parseIdToken,
} from '@rekey/sdk/oidc'
import { planRecovery, startRecovery } from '@rekey/sdk/recovery'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import {
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  stringToHex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { KEY_DELAY } from '../../scripts/stack/contracts.ts'
import type { OpenId } from '../../scripts/stack/openid/openid.ts'
import type { SignInProvider } from '../../scripts/stack/stackFile.ts'
import { type Stack, startStack } from '../../scripts/stack/startStack.ts'
import { temporaryDirectory } from './support/directory.ts'
import { fund } from './support/sdkStack.ts'
import { authorizationUrl, fragmentOf, providerOf, readJwks, signInAs, signInPage } from './support/signIns.ts'
import { createVisitor } from './support/visitor.ts'

const directory = temporaryDirectory()
const nonce = oidcNonce(keccak256(stringToHex('a recovery')))
let stack: Stack
let openid: OpenId
let google: SignInProvider

beforeAll(async () => {
  stack = await startStack({ directory: directory.path, signIn: true, sites: [] })
  if (!stack.openid) throw new Error('The stack has no issuers.')
  openid = stack.openid
  google = providerOf(stack, 'google')
})
afterAll(async () => {
  await stack?.stop()
  directory[Symbol.dispose]()
})

const clients = () =>
  stack.chains.map(({ rpcUrl }) => createPublicClient({ transport: http(rpcUrl), cacheTime: 0, pollingInterval: 50 }))
const oidcValidator = (): `0x${string}` => {
  const { OidcRecoveryValidator: validator } = stack.contracts
  if (!validator) throw new Error('The stack has no verifier of sign-ins.')
  return validator
}
const registryOf = (): `0x${string}` => {
  const { OidcKeyRegistry: registry } = stack.contracts
  if (!registry) throw new Error('The stack has no registry of keys.')
  return registry
}
const usableKeys = (issuer: string, kid: string) =>
  Promise.all(
    clients().map((client) =>
      client.readContract({
        abi: oidcKeyRegistryAbi,
        address: registryOf(),
        functionName: 'usableKey',
        args: [issuerKeyId(issuer, kid)],
      }),
    ),
  )

test('keys of the issuers are known to the chains as usable from the start', async () => {
  for (const [issuer, { kid, key }] of [
    [google.issuer, openid.google.currentKey()],
    [openid.bridge.issuer, openid.bridge.key],
  ] as const)
    expect(await usableKeys(issuer, kid)).toEqual(stack.chains.map(() => issuerKeyHash(key)))
})

describe('the local Google', () => {
  test('gives a token with our nonce and the number of whoever signed in, for an hour, and nothing else', async () => {
    const visitor = createVisitor()
    const answer = await signInAs(visitor, authorizationUrl(google, { nonce, state: 's' }), 'ada@example.test')
    expect([...answer.keys()].toSorted()).toEqual(['id_token', 'state'])
    expect(answer.get('state')).toBe('s')
    const token = answer.get('id_token') ?? ''
    const keys = createLocalJWKSet((await readJwks(visitor, google)) as JSONWebKeySet)
    const { payload } = await jwtVerify(token, keys, { issuer: google.issuer, audience: google.clientId })
    expect(payload.sub).toMatch(/^1\d{20}$/)
    expect(payload.nonce).toBe(nonce)
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3_600)
    expect(Object.keys(payload).toSorted()).toEqual(['aud', 'exp', 'iat', 'iss', 'nonce', 'sub'])
  })

  test('has one number for one person, and another for another', async () => {
    const subjectOf = async (account: string) => {
      const answer = await signInAs(createVisitor(), authorizationUrl(google, { nonce, state: 's' }), account)
      return parseIdToken(answer.get('id_token') ?? '').subject
    }
    const [ada, again, grace] = [
      await subjectOf('ada@example.test'),
      await subjectOf('Ada@example.test'),
      await subjectOf('grace@example.test'),
    ]
    expect(again).toBe(ada)
    expect(grace).not.toBe(ada)
  })

  test('[J88] sends nobody to a page that is not registered', async () => {
    for (const wrong of [`${signInPage}/more`, 'http://evil.localhost/sign-in', `${signInPage}?x=1`]) {
      const url = authorizationUrl(google, { nonce, state: 's', redirect_uri: wrong })
      expect((await createVisitor().visit(url, wrong)).status).toBe(400)
    }
  })

  test('[J90] signs in silently whoever is signed in: an own page that asks for the choice of an account does not', async () => {
    const visitor = createVisitor()
    await signInAs(visitor, authorizationUrl(google, { nonce, state: 's' }), 'ada@example.test')
    const silent = await visitor.visit(authorizationUrl(google, { nonce, state: 't', prompt: 'none' }), signInPage)
    expect(fragmentOf(silent).get('id_token')).not.toBeNull()
    const asked = await visitor.visit(
      authorizationUrl(google, { nonce, state: 't', prompt: 'select_account' }),
      signInPage,
    )
    expect(asked.url.href).toContain(`${google.issuer}/sign-in/`)
    const stranger = createVisitor()
    const refused = await stranger.visit(authorizationUrl(google, { nonce, state: 't', prompt: 'none' }), signInPage)
    expect(fragmentOf(refused).get('error')).toBe('login_required')
  })

  test('lets whoever is signed in go on as somebody else', async () => {
    const visitor = createVisitor()
    const first = await signInAs(visitor, authorizationUrl(google, { nonce, state: 's' }), 'ada@example.test')
    const asked = authorizationUrl(google, { nonce, state: 's', prompt: 'select_account' })
    const second = await signInAs(visitor, asked, 'grace@example.test')
    const silent = await visitor.visit(authorizationUrl(google, { nonce, state: 's' }), signInPage)
    const [ada, grace, still] = [first, second, fragmentOf(silent)].map(
      (answer) => parseIdToken(answer.get('id_token') ?? '').subject,
    )
    expect(grace).not.toBe(ada)
    expect(still).toBe(grace)
  })

  test('sends back whoever changes his mind', async () => {
    const visitor = createVisitor()
    const login = await visitor.visit(authorizationUrl(google, { nonce, state: 's' }), signInPage)
    const answer = fragmentOf(await visitor.visit(login.url, signInPage, { refuse: 'yes' }))
    expect([answer.get('error'), answer.get('state'), answer.get('id_token')]).toEqual(['access_denied', 's', null])
  })

  test('can be down for a while', async () => {
    await openid.google.stop()
    await expect(createVisitor().ask(google.jwksUri)).rejects.toThrow('ECONNREFUSED')
    await openid.google.start()
    expect((await createVisitor().ask(google.jwksUri)).status).toBe(200)
  })
})

test.each([
  ['google', 'ada@example.test'],
  ['x', 'ada'],
  ['github', 'ada'],
] as const)('a sign-in with %s recovers an account on both chains, by the clock of the chains', async (id, person) => {
  await stack.clock.increase(3_600)
  const provider = providerOf(stack, id)
  const visitor = createVisitor()
  const linked = await signInAs(visitor, authorizationUrl(provider, { nonce, state: 's' }), person)
  const { issuer, subject, audience } = parseIdToken(linked.get('id_token') ?? '')
  const config = configFor(stack, createDevice(`before, with ${id}`))
  const account = await createPasskeyAccount(config, { name: 'Ada' })
  await fund(stack, account)
  const guardian = oidcGuardian({ issuer, subject, audiences: [audience], registry: registryOf() })
  await (await planRecovery(account, { guardians: [guardian], preset: 'simple' })).apply()

  const after = configFor(stack, createDevice(`after, with ${id}`))
  const request = await startRecovery(after, { account: account.address, name: 'Ada' })
  const url = authorizationUrl(provider, { nonce: oidcNonce(request.digest), state: 's' })
  const token = (await signInAs(visitor, url, person)).get('id_token') ?? ''
  expect(parseIdToken(token).issuedAt).toBeGreaterThanOrEqual(stack.clock.now() - 60)
  const key = findSigningKey(await readJwks(visitor, provider), token)
  await request.addApproval(approveWithSignIn(request, { token, key, now: stack.clock.now() }))
  expect((await request.submit()).map(({ status }) => status)).toEqual(['done', 'done'])
  await stack.clock.increase(86_400)
  expect((await request.execute()).map(({ status }) => status)).toEqual(['done', 'done'])
})

test('[105] a fresh key signs at once and counts once attesters have shown it to the chains for two days', async () => {
  const fresh = await openid.google.rotate()
  const visitor = createVisitor()
  const answer = await signInAs(visitor, authorizationUrl(google, { nonce, state: 's' }), 'grace@example.test')
  const token = answer.get('id_token') ?? ''
  expect(parseIdToken(token).kid).toBe(fresh.kid)
  expect(findSigningKey(await readJwks(visitor, google), token)).toEqual(fresh.key)
  await openid.observe()
  expect(await usableKeys(google.issuer, fresh.kid)).toEqual(stack.chains.map(() => `0x${'00'.repeat(32)}`))
  await stack.clock.increase(KEY_DELAY)
  expect(await usableKeys(google.issuer, fresh.kid)).toEqual(stack.chains.map(() => issuerKeyHash(fresh.key)))
})

test('[J93] [123] the bridge’s word counts for one recovery, five minutes, and until its key is taken back', async () => {
  const x = providerOf(stack, 'x')
  const digest = keccak256(stringToHex('one recovery'))
  const linked = { issuer: x.issuer, audiences: [x.clientId], salt: keccak256('0x01') }
  const sign = async (): Promise<{ proof: Hex; guardianKey: Hex }> => {
    const url = authorizationUrl(x, { nonce: oidcNonce(digest), state: 's' })
    const visitor = createVisitor()
    const text = (await signInAs(visitor, url, 'ada')).get('id_token') ?? ''
    const token = parseIdToken(text)
    const key = findSigningKey(await readJwks(visitor, x), text)
    const identity = oidcIdentityHash({ ...linked, subject: token.subject })
    return {
      proof: encodeOidcProof({ identity: linked, token, key }),
      guardianKey: encodeOidcKey({ registry: registryOf(), identity }),
    }
  }
  const counts = ({ proof, guardianKey }: { proof: Hex; guardianKey: Hex }, hash: Hex) =>
    Promise.all(
      clients().map(async (client) => {
        const abi = oidcRecoveryValidatorAbi
        const args = [guardianKey, hash, proof] as const
        return (
          (await client.readContract({ abi, address: oidcValidator(), functionName: 'verify', args })) === '0x024ad318'
        )
      }),
    )

  const signed = await sign()
  expect(await counts(signed, digest)).toEqual([true, true])
  expect(await counts(signed, keccak256(stringToHex('another recovery')))).toEqual([false, false])
  await stack.clock.increase(330)
  expect(await counts(signed, digest)).toEqual([false, false])

  const again = await sign()
  expect(await counts(again, digest)).toEqual([true, true])
  await revoke(issuerKeyId(x.issuer, openid.bridge.key.kid))
  expect(await counts(again, digest)).toEqual([false, false])
})

/** Has two of three attesters take the trust from a key for ever, on every chain. */
async function revoke(keyId: Hex): Promise<void> {
  const { attester1, attester2, relayer } = stack.accounts
  const attesters = [attester1, attester2].toSorted((a, b) =>
    a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
  )
  const signatures = await Promise.all(
    attesters.map((attester) =>
      attester.signTypedData({
        domain: { name: 'Rekey Keys', version: '1', verifyingContract: registryOf() },
        types: { Revocation: [{ name: 'keyId', type: 'bytes32' }] },
        primaryType: 'Revocation',
        message: { keyId },
      }),
    ),
  )
  const data = encodeFunctionData({ abi: oidcKeyRegistryAbi, functionName: 'revoke', args: [keyId, signatures] })
  for (const client of clients()) {
    const wallet = createWalletClient({ account: relayer, transport: http(client.transport.url) })
    const hash = await wallet.sendTransaction({ to: registryOf(), data, chain: null })
    expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success')
  }
}
