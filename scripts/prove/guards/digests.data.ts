import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const digests = inFile('contracts/libraries/RecoveryDigests.sol', [
  ['digest: account', 'r.account', 'address(0)'],
  ['digest: policy', 'r.policy', 'bytes32(0)'],
  ['digest: credential', 'r.credential.structHash()', 'bytes32(0)'],
  ['digest: keep', 'r.keep', '0'],
  ['digest: chains', 'keccak256(abi.encodePacked(r.chainIds))', 'bytes32(0)'],
  ['digest: issue', 'r.issuedAt', '0'],
  ['digest: deadline', 'r.deadline', '0'],
  ['digest: veto names the account', 'account', 'address(0)', { within: 'VETO_TYPEHASH, account, digest' }],
  ['digest: veto names the recovery', 'digest', 'bytes32(0)', { within: 'VETO_TYPEHASH, account, digest' }],
  [
    'digest: order of fields',
    'abi.encode(SET_POLICY_TYPEHASH, account, policyHash, issuedAt)',
    'abi.encode(SET_POLICY_TYPEHASH, policyHash, account, issuedAt)',
  ],
  [
    'digest: calling off names the account',
    'account',
    'address(0)',
    { within: 'GUARDIAN_CANCEL_TYPEHASH, account, policyHash, digest' },
  ],
  [
    'digest: calling off names the policy',
    'policyHash',
    'bytes32(0)',
    { within: 'GUARDIAN_CANCEL_TYPEHASH, account, policyHash, digest' },
  ],
  [
    'digest: calling off names the recovery',
    'digest',
    'bytes32(0)',
    { within: 'GUARDIAN_CANCEL_TYPEHASH, account, policyHash, digest' },
  ],
  ['digest: uninstall names the account', 'account', 'address(0)', { within: 'UNINSTALL_TYPEHASH, account, issuedAt' }],
  ['digest: uninstall has its time', 'issuedAt', '0', { within: 'UNINSTALL_TYPEHASH, account, issuedAt' }],
  [
    'digest: upgrade names the account',
    'account',
    'address(0)',
    { within: 'UPGRADE_TYPEHASH, account, implementation, issuedAt' },
  ],
  [
    'digest: upgrade names the implementation',
    'implementation',
    'address(0)',
    { within: 'UPGRADE_TYPEHASH, account, implementation, issuedAt' },
  ],
  ['digest: upgrade has its time', 'issuedAt', '0', { within: 'UPGRADE_TYPEHASH, account, implementation, issuedAt' }],
  ['digest: a change has its kind', 'kind', '0', { within: 'abi.encode(kind, value, issuedAt)' }],
  ['digest: a change has its value', 'value', '0', { within: 'abi.encode(kind, value, issuedAt)' }],
  ['digest: a change has its time', 'issuedAt', '0', { within: 'abi.encode(kind, value, issuedAt)' }],
  [
    'digest: calling a change off names the account',
    'account',
    'address(0)',
    { within: 'CANCEL_CHANGE_TYPEHASH, account, change' },
  ],
  [
    'digest: calling a change off names it',
    'change',
    'bytes32(0)',
    { within: 'CANCEL_CHANGE_TYPEHASH, account, change' },
  ],
  [
    'digest: freeze names the account',
    'account',
    'address(0)',
    { within: 'FREEZE_TYPEHASH, account, policyHash, duration, issuedAt' },
  ],
  [
    'digest: freeze names the policy',
    'policyHash',
    'bytes32(0)',
    { within: 'FREEZE_TYPEHASH, account, policyHash, duration, issuedAt' },
  ],
  [
    'digest: freeze names its length',
    'duration',
    '0',
    { within: 'FREEZE_TYPEHASH, account, policyHash, duration, issuedAt' },
  ],
  [
    'digest: freeze has its time',
    'issuedAt',
    '0',
    { within: 'FREEZE_TYPEHASH, account, policyHash, duration, issuedAt' },
  ],
  [
    'digest: drill names the account',
    'account',
    'address(0)',
    { within: 'DRILL_TYPEHASH, account, policyHash, challenge, deadline' },
  ],
  [
    'digest: drill names the policy',
    'policyHash',
    'bytes32(0)',
    { within: 'DRILL_TYPEHASH, account, policyHash, challenge, deadline' },
  ],
  [
    'digest: drill names the challenge',
    'challenge',
    'bytes32(0)',
    { within: 'DRILL_TYPEHASH, account, policyHash, challenge, deadline' },
  ],
  [
    'digest: drill has its deadline',
    'deadline',
    '0',
    { within: 'DRILL_TYPEHASH, account, policyHash, challenge, deadline' },
  ],
])

/** Against EIP-712 hashes that the tests compute from the type strings alone. */
export const digestGuards: GuardGroup = {
  name: 'digests',
  tests: ['GuardianRecovery/Digests.t.sol'],
  guards: digests,
}
