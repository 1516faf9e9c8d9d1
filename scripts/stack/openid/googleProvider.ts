import type { JWK } from 'jose'
import Provider, { type Adapter, type AdapterPayload, interactionPolicy } from 'oidc-provider'

/** What can be changed while the provider runs. */
export type GoogleSettings = {
  readonly issuer: string
  /** Private RS256 keys; the first signs, all are published. */
  readonly keys: readonly JWK[]
  readonly clients: readonly GoogleClient[]
}

export type GoogleClient = {
  readonly clientId: string
  readonly redirectUris: readonly string[]
  /** What it may ask for: an ID token at once, or a code to exchange with PKCE. */
  readonly responseType: 'id_token' | 'code'
}

const HOUR = 3_600

/** Google's endpoints and the form of its tokens, by a certified implementation of OpenID Connect. */
export function createGoogleProvider({ issuer, keys, clients }: GoogleSettings, store: Store): Provider {
  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
  const provider = new Provider(issuer, {
    adapter: (model: string) => storeAdapter(store, model),
    clients: clients.map(({ clientId, redirectUris, responseType }) => ({
      client_id: clientId,
      redirect_uris: [...redirectUris],
      response_types: [responseType],
      grant_types: [responseType === 'code' ? 'authorization_code' : 'implicit'],
      token_endpoint_auth_method: 'none' as const,
    })),
    jwks: { keys: [...keys] },
    responseTypes: ['code', 'id_token'],
    scopes: ['openid'],
    claims: { openid: ['sub'] },
    routes: { authorization: '/o/oauth2/v2/auth', token: '/token', jwks: '/oauth2/v3/certs' },
    cookies: { keys: ['local'] },
    ttl: { IdToken: HOUR, Session: 30 * 24 * HOUR, Grant: HOUR, Interaction: HOUR, AccessToken: HOUR },
    features: { devInteractions: { enabled: false } },
    interactions: { policy, url: (_, { uid }) => `/sign-in/${uid}` },
    clientBasedCORS: (_, origin, client) => client.redirectUris?.some((uri) => new URL(uri).origin === origin) ?? false,
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    // Nobody is asked whether the app may know his number: no scope but openid exists.
    loadExistingGrant: async ({ oidc }) => {
      const { client, session } = oidc
      if (!client || !session?.accountId) return undefined
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  })
  allowLocalPages(provider)
  return provider
}

/** Redirects of the implicit flow have to be https; a local stack has no certificates. */
function allowLocalPages(provider: Provider): void {
  const schema: unknown = Reflect.get(provider.Client, 'Schema')
  const prototype = (schema as { prototype: { invalidate: (message: string, code?: string) => void } }).prototype
  const { invalidate } = prototype
  prototype.invalidate = function (message, code) {
    if (code !== 'implicit-force-https') Reflect.apply(invalidate, this, [message, code])
  }
}

/** Sessions, codes and whatever else the provider keeps; it outlives a change of settings. */
export type Store = Map<string, AdapterPayload>

function storeAdapter(store: Store, model: string): Adapter {
  const keyOf = (id: string): string => `${model}:${id}`
  const findBy = (name: 'uid' | 'userCode', value: string): AdapterPayload | undefined =>
    [...store].find(([key, payload]) => key.startsWith(`${model}:`) && payload[name] === value)?.[1]
  return {
    upsert: async (id, payload) => void store.set(keyOf(id), payload),
    find: async (id) => store.get(keyOf(id)),
    findByUid: async (uid) => findBy('uid', uid),
    findByUserCode: async (code) => findBy('userCode', code),
    consume: async (id) => void Object.assign(store.get(keyOf(id)) ?? {}, { consumed: Math.floor(Date.now() / 1000) }),
    destroy: async (id) => void store.delete(keyOf(id)),
    revokeByGrantId: async (grantId) => {
      for (const [key, payload] of store) if (payload.grantId === grantId) store.delete(key)
    },
  }
}
