import { type Hex, toHex } from 'viem'
import { expect, test } from 'vitest'
import type { Guardian, Policy } from '../../encoding/policy.ts'
import type { BackupState, PasskeyNote } from '../../webauthn/passkeyNote.ts'
import { presetTiers, type RecoveryPreset } from '../presets.ts'
import { type HealthFacts, healthCosts, judgeHealth, judgePlan } from './judgeHealth.ts'

const now = 2_000_000_000
const day = 86_400
const member = (index: number, kind: number, validUntil = 0): Guardian => ({
  kind,
  weight: 1,
  signer: toHex(index + 0x10000, { size: 20 }),
  isHidden: false,
  needsEvidence: false,
  validUntil,
})
const policyOf = (guardians: readonly Guardian[], preset: RecoveryPreset = 'careful'): Policy => ({
  salt: toHex(1, { size: 32 }),
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 0,
  tiers: presetTiers(preset, guardians, false),
  guardians,
})
const note = (aaguid: Hex, backup: BackupState): PasskeyNote => ({
  id: '0xaa',
  rpId: 'example.com',
  backup,
  backupSince: now,
  lastSeen: now,
  aaguid,
})
const chain = { chainId: 1, policyId: 5n, passkeys: ['a', 'b'] }
const good: HealthFacts = {
  now,
  policy: policyOf([member(1, 1), member(2, 2), member(3, 5)]),
  chains: [chain, { ...chain, chainId: 2 }],
  provenAt: { 0: now - day, 1: now - day, 2: now - day },
  passkeys: [note('0x01', 'synced'), note('0x02', 'deviceBound')],
  codesLeft: 9,
}
const codesOf = (changes: Partial<HealthFacts>) => judgeHealth({ ...good, ...changes }).findings.map(({ code }) => code)

test('nothing is wrong with what is as it should be', () => {
  expect(judgeHealth(good)).toEqual({ score: 100, findings: [] })
})

test.each<[keyof typeof healthCosts, Partial<HealthFacts>]>([
  ['noGuardians', { policy: undefined }],
  ['recoveryPending', { chains: [{ ...chain, pendingRecoveries: 1 }] }],
  ['changePending', { chains: [{ ...chain, hasPendingChange: true }] }],
  ['chainUnreachable', { chains: [chain, { chainId: 2, isUnreachable: true }] }],
  ['chainWithoutGuardians', { chains: [chain, { ...chain, chainId: 2, policyId: 0n }] }],
  ['chainsDiffer', { chains: [chain, { ...chain, chainId: 2, policyId: 6n }] }],
  ['chainsDiffer', { chains: [chain, { ...chain, chainId: 2, passkeys: ['b', 'c'] }] }],
  ['singleGuardian', { policy: policyOf([member(1, 1)]) }],
  ['singlePointOfFailure', { policy: policyOf([member(1, 1), member(2, 1), member(3, 2)], 'fast') }],
  ['thiefCanVeto', { policy: policyOf([member(1, 1), member(2, 2)], 'simple') }],
  ['singleKind', { policy: policyOf([member(1, 1), member(2, 1)]) }],
  ['instantSingle', { policy: { ...policyOf([member(1, 1), member(2, 2)]), tiers: presetTiers('simple', [], true) } }],
  ['guardianExpiring', { policy: policyOf([member(1, 1), member(2, 2), member(3, 5, now + 29 * day)]) }],
  ['singlePasskey', { chains: [{ ...chain, passkeys: ['a'] }] }],
  ['oneProvider', { passkeys: [note('0x01', 'synced'), note('0x01', 'synced')] }],
  ['noneSynced', { passkeys: [note('0x01', 'notSynced'), note('0x02', 'deviceBound')] }],
  ['oneDevice', { passkeys: [note('0x01', 'deviceBound')] }],
  ['fewCodes', { codesLeft: 2 }],
  ['neverDrilled', { provenAt: { 0: now, 1: now } }],
  ['drilledLongAgo', { provenAt: { 0: now, 1: now, 2: now - 366 * day } }],
])('%s is found, costs its points, and says what to do', (code, changes) => {
  expect(codesOf(changes)).toContain(code)
  const { score, findings } = judgeHealth({ ...good, ...changes })
  const cost = findings.reduce((sum, one) => sum + healthCosts[one.code], 0)
  expect(score).toBe(Math.max(0, 100 - cost))
  for (const { reason, fix } of findings) for (const text of [reason, fix]) expect(text).toMatch(/^[A-Z\d].*\.$/)
})

test('the worst comes first, and names guardians by their places', () => {
  const { findings } = judgeHealth({ ...good, provenAt: { 1: now }, chains: [{ ...chain, pendingRecoveries: 1 }] })
  expect(findings.map(({ code }) => code)).toEqual(['recoveryPending', 'neverDrilled'])
  expect(findings[1]?.guardians).toEqual([0, 2])
})

test('nothing is said of passkeys that this device knows nothing of', () => {
  expect(codesOf({ passkeys: undefined })).toEqual([])
  expect(codesOf({ passkeys: [note('0x01', 'deviceBound'), undefined] })).toEqual([])
})

test('a plan is judged by itself: neither chains nor drills nor the clock take points from it', () => {
  const guardians = [member(1, 1), member(2, 2), member(3, 5, now)]
  expect(judgePlan(policyOf(guardians))).toEqual({ score: 100, findings: [] })
  const { score, findings } = judgePlan(policyOf([member(1, 1)], 'simple'))
  expect(findings.map(({ code }) => code)).toEqual(['singleGuardian', 'thiefCanVeto'])
  expect(score).toBe(100 - healthCosts.singleGuardian - healthCosts.thiefCanVeto)
})
