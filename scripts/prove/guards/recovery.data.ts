import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'
import { tierGuards } from './tiers.data.ts'

const starts = inFile('contracts/modules/GuardianRecovery.sol', [
  [
    'start: once only',
    'if (status == Status.Scheduled || status == Status.Protected) revert AlreadyStarted(digest);',
    '',
  ],
  [
    'start: not what was called off',
    'if (status == Status.Cancelled) revert Cancelled(digest);',
    '',
    { within: 'revert AlreadyStarted(digest);\n        if (status == Status.Cancelled) revert Cancelled(digest);' },
  ],
  [
    'start: codes are spent',
    'true',
    'false',
    {
      within:
        '_ballot(account, digest, true));\n        Reach memory reach = _reach(policy, tally);\n        if (status',
    },
  ],
  ['start: after a veto only protected tiers', 'if (status == Status.Vetoed) reach.delay = reach.protectedDelay;', ''],
  ['start: no tier reached', 'reach.delay == NONE', 'false'],
  [
    'start: foreign accounts are asked',
    'if (head.rules & NATIVE == 0) _run(FOREIGN_RECOVERY, abi.encodeCall(IForeignRecovery.checkForeign, (account)));',
    '',
  ],
  ['start: at once leaves no record', 'if (status != Status.None) delete _records[account][digest];', ''],
  ['start: well-formed new passkey', '!recovery.credential.isWellFormed()', 'false'],
  ['start: possession', '!_isPossessed(recovery, digest, possession)', 'false'],
  ['start: time is recorded', 'uint40(block.timestamp)', '0', { within: 'startedAt: uint40(block.timestamp),' }],
  ['start: delay', 'uint40(block.timestamp + reach.delay)', 'uint40(block.timestamp)'],
  ['start: protected time', 'reach.protectedDelay == NONE ? 0 : uint40(block.timestamp + reach.protectedDelay)', '0'],
  ['start: window is recorded', 'uint16(policy.windowHours())', '1000'],
  ['start: votes are recorded', 'uint32(tally.votes)', '0', { within: 'votes: uint32(tally.votes),' }],
  ['start: epoch is recorded', 'head.epoch', '7', { within: 'epoch: head.epoch,' }],
  [
    'start: a vetoed record comes back as protected',
    'status == Status.Vetoed ? Status.Protected : Status.Scheduled',
    'Status.Scheduled',
  ],
  ['start: evidence is recorded', 'tally.evidence', '0', { within: 'evidence: tally.evidence' }],
  [
    'start: holds changes back',
    '_hold(account, record);',
    '',
    { within: '_hold(account, record);\n        emit RecoveryStarted' },
  ],
])

const supports = inFile('contracts/modules/GuardianRecovery.sol', [
  ['support: policy bytes', '_checkPolicyBytes(account, policy);', ''],
  [
    'support: window',
    '_checkWindow(record);',
    '',
    { within: '_checkWindow(record);\n\n        Approvals.Ballot memory ballot' },
  ],
  ['support: codes are spent', 'true', 'false', { within: 'ballot = _ballot(account, digest, true)' }],
  ['support: keeps earlier votes', 'ballot.votes = record.votes;', ''],
  ['support: keeps earlier evidence', 'ballot.evidence = record.evidence;', ''],
  ['support: no protected tier, no protected time', 'reach.protectedDelay != NONE', 'true'],
  ['support: first protected time', 'protectedAt == 0', 'false', { within: 'if (protectedAt == 0 || time' }],
  ['support: protected time never later', 'time < protectedAt', 'true'],
  [
    'support: protected time counts from the start',
    '_notBeforeNow(startedAt + reach.protectedDelay)',
    'uint40(block.timestamp + reach.protectedDelay)',
  ],
  [
    'support: after a veto protected tiers only',
    'record.status == Status.Protected ? reach.protectedDelay : reach.delay',
    'reach.delay',
  ],
  ['support: votes that reach no tier by now are added all the same', 'delay != NONE', 'true'],
  ['support: never later', 'time < readyAt', 'true'],
  ['support: closes no earlier', 'record.windowHours += uint16((readyAt - time + 1 hours - 1) / 1 hours);', ''],
  ['support: delay counts from the start', '_notBeforeNow(startedAt + delay)', 'uint40(block.timestamp + delay)'],
  ['support: time is recorded', 'record.readyAt = readyAt;', ''],
  ['support: protected time is recorded', 'record.protectedAt = protectedAt;', ''],
  ['support: votes are recorded', 'record.votes = uint32(tally.votes);', ''],
  ['support: evidence is recorded', 'record.evidence = tally.evidence;', ''],
  [
    'support: holds changes back',
    '_hold(account, record);',
    '',
    { within: '_hold(account, record);\n        emit RecoverySupported' },
  ],
  ['late support: window counts from now', 'time < block.timestamp ? block.timestamp : time', 'time'],
])

