import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeWindows, type FakePopup } from '../testing/fakeWindows.ts'
import { type AppRequest, connectToApp } from './connectToApp.ts'
import { formatInvitation, handshake, parseInvitation } from './messages.ts'
import { createRekeyProvider } from './provider.ts'
import { ProviderRpcError, rpcErrorCodes } from './rpcError.ts'

const app = 'https://app.example.com'
const dialog = 'https://auth.example.com'
const account = '0x00000000000000000000000000000000000A11cE'
const other = '0x0000000000000000000000000000000000000B0b'
const connectAnswer = { account, chainIds: [31337, 31338] }

afterEach(() => vi.useRealTimers())

/** An app with a provider, and a dialog that does `behave` with each request. */
function createPair(behave?: (request: AppRequest) => void) {
  const windows = createFakeWindows({ app, dialog })
  const provider = createRekeyProvider({ dialogUrl: `${dialog}/`, window: windows.window, pollMs: 1 })
  const requests: AppRequest[] = []
  const load = (popup = lastPopup()) =>
    connectToApp({
      window: popup.window,
      onRequest: (request) => {
        requests.push(request)
        behave?.(request)
      },
    })
  const lastPopup = (): FakePopup => {
    const popup = windows.popups.at(-1)
    if (!popup) throw new Error('No popup was opened.')
    return popup
  }
  return { windows, provider, requests, load, lastPopup }
}

async function connectedPair(behave: (request: AppRequest) => void = () => {}) {
  const pair = createPair((request) => {
    if (request.request.method === 'eth_requestAccounts') request.answer(connectAnswer)
    else behave(request)
  })
  const connecting = pair.provider.request({ method: 'eth_requestAccounts' })
  pair.load()
  await connecting
  return pair
}

const nextRequest = (requests: readonly AppRequest[]): Promise<AppRequest> =>
  vi.waitFor(() => {
    const request = requests.at(-1)
    if (!request) throw new Error('No request arrived.')
    return request
  })

describe('connecting', () => {
  it('opens the popup before anything is awaited, and answers with the account', async () => {
    const { windows, provider, load } = createPair(({ answer }) => answer(connectAnswer))
    const events: unknown[] = []
    provider.on('connect', (info) => events.push(info))
    provider.on('accountsChanged', (accounts) => events.push(accounts))
    const connecting = provider.request({ method: 'eth_requestAccounts' })
    expect(windows.popups).toHaveLength(1)
    load()
    expect(await connecting).toEqual([account])
    expect(events).toEqual([{ chainId: '0x7a69' }, [account]])
    expect(windows.popups[0]?.handle.closed).toBe(true)
    expect(await provider.request({ method: 'eth_accounts' })).toEqual([account])
    expect(await provider.request({ method: 'eth_requestAccounts' })).toEqual([account])
    expect(windows.popups).toHaveLength(1)
  })

  it('shows the dialog the origin that the browser vouches for', async () => {
    const { provider, load, requests } = createPair()
    provider.request({ method: 'eth_requestAccounts' }).catch(() => {})
    load()
    expect((await nextRequest(requests)).origin).toBe(app)
  })

  it('says that the popup was blocked', async () => {
    const { window } = createFakeWindows({ app, dialog }, { isBlocked: true })
    const error = await fail(createRekeyProvider({ dialogUrl: dialog, window }).request(connectRequest))
    expect(error).toMatchObject({ code: 4900, data: { rekeyCode: 'DIALOG_BLOCKED' } })
  })

  it('[235] takes a window that is gone before it was ready for unreachable, not for the user’s choice', async () => {
    const windows = createFakeWindows({ app, dialog }, { isCutOff: true })
    const provider = createRekeyProvider({ dialogUrl: dialog, window: windows.window, pollMs: 1 })
    const failed = fail(provider.request(connectRequest))
    const [popup] = windows.popups
    expect(popup && connectToApp({ window: popup.window, onRequest: () => {} })).toBeUndefined()
    popup?.handle.close()
    expect(await failed).toMatchObject({ code: 4900, data: { rekeyCode: 'DIALOG_UNREACHABLE' } })
  })

  it('takes a window that is closed after it was ready for the user’s choice', async () => {
    const { provider, load, lastPopup } = createPair()
    const failed = fail(provider.request(connectRequest))
    load()
    lastPopup().handle.close()
    expect(await failed).toMatchObject({ code: 4001, data: { rekeyCode: 'DIALOG_CLOSED' } })
  })

  it('ends a session whose dialog was reloaded', async () => {
    const { provider, load } = createPair()
    const failed = fail(provider.request(connectRequest))
    load()
    load()
    expect(await failed).toMatchObject({ code: 4001 })
  })

  it('says that versions differ', async () => {
    const { provider, windows, lastPopup } = createPair()
    const failed = fail(provider.request(connectRequest))
    const session = parseInvitation(lastPopup().url.hash)?.session ?? ''
    windows.receive({
      origin: dialog,
      source: lastPopup().handle,
      data: { ...handshake('ready', session), version: 2 },
    })
    expect(await failed).toMatchObject({ code: 4900, data: { rekeyCode: 'DIALOG_VERSION' } })
  })

  it('is ended by a signal, and closes the window', async () => {
    const { provider, lastPopup } = createPair()
    const controller = new AbortController()
    const failed = fail(provider.request(connectRequest, { signal: controller.signal }))
    controller.abort()
    expect(await failed).toMatchObject({ code: 4001, data: { rekeyCode: 'DIALOG_ABORTED' } })
    expect(lastPopup().handle.closed).toBe(true)
  })
})

