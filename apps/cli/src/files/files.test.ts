import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createCredential, getAssertion, toLowS, verifyAssertion } from '@rekey/sdk/webauthn'
import { getAddress, keccak256 } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSoftwareKey, keyParty, softwareCredentials } from '../keys/softwareKey.ts'
import { readJson, replaceFile, writeNew } from './files.ts'
import { readKeyFile, toCredentialRecord, writeKeyFile } from './keyFile.ts'

const account = getAddress('0x00000000000000000000000000000000000fee14')
let folder = ''
const at = (name: string) => path.join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rekey-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a key file is for its owner alone, whatever the mask, and is never overwritten', async () => {
  const mask = process.umask(0)
  try {
    await writeKeyFile(at('key.json'), { key: createSoftwareKey(), account })
  } finally {
    process.umask(mask)
  }
  expect(statSync(at('key.json')).mode & 0o777).toBe(0o600)
  const before = readFileSync(at('key.json'))
  const again = writeKeyFile(at('key.json'), { key: createSoftwareKey(), account })
  await expect(again).rejects.toMatchObject({ code: 'CLI_FILE' })
  expect(readFileSync(at('key.json'))).toEqual(before)
})

test('a link is neither followed nor replaced', async () => {
  symlinkSync(at('elsewhere'), at('link'))
  await expect(writeNew(at('link'), 'text', 0o600)).rejects.toMatchObject({ code: 'CLI_FILE' })
  expect(readdirSync(folder)).toEqual(['link'])
})

test('a file of ours is replaced as a whole, and leaves nothing behind', async () => {
  await writeNew(at('state'), 'one', 0o600)
  await replaceFile(at('state'), 'two')
  expect([readFileSync(at('state'), 'utf8'), readdirSync(folder)]).toEqual(['two', ['state']])
})

test('the key in a file registers and signs as a passkey does', async () => {
  const key = createSoftwareKey()
  const page = { ...keyParty, rpName: 'Rekey', userName: 'Ada' }
  const saved: string[] = []
  const credentials = softwareCredentials(key, async ({ id }) => void saved.push(id))
  const { credential } = await createCredential({ ...page, origins: [...page.origins], credentials })
  expect(saved).toEqual([key.id])
  await writeKeyFile(at('key.json'), { key, account })
  const read = await readKeyFile(at('key.json'))
  expect([read.account, toCredentialRecord(read.key)]).toEqual([account, credential])
  const challenge = keccak256('0x01')
  const asked = { ...keyParty, origins: [...keyParty.origins], challenge, credentials: softwareCredentials(read.key) }
  const { assertion } = await getAssertion({ ...asked, allowCredentials: [key.id] })
  expect(await verifyAssertion(credential.publicKey, { ...assertion, signature: toLowS(assertion.signature) })).toBe(
    true,
  )
})

test('a damaged key file is told, and nothing of it', async () => {
  const key = createSoftwareKey()
  await writeKeyFile(at('key.json'), { key, account })
  const text = readFileSync(at('key.json'), 'utf8')
  const { d } = createSoftwareKey().privateKey
  for (const damaged of [
    text.slice(0, -9),
    text.replace(key.privateKey.d, d),
    text.replace('"version": 1', '"version": 2'),
  ]) {
    writeFileSync(at('damaged.json'), damaged)
    const error = await readKeyFile(at('damaged.json')).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'CLI_FILE' })
    expect(String(error)).not.toContain(key.privateKey.d)
    expect(String(error)).not.toContain(d)
  }
})

test('what cannot be read says so', async () => {
  await expect(readJson(at('absent'))).rejects.toMatchObject({ code: 'CLI_FILE' })
  writeFileSync(at('large'), Buffer.alloc(1_048_577))
  chmodSync(at('large'), 0o600)
  await expect(readJson(at('large'))).rejects.toMatchObject({ code: 'CLI_FILE' })
})
