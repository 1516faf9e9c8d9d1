import { client, google, googleClaims, googleHeader } from './idTokens.ts'

/** What an issuer's tokens look like, besides who they are of and for what. */
export type IssuerShape = {
  readonly header: Readonly<Record<string, unknown>>
  /** At a time in seconds, with a nonce; issuer and audience are the ones that the SDK's providers name. */
  readonly claims: (now: number, nonce: string) => Record<string, unknown>
}

export const clientIds = {
  google: client,
  apple: 'com.example.rekey',
  microsoft: '6cb04018-a3f5-46a7-b995-940c78f5aef3',
  facebook: '123456789012345',
} as const

/** Tokens as the great issuers write them: claims, their order, life and length of a key's name. */
export const issuerShapes = {
  google: { header: googleHeader, claims: (now, nonce) => googleClaims(now, { iss: google, nonce }) },
  apple: {
    header: { kid: 'pyaRQpAbnY', alg: 'RS256' },
    claims: (now, nonce) => ({
      iss: 'https://appleid.apple.com',
      aud: clientIds.apple,
      exp: now + 86_400,
      iat: now,
      sub: '001234.0123456789abcdef0123456789abcdef.0123',
      nonce,
      c_hash: 'h1cKvB2qZ3mV9Nf1b7xP4Q',
      auth_time: now,
      nonce_supported: true,
    }),
  },
  microsoft: {
    header: { typ: 'JWT', alg: 'RS256', kid: 'nOo3ZDrODXEK1jKWhXslHR_KXEg', x5t: 'nOo3ZDrODXEK1jKWhXslHR_KXEg' },
    claims: (now, nonce) => ({
      ver: '2.0',
      iss: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
      sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      aud: clientIds.microsoft,
      exp: now + 86_400,
      iat: now,
      nbf: now,
      tid: '9188040d-6c67-4c5b-b112-36a304b66dad',
      nonce,
      aio: 'Df2UVXL1ix!lMCWMSOJBcFatzcGfvFGhjKv8q5g0x732dR5MB5BisvGQO7YWByjd8iQDLq!eGbIDakyp5mnOrcdqHeYSnltepQmRp6AIZ8jY',
    }),
  },
  facebook: {
    header: { alg: 'RS256', typ: 'JWT', kid: '7e1c5e0a' },
    claims: (now, nonce) => ({
      iss: 'https://www.facebook.com',
      aud: clientIds.facebook,
      sub: '10223456789012345',
      iat: now,
      exp: now + 3_600,
      jti: 'kMzX.7d0f4c7a2d5d2e0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a',
      nonce,
    }),
  },
} as const satisfies Readonly<Record<string, IssuerShape>>
