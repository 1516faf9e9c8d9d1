import { concat, type Hex } from 'viem'
import { expect, test } from 'vitest'
import { policyId } from './policy.ts'
import { policyStoreAddress, readStoredPolicy } from './policyStore.ts'

const store = '0x00000000000000000000000000000000000005f0'
const policy: Hex = '0x0123456789'
const id = policyId(policy)

test('the address follows from store and id', () => {
  const here = policyStoreAddress(store, id)
  expect(policyStoreAddress(store, id.toUpperCase().replace('0X', '0x') as Hex)).toBe(here)
  expect(policyStoreAddress(store, policyId('0x00'))).not.toBe(here)
  expect(policyStoreAddress('0x00000000000000000000000000000000000005f1', id)).not.toBe(here)
  expect(() => policyStoreAddress(store, '0x01')).toThrow('1 bytes instead of 20')
})

test('only the policy with this id is read, whatever a node says is there', () => {
  expect(readStoredPolicy(concat(['0x00', policy]), id)).toBe(policy)
  expect(readStoredPolicy(undefined, id)).toBeUndefined()
  expect(readStoredPolicy('0x', id)).toBeUndefined()
  expect(readStoredPolicy(policy, id)).toBeUndefined()
  expect(readStoredPolicy(concat(['0x01', policy]), id)).toBeUndefined()
  expect(readStoredPolicy(concat(['0x00', policy, '0x00']), id)).toBeUndefined()
})
