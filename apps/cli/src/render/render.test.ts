import { guardianKinds, type Policy } from '@rekey/sdk'
import { AbortedError } from '@rekey/sdk/errors'
import { diffPolicies } from '@rekey/sdk/recovery'
import { zeroHash } from 'viem'
import { expect, test } from 'vitest'
import { commands } from '../commandLine.ts'
import { errorJson } from './error.ts'
import { commandHelp, overview } from './help.ts'
import { plain } from './plain.ts'
import { describePolicy, describeTime } from './policy.ts'
import { describeDiff } from './policyDiff.ts'

const signer = '0x00000000000000000000000000000000000fee14'
const guardian = {
  kind: guardianKinds.wallet,
  weight: 1,
  signer,
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
} as const
const policy: Policy = {
  salt: zeroHash,
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 0,
  tiers: [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }],
  guardians: [guardian],
}

test('a policy in words', () => {
  expect(describePolicy(policy)).toEqual([
    'Approvals of weight 1: after 1 day, unless the owner objects.',
    `wallet, weight 1, ${signer}`,
    'A recovery that is ready may be executed for 14 days.',
    'No guardian can freeze the account.',
  ])
})

test('a difference in words', () => {
  expect(describeDiff(diffPolicies(policy, policy))).toEqual(['  the same'])
  const after: Policy = {
    ...policy,
    freezeHours: 24,
    tiers: [{ weight: 2, kinds: 2, delay: 0, isVetoable: false }],
    guardians: [
      { ...guardian, weight: 2 },
      { ...guardian, signer: zeroHash, isHidden: true },
    ],
  }
  expect(describeDiff(diffPolicies(policy, after))).toEqual([
    '  + wallet, weight 1, hidden',
    `  ~ wallet, weight 1, ${signer}\n    wallet, weight 2, ${signer}`,
    '  - Approvals of weight 1: after 1 day, unless the owner objects.',
    '  + Approvals of weight 2 of 2 kinds: at once.',
    '  ~ freezeHours: 0 → 24',
    ...(diffPolicies(policy, after).changeDays ? [expect.stringContaining('changeDays')] : []),
  ])
})

test('times are never rounded down', () => {
  expect([60, 61, 3_600, 3_601, 86_400, 90_000].map(describeTime)).toEqual([
    '1 minute',
    '2 minutes',
    '1 hour',
    '2 hours',
    '1 day',
    '25 hours',
  ])
})

test('text of others cannot play with the terminal', () => {
  expect(plain('a\u001b[2J\u202eb\nc')).toBe('a�[2J�b�c')
  expect(plain('x'.repeat(101))).toBe(`${'x'.repeat(100)}…`)
})

test('an error of others is told without its words', () => {
  expect(JSON.stringify(errorJson(new TypeError('https://node.example/secret-key')))).not.toContain('secret')
  expect(errorJson(new AbortedError(undefined)).code).toBe('CHAIN_ABORTED')
})

test('every command and every option has a help', () => {
  for (const command of commands) {
    expect(overview(commands)).toContain(command.summary)
    for (const [name, { help }] of Object.entries(command.options)) {
      expect(help.length, name).toBeGreaterThan(10)
      expect(commandHelp(command)).toContain(`--${name}`)
    }
  }
})
