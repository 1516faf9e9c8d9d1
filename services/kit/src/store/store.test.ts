import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLimits, limitMigration } from './limits.ts'
import { lockFolder } from './lockFolder.ts'
import { type Migration, migrate } from './migrate.ts'
import { openPglite } from './pglite.ts'
import type { Store } from './store.ts'

const first: Migration = { name: 'people', statements: ['CREATE TABLE people (name text PRIMARY KEY, born bigint)'] }
const second: Migration = {
  name: 'pets',
  statements: ['CREATE TABLE pets (name text)', 'CREATE INDEX pets_name ON pets (name)'],
}
const broken: Migration = { name: 'broken', statements: ['CREATE TABLE half (name text)', 'CREATE TABLE'] }

let store: Store
// A new database is made: that takes seconds of computing.
beforeAll(async () => {
  store = await openPglite()
}, 120_000)
afterAll(() => store.close())
beforeEach(async () => {
  await store.query('DROP SCHEMA public CASCADE')
  await store.query('CREATE SCHEMA public')
})

const tables = async (): Promise<readonly unknown[]> =>
  (
    await store.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    )
  ).map(({ name }) => name)

describe('migrations', () => {
  test('are done once, in order; later ones are added', async () => {
    await migrate(store, [first])
    await store.query('INSERT INTO people VALUES ($1, $2)', ['ada', 1815])
    await migrate(store, [first, second])
    await migrate(store, [first, second])
    expect(await tables()).toEqual(['migrations', 'people', 'pets'])
    expect(await store.query('SELECT * FROM people')).toEqual([{ name: 'ada', born: 1815 }])
  })

  test('that fail change nothing, not even by those before', async () => {
    await migrate(store, [first])
    await expect(migrate(store, [first, second, broken])).rejects.toThrow()
    expect(await tables()).toEqual(['migrations', 'people'])
    await migrate(store, [first, second])
    expect(await tables()).toEqual(['migrations', 'people', 'pets'])
  })

  test.each<[string, readonly Migration[], string]>([
    ['newer, with steps that are not known here', [first], 'newer'],
    ['of another form', [first, { ...second, statements: ['CREATE TABLE pets (name text, age integer)'] }], 'changed'],
    ['of other steps', [first, { ...second, name: 'cats' }], 'changed'],
  ])('a database that is %s is left as it is', async (_, migrations, problem) => {
    await migrate(store, [first, second])
    const before = await tables()
    await expect(migrate(store, [...migrations, ...(problem === 'newer' ? [] : [broken])])).rejects.toEqual(
      expect.objectContaining({ code: 'SERVICE_STORE_UNUSABLE', problem }),
    )
    expect(await tables()).toEqual(before)
  })
})

describe('the database', () => {
  test('does all of a transaction or nothing', async () => {
    await migrate(store, [first])
    const failed = store.transaction(async ({ query }) => {
      await query('INSERT INTO people VALUES ($1, $2)', ['ada', null])
      throw new Error('stop')
    })
    await expect(failed).rejects.toThrow('stop')
    expect(await store.query('SELECT * FROM people')).toEqual([])
  })

  test('hands out whole numbers as numbers, and none that they cannot keep', async () => {
    expect(await store.query("SELECT '9007199254740991'::bigint AS n")).toEqual([{ n: Number.MAX_SAFE_INTEGER }])
    await expect(store.query("SELECT '9007199254740992'::bigint AS n")).rejects.toThrow('too large')
  })

  test('takes texts as they are', async () => {
    await migrate(store, [first])
    const name = "Robert'); DROP TABLE people;--"
    await store.query('INSERT INTO people VALUES ($1, $2)', [name, null])
    expect(await store.query('SELECT name FROM people')).toEqual([{ name }])
  })
})

describe('limits', () => {
  const limit = { name: 'tries', most: 3, seconds: 60 }
  let time = 1_000
  const take = () => createLimits(store, () => time)
  beforeEach(async () => {
    time = 1_000
    await migrate(store, [limitMigration])
  })

  test('let through as many as they say, and then tell how long to wait', async () => {
    const one = take()
    for (let count = 0; count < 3; count += 1) expect(await one(limit, 'ada')).toEqual({ isAllowed: true })
    time += 10
    expect(await one(limit, 'ada')).toEqual({ isAllowed: false, retryAfter: 50 })
    expect(await one(limit, 'bob')).toEqual({ isAllowed: true })
    expect(await one({ ...limit, name: 'other' }, 'ada')).toEqual({ isAllowed: true })
    time += 50
    expect(await one(limit, 'ada')).toEqual({ isAllowed: true })
  })

  test('[268] are not forgotten at a restart', async () => {
    for (let count = 0; count < 3; count += 1) await take()(limit, 'ada')
    expect(await take()(limit, 'ada')).toMatchObject({ isAllowed: false })
  })

  test('[268] let no more through when many come at once', async () => {
    const one = take()
    const all = await Promise.all(Array.from({ length: 20 }, () => one(limit, 'ada')))
    expect(all.filter(({ isAllowed }) => isAllowed)).toHaveLength(3)
  })

  test('[268] [282] a clock that jumps back a day neither frees anybody nor locks him out for longer than a window', async () => {
    time += 86_400
    for (let count = 0; count < 3; count += 1) await take()(limit, 'ada')
    time -= 86_400
    expect(await take()(limit, 'ada')).toEqual({ isAllowed: false, retryAfter: 60 })
    time += 60
    expect(await take()(limit, 'ada')).toEqual({ isAllowed: true })
  })

  test('begin anew where a window is over that nobody has put away yet', async () => {
    const one = take()
    await one(limit, 'bob')
    await store.query('INSERT INTO limits (name, who, ends, count) VALUES ($1, $2, $3, 3)', ['tries', 'ada', time])
    for (let count = 0; count < 3; count += 1) expect(await one(limit, 'ada')).toEqual({ isAllowed: true })
    expect(await one(limit, 'ada')).toEqual({ isAllowed: false, retryAfter: 60 })
  })

  test('[282] a clock that jumps ahead begins new windows, and old ones are put away', async () => {
    for (const who of ['ada', 'bob']) await take()(limit, who)
    time += 86_400
    await take()(limit, 'eve')
    expect(await store.query('SELECT who FROM limits')).toEqual([{ who: 'eve' }])
  })
})

describe('a folder', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekey-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('has one process at a time', () => {
    const unlock = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ problem: 'taken' }))
    unlock()
    lockFolder(folder)()
  })

  test('of a process that is gone is free', () => {
    // No system gives out a number as large as this.
    writeFileSync(path.join(folder, 'rekey.lock'), '999999999')
    lockFolder(folder)()
  })
})
