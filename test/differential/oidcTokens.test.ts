import { issuerKeyHash, oidcNonce } from '@rekey/sdk/oidc'
import { bytesToHex, type Hex, hexToBytes, stringToHex, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Approval,
  approve,
  client,
  digest,
  google,
  googleClaims,
  googleHeader,
  pack,
  person,
  type RawApproval,
  signTexts,
  type TestKey,
  testKey,
} from '../../scripts/gen/vectors/idTokens.ts'
import { issuerShapes } from '../../scripts/gen/vectors/issuerShapes.ts'
import { judge, type Problem } from './support/judgeToken.ts'
import { startChains } from './support/world.ts'

let chains: Awaited<ReturnType<typeof startChains>>
let now: number
beforeAll(async () => {
  chains = await startChains()
  now = Number((await chains.osaka.client.getBlock()).timestamp)
})
afterAll(() => chains?.stop())

const rsa = testKey('rsa2048')
const otherRsa = testKey('otherRsa2048')
const p256 = testKey('p256')
const json = JSON.stringify

/** The verdict on both chains, which is one. */
async function verdict(approval: Approval, hash: Hex = digest): Promise<Problem> {
  const [osaka, prague] = await Promise.all([judge(chains.osaka, approval, hash), judge(chains.prague, approval, hash)])
  expect(prague).toBe(osaka)
  return osaka
}

/** A Google token with other claims or another text, header or key. */
type Change = {
  readonly header?: unknown
  readonly claims?: Readonly<Record<string, unknown>>
  /** Turns the text of the claims into another. */
  readonly text?: (payload: string) => string
  readonly headerText?: string
  readonly key?: TestKey
  readonly more?: Partial<RawApproval>
}

function google_({ header = googleHeader, claims = {}, text = (same) => same, headerText, key = rsa, more }: Change) {
  return approve(headerText ?? json(header), text(json(googleClaims(now, claims))), key, more)
}

describe('tokens as issuers write them', () => {
  test.each(['rsa2048', 'rsa3072', 'rsa4096'])('RS256 by %s', async (name) => {
    expect(await verdict(google_({ key: testKey(name) }))).toBe('None')
  })

  test('ES256, on a chain with the precompile and on one without', async () => {
    expect(await verdict(google_({ key: p256, header: { alg: 'ES256', kid: 'bridge-1' } }))).toBe('None')
  })

  const { apple, microsoft, facebook } = issuerShapes
  const keycloak = (time: number) => ({
    exp: time + 300,
    iat: time,
    auth_time: time,
    jti: 'b9f7e1a2-0000-4000-8000-000000000000',
    iss: 'https://login.example.org/realms/people',
    aud: 'rekey',
    sub: 'f:9d2f:grace',
    typ: 'ID',
    azp: 'rekey',
    nonce: oidcNonce(digest),
    sid: '0c8f',
    resource_access: { account: { roles: ['manage-account', 'view-"profile"'] }, nested: [[1, -2.5e3], {}, [], null] },
    user_metadata: { sub: 'somebody else', nonce: 'x', iss: 'https://evil.example' },
    given: 'Grace \\ "G" / é ☃ \u2028 \u0007',
  })
  const provider = (time: number) => ({
    sub: 'user-21',
    nonce: oidcNonce(digest),
    aud: 'app',
    exp: time + 3_600,
    iat: time,
    iss: 'http://google.localhost:4000',
  })

  test.each([
    ['Google', googleClaims, googleHeader],
    ['Apple', (time: number) => apple.claims(time, oidcNonce(digest)), apple.header],
    ['Microsoft', (time: number) => microsoft.claims(time, oidcNonce(digest)), microsoft.header],
    ['Facebook', (time: number) => facebook.claims(time, oidcNonce(digest)), facebook.header],
    ['Keycloak', keycloak, { alg: 'RS256', typ: 'JWT', kid: 'FJ86GcF3jTbNLOco4NvZkUCIUmfYCqoqtOQeMfbhNlE' }],
    ['oidc-provider', provider, { alg: 'RS256', kid: 'r1' }],
  ] as const)('%s', async (_, claimsAt, header) => {
    const claims: Record<string, unknown> = claimsAt(now)
    const identity = { issuer: claims.iss as string, audiences: [claims.aud as string], subject: claims.sub as string }
    expect(await verdict(approve(json(header), json(claims), rsa, identity))).toBe('None')
    // Another order, and white space wherever JSON allows it.
    const turned = Object.fromEntries(Object.entries(claims).toReversed())
    const spread = json(turned, null, '\t').replaceAll('\n', ' \r\n')
    expect(await verdict(approve(json(header, null, 1), spread, rsa, identity))).toBe('None')
  })

  test('an issuer who writes each slash as \\/ is the same issuer', async () => {
    const payload = json(facebook.claims(now, oidcNonce(digest))).replaceAll('/', '\\/')
    expect(payload).toContain('https:\\/\\/www.facebook.com')
    const identity = {
      issuer: 'https://www.facebook.com',
      audiences: ['123456789012345'],
      subject: '10223456789012345',
    }
    expect(await verdict(approve(json(googleHeader), payload, rsa, identity))).toBe('None')
    const other = { ...identity, issuer: 'https:\\/\\/www.facebook.com' }
    expect(await verdict(approve(json(googleHeader), payload, rsa, other))).toBe('Identity')
  })

  test('each of several audiences, and authorized party among them', async () => {
    const audiences = ['ios-client', client, 'backup-client-of-another-organisation']
    for (const aud of audiences)
      expect(await verdict(google_({ claims: { aud, azp: client }, more: { audiences } }))).toBe('None')
    expect(await verdict(google_({ claims: { azp: undefined } }))).toBe('None')
  })

  test('the nonce is the hash, so a token is good on every chain and for nothing else', async () => {
    expect(await verdict(google_({}))).toBe('None')
    expect(await verdict(google_({}), toHex(BigInt(digest) ^ 1n, { size: 32 }))).toBe('Nonce')
  })
})

