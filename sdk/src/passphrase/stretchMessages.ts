/** What a worker is asked to do. */
export type StretchJob = {
  readonly secret: Uint8Array
  readonly salt: Uint8Array
  readonly memoryKiB: number
  readonly iterations: number
}

/** What a worker answers. */
export type StretchAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'expected'; readonly milliseconds: number }
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'done'; readonly key: Uint8Array }
  | { readonly type: 'failed'; readonly isMemory: boolean }
