import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

test.each(['README.md', 'sdk/README.md'])('the example in %s is the one that is type-checked', (page) => {
  const shown = /<!-- (docs\/snippets\/\S+) -->\n```ts\n([\s\S]*?)```/.exec(read(page))
  expect(shown?.[2]).toBe(read(shown?.[1] ?? ''))
})

test('every file and folder that the README names exists', () => {
  const links = [...read('README.md').matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? '')
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) expect(() => readFileSync(join(root, link)), link).not.toThrow(/ENOENT/)
})