type Row = readonly [name: string, change: Change, wanted: Problem]

const withText = (from: string | RegExp, to: string): Change => ({
  text: (payload) => {
    const changed = payload.replace(from, to)
    if (changed === payload) throw new Error(`${String(from)} is not in ${payload}`)
    return changed
  },
})

describe('[104] [117] bad texts', () => {
  const rows: readonly Row[] = [
    ['[J11] an array of objects', { text: (payload) => `[${payload}]` }, 'Claims'],
    ['[J11] a string', { text: () => '"{}"' }, 'Claims'],
    ['[J11] a number', { text: () => '1' }, 'Claims'],
    ['[J11] null', { text: () => 'null' }, 'Claims'],
    ['[J11] an empty object', { text: () => '{}' }, 'Claims'],
    ['[J12] a brace after the end', { text: (payload) => `${payload}}` }, 'Claims'],
    ['[J12] a second object', { text: (payload) => `${payload}{"sub":"x"}` }, 'Claims'],
    ['[J12] white space after the end', { text: (payload) => `${payload} ` }, 'Claims'],
    ['[J12] white space before the start', { text: (payload) => ` ${payload}` }, 'Claims'],
    ['[J13] an object that does not end', { text: (payload) => payload.slice(0, -1) }, 'Claims'],
    ['[J13] a string that does not end', { text: (payload) => payload.slice(0, -2) }, 'Claims'],
    ['[J13] a comma before the end', withText(/\}$/, ',}'), 'Claims'],
    ['[J13] two commas', withText(',"aud"', ',,"aud"'), 'Claims'],
    ['[J13] no comma', withText(',"aud"', '"aud"'), 'Claims'],
    ['[J13] no colon', withText('"sub":', '"sub" '), 'Claims'],
    ['[J13] a key without quotes', withText('"jti"', 'jti'), 'Claims'],
    ['[J13] single quotes', withText('"jti"', "'jti'"), 'Claims'],
    ['[J14] a byte order mark', { text: (payload) => `\uFEFF${payload}` }, 'Claims'],
    ['[J14] a zero in a value', withText('"jti":"9b', '"jti":"9\u0000b'), 'Claims'],
    ['[J14] a zero between tokens', withText('"jti":', '"jti":\u0000'), 'Claims'],
    ['[J15] arrays nine deep', { claims: { jti: nested(9) } }, 'Claims'],
    ['[J15] a hundred open brackets', withText('"jti":"', `"jti":${'['.repeat(100)}"`), 'Claims'],
    ['[J17] alg none', { header: { ...googleHeader, alg: 'none' } }, 'Header'],
    ['[J17] alg NONE', { header: { ...googleHeader, alg: 'NONE' } }, 'Header'],
    ['[J17] no alg', { header: { kid: '1' } }, 'Header'],
    ['[J18] HS256', { header: { ...googleHeader, alg: 'HS256' } }, 'Header'],
    ...['RS384', 'RS512', 'PS256', 'rs256', 'EdDSA', 'RS256 '].map(
      (alg): Row => [`[J19] ${alg}`, { header: { ...googleHeader, alg } }, 'Header'],
    ),
    ['[J21] alg twice', { headerText: '{"alg":"RS256","alg":"RS256","kid":"1"}' }, 'Header'],
    ['[J21] alg twice, the last none', { headerText: '{"alg":"RS256","alg":"none","kid":"1"}' }, 'Header'],
    ['[J21] kid twice', { headerText: '{"alg":"RS256","kid":"1","kid":"1"}' }, 'Header'],
    ['[J22] kid empty', { header: { alg: 'RS256', kid: '' } }, 'Header'],
    ['[J22] kid a number', { header: { alg: 'RS256', kid: 1 } }, 'Header'],
    ['[J22] kid with an escape', { headerText: '{"alg":"RS256","kid":"a\\u0062"}' }, 'Header'],
    ...['crit', 'b64', 'zip', 'enc'].flatMap((name): Row[] => [
      [`[J25] ${name}`, { header: { ...googleHeader, [name]: false } }, 'Header'],
      [`[J25] ${name} first`, { header: { [name]: ['exp'], ...googleHeader } }, 'Header'],
    ]),
    [
      '[J26] keys in the header mean nothing',
      { header: { ...googleHeader, jwk: { ...otherRsa.jwk }, jku: 'https://evil.example', x5c: ['a'], x5u: 'b' } },
      'None',
    ],
    [
      '[J26] nor does it help to sign with them',
      { header: { ...googleHeader, jwk: { ...otherRsa.jwk } }, key: otherRsa, more: { issuerKey: rsa.issuerKey } },
      'Signature',
    ],
    ...['at+jwt', 'logout+jwt', 'dpop+jwt', 'jwt', ''].map(
      (typ): Row => [`[J27] typ "${typ}"`, { header: { ...googleHeader, typ } }, 'Header'],
    ),
    ['[J28] alg inside an object only', { header: { kid: '1', more: { alg: 'RS256' } } }, 'Header'],
    ['[J28] an escaped alg', { headerText: '{"\\u0061lg":"RS256","kid":"1"}' }, 'Header'],
  ]
  test.each(rows)('%s', async (_, change, wanted) => {
    expect(await verdict(google_(change))).toBe(wanted)
  })

  test('[J10] a header of 512 and a payload of 2,048 bytes are read, longer ones not', async () => {
    const padTo = (text: string, length: number) =>
      text.replace('{', `{"pad":"${'x'.repeat(length - text.length - 9)}",`)
    const [header, payload] = [json(googleHeader), json(googleClaims(now))]
    const make = (h: number, p: number) => approve(padTo(header, h), padTo(payload, p), rsa)
    expect(padTo(header, 512)).toHaveLength(512)
    expect(await verdict(make(512, 2_048))).toBe('None')
    expect(await verdict(make(513, 2_048))).toBe('Layout')
    expect(await verdict(make(512, 2_049))).toBe('Layout')
  })
})