describe('hostile windows', () => {
  const hostile = fc.oneof(
    fc.anything(),
    fc.record(
      {
        protocol: fc.constantFrom('rekey-dialog', 'other'),
        version: fc.oneof(fc.constant(1), fc.anything()),
        type: fc.constantFrom('ready', 'connect', 'other'),
        session: fc.oneof(fc.stringMatching(/^[0-9a-f]{32}$/), fc.anything()),
        jsonrpc: fc.constantFrom('2.0', '1.0'),
        id: fc.oneof(fc.string(), fc.integer()),
        method: fc.oneof(fc.constantFrom('eth_requestAccounts', 'wallet_sendCalls'), fc.string()),
        params: fc.anything(),
        result: fc.anything(),
        error: fc.oneof(fc.record({ code: fc.integer(), message: fc.string() }), fc.anything()),
      },
      { requiredKeys: [] },
    ),
  )
  const origin = fc.constantFrom(app, dialog, 'https://evil.example', 'null', '')

  it('[230] 10,000 messages to a waiting dialog: none is accepted, none makes it throw', () => {
    const { provider, lastPopup, load, requests } = createPair()
    provider.request(connectRequest).catch(() => {})
    const popup = lastPopup()
    const { session } = parseInvitation(popup.url.hash) ?? { session: '' }
    // The app's own answer must not arrive, so the dialog never gets its port.
    const deaf = { ...popup.window, opener: { closed: false, postMessage: () => {} } }
    load({ ...popup, window: deaf })
    const port = new MessageChannel()
    fc.assert(
      fc.property(hostile, origin, fc.boolean(), (data, from, isOpener) => {
        const isRight = from === app && isOpener
        const wrongData = isRight && isRecordWith(data, session) ? { ...data, session: 'f'.repeat(32) } : data
        popup.receive({ origin: from, source: isOpener ? deaf.opener : {}, data: wrongData, ports: [port.port1] })
      }),
      { numRuns: 10_000 },
    )
    for (const [from, source] of [
      ['https://evil.example', deaf.opener],
      [app, {}],
    ] as const)
      popup.receive({ origin: from, source, data: handshake('connect', session), ports: [port.port1] })
    expect(port.port1.onmessage).toBeNull()
    expect(requests).toHaveLength(0)
    port.port1.close()
  })

  it('[230] 10,000 messages to a waiting app: none is accepted, none makes it throw', async () => {
    const { windows, provider, lastPopup } = createPair()
    let isSettled = false
    const controller = new AbortController()
    const failed = fail(provider.request(connectRequest, { signal: controller.signal })).finally(() => {
      isSettled = true
    })
    const popup = lastPopup()
    const { session } = parseInvitation(popup.url.hash) ?? { session: '' }
    fc.assert(
      fc.property(hostile, origin, fc.boolean(), (data, from, isPopup) => {
        windows.receive({ origin: from, source: isPopup ? popup.handle : {}, data })
      }),
      { numRuns: 10_000 },
    )
    windows.receive({ origin: 'https://evil.example', source: popup.handle, data: handshake('ready', session) })
    windows.receive({ origin: dialog, source: {}, data: handshake('ready', session) })
    expect(popup.posted).toEqual([])
    expect(isSettled).toBe(false)
    controller.abort()
    await failed
  })

  it('[230] 10,000 messages over the port: none reaches the user, none makes the dialog throw', async () => {
    const { lastPopup, load, requests, provider } = createPair()
    provider.request(connectRequest).catch(() => {})
    const popup = lastPopup()
    const { session } = parseInvitation(popup.url.hash) ?? { session: '' }
    const opener = { closed: false, postMessage: () => {} }
    load({ ...popup, window: { ...popup.window, opener } })
    const { port1, port2 } = new MessageChannel()
    popup.receive({ origin: app, source: opener, data: handshake('connect', session), ports: [port2] })
    const isHarmless = (value: unknown) =>
      !JSON.stringify(value ?? null, (_key, item) => (typeof item === 'bigint' ? String(item) : item))?.includes(
        'eth_requestAccounts',
      )
    for (const message of fc.sample(hostile, { numRuns: 10_000 }))
      if (isHarmless(message)) port2.onmessage?.(event(message))
    expect(requests).toHaveLength(0)
    port1.close()
  })

  it('[231] posts to exact origins only', async () => {
    const { lastPopup } = await connectedPair()
    expect(lastPopup().posted.map(({ targetOrigin }) => targetOrigin)).toEqual([dialog])
  })

  it('reads no invitation that names no web origin', () => {
    const session = 'a'.repeat(32)
    for (const wrong of ['null', '*', 'javascript:alert(1)', `${app}/path`, 'https://user@app.example.com', ''])
      expect(parseInvitation(formatInvitation({ app: wrong, session, version: 1 }))).toBeUndefined()
    expect(parseInvitation(formatInvitation({ app, session, version: 1 }))?.app).toBe(app)
  })
})

