import { concat, encodeFunctionData, type Hex, toHex } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { passkeyValidatorAbi } from '../abis/used.ts'
import { createTestPasskey } from '../testing/fixtures.ts'
import { credentialCommitment, toCredential } from '../webauthn/credential.ts'
import { findPossessions } from './findPossession.ts'

let call: (possession: Hex) => Hex
let commitment: Hex
beforeAll(async () => {
  const { credential: passkey } = (await createTestPasskey('laptop')).created
  const credential = toCredential(passkey)
  commitment = credentialCommitment(credential)
  call = (possession) =>
    encodeFunctionData({
      abi: passkeyValidatorAbi,
      functionName: 'addCredential',
      args: [credential, passkey.id, possession],
    })
})

test('is found wherever in a transaction the call is, for this passkey alone', () => {
  const [one, two] = [toHex('one'), toHex('two')]
  expect(findPossessions(concat(['0x1234', call(one), call(two), '0xff']), commitment)).toEqual([one, two])
  expect(findPossessions(call(one), credentialCommitmentOfAnother())).toEqual([])
  expect(findPossessions(call('0x'), commitment)).toEqual([])
})

test('what only looks like the call is passed over', () => {
  const selector = call('0x').slice(0, 10) as Hex
  expect(findPossessions(selector, commitment)).toEqual([])
  expect(findPossessions(concat([selector, selector, toHex('no arguments')]), commitment)).toEqual([])
  // Between two bytes.
  expect(findPossessions(`0x0${call('0x01').slice(2)}0`, commitment)).toEqual([])
})

function credentialCommitmentOfAnother(): Hex {
  return `0x${'11'.repeat(32)}`
}
