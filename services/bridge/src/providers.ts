/** Providers that sign people in but give them no ID tokens. */
export type ProviderId = 'x' | 'github'

/** Somewhere that people sign in, and how this bridge asks who that was. */
export type Upstream = {
  readonly id: ProviderId
  readonly clientId: string
  readonly clientSecret: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  /** Answers with whom an access token is of. */
  readonly userEndpoint: string
}

/** What is particular about a provider. */
type ProviderForm = {
  /** What it calls itself, should it say so in an answer (RFC 9207). */
  readonly issuer: string
  /** Parameters of the request besides those of every request. */
  readonly parameters: Readonly<Record<string, string>>
  /** How the bridge shows at the token endpoint who it is. */
  readonly clientAuthentication: 'basic' | 'post'
  /** The account's number in the answer of the user endpoint, or undefined when it is none. */
  readonly readId: (body: Readonly<Record<string, unknown>>) => string | undefined
}

/** Numbers only: handles are given up, taken and bought, and a deleted account's may be somebody else's tomorrow. */
export const providerForms: Readonly<Record<ProviderId, ProviderForm>> = {
  x: {
    issuer: 'https://x.com',
    // The least that `/2/users/me` answers to. No `offline.access`: nothing here may sign in without the user.
    parameters: { scope: 'users.read tweet.read' },
    clientAuthentication: 'basic',
    readId: ({ data }) => (isRecord(data) ? numberOf(data.id) : undefined),
  },
  github: {
    issuer: 'https://github.com/login/oauth',
    // Without a scope a token reads what is public.
    parameters: { prompt: 'select_account', allow_signup: 'false' },
    clientAuthentication: 'post',
    readId: ({ id }) => (Number.isSafeInteger(id) ? numberOf(String(id)) : undefined),
  },
}

export const defaultEndpoints = {
  x: {
    authorizationEndpoint: 'https://x.com/i/oauth2/authorize',
    tokenEndpoint: 'https://api.x.com/2/oauth2/token',
    userEndpoint: 'https://api.x.com/2/users/me',
  },
  github: {
    authorizationEndpoint: 'https://github.com/login/oauth/authorize',
    tokenEndpoint: 'https://github.com/login/oauth/access_token',
    userEndpoint: 'https://api.github.com/user',
  },
} as const

/** The name of an account in tokens: no two providers share one. */
export function subjectOf(provider: ProviderId, id: string): string {
  return `${provider}|${id}`
}

function numberOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[1-9]\d{0,19}$/.test(value) ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
