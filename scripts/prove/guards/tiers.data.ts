import { inFile } from './rows.ts'

/** How votes add up. */
export const voteGuards = [
  ...inFile('contracts/libraries/Approvals.sol', [
    ['votes: bitmap', 'tally.votes |= 1 << index;', ''],
    ['votes: weight', 'guardian.weight()', '1', { within: 'Tiers.add(tally.weight, guardian.weight(), true)' }],
    ['votes: kinds are distinct', 'tally.kinds |= 1 << guardian.kind();', 'tally.kinds = (tally.kinds << 1) | 1;'],
    ['votes: benched ones', '(benched >> index) & 1 == 0', 'true'],
    [
      'votes: free weight',
      'guardian.weight()',
      '1',
      { within: 'Tiers.add(tally.freeWeight, guardian.weight(), isFree)' },
    ],
    ['votes: free kinds are the free ones', 'isFree', 'true', { within: 'if (isFree) tally' }],
  ]),
  ...inFile('contracts/libraries/Tiers.sol', [
    ['votes: weights add up', 'sum + weight', 'weight'],
    ['votes: only what counts is added', 'counts', 'true', { within: 'return counts ? sum + weight : sum;' }],
  ]),
]

/** Which tiers they reach. */
export const tierGuards = [
  ...inFile('contracts/modules/recovery/RecoveryRules.sol', [
    ['tier: protected ones only', 'enough && isProtected', 'enough'],
    ['tier: benched votes reach protected ones', 'tier.isProtected()', 'true'],
  ]),
  ...inFile('contracts/libraries/Tiers.sol', [
    ['tier: weight', 'tally.freeWeight >= weight', 'true'],
    ['tier: kinds', 'tally.freeKinds >= kinds', 'true'],
    ['tier: weight of a protected one', 'tally.weight >= weight', 'true'],
    ['tier: kinds of a protected one', 'tally.kinds >= kinds', 'true'],
    ['tier: shortest delay', 'tierDelay < delay', 'true'],
    ['tier: only one that is reached', 'counts', 'true', { within: 'counts && tierDelay' }],
  ]),
]

/** How long a change of the policy waits. */
export const changeDaysGuards = inFile('contracts/libraries/Tiers.sol', [
  ['rule: change waits longer', '(maxDelay + 1 days - 1) / 1 days + 1', '(maxDelay + 1 days - 1) / 1 days'],
  ['rule: change waits two days', 'wait < MIN_CHANGE_DAYS', 'false'],
])
