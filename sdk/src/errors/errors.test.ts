import { readdirSync, readFileSync } from 'node:fs'
import { encodeErrorResult } from 'viem'
import { describe, expect, test } from 'vitest'
import { isRekeyError } from './base.ts'
import { ContractError } from './contract.ts'
import { contractErrorsAbi } from './contractErrors.generated.ts'
import { decodeContractError } from './decodeContractError.ts'
import { EncodingError } from './encoding.ts'
import { InvalidPolicyError } from './policy.ts'
import { toWebAuthnError, WebAuthnNotAllowedError } from './webauthn.ts'

describe('BaseError', () => {
  test('says what happened, what to do, and why', () => {
    const cause = new DOMException('closed', 'NotAllowedError')
    const error = new WebAuthnNotAllowedError(cause)
    expect(error.message).toBe(`${error.shortMessage}\n${error.metaMessages[0]}`)
    expect(error.cause).toBe(cause)
    expect(error.walk()).toBe(cause)
    expect(error.walk((item) => item instanceof EncodingError)).toBeUndefined()
    expect(error.walk((item) => isRekeyError(item))).toBe(error)
  })

  test('[250] does not repeat the message of its cause, and keeps no secret in a policy or encoding error', () => {
    const error = new WebAuthnNotAllowedError(new Error('my passphrase'))
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('passphrase')
    expect(new EncodingError('policy', 'it is cut').message).toContain('policy')
  })

  test('a chain of causes that loops ends', () => {
    const [first, second] = [new Error('first'), new Error('second')]
    first.cause = second
    second.cause = first
    expect(new WebAuthnNotAllowedError(first).walk()).toBe(second)
    expect(new WebAuthnNotAllowedError(first).walk(() => false)).toBeUndefined()
  })

  test('is recognised by brand and code, across copies of the class', () => {
    const error = new InvalidPolicyError('tierCount', 'it has 0 tiers')
    expect([isRekeyError(error), isRekeyError(error, 'POLICY_INVALID'), isRekeyError(error, 'OTHER')]).toEqual([
      true,
      true,
      false,
    ])
    expect([isRekeyError(new Error('x')), isRekeyError({ code: 'POLICY_INVALID' }), isRekeyError(undefined)]).toEqual([
      false,
      false,
      false,
    ])
    const copy = Object.assign(new Error('from another copy'), {
      code: 'POLICY_INVALID',
      [Symbol.for('rekey.error')]: true,
    })
    expect(isRekeyError(copy, 'POLICY_INVALID')).toBe(true)
  })

  test('codes are upper case, and no two classes share one, or differ in the order of its words only', () => {
    const folder = new URL('./', import.meta.url)
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    const texts = files.map((file) => readFileSync(new URL(file, folder), 'utf8'))
    const codes = texts.flatMap((text) => [...text.matchAll(/readonly code = '(\w+)'/g)].map(([, code = '']) => code))
    const classes = texts.flatMap((text) =>
      [...text.matchAll(/class (\w+) extends BaseError/g)].map(([, name]) => name),
    )
    // Each but ContractError, which makes its code of the Solidity name.
    expect(codes).toHaveLength(classes.length)
    expect(codes.length).toBeGreaterThan(40)
    for (const code of codes) expect(code).toMatch(/^[A-Z][A-Z_]+$/)
    expect(new Set(codes.map((code) => code.split('_').sort().join(' '))).size).toBe(codes.length)
  })
})

test('every class of errors is exported', async () => {
  const folder = new URL('./', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const classes = files.flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/class (\w+) extends/g)].map(([, name]) => name),
  )
  expect(classes.length).toBeGreaterThan(40)
  expect(Object.keys(await import('./index.ts'))).toEqual(expect.arrayContaining(classes))
})

describe('toWebAuthnError', () => {
  test.each([
    ['NotAllowedError', 'WEBAUTHN_NOT_ALLOWED'],
    ['InvalidStateError', 'WEBAUTHN_ALREADY_REGISTERED'],
    ['SecurityError', 'WEBAUTHN_RELYING_PARTY'],
    ['NotSupportedError', 'WEBAUTHN_NOT_SUPPORTED'],
    ['ConstraintError', 'WEBAUTHN_NOT_SUPPORTED'],
    ['AbortError', 'WEBAUTHN_ABORTED'],
    ['UnknownError', 'WEBAUTHN_FAILED'],
  ])('%s becomes %s', (name, code) => {
    const cause = new DOMException('', name)
    expect(toWebAuthnError(cause, { rpId: 'example.com' })).toMatchObject({ code, cause })
  })

  test('whatever is thrown after an abort is an abort', () => {
    expect(toWebAuthnError(new Error('reason'), { rpId: 'x', signal: AbortSignal.abort() })).toMatchObject({
      code: 'WEBAUTHN_ABORTED',
    })
    expect(toWebAuthnError('text', { rpId: 'x' })).toMatchObject({ code: 'WEBAUTHN_FAILED' })
  })
})

test('a contract error has the name of the Solidity error', () => {
  const error = new ContractError('LastProvenCredential', {
    args: {},
    data: '0x12345678',
    remedy: 'Add another passkey first.',
  })
  expect(error).toMatchObject({
    name: 'LastProvenCredential',
    code: 'CONTRACT_LAST_PROVEN_CREDENTIAL',
    data: '0x12345678',
  })
  expect(error.message).toContain('Add another passkey first.')
})

test('revert data becomes the error of the same name, with its arguments', () => {
  for (const { name, inputs } of contractErrorsAbi) {
    const args = inputs.map(({ type }) => {
      if ((type as string) === 'bool') return true
      if ((type as string) === 'string') return 'text'
      if (type === 'address') return `0x${'11'.repeat(20)}`
      if (type.startsWith('bytes')) return `0x${'22'.repeat(Number(type.slice(5) || '3'))}`
      return type.startsWith('uint') && Number(type.slice(4)) <= 48 ? 3 : 3n
    })
    const data = encodeErrorResult({ abi: contractErrorsAbi, errorName: name, args: args as never })
    expect(decodeContractError(data)).toMatchObject({ name, args, data })
  }
  expect(decodeContractError('0x12345678')).toBeUndefined()
  expect(decodeContractError('0x')).toBeUndefined()
})
