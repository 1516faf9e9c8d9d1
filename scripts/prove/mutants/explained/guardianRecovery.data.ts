import { explainIn } from '../explanations.ts'

const same = 'Equivalent: where both are equal it makes no difference which one is taken.'
const bits = 'Equivalent: only the number of different bits is counted, and all kinds move by the same one.'
const tierBehind =
  'Equivalent: the word behind the last tier begins with the number of guardians, which as a weight is 256 or more for each of them; none weighs more than 255.'
const notRead = 'Equivalent: without a true before it what is returned is not read.'
const overwritten =
  'Equivalent: an answer that counts has 32 bytes or more, which overwrite the word; of another it is not read.'
const signerBehind =
  'Equivalent: a guardian is no shorter than its head, so the next check, of where the signer ends, finds the same.'
const noSigner = 'Equivalent: where nothing follows the head there is no signer, and none is allowed that is empty.'
const oneGas =
  'Differs for one single amount of gas, which no caller aims at: the reserve of 50,000 in it is a round number.'

const guardianRecovery = explainIn('contracts/modules/GuardianRecovery.sol', [
  [
    'always true',
    'status != Status.None',
    'if (status != Status.None) delete _records[account][digest];',
    'Equivalent but for gas: a record without a status is empty.',
  ],
  ['boundary', 'time < protectedAt', 'if (protectedAt == 0 || time < protectedAt) protectedAt = time;', same],
  [
    'boundary',
    'time < readyAt',
    'if (time < readyAt) {',
    'Equivalent: where both are equal no hour is added and the same time is written.',
  ],
  ['boundary', 'time < block.timestamp', 'return uint40(time < block.timestamp ? block.timestamp : time);', same],
])

const guardianVotes = explainIn('contracts/modules/recovery/GuardianVotes.sol', [
  [
    'always true',
    'false',
    'Approvals.Ballot memory ballot = _ballot(account, digest, false);',
    'Equivalent: a recount brings no approvals, so there is no code that could be spent.',
  ],
  [
    'one more',
    '0',
    'if (delay == NONE) return (0, 0);',
    'Equivalent: where the first time is 0 the caller clears the record and does not write the second.',
    2,
  ],
  ['boundary', 'closedAt > readyAt', 'uint256 left = closedAt > readyAt ? (closedAt - readyAt) / 1 hours : 0;', same],
  [
    'one more',
    '0',
    'uint256 left = closedAt > readyAt ? (closedAt - readyAt) / 1 hours : 0;',
    'Equivalent: the window is never shorter than the 48 hours that a policy takes at least.',
  ],
  ['boundary', 'left > least', 'return uint16(left > least ? left : least);', same],
  ['boundary', 'a > b', 'return a > b ? uint40(a) : b;', same],
  ['boundary', 'i < policy.tierCount()', 'for (uint256 i = 0; i < policy.tierCount(); ++i) {', tierBehind, 1],
  [
    'boundary',
    'tier.kinds() <= kinds',
    'if (tier.weight() < weight || (tier.weight() == weight && tier.kinds() <= kinds)) continue;',
    same,
  ],
])

const policyChanges = explainIn('contracts/modules/recovery/PolicyChanges.sol', [
  ['boundary', 'issuedAt > floor', 'return issuedAt > floor ? issuedAt : floor;', same],
])

const recoveryBase = explainIn('contracts/modules/recovery/RecoveryBase.sol', [
  [
    'always false',
    '_heads[account].rules & NATIVE != 0',
    '(_heads[account].rules & NATIVE != 0 ||',
    'Equivalent for every Rekey account: PasskeyValidator cannot be removed from one, so the account answers yes when it is asked. Not asking saves gas.',
  ],
])

const recoveryRules = explainIn('contracts/modules/recovery/RecoveryRules.sol', [
  [
    'boundary',
    'aux.holdUntil >= until',
    'if (aux.holdEpoch == record.epoch && aux.holdUntil >= until) return;',
    'Equivalent: where both are equal the same time is written again.',
  ],
  ['boundary', 'i < tiers', 'for (uint256 i = 0; i < tiers; ++i) {', tierBehind],
])