const endings = inFile('contracts/modules/GuardianRecovery.sol', [
  ['execute: not one second early', 'block.timestamp < record.readyAt', 'block.timestamp + 1 < record.readyAt'],
  ['execute: window', '_checkWindow(record);', '', { within: '_checkWindow(record);\n        _checkEvidence' }],
  ['execute: evidence is the one recorded', '_checkEvidence(record.evidence, evidence);', ''],
  ['execute: evidence holds', '!_holds(evidence[i])', 'false'],
  ['execute: clears the record', 'delete _records[recovery.account][digest];', ''],
  ['veto: owner', '_checkOwner(account, RecoveryDigests.veto(account, digest), ownerSignature);', ''],
  [
    'veto: once',
    'if (status == Status.Vetoed) revert Vetoed(digest);',
    '',
    {
      within:
        'if (status == Status.Vetoed) revert Vetoed(digest);\n        if (status == Status.Cancelled) revert Cancelled(digest);\n        if (status == Status.Protected)',
    },
  ],
  [
    'veto: not what was called off',
    'if (status == Status.Cancelled) revert Cancelled(digest);',
    '',
    { within: 'if (status == Status.Cancelled) revert Cancelled(digest);\n        if (status == Status.Protected)' },
  ],
  ['veto: a protected one is not vetoable again', 'if (status == Status.Protected) revert NotVetoable(digest);', ''],
  ['veto: same epoch', 'if (record.epoch != epoch) revert Superseded(record.epoch, epoch);', ''],
  [
    'late veto opens no window',
    '_checkWindow(record);',
    '',
    { within: '_checkWindow(record);\n        }\n        bool stopped' },
  ],
  [
    'veto: stops what no protected tier carries',
    'record.protectedAt == 0',
    'true',
    { within: 'stopped = record.protectedAt == 0' },
  ],
  [
    'veto: only what was started makes a bench',
    'status == Status.Scheduled',
    'true',
    { within: 'if (status == Status.Scheduled) _bench' },
  ],
  ['veto: benches the voters', '_bench(account, record);', ''],
  ['veto: stops for good', 'record.status = Status.Vetoed;', ''],
  ['veto: a protected one is marked', 'record.status = Status.Protected;', ''],
  ['veto: waits for the protected time', 'record.readyAt = record.protectedAt;', ''],
  ['apply: the floor rises', 'head.floor = recovery.issuedAt;', ''],
  ['apply: the epoch ends', '++head.epoch;', ''],
  ['apply: before the account is called', '_heads[account] = head;', ''],
  [
    'apply: a Rekey account by its own function',
    'head.rules & NATIVE != 0',
    'true',
    { within: 'if (head.rules & NATIVE != 0) {' },
  ],
  ['bench: an earlier one of this epoch lasts', 'aux.benched | record.votes', 'record.votes'],
  ['bench: not one of an earlier epoch', 'aux.benchEpoch == record.epoch', 'true'],
  ['bench: of this epoch', 'aux.benchEpoch = record.epoch;', ''],
  ['bench: for a week', 'aux.benchedUntil = uint40(block.timestamp + BENCH);', ''],
])

const requests = inFile('contracts/modules/GuardianRecovery.sol', [
  ['policy: there is one', 'wanted == 0', 'false'],
  ['policy: the one signed', 'seen != recovery.policy', 'false'],
  ['policy: the one stored', 'uint160(uint256(seen)) != wanted', 'false'],
  ['request: chain', '_checkChain(recovery.chainIds);', ''],
  ['request: keep bits', 'recovery.keep > KEEP_MASK', 'false'],
  ['request: issue', '_checkIssue(issuedAt, head.floor);', ''],
  [
    'request: deadline, one second late',
    'block.timestamp > recovery.deadline',
    'block.timestamp > uint256(recovery.deadline) + 1',
  ],
  [
    'request: lifetime, one second',
    'recovery.deadline > issuedAt + MAX_LIFETIME',
    'recovery.deadline > issuedAt + MAX_LIFETIME + 1',
  ],
  ['chains: sixteen at most', 'length > MAX_CHAIN_IDS', 'length > MAX_CHAIN_IDS + 1'],
  ['chains: ascending', 'chainIds[i] <= chainIds[i - 1]', 'chainIds[i] < chainIds[i - 1]'],
  ['chains: this one', '!found', 'false'],
  ['possession: of this recovery', 'digest', 'bytes32(0)', { within: 'POSSESSION_TYPEHASH, digest' }],
])

