import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { type VitestSuite, vitestSuites } from './scripts/lib/suites.ts'

const isDeep = process.env.REKEY_DEEP === '1'
const conditions = ['@rekey/source', 'module', 'node', 'development|production']
const seconds = (count: number) => count * 1_000 * (isDeep ? 30 : 1)

/** Each vitest suite of `scripts/lib/suites.ts` is a project of the same name. */
function project(suite: VitestSuite) {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['@rekey/source', 'node'] } },
    test: {
      name: suite.name,
      include: suite.include,
      exclude: ['**/node_modules/**', '**/dist/**'],
      setupFiles: [fileURLToPath(new URL('./scripts/lib/fastCheckSetup.ts', import.meta.url))],
      // Processes that a test starts are children of its worker: forks, so that they end together.
      pool: 'forks' as const,
      execArgv: ['--conditions=@rekey/source'],
      fileParallelism: !suite.usesStack,
      maxWorkers: 2,
      testTimeout: seconds(suite.usesStack ? 120 : 10),
      hookTimeout: seconds(suite.usesStack ? 180 : 10),
      restoreMocks: true,
      unstubEnvs: true,
    },
  }
}

export default defineConfig({
  test: {
    projects: vitestSuites().map(project),
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    teardownTimeout: 20_000,
  },
})
