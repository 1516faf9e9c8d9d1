import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLimits, limitMigration } from './limits.ts'
import { type Migration, migrate } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import type { Store } from './store.ts'

const people: Migration = { name: 'people', statements: ['CREATE TABLE people (name text PRIMARY KEY, born bigint)'] }

let database: PGlite
let server: Server
let store: Store

/** PostgreSQL's own protocol, spoken by PostgreSQL itself, which runs in this process behind a port. */
beforeAll(async () => {
  database = await PGlite.create()
  server = createServer((socket) => {
    let turn: Promise<void> = Promise.resolve()
    socket.on('data', (message) => {
      turn = turn.then(async () => void socket.write(await database.execProtocolRaw(new Uint8Array(message))))
    })
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  store = await openPostgres(`postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`)
}, 120_000)
afterAll(async () => {
  await store.close()
  server.close()
  await database.close()
})

test('a PostgreSQL elsewhere takes the same SQL, and gives the same values', async () => {
  await migrate(store, [limitMigration, people])
  await migrate(store, [limitMigration, people])
  await store.query('INSERT INTO people VALUES ($1, $2), ($3, $4)', [
    'ada',
    1815,
    "Robert'); DROP TABLE people;--",
    null,
  ])
  expect(await store.query('SELECT * FROM people ORDER BY born')).toEqual([
    { name: 'ada', born: 1815 },
    { name: "Robert'); DROP TABLE people;--", born: null },
  ])
  await expect(store.query("SELECT '9007199254740992'::bigint AS n")).rejects.toThrow('too large')
})

test('a transaction there is done wholly or not at all', async () => {
  const failed = store.transaction(async ({ query }) => {
    await query('INSERT INTO people VALUES ($1, $2)', ['grace', 1906])
    throw new Error('stop')
  })
  await expect(failed).rejects.toThrow('stop')
  await store.transaction(({ query }) => query('INSERT INTO people VALUES ($1, $2)', ['alan', 1912]))
  expect(await store.query("SELECT name FROM people WHERE name IN ('grace', 'alan')")).toEqual([{ name: 'alan' }])
})

test('limits are counted there', async () => {
  const take = createLimits(store, () => 1_000)
  const limit = { name: 'tries', most: 1, seconds: 60 }
  expect(await take(limit, 'ada')).toEqual({ isAllowed: true })
  expect(await take(limit, 'ada')).toEqual({ isAllowed: false, retryAfter: 60 })
})
