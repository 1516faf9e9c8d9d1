import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const recounts = inFile('contracts/modules/recovery/GuardianVotes.sol', [
  [
    'recount: policy bytes',
    '_checkPolicyBytes(account, policy);',
    '',
    { within: '_liveRecord(recovery, digest);\n        _checkPolicyBytes(account, policy);' },
  ],
  ['recount: window', '_checkWindow(record);', ''],
  ['recount: evidence is the one recorded', '_checkEvidence(record.evidence, evidence);', ''],
  ['recount: starts from the votes', 'ballot.votes = record.votes;', ''],
  ['recount: what holds stays', '_holds(item)', 'false'],
  [
    'recount: chains what stays',
    'ballot.evidence = Approvals.chainEvidence(ballot.evidence, item.index, item.signer, item.evidence);',
    '',
  ],
  ['recount: drops what was lost', 'ballot.votes &= ~(1 << item.index);', ''],
  ['recount: only if something was lost', 'if (ballot.votes == record.votes) revert NothingLost(digest);', ''],
  [
    'recount: after a veto protected tiers only',
    'record.status == Status.Protected ? reach.protectedDelay : reach.delay',
    'reach.delay',
  ],
  ['recount: no tier is left', 'delay == NONE', 'false'],
  ['recount: without a tier it was never started', 'delete _records[account][digest];', ''],
  ['recount: what was vetoed stays so', 'if (isProtected) record.status = Status.Vetoed;', ''],
  ['recount: never earlier', 'a > b ? uint40(a) : b', 'uint40(a)'],
  ['recount: waits longer', '(record.readyAt, record.protectedAt) = (readyAt, protectedAt);', ''],
  ['recount: the window of the policy', 'left > least ? left : least', 'record.windowHours'],
  ['recount: holds longer', '_hold(account, record);', ''],
  ['recount: drops what holds if no time rests on it', 'if (!allLost && !unchanged) revert NothingLost(digest);', ''],
  ['recount: drops what holds only if told to', '(drop >> item.index) & 1 == 0', 'false'],
  ['recount: no time rests on it, not the first', 'readyAt == record.readyAt', 'true'],
  ['recount: no time rests on it, nor the protected', 'protectedAt == record.protectedAt', 'true'],
  ['recount: a time after the end of the window', 'closedAt > readyAt', 'true'],
  ['recount: protected time', 'reach.protectedDelay != NONE', 'false'],
  ['recount: votes are recorded', 'record.votes = uint32(tally.votes);', ''],
  ['recount: evidence is recorded', 'record.evidence = ballot.evidence;', ''],
])

// The weight of a protected tier is not listed: whoever has the greatest weight of all has it too.
const others = inFile('contracts/modules/recovery/GuardianVotes.sol', [
  [
    'call off: policy bytes',
    '_checkPolicyBytes(account, policy)',
    'keccak256(policy)',
    { within: 'bytes32 policyHash = _checkPolicyBytes(account, policy);\n        Record storage record' },
  ],
  ['call off: once', 'if (record.status == Status.Cancelled) revert Cancelled(digest);', ''],
  ['call off: spends no code', 'false', 'true', { within: '_ballot(account, message, false)' }],
  ['call off: greatest tier', '!_reachesGreatest(policy, tally)', 'false'],
  ['call off: for good', 'record.status = Status.Cancelled;', ''],
  ['greatest: heavier ones only', 'tier.weight() < weight', 'false'],
  ['greatest: kinds decide among equals only', 'tier.weight() == weight', 'true'],
  ['greatest: most kinds among equals', 'tier.kinds() <= kinds', 'false'],
  ['greatest: is reached', 'Tiers.isReached(tally, weight, kinds, false)', 'true'],
  ['greatest: a protected one too', 'reachesProtected || !hasProtected', 'true'],
  ['greatest: a protected one by free votes', 'false', 'true', { within: 'tier.kinds(), false)' }],

  [
    'freeze: policy bytes',
    '_checkPolicyBytes(account, policy)',
    'keccak256(policy)',
    { within: 'bytes32 policyHash = _checkPolicyBytes(account, policy);\n        StoredHead' },
  ],
  ['freeze: Rekey accounts only', 'head.rules & NATIVE == 0', 'false'],
  ['freeze: for some time', 'duration == 0', 'false'],
  ['freeze: longest, one second', 'duration > longest', 'duration > longest + 1'],
  ['freeze: issue', '_checkIssue(issuedAt, head.floor);', ''],
  [
    'freeze: an old message, one second',
    'block.timestamp > issuedAt + FREEZE_LIFETIME',
    'block.timestamp > issuedAt + FREEZE_LIFETIME + 1',
  ],
  [
    'freeze: not again soon, one second',
    'block.timestamp < aux.freezeReadyAt',
    'block.timestamp + 1 < aux.freezeReadyAt',
  ],
  [
    'freeze: spends no code',
    'false',
    'true',
    { within: '_ballot(account, digest, false));\n        if (tally.freeWeight' },
  ],
  ['freeze: by a guardian who is not benched', 'tally.freeWeight == 0', 'false'],
  ['freeze: the next one waits', 'aux.freezeReadyAt = uint40(until + FREEZE_COOLDOWN);', ''],
  ['freeze: freezes', 'IRekeyAccount(account).freeze(until);', ''],

  [
    'drill: policy bytes',
    '_checkPolicyBytes(account, policy)',
    'keccak256(policy)',
    { within: 'bytes32 policyHash = _checkPolicyBytes(account, policy);\n        if (block.timestamp > deadline)' },
  ],
  ['drill: deadline, one second late', 'block.timestamp > deadline', 'block.timestamp > uint256(deadline) + 1'],
  [
    'drill: longest, one second',
    'deadline > block.timestamp + MAX_DRILL',
    'deadline > block.timestamp + MAX_DRILL + 1',
  ],
  ['drill: spends no code', 'false', 'true', { within: '_ballot(account, digest, false));\n        votes = uint32' }],
  ['drill: tier weight', 'tally.weight >= tier.weight()', 'true'],
  ['drill: tier kinds', 'tally.kinds >= tier.kinds()', 'true'],
])

const policyReader = inFile('contracts/libraries/RecoveryPolicy.sol', [
  ['policy: freeze hours', 'uint8(policy[36])', 'uint8(policy[35])'],
])

export const guardianVoteGuards: GuardGroup = {
  name: 'guardianVotes',
  tests: [
    'GuardianRecovery/GuardianVotes.t.sol',
    'GuardianRecovery/GuardianLimits.t.sol',
    'GuardianRecovery/Evidence.t.sol',
    'GuardianRecovery/Foreign.t.sol',
    'GuardianRecovery/Codes.t.sol',
    'GuardianRecovery/Hostile.t.sol',
  ],
  guards: [...recounts, ...others, ...policyReader],
}
