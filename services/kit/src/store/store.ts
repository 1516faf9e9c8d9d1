/** A row; a column of whole numbers is a `number`, and reading one that is too large for it fails. */
export type Row = Readonly<Record<string, unknown>>

/** What SQL takes: both databases read and write these alike. Times are seconds since 1970, bytes are text. */
export type SqlValue = string | number | boolean | null

/** Something that SQL can be asked of. `$1`, `$2` stand for values; text is never put together. */
export type Queryable = {
  query<row extends Row>(sql: string, values?: readonly SqlValue[]): Promise<readonly row[]>
}

/** A service's database. */
export type Store = Queryable &
  AsyncDisposable & {
    /** Runs `work` wholly or not at all. */
    transaction<value>(work: (within: Queryable) => Promise<value>): Promise<value>
    close(): Promise<void>
  }

/** Where a database is. */
export type StorePlace =
  | { readonly kind: 'memory' }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Whole numbers of 64 bits, as the databases write them. */
export function toSafeNumber(digits: string): number {
  const value = Number(digits)
  if (!Number.isSafeInteger(value)) throw new RangeError('A whole number in the database is too large.')
  return value
}
