import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const messages = inFile('contracts/modules/recovery/PolicyChanges.sol', [
  [
    'setPolicy: owner',
    '_checkOwner(account, RecoveryDigests.setPolicy(account, policyHash, issuedAt), ownerSignature);',
    '',
  ],
  [
    'setPolicy: issue',
    '_checkIssue(issuedAt, _newest(account));',
    '',
    { within: '_checkIssue(issuedAt, _newest(account));\n        if (head.policyId == 0) {' },
  ],
  ['setPolicy: only the first at once', 'head.policyId == 0', 'true', { within: 'if (head.policyId == 0) {' }],
  [
    'setPolicy: raises the floor',
    '_writePolicy(account, policy, issuedAt);',
    '_writePolicy(account, policy, head.floor);',
  ],
  [
    'setPolicy: rules when it is announced',
    'PolicyRules.check(policy, account, _core());',
    '',
    { within: 'else {\n            PolicyRules.check(policy, account, _core());' },
  ],
  [
    'announce: uninstall is its own kind',
    'kind == ChangeKind.Uninstall',
    'true',
    { within: 'if (kind == ChangeKind.Uninstall &&' },
  ],
  ['announce: uninstall has no value', 'value == address(0)', 'true'],
  [
    'announce: upgrade is its own kind',
    'kind == ChangeKind.Upgrade',
    'true',
    { within: 'if (kind == ChangeKind.Upgrade &&' },
  ],
  ['announce: upgrade has a value', 'value != address(0)', 'true'],
  ['announce: owner', '_checkOwner(account, structHash, ownerSignature);', ''],
  ['announce: there is a policy', 'if (_heads[account].policyId == 0) revert NoPolicy(account);', ''],
  [
    'announce: issue',
    '_checkIssue(issuedAt, _newest(account));',
    '',
    { within: '_checkIssue(issuedAt, _newest(account));\n        _schedule' },
  ],
  ['announce: is recorded', '_schedule(account, kind, uint160(value), issuedAt);', ''],
  ['call off: some change', 'if (kind == ChangeKind.None) revert UnknownChange(kind, value);', ''],
  ['call off: owner', '_checkOwner(account, RecoveryDigests.cancelChange(account, change), ownerSignature);', ''],
  ['call off: the announced time', 'issuedAt == pending.issuedAt', 'true'],
  ['call off: the announced kind', 'kind == pending.kind', 'true'],
  ['call off: the announced value', 'value == pending.value', 'true'],
  ['call off: the announced one', '!announced', 'true'],
  [
    'call off: or a newer one',
    '_checkIssue(issuedAt, _newest(account));',
    '',
    { within: 'if (!announced) _checkIssue(issuedAt, _newest(account));' },
  ],
  [
    'call off: leaves its time',
    '_changes[account] = Change(0, 0, issuedAt, ChangeKind.None, 0);',
    'delete _changes[account];',
  ],
  ['newest: also what took effect', 'issuedAt > floor', 'true'],
])

const effects = inFile('contracts/modules/recovery/PolicyChanges.sol', [
  [
    'apply: was announced',
    '_take(account, ChangeKind.Policy, uint160(uint256(keccak256(policy))))',
    '_heads[account].floor',
  ],
  ['apply: ends the epoch', '_endEpoch(account);', '', { within: '_endEpoch(account);\n        _writePolicy' }],
  [
    'apply: raises the floor',
    '_writePolicy(account, policy, floor);',
    '_writePolicy(account, policy, _heads[account].floor);',
  ],
  ['consume: uninstall and upgrade only', 'kind != ChangeKind.Uninstall && kind != ChangeKind.Upgrade', 'false'],
  ['consume: free without a policy', 'if (_heads[msg.sender].policyId == 0) return;', ''],
  [
    'consume: raises the floor',
    '_heads[msg.sender].floor = _take(msg.sender, kind, uint160(value));',
    '_take(msg.sender, kind, uint160(value));',
  ],
  ['schedule: waits', 'uint40(block.timestamp + (head.rules & ~NATIVE) * uint256(1 days))', 'uint40(block.timestamp)'],
  ['schedule: time of issue', 'issuedAt', '0', { within: 'Change(value, readyAt, issuedAt, kind, head.epoch)' }],
  ['schedule: epoch', 'head.epoch', '0', { within: 'Change(value, readyAt, issuedAt, kind, head.epoch)' }],
  ['take: this kind', 'change.kind != kind', 'false'],
  ['take: this value', 'change.value != value', 'false'],
  ['take: same epoch', 'change.epoch != head.epoch', 'false'],
  ['take: not one second early', 'block.timestamp < change.readyAt', 'block.timestamp + 1 < change.readyAt'],
  ['take: window closes at its end', 'block.timestamp >= closedAt', 'block.timestamp > closedAt'],
  ['take: hold of this epoch', 'aux.holdEpoch == head.epoch', 'true'],
  ['take: hold, last second', 'block.timestamp < aux.holdUntil', 'block.timestamp + 1 < aux.holdUntil'],
  ['take: raises the floor', 'floor = _newest(account);', 'floor = _heads[account].floor;'],
  ['take: once', '_changes[account] = Change(0, 0, change.issuedAt, ChangeKind.None, 0);', ''],
  ['epoch ends', '++_heads[account].epoch;', ''],
])

