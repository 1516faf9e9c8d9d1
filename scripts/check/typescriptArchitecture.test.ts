import { expect, test } from 'vitest'
import { findWrongImports } from './typescriptArchitecture.ts'

const sdkExports = ['.', './errors', './testing']

function problemsOf(path: string, ...imports: string[]): readonly string[] {
  return findWrongImports([{ path, imports }], sdkExports)
}

test('imports in the direction of the design pass', () => {
  const files = [
    { path: 'sdk/src/index.ts', imports: ['./accounts/createAccount.ts', 'viem'] },
    { path: 'sdk/src/webauthn/sign.ts', imports: ['../errors/base.ts', '../encoding/cursor.ts', './p256.ts'] },
    { path: 'sdk/src/testing/index.ts', imports: ['../index.ts', '../webauthn/index.ts'] },
    { path: 'sdk/src/webauthn/sign.test.ts', imports: ['../testing/index.ts', '../../../test/utils/clock.ts'] },
    { path: 'apps/dialog/src/main.tsx', imports: ['react', '@rekey/sdk', '@rekey/sdk/errors', './app.tsx'] },
    { path: 'services/kit/src/errors.ts', imports: ['@rekey/sdk/errors', 'hono'] },
    { path: 'services/post/src/main.ts', imports: ['@rekey/service-kit', '@rekey/sdk', './settings.ts'] },
    { path: 'scripts/stack/story.ts', imports: ['@rekey/sdk/testing', '../deploy/plan.ts'] },
    { path: 'bench/gas.ts', imports: ['@rekey/sdk/testing', '../scripts/stack/start.ts'] },
    { path: 'test/stories/lost.test.ts', imports: ['../../apps/dialog/src/flow.ts', '../../scripts/stack/start.ts'] },
  ]
  expect(findWrongImports(files, sdkExports)).toEqual([])
})

test.each([
  ['sdk/src/errors/base.ts', '../webauthn/p256.ts', 'errors lies below webauthn'],
  ['sdk/src/recovery/start.ts', '../sessions/open.ts', 'recovery and sessions are side by side'],
  ['sdk/src/accounts/create.ts', '../testing/index.ts', 'accounts lies below testing'],
  ['sdk/src/accounts/create.ts', '../index.ts', 'accounts lies below sdk/src'],
  ['sdk/src/index.ts', './testing/index.ts', 'sdk/src lies below testing'],
  ['sdk/src/oddments/a.ts', '../errors/base.ts', 'lies in no layer'],
  ['sdk/src/accounts/create.ts', '../../../scripts/deploy/plan.ts', 'the SDK imports only itself'],
  ['sdk/src/accounts/create.ts', '@rekey/sdk/errors', 'by path'],
  ['apps/dialog/src/main.tsx', '../../../sdk/src/index.ts', 'subpath exports'],
  ['apps/dialog/src/main.tsx', '@rekey/sdk/src/index.ts', 'not a subpath export'],
  ['apps/dialog/src/main.tsx', '@rekey/sdk/testing', 'test kit'],
  ['apps/dialog/src/main.tsx', '../../../scripts/stack/start.ts', 'package of its own'],
  ['examples/demo/src/main.ts', '../../../apps/dialog/src/app.tsx', 'nothing imports apps/dialog'],
  ['services/post/src/main.ts', '../../kit/src/errors.ts', 'nothing imports services/kit'],
  ['services/post/src/main.ts', '@rekey/bridge', 'nothing of each other'],
  ['services/kit/src/app.ts', '@rekey/sdk', "the SDK's errors only"],
  ['services/kit/src/app.ts', '@rekey/service-kit', 'only services'],
  ['apps/dialog/src/main.tsx', '@rekey/service-kit', 'only services'],
  ['scripts/start.ts', '../bench/gas.ts', 'nothing imports bench'],
  ['scripts/start.ts', '../test/utils/clock.ts', 'nothing imports tests'],
  ['sdk/src/accounts/create.ts', './create.test.ts', 'nothing imports tests'],
])('%s must not import %s', (path, specifier, reason) => {
  const problems = problemsOf(path, specifier)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(reason)
})

test('a circle inside a folder of the SDK is named', () => {
  const files = [
    { path: 'sdk/src/errors/a.ts', imports: ['./b.ts'] },
    { path: 'sdk/src/errors/b.ts', imports: ['./c.ts'] },
    { path: 'sdk/src/errors/c.ts', imports: ['./b.ts'] },
  ]
  expect(findWrongImports(files, sdkExports)).toEqual([
    'import circle: sdk/src/errors/b.ts → sdk/src/errors/c.ts → sdk/src/errors/b.ts',
  ])
})
