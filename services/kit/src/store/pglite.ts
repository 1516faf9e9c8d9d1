import { mkdirSync } from 'node:fs'
import { PGlite, types } from '@electric-sql/pglite'
import { lockFolder } from './lockFolder.ts'
import { type Queryable, type Row, type SqlValue, type Store, toSafeNumber } from './store.ts'

/** Opens PostgreSQL inside this process; without a folder it is gone when the process is. */
export async function openPglite(folder?: string): Promise<Store> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = folder === undefined ? () => {} : lockFolder(folder)
  try {
    const database = await PGlite.create({
      ...(folder === undefined ? {} : { dataDir: folder }),
      parsers: { [types.INT8]: toSafeNumber },
    })
    const close = async (): Promise<void> => {
      await database.close()
      unlock()
    }
    return {
      ...queryableOf(database),
      transaction: (work) => database.transaction((within) => work(queryableOf(within))),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    unlock()
    throw error
  }
}

function queryableOf(database: Pick<PGlite, 'query'>): Queryable {
  return {
    async query<row extends Row>(sql: string, values: readonly SqlValue[] = []) {
      return (await database.query<row>(sql, [...values])).rows
    },
  }
}
