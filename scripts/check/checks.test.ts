import { expect, test } from 'vitest'
import { shorten } from './commands.ts'
import { diffSnapshot, findLargeContracts, findLongSources } from './contractSnapshots.ts'
import { findStale } from './generated.ts'
import { findForbiddenLicences, isAllowed } from './licences.ts'
import { renderJson, renderLine, runChecks } from './report.ts'

test('stale and absent generated files are named', async () => {
  const files = ['fresh', 'stale', 'absent'].map((path) => ({ path, content: 'new' }))
  const present = new Map([
    ['fresh', 'new'],
    ['stale', 'old'],
  ])
  expect(await findStale(files, async (path) => present.get(path))).toEqual([
    'stale is stale: run `pnpm gen`',
    'absent is absent: run `pnpm gen`',
  ])
})

test('a changed, added or removed contract differs from its snapshot', () => {
  const problems = diffSnapshot('size.json', { A: 1, B: { x: 1 }, C: 1 }, { A: 1, B: { x: 2 }, D: 1 })
  expect(problems).toEqual([
    'size.json: B was {"x":1}, is {"x":2}',
    'size.json: C was 1, is absent',
    'size.json: D was absent, is 1',
  ])
})

test('contracts over 18 KiB and sources over 450 lines are named', () => {
  const contracts = [18_432, 18_433].map((runtime) => ({ name: `C${runtime}`, runtime }))
  expect(findLargeContracts(contracts)).toEqual(['C18433 has 18433 bytes of runtime code, more than 18432'])
  const files = [450, 451].map((lines) => ({ path: `${lines}.sol`, source: 'x\n'.repeat(lines) }))
  expect(findLongSources(files)).toEqual(['451.sol has 451 lines, more than 450'])
})

test('licences are judged by part and alternative', () => {
  expect(isAllowed('(MIT OR GPL-3.0-only)')).toBe(true)
  expect(isAllowed('MIT AND GPL-3.0-only')).toBe(false)
  expect(isAllowed('GPL-3.0')).toBe(false)
})

test('[287] a shipped package without an allowed licence is named with its way in', () => {
  const packages = [
    { name: 'viem', licence: 'MIT', via: ['@rekey/sdk'] },
    { name: 'bundler', licence: 'GPL-3.0', via: ['@rekey/sdk', 'helper'] },
    { name: 'nameless', licence: undefined, via: ['@rekey/sdk'] },
  ]
  expect(findForbiddenLicences(packages)).toEqual([
    'bundler (GPL-3.0) is shipped through @rekey/sdk → helper',
    'nameless (no licence) is shipped through @rekey/sdk',
  ])
})

test('a check that throws has failed, and results keep the order of the checks', async () => {
  const passing = { name: 'passing', run: async () => ({ ok: true, detail: 'fine' }) }
  const throwing = {
    name: 'throwing',
    run: async () => {
      throw new Error('broken')
    },
  }
  const results = await runChecks([throwing, passing], '/', () => undefined)
  expect(results).toEqual([
    { name: 'throwing', ok: false, detail: 'broken' },
    { name: 'passing', ok: true, detail: 'fine' },
  ])
  expect(JSON.parse(renderJson(results))).toEqual({ results })
  expect(renderLine('throwing', { ok: false, detail: 'one\ntwo' })).toBe('FAILED  throwing\n        one\n        two')
})

test('long tool output is cut and counted', () => {
  const lines = shorten(`\u001b[31mred\u001b[0m\n\n${'x\n'.repeat(70)}`).split('\n')
  expect(lines[0]).toBe('red')
  expect(lines.at(-1)).toBe('… 11 more lines')
})
