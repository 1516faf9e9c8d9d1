import { expect, test } from 'vitest'
import { readExports } from './sdkExports.ts'

test('values and types are told apart, renamed ones go by their public name, each list in order', () => {
  const source = [
    '// Generated.',
    "export { b, type T, a } from './one.ts'",
    "export type { S } from './two.ts'",
    'export {',
    '  inner as outer,',
    '  type Inner as Outer,',
    "} from './three.ts'",
    "export { type OnlyType } from './four.ts'",
    '',
  ].join('\n')
  expect(readExports(source)).toEqual({ values: ['a', 'b', 'outer'], types: ['OnlyType', 'Outer', 'S', 'T'] })
})

test('whatever could hide a name is refused', () => {
  for (const source of ["export * from './one.ts'", 'export const a = 1', "import './one.ts'"])
    expect(() => readExports(source)).toThrow('more than re-exports')
})
