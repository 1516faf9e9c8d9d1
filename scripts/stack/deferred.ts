/** A promise that somebody else settles. */
export type Deferred<value> = {
  readonly promise: Promise<value>
  readonly resolve: (value: value) => void
  readonly reject: (reason: unknown) => void
}

export function createDeferred<value>(): Deferred<value> {
  let settle: Omit<Deferred<value>, 'promise'> | undefined
  const promise = new Promise<value>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // What is waited for may also fail before anybody waits for it.
  promise.catch(() => {})
  return { promise, resolve: (value) => settle?.resolve(value), reject: (reason) => settle?.reject(reason) }
}
