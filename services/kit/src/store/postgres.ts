import pg from 'pg'
import { type Queryable, type Row, type SqlValue, type Store, toSafeNumber } from './store.ts'

const INT8 = 20

/** Connects to a PostgreSQL server. Several processes may share it. */
export async function openPostgres(url: string): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (type, format) =>
        type === INT8 && format !== 'binary' ? toSafeNumber : pg.types.getTypeParser(type, format),
    },
  })
  // An idle connection that breaks is replaced at the next query, which tells if that fails.
  pool.on('error', () => {})
  const close = (): Promise<void> => pool.end()
  return {
    ...queryableOf(pool),
    transaction: async (work) => {
      const client = await pool.connect()
      let broken: unknown
      try {
        await client.query('BEGIN')
        const value = await work(queryableOf(client))
        await client.query('COMMIT')
        return value
      } catch (error) {
        await client.query('ROLLBACK').catch((failure: unknown) => {
          broken = failure
        })
        throw error
      } finally {
        client.release(broken !== undefined)
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function queryableOf(database: Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>): Queryable {
  return {
    async query<row extends Row>(sql: string, values: readonly SqlValue[] = []) {
      return (await database.query<row>(sql, [...values])).rows
    },
  }
}
