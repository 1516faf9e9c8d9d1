import path from 'node:path'
import { build } from 'vite'
import { repositoryRoot } from '../../scripts/deploy/artifacts.ts'

/** Builds dialog and demo as they are served. */
export async function buildSites(): Promise<void> {
  for (const folder of ['apps/dialog', 'examples/demo'])
    await build({ root: path.join(repositoryRoot, folder), logLevel: 'error' })
}
