import { bytesToHex, type Hex, hexToBytes, keccak256, slice, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { createConfig } from '../config/createConfig.ts'
import { type Policy, sortGuardians } from '../encoding/policy.ts'
import { createTestPasskey, offlineChain, testOrigin, testRpId } from '../testing/fixtures.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'
import { checkApproval } from './checkApproval.ts'
import { passkeyGuardian, walletGuardian } from './guardians.ts'

const digest = keccak256('0x01')
const otherDigest = keccak256('0x02')
const config = createConfig({ rpId: testRpId, rpName: 'Example', origins: [testOrigin], chains: [offlineChain] })
const wallet = privateKeyToAccount(keccak256('0x03'))
const stranger = privateKeyToAccount(keccak256('0x04'))
let grace: Awaited<ReturnType<typeof createTestPasskey>>
let eve: Awaited<ReturnType<typeof createTestPasskey>>
let policy: Policy

beforeAll(async () => {
  ;[grace, eve] = await Promise.all([createTestPasskey('grace'), createTestPasskey('eve')])
  policy = {
    salt: toHex(1, { size: 32 }),
    allowsInstantSingle: false,
    windowHours: 336,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }],
    guardians: sortGuardians([walletGuardian(wallet.address), passkeyGuardian(config, grace.created.credential)]),
  }
})

const indexOf = (bytes: 20 | 52) => policy.guardians.findIndex(({ signer }) => signer.length === 2 + bytes * 2)

async function approve(by: typeof grace, message: Hex, index?: number): Promise<Hex> {
  const { credential } = by.created
  const { assertion } = await getAssertion({
    rpId: testRpId,
    origins: [testOrigin],
    challenge: message,
    credentials: by.device.credentialsAt(testOrigin),
  })
  return encodeAssertion({ credential, assertion, ...(index !== undefined && { index }) })
}

function changeByte(bytes: Hex, at: number): Hex {
  const changed = hexToBytes(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return bytesToHex(changed)
}

const check = (index: number, signature: Hex) => checkApproval(config, { policy, digest }, { index, signature })
const invalid = { code: 'RECOVERY_INVALID_APPROVAL' }

describe('the approval of a passkey', () => {
  test('is taken when it is over this recovery', async () => {
    const signature = await approve(grace, digest)
    expect(await check(indexOf(52), signature)).toEqual({ index: indexOf(52), signature })
  })

  test.each<[string, () => Promise<Hex>]>([
    ['over another recovery', () => approve(grace, otherDigest)],
    ['by another passkey', () => approve(eve, digest)],
    ['that names a place in an account', () => approve(grace, digest, 3)],
    ['that was cut', async () => slice(await approve(grace, digest), 0, -1)],
    // Byte 33 is the last of r, byte 65 the last of s.
    ['with another r', async () => changeByte(await approve(grace, digest), 33)],
    ['with another s', async () => changeByte(await approve(grace, digest), 65)],
    ['that is empty', async () => '0x'],
    ['that is a wallet’s', () => wallet.sign({ hash: digest })],
  ])('is refused %s', async (_, sign) => {
    await expect(check(indexOf(52), await sign())).rejects.toMatchObject(invalid)
  })
})

describe('the approval of a wallet', () => {
  test('is taken when it is over this recovery, with either form of its last byte', async () => {
    const signature = await wallet.sign({ hash: digest })
    const parity = `${signature.slice(0, -2)}${signature.endsWith('1b') ? '00' : '01'}` as Hex
    for (const form of [signature, parity])
      expect(await check(indexOf(20), form)).toEqual({ index: indexOf(20), signature })
  })

  test.each<[string, () => Promise<Hex>]>([
    ['over another recovery', () => wallet.sign({ hash: otherDigest })],
    ['by a stranger', () => stranger.sign({ hash: digest })],
    ['that is empty', async () => '0x'],
    ['that is a passkey’s', () => approve(grace, digest)],
  ])('is refused %s', async (_, sign) => {
    await expect(check(indexOf(20), await sign())).rejects.toMatchObject(invalid)
  })
})

test('a guardian that the policy does not have is refused', async () => {
  const signature = await wallet.sign({ hash: digest })
  for (const index of [2, 31, -1])
    await expect(check(index, signature)).rejects.toMatchObject({ code: 'RECOVERY_NOT_A_GUARDIAN' })
})
