import { expect, test } from 'vitest'
import { findForbiddenWords } from './forbiddenWords.ts'

test.each([
  ['a.ts', '// TODO later', 'unfinished work'],
  ['a.md', 'FIXME', 'unfinished work'],
  ['a.test.ts', "it.skip('x', () => {})", 'skipped'],
  ['a.test.ts', "describe.only('x', () => {})", 'focused'],
  ['a.test.ts', "xit('x')", 'skipped'],
  ['A.t.sol', 'vm.skip(true);', 'skipped'],
  ['a.json', '"path": "/root/x"', 'path of one machine'],
  ['a.ts', "readFile('/work/x')", 'path of one machine'],
  ['a.yaml', 'https://registry.npmjs.org/viem', 'host of a package registry'],
  ['a.md', 'Fixes issue #12', 'reference to a tracker'],
  ['a.md', 'written with ChatGPT', 'how the text came about'],
])('%s: %s', (path, line, rule) => {
  const problems = findForbiddenWords(path, `fine\n${line}`)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(`${path}:2: `)
  expect(problems[0]).toContain(rule)
})

test.each(["connect({ targetOrigin: '*' })", "window.postMessage({ a: 1 }, '*')", 'opener.postMessage(f(a), `*`)'])(
  '[231] a message to any origin is found: %s',
  (line) => {
    expect(findForbiddenWords('a.tsx', line)).toEqual([expect.stringContaining('a.tsx:1: message to any origin')])
  },
)

test.each(['-----BEGIN EC PRIVATE KEY-----', `key = 'AKIA${'A'.repeat(16)}'`, `ghp_${'a'.repeat(36)}`])(
  '[287] a secret is found: %s',
  (line) => {
    expect(findForbiddenWords('a.env', line)).toEqual([expect.stringContaining('a.env:1: secret')])
  },
)

test.each([
  ['a.ts', "port.postMessage(message, [other]); const glob = '*'"],
  ['a.ts', "import x from '../merkle/root/proof.ts'"],
  ['a.md', 'every test.skip in prose is fine, so are sessions, issuers and OpenID'],
  ['a.sol', 'the issued-at time is 40 bits'],
])('%s: %s passes', (path, line) => {
  expect(findForbiddenWords(path, line)).toEqual([])
})
