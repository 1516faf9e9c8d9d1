import type { AppWindow, DialogWindow, RemoteWindow, WindowMessage } from '../dialog/windows.ts'

type Listener = (event: WindowMessage) => void

/** One page as the tests see it: its window, and a way to let anybody post to it. */
export type FakePage<window> = {
  readonly window: window
  /** Delivers a message as the browser would have. */
  receive(event: Partial<WindowMessage>): void
}

/** A popup that the app opened. */
export type FakePopup = FakePage<DialogWindow> & {
  readonly url: URL
  readonly handle: RemoteWindow & { close(): void; focus(): void }
  /** What the app posted to it, whether or not it was delivered. */
  readonly posted: { readonly message: unknown; readonly targetOrigin: string }[]
}

/** Two windows on two origins that treat messages as browsers do: a wrong target origin is never delivered. */
export function createFakeWindows(
  origins: { app: string; dialog: string },
  options: { isBlocked?: boolean; isCutOff?: boolean } = {},
): FakePage<AppWindow> & { readonly popups: FakePopup[] } {
  const app = createEvents()
  const popups: FakePopup[] = []

  const handleOfApp = (popup: () => unknown): RemoteWindow => ({
    closed: false,
    postMessage: (data, targetOrigin) => {
      if (targetOrigin === origins.app)
        app.receive({ origin: origins.dialog, source: popup(), data: structuredClone(data) })
    },
  })

  const open = (address: string): FakePopup['handle'] | null => {
    if (options.isBlocked) return null
    const url = new URL(address)
    const dialog = createEvents()
    const posted: { message: unknown; targetOrigin: string }[] = []
    let closed = false
    const opener = handleOfApp(() => handleOfPopup)
    const handleOfPopup = {
      get closed() {
        return closed
      },
      close: () => {
        closed = true
      },
      focus: () => {},
      postMessage: (data: unknown, targetOrigin: string, transfer: Transferable[] = []) => {
        posted.push({ message: data, targetOrigin })
        if (targetOrigin !== origins.dialog || closed) return
        const ports = transfer.filter((item) => item instanceof MessagePort)
        dialog.receive({ origin: origins.app, source: opener, data: structuredClone(data), ports })
      },
    }
    const window = { ...dialog, location: { hash: url.hash }, opener: options.isCutOff ? null : opener }
    popups.push({ window, receive: dialog.receive, url, handle: handleOfPopup, posted })
    return handleOfPopup
  }

  return { window: { ...app, location: { origin: origins.app }, open }, receive: app.receive, popups }
}

function createEvents() {
  const listeners = new Set<Listener>()
  return {
    addEventListener: (_type: 'message', listener: Listener) => void listeners.add(listener),
    removeEventListener: (_type: 'message', listener: Listener) => void listeners.delete(listener),
    receive: (event: Partial<WindowMessage>) => {
      const complete = { origin: '', source: null, data: undefined, ports: [], ...event }
      for (const listener of [...listeners]) listener(complete)
    },
  }
}
