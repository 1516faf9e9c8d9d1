import { describe, expect, test } from 'vitest'
import { providerForms, subjectOf } from './providers.ts'

describe('who signed in is a number', () => {
  test('at X a text of digits', () => {
    const { readId } = providerForms.x
    expect(readId({ data: { id: '2244994945', name: 'Ada', username: 'ada' } })).toBe('2244994945')
    expect(readId({ data: { id: '1', name: 'a', username: 'a' } })).toBe('1')
  })

  test('at GitHub a number', () => {
    expect(providerForms.github.readId({ id: 583_231, login: 'ada', node_id: 'MDQ6' })).toBe('583231')
  })

  test.each<[name: string, id: unknown]>([
    ['a handle', 'ada'],
    ['a handle that begins with digits', '12ada'],
    ['a number with a sign', '-1'],
    ['a number in exponents', '1e9'],
    ['a leading zero', '01'],
    ['nothing', ''],
    ['null', null],
    ['a number of 21 digits', '1'.repeat(21)],
    ['a separator', '1|2'],
    ['a line end', '1\n'],
    ['other digits', '١٢'],
    ['a list', ['1']],
    ['an object', { toString: () => '1' }],
  ])('[J92] %s is none', (_, id) => {
    expect(providerForms.x.readId({ data: { id } })).toBeUndefined()
    expect(providerForms.github.readId({ id })).toBeUndefined()
  })

  test('[J92] a number is a number at GitHub and a text at X', () => {
    expect(providerForms.x.readId({ data: { id: 12 } })).toBeUndefined()
    expect(providerForms.x.readId({ id: '12' })).toBeUndefined()
    expect(providerForms.x.readId({ data: null })).toBeUndefined()
    for (const id of ['12', 1.5, -1, 0, Number.NaN, 2 ** 53])
      expect(providerForms.github.readId({ id })).toBeUndefined()
  })
})

test('the same number at two providers is two people', () => {
  expect(subjectOf('x', '12')).toBe('x|12')
  expect(subjectOf('github', '12')).toBe('github|12')
})

test('[J89] nothing is asked of a provider that would let the bridge sign in without the user', () => {
  const asked = JSON.stringify(Object.values(providerForms).map(({ parameters }) => parameters))
  expect(asked).not.toMatch(/offline|consent|none|email|write/)
})
