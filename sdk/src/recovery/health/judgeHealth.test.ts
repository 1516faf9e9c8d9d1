import { toHex } from 'viem'
import { expect, test } from 'vitest'
import type { Guardian, Policy } from '../../encoding/policy.ts'
import { presetTiers, type RecoveryPreset } from '../presets.ts'
import { type HealthFacts, healthCosts, judgeHealth } from './judgeHealth.ts'

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
const chain = { chainId: 1, policyId: 5n, passkeys: ['a', 'b'] }
const good: HealthFacts = {
  now,
  policy: policyOf([member(1, 1), member(2, 2), member(3, 5)]),
  chains: [chain, { ...chain, chainId: 2 }],
  provenAt: { 0: now - day, 1: now - day, 2: now - day },
  passkeys: [
    { provider: 'One', isSynced: true },
    { provider: 'Other', isSynced: false },
  ],
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
  ['oneProvider', { passkeys: [{ provider: 'One' }, { provider: 'One' }] }],
  ['deviceBound', { passkeys: [{ isSynced: false }] }],
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