describe('[110] [112] [114] [115] [117] bad claims', () => {
  const nonce = oidcNonce(digest)
  const rows: readonly Row[] = [
    ...[
      'https://accounts.google.com/',
      'http://accounts.google.com',
      'accounts.google.com',
      'https://Accounts.google.com',
      `${google}.evil.example`,
    ].map((iss): Row => [`[J39] iss ${iss}`, { claims: { iss } }, 'Identity']),
    [
      '[J39] iss of another tenant',
      {
        claims: { iss: 'https://login.microsoftonline.com/11111111/v2.0' },
        more: { issuer: 'https://login.microsoftonline.com/9188040d/v2.0' },
      },
      'Identity',
    ],
    ['[J39] iss with other escapes', withText('accounts', '\\u0061ccounts'), 'Claims'],
    ['[J39] iss not ASCII', { claims: { iss: 'https://accounts.gооgle.com' } }, 'Claims'],
    ['[J40] aud of another client', { claims: { aud: 'other', azp: undefined } }, 'Audience'],
    ['[J40] aud in an array', { claims: { aud: [client] } }, 'Claims'],
    ['[J40] aud in an array with another', { claims: { aud: [client, 'evil'] } }, 'Claims'],
    ['[J40] aud begins alike', { claims: { aud: `${client}.evil` } }, 'Audience'],
    ['[J40] aud is the beginning', { claims: { aud: client.slice(0, -1) } }, 'Audience'],
    ['[J41] azp of another client', { claims: { azp: 'other' } }, 'Audience'],
    ['[J41] azp no string', { claims: { azp: null } }, 'Claims'],
    ['[J42] sub of somebody else', { claims: { sub: '110169484474386276335' } }, 'Identity'],
    ['[J42] sub begins alike', { claims: { sub: `${person}0` } }, 'Identity'],
    ['[J42] sub is the beginning', { claims: { sub: person.slice(0, -1) } }, 'Identity'],
    ['[J42] sub a number', withText(`"${person}"`, person), 'Claims'],
    ['[J42] sub empty', { claims: { sub: '' }, more: { subject: '' } }, 'Claims'],
    ['[J42] sub of 300 bytes', { claims: { sub: 'x'.repeat(300) } }, 'Identity'],
    ['[J43] no nonce', { claims: { nonce: undefined } }, 'Claims'],
    ['[J43] an empty nonce', { claims: { nonce: '' } }, 'Nonce'],
    ['[J43] nonce with padding', { claims: { nonce: `${nonce}=` } }, 'Nonce'],
    ['[J43] nonce in hexadecimal', { claims: { nonce: digest } }, 'Nonce'],
    ['[J43] nonce in other case', { claims: { nonce: nonce.toLowerCase() } }, 'Nonce'],
    ['[J43] nonce one character short', { claims: { nonce: nonce.slice(0, -1) } }, 'Nonce'],
    ['[J43] nonce with a character more', { claims: { nonce: `${nonce}A` } }, 'Nonce'],
    ['[J43] nonce in the other alphabet', { claims: { nonce: `+${nonce.slice(1)}` } }, 'Nonce'],
    [
      '[J43] [109] last character of the nonce with spare bits',
      { claims: { nonce: `${nonce.slice(0, -1)}${next(nonce.slice(-1))}` } },
      'Nonce',
    ],
    [
      '[J43] first character of the nonce',
      { claims: { nonce: `${next(nonce.slice(0, 1))}${nonce.slice(1)}` } },
      'Nonce',
    ],
    [
      '[J43] a character of the nonce beyond its first 32',
      { claims: { nonce: `${nonce.slice(0, 35)}${next(nonce.slice(35, 36))}${nonce.slice(36)}` } },
      'Nonce',
    ],
    ['[J44] nonce twice', withText('"nonce":', `"nonce":"x","nonce":`), 'Claims'],
    ['[J44] nonce twice, the same', withText('"nonce":', `"nonce":"${nonce}","nonce":`), 'Claims'],
    ['[J45] sub twice, the victim first', withText(/\}$/, ',"sub":"attacker"}'), 'Claims'],
    ['[J45] sub twice, the victim last', withText('{', '{"sub":"attacker",'), 'Claims'],
    ...['iss', 'aud', 'azp', 'iat', 'exp', 'nbf'].map(
      (name): Row => [
        `[J45] ${name} twice`,
        { text: (payload) => payload.replace(/\}$/, `,"${name}":${json(googleClaims(now)[name])}}`) },
        'Claims',
      ],
    ),
    ['[J46] sub inside an object only', { claims: { sub: undefined, meta: { sub: person } } }, 'Claims'],
    ['[J46] sub inside an array only', { claims: { sub: undefined, meta: [{ sub: person }] } }, 'Claims'],
    ['[J46] [112] nonce inside an object only', { claims: { nonce: undefined, meta: { nonce } } }, 'Claims'],
    ['[J46] of two, the one at the top counts', { claims: { sub: 'attacker', meta: { sub: person } } }, 'Identity'],
    ['[J47] a claim inside a string', { claims: { sub: undefined, meta: `","sub":"${person}","x":"` } }, 'Claims'],
    [
      '[J47] of two, the one that is no text counts',
      { claims: { sub: 'attacker', meta: `","sub":"${person}","x":"` } },
      'Identity',
    ],
    ['[J48] an escaped key', withText('"sub"', '"\\u0073ub"'), 'Claims'],
    ['[J48] an escaped key besides', withText(/\}$/, ',"\\u0073ub":"attacker"}'), 'Claims'],
    ['[J49] an escape in sub', withText(`"${person}"`, `"\\u0031${person.slice(1)}"`), 'Claims'],
    ['[J49] sub with a quote', { claims: { sub: 'a"b' } }, 'Claims'],
    ['[J49] sub not ASCII', { claims: { sub: 'josé' } }, 'Claims'],
    ['[J49] a control character', withText(`"${person}"`, `"${person}\n"`), 'Claims'],
    [
      '[J50] near names',
      { claims: { sub: undefined, xsub: person, subx: person, Sub: person, 'sub ': person } },
      'Claims',
    ],
    ...['exp', 'iat'].flatMap((name): Row[] =>
      (
        [
          ['missing', undefined],
          ['a string', `${now}`],
          ['a fraction', now + 0.5],
          ['negative', -1],
          ['null', null],
          ['of twelve digits', 123_456_789_012],
          ['true', true],
          ['an array', [now]],
        ] as const
      ).map(([what, value]) => [`[J51] ${name} ${what}`, { claims: { [name]: value } }, 'Claims']),
    ),
    ['[J51] exp with an exponent', withText(/"exp":\d+/, '"exp":1e12'), 'Claims'],
    ['[J51] exp with a leading zero', withText(/"exp":/, '"exp":0'), 'Claims'],
    ['[J51] exp with a plus', withText(/"exp":/, '"exp":+'), 'Claims'],
    ['[J51] nbf a string', { claims: { nbf: 'soon' } }, 'Claims'],
    ['[J56] a token for an API', { claims: { token_use: 'access' } }, 'Claims'],
    ['[J56] a token that says that it is an ID token', { claims: { token_use: 'id' } }, 'None'],
    ['[J56] a logout token', { claims: { events: {} } }, 'Claims'],
    ['[J56] a service account of the issuer with our audience', { claims: { sub: '999', azp: '999' } }, 'Audience'],
    [
      '[J57] [116] claims about e-mail mean nothing',
      { claims: { email: 'a@example.org', email_verified: false } },
      'None',
    ],
    [
      '[J58] nonce_supported means nothing, the nonce does',
      { claims: { nonce_supported: false, nonce: undefined } },
      'Claims',
    ],
    [
      '[J59] an audience that the identity has not',
      { claims: { aud: 'second', azp: undefined }, more: { shown: { audiences: [client, 'second'] } } },
      'Identity',
    ],
    [
      '[J59] audiences in another order',
      { more: { audiences: [client, 'second'], shown: { audiences: ['second', client] } } },
      'Identity',
    ],
    ['[119] another salt', { more: { shown: { salt: toHex(1, { size: 32 }) } } }, 'Identity'],
  ]
  test.each(rows)('%s', async (_, change, wanted) => {
    expect(await verdict(google_(change))).toBe(wanted)
  })
})

