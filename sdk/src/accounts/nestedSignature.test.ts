import { expect, test } from 'vitest'
import { describeContents } from './nestedSignature.ts'

const person = [{ name: 'name', type: 'string' }]

test('the first type of the alphabet needs no name', () => {
  const types = { Mail: [{ name: 'to', type: 'Person[2]' }], Person: person, Unused: person }
  expect(describeContents('Mail', types)).toBe('Mail(Person[2] to)Person(string name)')
})

test('another one is named after the types', () => {
  const types = { Recovery: [{ name: 'to', type: 'Credential' }], Credential: person }
  expect(describeContents('Recovery', types)).toBe('Credential(string name)Recovery(Credential to)Recovery')
})
