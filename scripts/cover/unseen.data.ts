import type { Unseen } from './judgeCoverage.ts'

/** Tests that measure gas, which the unoptimised build for coverage has more of. */
export const unfitTests = [
  'test_starvedSetupIsAllOrNothing',
  'test_refusingCostsAsMuchAsAccepting',
  'test_actionsSucceed',
  'test_questionsAlongAWalk',
  'invariant_',
]

export const unseen: readonly Unseen[] = []
