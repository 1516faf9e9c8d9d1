import { type Migration, migrate } from './migrate.ts'
import type { Store, StorePlace } from './store.ts'

/**
 * Opens a service's database and brings it to its form. Both kinds speak the same SQL.
 *
 * @throws {StoreError} when it is of a newer version, or another process has the folder open.
 */
export async function openStore(place: StorePlace, migrations: readonly Migration[]): Promise<Store> {
  const store = await open(place)
  try {
    await migrate(store, migrations)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Only the one that is used is loaded. */
async function open(place: StorePlace): Promise<Store> {
  if (place.kind === 'postgres') return (await import('./postgres.ts')).openPostgres(place.url)
  const { openPglite } = await import('./pglite.ts')
  return openPglite(place.kind === 'folder' ? place.path : undefined)
}
