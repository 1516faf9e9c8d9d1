import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'
import { changeDaysGuards } from './tiers.data.ts'

// That a guardian's head is whole is not listed: a cut one fails as MALFORMED all the same, since its end lies behind the
// policy's.
const rules = inFile('contracts/libraries/PolicyRules.sol', [
  ['rule: too long', 'policy.length > MAX_POLICY', 'policy.length > MAX_POLICY + 1'],
  ['rule: version', 'policy[0] != 0x01', 'false'],
  ['rule: head is whole', 'policy.length < RecoveryPolicy.TIERS', 'false'],
  ['rule: options', 'uint8(policy[33]) > RecoveryPolicy.OPTION_INSTANT_SINGLE', 'false'],
  ['rule: shortest window', 'window < MIN_WINDOW_HOURS', 'window + 1 < MIN_WINDOW_HOURS'],
  ['rule: longest window', 'window > MAX_WINDOW_HOURS', 'window > MAX_WINDOW_HOURS + 1'],
  ['rule: freeze', 'uint8(policy[36]) > MAX_FREEZE_HOURS', 'uint256(uint8(policy[36])) > MAX_FREEZE_HOURS + 1'],
  ['rule: some tier', 'tiers == 0', 'false'],
  ['rule: tier cap', 'tiers > MAX_TIERS', 'tiers > MAX_TIERS + 1'],
  ['rule: tiers are whole', 'policy.length <= RecoveryPolicy.TIERS + RecoveryPolicy.TIER_SIZE * tiers', 'false'],
  ['rule: some guardian', 'count == 0', 'false'],
  ['rule: guardian cap', 'count > MAX_GUARDIANS', 'count > MAX_GUARDIANS + 1'],
  ['rule: signer is whole', 'end > policy.length', 'false'],
  ['rule: kind not 0', 'guardian.kind() == 0', 'false'],
  ['rule: kind cap', 'guardian.kind() > MAX_KIND', 'guardian.kind() > MAX_KIND + 1'],
  ['rule: weight', 'guardian.weight() == 0', 'false'],
  ['rule: guardian flags', 'guardian.flags() > GUARDIAN_FLAGS', 'false'],
  ['rule: hidden guardians by their commitment', 'guardian.isHidden()', 'false'],
  ['rule: a commitment is one word', 'signer.length != COMMITMENT', 'false'],
  ['rule: length of a signer', '!Signers.isLength(signer)', 'false'],
  ['rule: signer is allowed', '!Signers.isAllowed(signer, account, core)', 'false'],
  ['rule: a wallet gives no evidence', 'guardian.givesEvidence()', 'false'],
  ['rule: a verifier can give evidence', 'signer.length == 20', 'true'],
  ['rule: ascending, no duplicates', 'id <= previous', 'id < previous'],
  ['rule: nothing left over', 'pos != policy.length', 'false'],
  ['rule: heaviest', 'weight > totals.heaviest', 'false'],
  ['rule: lasting guardians', 'guardian.validUntil() == 0', 'true'],
  ['rule: tier flags', 'tier.flags() > RecoveryPolicy.TIER_PROTECTED', 'false'],
  ['rule: tier weight', 'tier.weight() == 0', 'false'],
  ['rule: tier kinds', 'tier.kinds() == 0', 'false'],
  ['rule: longest delay', 'tier.delay() > MAX_DELAY', 'tier.delay() > MAX_DELAY + 1'],
  ['rule: reachable by weight', 'tier.weight() > totals.weight', 'false'],
  ['rule: reachable by kinds', 'tier.kinds() > kinds', 'false'],
  ['rule: lasting weight', 'tier.weight() <= totals.lastingWeight', 'true'],
  ['rule: lasting kinds', 'tier.kinds() <= lastingKinds', 'true'],
  ['rule: single by kinds', 'tier.kinds() == 1', 'true'],
  ['rule: single by weight', 'tier.weight() <= totals.heaviest', 'true'],
  ['rule: single is not protected', 'tier.isProtected()', 'false'],
  ['rule: single waits an hour', 'tier.delay() < MIN_SINGLE_DELAY', 'tier.delay() + 1 < MIN_SINGLE_DELAY'],
  ['rule: single option', '!instantSingle', 'true'],
  ['rule: longest delay counts', 'tier.delay() > maxDelay', 'true'],
])

export const policyRuleGuards: GuardGroup = {
  name: 'policy',
  tests: ['PolicyRules/PolicyRules.t.sol', 'GuardianRecovery/Hidden.t.sol', 'GuardianRecovery/Evidence.t.sol'],
  guards: [...rules, ...changeDaysGuards],
}