describe('answers', () => {
  it('[236] a second answer and an answer to an unknown request change nothing', async () => {
    const { provider, load, requests } = await connectedPair(({ answer, refuse }) => {
      answer('0x1234')
      answer('0x5678')
      refuse(new ProviderRpcError(4001, 'late'))
    })
    const sign = () => {
      const signing = provider.request({ method: 'personal_sign', params: ['0x00', account] })
      load()
      return signing
    }
    expect(await sign()).toBe('0x1234')
    requests.at(-1)?.answer('0x9999')
    expect(await sign()).toBe('0x1234')
  })

  it('[236] the dialog posts one answer per request, whatever the page tries', async () => {
    const { lastPopup, load, provider } = createPair(({ answer }) => {
      answer('0x1234')
      answer('0x5678')
    })
    provider.request(connectRequest).catch(() => {})
    const popup = lastPopup()
    const opener = { closed: false, postMessage: () => {} }
    load({ ...popup, window: { ...popup.window, opener } })
    const { port1, port2 } = new MessageChannel()
    const { session } = parseInvitation(popup.url.hash) ?? { session: '' }
    popup.receive({ origin: app, source: opener, data: handshake('connect', session), ports: [port2] })
    const posted: unknown[] = []
    port2.postMessage = (message: unknown) => void posted.push(message)
    const message = event({ jsonrpc: '2.0', id: 'a', method: 'eth_requestAccounts' })
    port2.onmessage?.(message)
    port2.onmessage?.(message)
    expect(posted).toEqual([{ jsonrpc: '2.0', id: 'a', result: '0x1234' }])
    port1.close()
  })

  it('[236] two dialogs at once do not mix: an answer over one port settles no request of the other', async () => {
    const windows = createFakeWindows({ app, dialog })
    const [first, second] = [0, 1].map(() =>
      createRekeyProvider({ dialogUrl: dialog, window: windows.window, pollMs: 1 }),
    )
    const answers = [first, second].map((provider) => provider?.request(connectRequest))
    const requests: AppRequest[] = []
    for (const popup of windows.popups)
      connectToApp({ window: popup.window, onRequest: (request) => void requests.push(request) })
    await vi.waitFor(() => expect(requests).toHaveLength(2))
    expect(new Set(requests.map(({ id }) => id)).size).toBe(2)
    requests[1]?.answer({ account: other, chainIds: [1] })
    expect(await answers[1]).toEqual([other])
    requests[0]?.answer({ account, chainIds: [1] })
    expect(await answers[0]).toEqual([account])
  })

  it('an answer that is no account is refused', async () => {
    const { provider, load } = createPair(({ answer }) => answer({ account: '0x12', chainIds: [1] }))
    const failed = fail(provider.request(connectRequest))
    load()
    expect(await failed).toMatchObject({ code: rpcErrorCodes.internal })
    expect(await provider.request({ method: 'eth_accounts' })).toEqual([])
  })

  it('[250] what an app is told of a failure contains no words of a stranger’s error', async () => {
    const { provider, load } = createPair(({ refuse }) => refuse(new Error('secret of the dialog')))
    const failed = fail(provider.request(connectRequest))
    load()
    const { message, data, cause } = await failed
    expect({ message, data, cause }).toEqual({ message: 'The request failed.', data: undefined, cause: undefined })
  })
})