const modules = inFile('contracts/modules/recovery/PolicyChanges.sol', [
  ['onInstall: no policy given', 'if (policy.length == 0) return;', ''],
  ['onInstall: first only', 'if (head.policyId != 0) revert PolicyExists(msg.sender, head.policyId);', ''],
  ['onInstall: keeps the floor', 'head.floor', '0', { within: '_writePolicy(msg.sender, policy, head.floor);' }],
  ['onUninstall: what was called off', '_newest(msg.sender)', 'head.floor', { within: 'floor = _newest(msg.sender);' }],
  ['onUninstall: not with a policy', 'head.policyId != 0', 'false', { within: 'if (head.policyId != 0) {' }],
  ['onUninstall: was announced', 'floor = _take(msg.sender, ChangeKind.Uninstall, 0);', ''],
  ['onUninstall: ends the epoch', '_endEpoch(msg.sender);', ''],
  ['onUninstall: keeps the floor', 'floor', '0', { within: 'StoredHead(0, 0, floor, head.epoch, 0)' }],
  ['onUninstall: keeps the epoch', 'head.epoch', '0', { within: 'StoredHead(0, 0, floor, head.epoch, 0)' }],
  ['onUninstall: clears the change', 'delete _changes[msg.sender];', ''],
  ['onUninstall: clears hold, bench and freeze', 'delete _aux[msg.sender];', ''],
  ['policy: a Rekey account in its installation', 'native', 'false', { within: 'if ((native || msg.sender' }],
  [
    'policy: another account in its installation',
    'msg.sender != account',
    'true',
    { within: '|| msg.sender != account)' },
  ],
  ['policy: NotInstalled', '!_hasThis(account)', 'false'],
  [
    'policy: rules',
    'PolicyRules.check(policy, account, _core())',
    '2',
    { within: 'changeDays = PolicyRules.check(policy, account, _core())' },
  ],
  [
    'checkPolicy: rules',
    'PolicyRules.check(policy, account, _core());',
    '',
    { within: 'PolicyRules.check(policy, account, _core());\n        return keccak256(policy);' },
  ],
  ['policy: time', 'uint40(block.timestamp)', '0', { within: 'setAt: uint40(block.timestamp)' }],
  ['policy: keeps the epoch', '_heads[account].epoch', '0', { within: 'epoch: _heads[account].epoch' }],
  ['policy: days a change waits', 'uint8(changeDays)', 'uint8(2)'],
  ['policy: of a Rekey account', 'native ? NATIVE : 0', '0'],
])

const part = inFile('contracts/modules/recovery/RecoveryPart.sol', [
  [
    'part: signs in the name of the module',
    'address(this)',
    'address(0)',
    { within: '"Rekey Recovery", address(this)' },
  ],
])

export const policyChangeGuards: GuardGroup = {
  name: 'policyChanges',
  tests: [
    'GuardianRecovery/Changes.t.sol',
    'GuardianRecovery/ChangeOrder.t.sol',
    'GuardianRecovery/Owner.t.sol',
    'GuardianRecovery/Foreign.t.sol',
    'GuardianRecovery/ForeignChecks.t.sol',
    'GuardianRecovery/GuardianVotes.t.sol',
    'PolicyRules/PolicyRules.t.sol',
  ],
  guards: [...messages, ...effects, ...modules, ...part],
}
