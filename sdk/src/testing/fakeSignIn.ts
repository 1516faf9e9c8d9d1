import type { ChannelMessage, SignInChannel, SignInPopup, SignInStorage, SignInWindow } from '../oidc/windows.ts'
import { toBase64Url } from '../webauthn/base64url.ts'

/** A token that nobody signed: who did is for the contracts to say. */
export function unsignedToken(claims: object, header: object = { alg: 'RS256', kid: 'k' }): string {
  const encoder = new TextEncoder()
  const parts = [encoder.encode(JSON.stringify(header)), encoder.encode(JSON.stringify(claims))]
  return [...parts, new Uint8Array(256).fill(1)].map(toBase64Url).join('.')
}

/** A window that a page opened, and what was done with it. */
export type FakePopup = SignInPopup & {
  /** Addresses that it was led to. */
  readonly visited: string[]
  closed: boolean
}

/** A page of a fake browser. */
export type FakePage = {
  readonly window: SignInWindow
  readonly popups: FakePopup[]
  /** Addresses that the page left for. */
  readonly left: string[]
  hasFocus: boolean
  isClosed: boolean
}

/** A browser as far as pages that sign in need it: channels per origin, a history of one entry, one storage per tab. */
export type FakeBrowser = {
  /** Opens a page; `tab` is the storage of an earlier one in the same tab. */
  open(href: string, options?: { blocks?: number | undefined; tab?: SignInStorage | undefined }): FakePage
  /** Delivers a message as no browser would: to the channels of this name, from anywhere. */
  forge(name: string, message: ChannelMessage): void
  /** Names of the channels that are open. */
  readonly channels: readonly string[]
}

type Channel = { readonly origin: string; readonly name: string; receive(message: ChannelMessage): void }

export function createFakeBrowser(): FakeBrowser {
  const channels = new Set<Channel>()

  const channelOf = (origin: string) =>
    class implements SignInChannel {
      readonly #listeners: ((event: ChannelMessage) => void)[] = []
      readonly #channel: Channel
      constructor(name: string) {
        this.#channel = {
          origin,
          name,
          receive: (message) => {
            for (const listener of this.#listeners) listener(message)
          },
        }
        channels.add(this.#channel)
      }
      addEventListener(_type: 'message', listener: (event: ChannelMessage) => void): void {
        this.#listeners.push(listener)
      }
      postMessage(data: unknown): void {
        if (!channels.has(this.#channel)) throw new DOMException('The channel is closed.', 'InvalidStateError')
        const { name } = this.#channel
        for (const other of [...channels])
          if (other !== this.#channel && other.name === name && other.origin === origin)
            queueMicrotask(() => channels.has(other) && other.receive({ origin, data: structuredClone(data) }))
      }
      close(): void {
        channels.delete(this.#channel)
      }
    }

  return {
    get channels() {
      return [...channels].map(({ name }) => name)
    },
    forge: (name, message) => {
      for (const channel of [...channels]) if (channel.name === name) channel.receive(message)
    },
    open: (href, { blocks = 0, tab = createFakeStorage() } = {}) => {
      let address = href
      let blocked = blocks
      const page: Omit<FakePage, 'window'> = { popups: [], left: [], hasFocus: true, isClosed: false }
      const window: SignInWindow = {
        location: {
          get href() {
            return address
          },
          origin: new URL(href).origin,
          assign: (url) => void page.left.push(url),
        },
        history: {
          state: null,
          replaceState: (_state, _title, url) => {
            address = new URL(url, address).href
          },
        },
        document: { hasFocus: () => page.hasFocus },
        BroadcastChannel: channelOf(new URL(href).origin),
        sessionStorage: tab,
        open: (url) => {
          blocked -= 1
          if (blocked >= 0) return null
          const popup = createFakePopup(url, window)
          page.popups.push(popup)
          return popup
        },
        close: () => {
          page.isClosed = true
        },
      }
      return Object.assign(page, { window })
    },
  }
}

function createFakePopup(url: string, opener: unknown): FakePopup {
  const visited = [url]
  const popup: FakePopup = {
    visited,
    closed: false,
    opener,
    location: { replace: (next) => void visited.push(next) },
    close: () => {
      popup.closed = true
    },
  }
  return popup
}

/** The storage of one tab. */
export function createFakeStorage(): SignInStorage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (place) => [...items.keys()][place] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}