const forwarder = (name: string, parameters: string, part: string) =>
  [
    `${name}: runs`,
    `_run(${part}, msg.data);`,
    '',
    { within: `function ${name}(${parameters}) external {\n        _run(${part}, msg.data);` },
  ] as const

/** Some of these could answer "done" and do nothing: an account that consumes a change would take it for granted. */
const forwarders = inFile('contracts/modules/GuardianRecovery.sol', [
  forwarder('recount', 'Recovery calldata, bytes calldata, Evidence[] calldata, uint32', 'GUARDIAN_VOTES'),
  forwarder('guardianCancel', 'address, bytes32, bytes calldata, bytes calldata', 'GUARDIAN_VOTES'),
  forwarder('setPolicy', 'address, bytes calldata, uint40, bytes calldata', 'POLICY_CHANGES'),
  forwarder('announce', 'address, ChangeKind, address, uint40, bytes calldata', 'POLICY_CHANGES'),
  forwarder('applyPolicy', 'address, bytes calldata', 'POLICY_CHANGES'),
  forwarder('cancelChange', 'address, ChangeKind, uint160, uint40, bytes calldata', 'POLICY_CHANGES'),
  forwarder('consume', 'ChangeKind, address', 'POLICY_CHANGES'),
  forwarder('freeze', 'address, bytes calldata, uint32, uint40, bytes calldata', 'GUARDIAN_VOTES'),
  forwarder('onInstall', 'bytes calldata', 'POLICY_CHANGES'),
  forwarder('onUninstall', 'bytes calldata', 'POLICY_CHANGES'),
  [
    'drill: in its own part',
    'GUARDIAN_VOTES',
    'POLICY_CHANGES',
    { within: 'abi.decode(_run(GUARDIAN_VOTES, msg.data)' },
  ],
  [
    'checkPolicy: in its own part',
    'POLICY_CHANGES',
    'GUARDIAN_VOTES',
    { within: 'bytes32(_run(POLICY_CHANGES, msg.data)' },
  ],
  ['parts: a failure comes back', 'success', 'true', { within: 'if (success) return answer;' }],
  ['module: an executor only', 'moduleTypeId == MODULE_TYPE_EXECUTOR', 'true'],
])

const rules = inFile('contracts/modules/recovery/RecoveryRules.sol', [
  ['hold: for protected ones only', 'if (record.protectedAt == 0) return;', ''],
  ['hold: of this epoch', 'aux.holdEpoch == record.epoch', 'true'],
  ['hold: never shorter', 'aux.holdUntil >= until', 'false'],
  [
    'hold: to the end of the window',
    'uint256(record.windowHours) * 1 hours',
    '0',
    { within: 'record.protectedAt + uint256(record.windowHours) * 1 hours' },
  ],
  ['hold: is recorded', '(aux.holdUntil, aux.holdEpoch) = (until, record.epoch);', ''],
  [
    'benched: dead with the veto of another',
    'if (_isBenched(record, _aux[recovery.account])) revert Benched(digest);',
    '',
  ],
  ['benched: not what cannot be vetoed', 'record.protectedAt == 0', 'true', { within: 'record.protectedAt == 0 &&' }],
  ['benched: only if all voters are', 'record.votes & ~aux.benched == 0', 'true'],
  ['benched: of this epoch', 'record.epoch == aux.benchEpoch', 'true'],
  ['benched: begun before the veto', 'record.startedAt + BENCH <= aux.benchedUntil', 'true'],
  ['live: scheduled', 'if (status == Status.None) revert NotScheduled(digest);', ''],
  ['live: not vetoed', 'if (status == Status.Vetoed) revert Vetoed(digest);', ''],
  ['live: not called off', 'if (status == Status.Cancelled) revert Cancelled(digest);', ''],
  ['live: same epoch', 'record.epoch != head.epoch', 'false'],
  ['live: issued after the floor', 'recovery.issuedAt <= head.floor', 'recovery.issuedAt < head.floor'],
  ['window closes at its end', 'block.timestamp >= closedAt', 'block.timestamp > closedAt'],
  ['evidence: the recorded one', 'seen != wanted', 'false'],
])

