/** The window on the other side, as far as another origin may touch it. */
export type RemoteWindow = {
  readonly closed: boolean
  postMessage(message: unknown, targetOrigin: string, transfer?: Transferable[]): void
}

/** A message between windows. */
export type WindowMessage = {
  readonly origin: string
  readonly source: unknown
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}

type MessageEvents = {
  addEventListener(type: 'message', listener: (event: WindowMessage) => void): void
  removeEventListener(type: 'message', listener: (event: WindowMessage) => void): void
}

/** The app's own window. */
export type AppWindow = MessageEvents & {
  readonly location: { readonly origin: string }
  open(url: string, target: string, features: string): (RemoteWindow & { close(): void; focus(): void }) | null
}

/** The dialog's own window. */
export type DialogWindow = MessageEvents & {
  readonly location: { readonly hash: string }
  readonly opener: RemoteWindow | null
}
