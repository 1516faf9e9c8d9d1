import { describe, expect, test } from 'vitest'
import { answerAddress, readAuthorization } from './authorization.ts'

const page = 'https://auth.example.com/sign-in'
const clients = [{ id: 'app', redirectUris: [page, 'https://backup.example.com/sign-in'] }]
const nonce = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'
const good = {
  provider: 'x',
  client_id: 'app',
  redirect_uri: page,
  response_type: 'id_token',
  scope: 'openid',
  nonce,
  state: 'their state',
}

function read(changes: Readonly<Record<string, string | undefined>>, more = '') {
  const all = Object.entries({ ...good, state: 's', ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return readAuthorization(new URLSearchParams(`${new URLSearchParams(all)}${more}`), clients, ['x', 'github'])
}

test('a request is read as it was made', () => {
  expect(read({})).toEqual({
    isGood: true,
    authorization: { client: 'app', redirectUri: page, state: 's', provider: 'x', nonce },
  })
})

describe('nobody is sent to a page that is not registered', () => {
  test.each<[name: string, changes: Readonly<Record<string, string | undefined>>, more?: string]>([
    ['[J88] another page', { redirect_uri: 'https://evil.example/sign-in' }],
    ['[J88] a page below it', { redirect_uri: `${page}/x` }],
    ['[J88] with a query', { redirect_uri: `${page}?next=https://evil.example` }],
    ['[J88] with a fragment', { redirect_uri: `${page}#` }],
    ['[J88] in other letters', { redirect_uri: page.toUpperCase() }],
    ['[J88] without TLS', { redirect_uri: page.replace('https', 'http') }],
    ['[J88] with a user name', { redirect_uri: page.replace('//', '//auth.example.com@evil.example/') }],
    ['[J88] none', { redirect_uri: undefined }],
    ['[J88] two of them', {}, '&redirect_uri=https%3A%2F%2Fevil.example'],
    ['[J88] of an unknown app', { client_id: 'other' }],
    ['[J88] of no app', { client_id: undefined }],
    ['[J88] of two apps', {}, '&client_id=other'],
  ])('%s', (_, changes, more) => {
    expect(() => read(changes, more)).toThrow(expect.objectContaining({ code: 'UNKNOWN_PAGE', status: 400 }))
  })
})

describe('the page that asked is told', () => {
  test.each<[name: string, changes: Readonly<Record<string, string | undefined>>, error: string, more?: string]>([
    ['[J87] that no codes are given', { response_type: 'code' }, 'unsupported_response_type'],
    ['[J87] nor codes beside tokens', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['that no access tokens are given', { response_type: 'token' }, 'unsupported_response_type'],
    ['that a type is needed', { response_type: undefined }, 'unsupported_response_type'],
    ['that no e-mail addresses are told', { scope: 'openid email' }, 'invalid_scope'],
    ['[J89] that nothing signs in without the user', { scope: 'openid offline_access' }, 'invalid_scope'],
    ['that openid is needed', { scope: undefined }, 'invalid_scope'],
    ['that the answer is in the fragment', { response_mode: 'query' }, 'invalid_request'],
    ['that it comes by no form either', { response_mode: 'form_post' }, 'invalid_request'],
    ['[J84] that a state is needed', { state: undefined }, 'invalid_request'],
    ['[J84] and not an empty one', { state: '' }, 'invalid_request'],
    ['[J84] nor an endless one', { state: 's'.repeat(513) }, 'invalid_request'],
    ['[J43] that a nonce is needed', { nonce: undefined }, 'invalid_request'],
    ['[J43] of 43 characters', { nonce: nonce.slice(1) }, 'invalid_request'],
    ['[J43] not padded', { nonce: `${nonce}=` }, 'invalid_request'],
    ['[J43] not in the other alphabet', { nonce: nonce.replace('-', '+') }, 'invalid_request'],
    ['[J43] without spare bits', { nonce: `${nonce.slice(0, -1)}h` }, 'invalid_request'],
    ['[J43] not in hexadecimal', { nonce: '0x'.padEnd(66, 'a') }, 'invalid_request'],
    ['[J44] not twice', {}, 'invalid_request', `&nonce=${nonce}`],
    ['that one state is enough', {}, 'invalid_request', '&state=t'],
    ['that the provider is unknown', { provider: 'google' }, 'invalid_request'],
    ['that a provider is needed', { provider: undefined }, 'invalid_request'],
    ['that one provider is enough', {}, 'invalid_request', '&provider=github'],
    ['[J90] that nobody signs in silently', { prompt: 'none' }, 'login_required'],
    ['[J90] not even beside other prompts', { prompt: 'login none' }, 'login_required'],
    ['that requests are not fetched', { request_uri: 'https://evil.example/request' }, 'request_not_supported'],
    ['that requests are not read from tokens', { request: 'e30.e30.' }, 'request_not_supported'],
  ])('%s', (_, changes, error, more) => {
    expect(read(changes, more)).toMatchObject({ isGood: false, error, redirectUri: page })
  })

  test('with its state, if that is one', () => {
    expect(read({ scope: 'email' })).toMatchObject({ state: 's' })
    expect(read({ scope: 'email', state: 'a\nb' })).toMatchObject({ state: '' })
  })
})

test('an answer is in the fragment, whatever is in it', () => {
  const address = new URL(answerAddress(page, { state: '&id_token=evil#', error: 'a b' }))
  expect(address.search).toBe('')
  expect(Object.fromEntries(new URLSearchParams(address.hash.slice(1)))).toEqual({
    state: '&id_token=evil#',
    error: 'a b',
  })
})