const base = inFile('contracts/modules/recovery/RecoveryBase.sol', [
  ['owner: the account itself', 'if (msg.sender == account) return;', ''],
  ['owner: signed', '!_isOwner(account, _domain().toTypedDataHash(structHash), signature)', 'false'],
  ['owner: empty signature', 'signature.length == 0', 'false'],
  ['owner: framed by a zero byte', 'signature[0] == 0x00', 'true'],
  ['owner: passkeys of a foreign account', '_heads[account].rules & NATIVE != 0', 'true'],
  ['owner: passkeys that are installed', '_has(account, MODULE_TYPE_VALIDATOR, address(PASSKEY_VALIDATOR))', 'true'],
  ['owner: passkey', 'PASSKEY_VALIDATOR.verifyOwner(account, digest, signature[1:])', 'true'],
  ['owner: framed by a one byte', 'signature[0] == 0x01', 'true'],
  ['owner: signers that are installed', '_has(account, MODULE_TYPE_VALIDATOR, address(SIGNER_VALIDATOR))', 'true'],
  ['owner: signer', 'SIGNER_VALIDATOR.verifyOwner(account, digest, signature[1:])', 'true'],
  ['installed: on an account', 'account.code.length != 0', 'true'],
  ['installed: says the account', 'IERC7579ModuleConfig(account).isModuleInstalled(moduleTypeId, module, "")', 'true'],
  [
    'Rekey accounts by their id',
    'bytes14(bytes(IERC7579AccountConfig(account).accountId())) == NATIVE_ACCOUNT_ID',
    'true',
  ],
  ['issue: one second ahead', 'issuedAt > block.timestamp + SKEW', 'issuedAt > block.timestamp + SKEW + 1'],
  ['issue: after the floor', 'issuedAt <= floor', 'issuedAt < floor'],
  ['bytes: there is a policy', 'wanted == 0', 'false'],
  ['bytes: of the policy', 'uint160(uint256(policyHash)) != wanted', 'false'],
  ['ballot: codes of this module', 'ballot.module = address(this);', ''],
  ['ballot: codes of this account', 'ballot.account = account;', ''],
  ['ballot: what is signed', 'ballot.digest = digest;', ''],
  ['ballot: spends', 'ballot.spends = spends;', ''],
  ['bench: last second', 'block.timestamp < aux.benchedUntil', 'block.timestamp <= aux.benchedUntil'],
  ['bench: over with its epoch', 'aux.benchEpoch == _heads[account].epoch', 'true'],
  ['bench: counts', 'ballot.benched = aux.benched;', ''],
  ['core: EntryPoint', 'core[0] = ENTRY_POINT;', ''],
  ['core: PasskeyValidator', 'core[1] = address(PASSKEY_VALIDATOR);', ''],
  ['core: SignerValidator', 'core[2] = address(SIGNER_VALIDATOR);', ''],
  ['core: itself', 'core[3] = address(this);', ''],
  ['core: verifier of codes', 'core[4] = CODE_VERIFIER;', ''],
])

export const recoveryGuards: GuardGroup = {
  name: 'recovery',
  tests: [
    'GuardianRecovery/Start.t.sol',
    'GuardianRecovery/Timing.t.sol',
    'GuardianRecovery/Owner.t.sol',
    'GuardianRecovery/Changes.t.sol',
    'GuardianRecovery/ChangeOrder.t.sol',
    'GuardianRecovery/Holds.t.sol',
    'GuardianRecovery/Votes.t.sol',
    'GuardianRecovery/GuardianVotes.t.sol',
    'GuardianRecovery/GuardianLimits.t.sol',
    'GuardianRecovery/Transitions.t.sol',
    'GuardianRecovery/Evidence.t.sol',
    'GuardianRecovery/Foreign.t.sol',
    'GuardianRecovery/Hidden.t.sol',
    'GuardianRecovery/Codes.t.sol',
    'GuardianRecovery/OwnerSigners.t.sol',
    'GuardianRecovery/Hostile.t.sol',
    'PolicyRules/PolicyRules.t.sol',
  ],
  guards: [...starts, ...supports, ...endings, ...requests, ...forwarders, ...rules, ...tierGuards, ...base],
}
