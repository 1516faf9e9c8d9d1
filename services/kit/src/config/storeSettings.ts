import * as v from 'valibot'
import type { StorePlace } from '../store/store.ts'
import type { Setting } from './readSettings.ts'
import { secret, setting } from './settings.ts'

/** Where a service keeps its data: a PostgreSQL database, or a folder of its own. */
export function databaseUrl(): Setting<StorePlace> {
  const schema = v.pipe(
    v.string(),
    v.regex(/^(?:postgres(?:ql)?:\/\/\S+|folder:\S.*|memory:)$/),
    v.transform((value): StorePlace => {
      if (value === 'memory:') return { kind: 'memory' }
      return value.startsWith('folder:')
        ? { kind: 'folder', path: value.slice('folder:'.length) }
        : { kind: 'postgres', url: value }
    }),
  )
  return secret(setting('postgres://…, folder:<path> or memory:.', schema))
}
