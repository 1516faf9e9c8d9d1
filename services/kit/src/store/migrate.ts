import { createHash } from 'node:crypto'
import { StoreError } from '../errors.ts'
import type { Store } from './store.ts'

/** A step of a database's form. Once released it never changes; later steps are added behind it. */
export type Migration = {
  readonly name: string
  readonly statements: readonly string[]
}

/** Any number; the same for all services, so that two that share a database wait for each other. */
const LOCK = 7_201_954

/**
 * Brings a database to the form that this version works with, in one transaction.
 *
 * @throws {StoreError} `newer` when it has steps that this version does not know, `changed` when it has others; nothing
 * is changed then.
 */
export async function migrate(store: Store, migrations: readonly Migration[]): Promise<void> {
  await store.transaction(async ({ query }) => {
    await query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await query(
      'CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL, hash text NOT NULL)',
    )
    const done = await query<{ number: number; name: string; hash: string }>(
      'SELECT number, name, hash FROM migrations ORDER BY number',
    )
    if (done.length > migrations.length)
      throw new StoreError('newer', `it has ${done.length} migrations, this version ${migrations.length}`)
    for (const [index, migration] of migrations.entries()) {
      const known = done[index]
      const [number, hash] = [index + 1, hashOf(migration)]
      if (known) {
        if (known.number !== number || known.hash !== hash)
          throw new StoreError('changed', `migration ${number} is ${known.name} there and ${migration.name} here`)
        continue
      }
      for (const statement of migration.statements) await query(statement)
      await query('INSERT INTO migrations (number, name, hash) VALUES ($1, $2, $3)', [number, migration.name, hash])
    }
  })
}

function hashOf({ name, statements }: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify([name, ...statements]))
    .digest('hex')
}