describe('methods', () => {
  const calls = [{ to: other, value: '0x1' }]
  const send = { version: '2.0.0', chainId: '0x7a69', atomicRequired: true, calls }

  it('sends calls and tells how they went', async () => {
    const receipt = {
      logs: [],
      status: '0x1',
      blockHash: '0x01',
      blockNumber: '0x1',
      gasUsed: '0x1',
      transactionHash: '0x02',
    }
    const status = { version: '2.0.0', id: '0xaa', chainId: '0x7a69', status: 200, atomic: true, receipts: [receipt] }
    const { provider, requests, load } = await connectedPair(({ answer }) => answer(status))
    const sending = provider.request({ method: 'wallet_sendCalls', params: [send] })
    load()
    expect(await sending).toEqual({ id: '0xaa' })
    expect(requests.at(-1)?.request).toEqual({
      method: 'wallet_sendCalls',
      account,
      chainId: 31337,
      calls: [{ to: other, value: 1n, data: '0x' }],
      callsId: undefined,
    })
    expect(await provider.request({ method: 'wallet_getCallsStatus', params: ['0xaa'] })).toEqual(status)
    expect(
      await fail(provider.request({ method: 'wallet_sendCalls', params: [{ ...send, id: '0xaa' }] })),
    ).toMatchObject({ code: 5720 })
  })

  it.each([
    ['unauthorized', { method: 'wallet_sendCalls', params: [{ ...send, from: other }] }],
    ['unsupportedChain', { method: 'wallet_sendCalls', params: [{ ...send, chainId: '0x1' }] }],
    ['invalidParams', { method: 'wallet_sendCalls', params: [{ ...send, version: '1.0' }] }],
    ['invalidParams', { method: 'wallet_sendCalls', params: [{ ...send, calls: [{ data: '0x' }] }] }],
    ['invalidParams', { method: 'wallet_sendCalls', params: [{ ...send, calls: [] }] }],
    ['unsupportedCapability', { method: 'wallet_sendCalls', params: [{ ...send, capabilities: { paymaster: {} } }] }],
    ['unknownCallsId', { method: 'wallet_getCallsStatus', params: ['0xbb'] }],
    ['unknownChain', { method: 'wallet_switchEthereumChain', params: [{ chainId: '0x1' }] }],
    ['unauthorized', { method: 'personal_sign', params: ['0x00', other] }],
    ['unsupportedMethod', { method: 'eth_sign', params: [] }],
  ] as const)('refuses with %s and opens nothing: %o', async (name, request) => {
    const { provider, windows } = await connectedPair()
    expect(await fail(provider.request(request))).toMatchObject({ code: rpcErrorCodes[name] })
    expect(windows.popups).toHaveLength(1)
  })

  it('nothing is served before an account is connected', async () => {
    const { provider, windows } = createPair()
    const codes = await Promise.all(
      [
        { method: 'wallet_sendCalls', params: [send] },
        { method: 'personal_sign', params: ['0x00', account] },
        { method: 'eth_chainId' },
      ].map(async (request) => (await fail(provider.request(request))).code),
    )
    expect(codes).toEqual([4100, 4100, 4900])
    expect(windows.popups).toHaveLength(0)
  })

  it('switches the chain and says so', async () => {
    const { provider } = await connectedPair()
    const seen: string[] = []
    provider.on('chainChanged', (chainId) => seen.push(chainId))
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x7a6a' }] })
    expect(await provider.request({ method: 'eth_chainId' })).toBe('0x7a6a')
    expect(seen).toEqual(['0x7a6a'])
  })

  it('[249] typed data with a key that reaches a prototype is refused', async () => {
    const types = { Mail: [{ name: 'text', type: 'string' }] }
    const clean = { types, domain: {}, primaryType: 'Mail', message: { text: 'hi' } }
    const dirty = JSON.stringify(clean).replace('"message":{', '"message":{"__proto__":{"a":1},')
    const { provider, requests, load } = await connectedPair(({ answer }) => answer('0x12'))
    const failed = fail(provider.request({ method: 'eth_signTypedData_v4', params: [account, dirty] }))
    load()
    expect(await failed).toMatchObject({ code: rpcErrorCodes.invalidParams })
    const signing = provider.request({ method: 'eth_signTypedData_v4', params: [account, JSON.stringify(clean)] })
    load()
    expect(await signing).toBe('0x12')
    expect(requests.at(-1)?.request).toMatchObject({ account, chainId: 31337, typedData: clean })
  })

  it('the account’s page ends when the user closes it', async () => {
    const { provider, load, lastPopup } = createPair()
    const visit = provider.openAccountDialog()
    load()
    lastPopup().handle.close()
    await expect(visit).resolves.toBeUndefined()
  })
})

const connectRequest = { method: 'eth_requestAccounts' }

async function fail(promise: Promise<unknown>): Promise<ProviderRpcError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ProviderRpcError) return error
    throw error
  }
  throw new Error('It did not fail.')
}

function event(data: unknown): MessageEvent {
  return new MessageEvent('message', { data })
}

function isRecordWith(data: unknown, session: string): data is object {
  return typeof data === 'object' && data !== null && Reflect.get(data, 'session') === session
}