const approvals = explainIn('contracts/libraries/Approvals.sol', [
  ['one more', '1', 'tally.kinds |= 1 << guardian.kind();', bits],
  ['one more', '1', 'if (isFree) tally.freeKinds |= 1 << guardian.kind();', bits],
  [
    'boundary',
    'item.length < HIDDEN_HEAD',
    'if (item.length < HIDDEN_HEAD) return (false, signer, signature);',
    noSigner,
  ],
  ['one more', 'HIDDEN_HEAD', 'if (item.length < HIDDEN_HEAD) return (false, signer, signature);', noSigner],
  [
    'boundary',
    'i < index',
    'for (uint256 i = 0; i < index; ++i) {',
    'Equivalent: its own place is still empty, and no signer has the hash 0.',
  ],
  [
    'always true',
    '!guardian.isHidden()',
    'if (!guardian.isHidden() && keccak256(policy[pos + RecoveryPolicy.GUARDIAN_HEAD:end]) == id) return true;',
    'Equivalent: the signer would have to be another one’s commitment, byte for byte, and begin with the address of a verifier; there is no contract at the beginning of a hash.',
  ],
  [
    'always true',
    'signature.length == 65',
    'if (signature.length == 65) {',
    'Equivalent but for gas: from a signature of another length no signer is recovered.',
  ],
  [
    'always true',
    'problem == ECDSA.RecoverError.NoError',
    'if (problem == ECDSA.RecoverError.NoError && recovered == wallet) return true;',
    'Equivalent: with a problem the address zero is recovered, which is no guardian.',
  ],
  ['one more', '0', 'if (target.code.length == 0) return (false, 0);', notRead, 2],
  [
    'boundary',
    'gasleft() < GAS_BEFORE_CALL',
    'if (gasleft() < GAS_BEFORE_CALL) revert InsufficientGas(gasleft(), GAS_BEFORE_CALL);',
    oneGas,
  ],
  [
    'one more',
    'GAS_BEFORE_CALL',
    'if (gasleft() < GAS_BEFORE_CALL) revert InsufficientGas(gasleft(), GAS_BEFORE_CALL);',
    oneGas,
    1,
  ],
  ['removed', 'mstore(0x00, 0)', 'mstore(0x00, 0)', overwritten],
  ['one more', '0x00', 'mstore(0x00, 0)', overwritten],
  ['one more', '0', 'mstore(0x00, 0)', overwritten],
])

const policyRules = explainIn('contracts/libraries/PolicyRules.sol', [
  [
    'always false',
    'pos + RecoveryPolicy.GUARDIAN_HEAD > policy.length',
    'if (pos + RecoveryPolicy.GUARDIAN_HEAD > policy.length) revert BadPolicy(MALFORMED);',
    signerBehind,
  ],
  [
    'other operator',
    'pos + RecoveryPolicy.GUARDIAN_HEAD',
    'if (pos + RecoveryPolicy.GUARDIAN_HEAD > policy.length) revert BadPolicy(MALFORMED);',
    signerBehind,
  ],
  ['one more', '1', 'totals.kinds |= 1 << guardian.kind();', bits],
  ['boundary', 'weight > totals.heaviest', 'if (weight > totals.heaviest) totals.heaviest = weight;', same],
  ['one more', '1', 'totals.lastingKinds |= 1 << guardian.kind();', bits],
  ['boundary', 'tier.delay() > maxDelay', 'if (tier.delay() > maxDelay) maxDelay = tier.delay();', same],
])

const recoveryPolicy = explainIn('contracts/libraries/RecoveryPolicy.sol', [
  [
    'one more',
    '36',
    'return uint16(bytes2(policy[34:36]));',
    'Equivalent: two bytes are taken of the three, and a policy that is long enough for its head has the third.',
  ],
  [
    'one more',
    '1',
    'for (; bitmap != 0; bitmap &= bitmap - 1) ++count;',
    'Equivalent: kinds begin with 1, so the lowest bit is never set, and taking 2 off an even number clears its lowest bit as well.',
  ],
])

const tiers = explainIn('contracts/libraries/Tiers.sol', [
  ['boundary', 'tierDelay < delay', 'return counts && tierDelay < delay ? tierDelay : delay;', same],
  ['boundary', 'wait < MIN_CHANGE_DAYS', 'return wait < MIN_CHANGE_DAYS ? MIN_CHANGE_DAYS : wait;', same],
  [
    'one more',
    'MIN_CHANGE_DAYS',
    'return wait < MIN_CHANGE_DAYS ? MIN_CHANGE_DAYS : wait;',
    'Equivalent: two days are then replaced by two days.',
    1,
  ],
])

export const guardianRecoveryExplanations = [
  ...guardianRecovery,
  ...guardianVotes,
  ...policyChanges,
  ...recoveryBase,
  ...recoveryRules,
  ...approvals,
  ...policyRules,
  ...recoveryPolicy,
  ...tiers,
]
