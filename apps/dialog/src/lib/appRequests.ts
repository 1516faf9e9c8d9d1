import { type AppConnection, type AppRequest, connectToApp } from '@rekey/sdk/dialog'

/** Requests of the app that opened this page, the oldest first. */
export type AppRequests = {
  readonly connection: AppConnection | undefined
  readonly list: () => readonly AppRequest[]
  readonly subscribe: (listener: () => void) => () => void
  /** Takes a request off the list, once it is answered. */
  readonly remove: (request: AppRequest) => void
}

/** Connects to the app at once; requests wait here until the page can show them. */
export function collectAppRequests(): AppRequests {
  let requests: readonly AppRequest[] = []
  const listeners = new Set<() => void>()
  const change = (next: readonly AppRequest[]): void => {
    requests = next
    for (const listener of listeners) listener()
  }
  const connection = connectToApp({ onRequest: (request) => change([...requests, request]) })
  return {
    connection,
    list: () => requests,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    remove: (request) => change(requests.filter((other) => other !== request)),
  }
}