function next(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[(alphabet.indexOf(character) + 1) % 64] ?? ''
}

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)]
}

describe('[114] times', () => {
  const day = 86_400
  // The chain may be a few seconds further than the block that was read: bounds that depend on it leave a minute.
  test.each([
    ['[J52] expired', { exp: -1 }, 'Time'],
    ['good for another minute', { exp: 60 }, 'None'],
    ['[J53] [J97] issued ten minutes ahead', { iat: 600, nbf: 600 }, 'Time'],
    ['[J53] issued six minutes ahead', { iat: 360 }, 'Time'],
    ['[J97] issued four minutes ahead', { iat: 240, nbf: 240 }, 'None'],
    ['not before six minutes ahead', { nbf: 360 }, 'Time'],
    ['[J55] good for a day', { iat: -60, exp: day - 60 }, 'None'],
    ['[J55] good for a second more than a day', { iat: -60, exp: day - 59 }, 'Time'],
    ['[J55] good for ten years', { exp: 3_650 * day }, 'Time'],
    ['issued after it expires', { iat: 200, exp: 100 }, 'None'],
  ] as const)('%s', async (_, offsets, wanted) => {
    const claims = Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, now + offset]))
    expect(await verdict(google_({ claims }))).toBe(wanted)
  })
})

describe('[107] [108] signatures and keys', () => {
  const header = json(googleHeader)
  const payload = () => json(googleClaims(now))
  const n = BigInt(rsa.issuerKey.key)
  const asBytes = (value: bigint, length = 256) => hexToBytes(toHex(value, { size: length }))
  const shown = (signature: Uint8Array, key = rsa) =>
    pack({ header, payload: payload(), signature, issuerKey: key.issuerKey })
  const good = () => signTexts(header, payload(), rsa).signature

  test('[J29] a signature of another length is none by the key', async () => {
    const signature = good()
    expect(await verdict(shown(signature))).toBe('None')
    for (const wrong of [
      signature.subarray(1),
      Uint8Array.of(...signature, 0),
      Uint8Array.of(0, ...signature),
      new Uint8Array(),
    ])
      expect(await verdict(shown(wrong))).toBe('Layout')
  })

  test('[J30] s + n, and numbers that are their own power', async () => {
    const s = BigInt(bytesToHex(good()))
    const sums = [s + n, 0n, 1n, n - 1n, n].filter((value) => value < 2n ** 2048n)
    expect(sums.length).toBeGreaterThanOrEqual(4)
    for (const value of sums) expect(await verdict(shown(asBytes(value)))).toBe('Signature')
  })

  test('[J30] s + n where it has as many bytes as n', async () => {
    // Tokens until one has a signature small enough that adding n leaves it below 2^2048.
    for (let i = 0; i < 200; i++) {
      const text = json(googleClaims(now, { jti: `${i}` }))
      const { signature } = signTexts(header, text, rsa)
      const sum = BigInt(bytesToHex(signature)) + n
      if (sum >= 2n ** 2048n) continue
      const make = (value: Uint8Array) => pack({ header, payload: text, signature: value, issuerKey: rsa.issuerKey })
      expect(await verdict(make(signature))).toBe('None')
      expect(await verdict(make(asBytes(sum)))).toBe('Signature')
      return
    }
    throw new Error('No signature was small enough.')
  })

  test('[J20] a key of the other algorithm', async () => {
    expect(await verdict(google_({ key: p256 }))).toBe('Layout')
    expect(await verdict(google_({ header: { alg: 'ES256', kid: '1' } }))).toBe('Layout')
    const asEs256 = { algorithm: 'ES256', key: rsa.issuerKey.key } as const
    expect(await verdict(google_({ more: { issuerKey: asEs256 } }))).toBe('Key')
  })

  test('[J33] a key that is not pinned', async () => {
    expect(
      await verdict(
        google_({ key: otherRsa, more: { issuerKey: rsa.issuerKey, shown: { key: otherRsa.issuerKey.key } } }),
      ),
    ).toBe('Key')
    const keys = [issuerKeyHash(otherRsa.issuerKey)]
    expect(
      await verdict(
        google_({ key: otherRsa, more: { issuerKey: rsa.issuerKey, shown: { key: otherRsa.issuerKey.key, keys } } }),
      ),
    ).toBe('Identity')
  })

  test('[J36] a signature over another text', async () => {
    const { signature } = signTexts(header, json(googleClaims(now, { sub: 'attacker' })), rsa)
    expect(await verdict(shown(signature))).toBe('Signature')
    expect(await verdict(google_({ key: otherRsa, more: { issuerKey: rsa.issuerKey } }))).toBe('Signature')
  })

  test('[J37] ES256: zero, the order, high s, DER', async () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const es = json({ alg: 'ES256', kid: 'bridge-1' })
    const { signature } = signTexts(es, payload(), p256)
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
    const make = (...parts: readonly Uint8Array[]) =>
      pack({
        header: es,
        payload: payload(),
        signature: Uint8Array.from(parts.flatMap((part) => [...part])),
        issuerKey: p256.issuerKey,
      })
    expect(await verdict(make(r, s))).toBe('None')
    const word = (value: bigint) => asBytes(value, 32)
    const wrong = [
      [word(0n), s],
      [r, word(0n)],
      [word(order), s],
      [r, word(order)],
      [r, word(order - BigInt(bytesToHex(s)))],
      [s, r],
    ] as const
    for (const [first, second] of wrong) expect(await verdict(make(first, second))).toBe('Signature')
    const der = Uint8Array.of(0x30, 68, 2, 32, ...r, 2, 32, ...s)
    expect(await verdict(make(der))).toBe('Layout')
  })

  test('[J37] a point that is not on the curve verifies nothing', async () => {
    const key = `${p256.issuerKey.key.slice(0, -2)}00` as Hex
    const es = json({ alg: 'ES256', kid: 'bridge-1' })
    const { signature } = signTexts(es, payload(), p256)
    expect(
      await verdict(pack({ header: es, payload: payload(), signature, issuerKey: { algorithm: 'ES256', key } })),
    ).toBe('Signature')
  })

  test('the layout: every cut and every byte too many', async () => {
    const { key, proof } = google_({})
    const bytes = hexToBytes(proof)
    const cuts = [
      0,
      1,
      32,
      33,
      34,
      60,
      105,
      106,
      107,
      110,
      200,
      300,
      500,
      bytes.length - 513,
      bytes.length - 256,
      bytes.length - 1,
    ]
    for (const cut of cuts)
      expect(await verdict({ key, proof: bytesToHex(bytes.subarray(0, cut)) }), `${cut}`).not.toBe('None')
    expect(await verdict({ key, proof: `${proof}00` })).toBe('Layout')
    for (const wrong of [key.slice(0, -2), `${key}00`, '0x'] as Hex[])
      expect(await verdict({ key: wrong, proof })).toBe('Layout')
  })

  test('[J23] the kid does not matter where keys are pinned, and may be absent', async () => {
    expect(await verdict(google_({ header: { alg: 'RS256' } }))).toBe('None')
    expect(await verdict(google_({ header: { alg: 'RS256', kid: 'another' } }))).toBe('None')
  })
})

test('a text is what its bytes say: no byte of it can be changed', async () => {
  const { key, proof } = google_({})
  const at = proof.indexOf(stringToHex(person).slice(2))
  expect(at).toBeGreaterThan(0)
  const changed = `${proof.slice(0, at + 1)}${proof[at + 1] === '1' ? '2' : '1'}${proof.slice(at + 2)}` as Hex
  expect(await verdict({ key, proof: changed })).not.toBe('None')
})
