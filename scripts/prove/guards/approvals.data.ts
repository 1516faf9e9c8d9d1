import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'
import { voteGuards } from './tiers.data.ts'

// That hidden ones reveal themselves is the hidden bit of policyReader, below: beside the others it would be one variable
// too many for the stack of an unoptimised build.
const count = inFile('contracts/libraries/Approvals.sol', [
  ['votes: evidence so far', 'tally.evidence = ballot.evidence;', ''],
  ['votes: votes so far', '(ballot.votes >> i) & 1 != 0', 'false'],
  ['votes: own index', 'uint8(blob[cursor]) == i', 'true'],
  ['votes: who voted is not asked again', '!counted', 'true'],
  ['votes: validUntil', '_isValidNow(guardian)', 'true'],
  ['votes: hidden ones are known', 'known', 'true', { within: 'if (known) counted' }],
  ['votes: signature is checked', '_votes(guardian, i, signer, signature, ballot, tally)', 'true'],
  ['votes: order and existence', 'if (cursor != blob.length) revert MalformedApprovals(cursor);', ''],
  ['votes: kinds are counted', 'tally.kinds = RecoveryPolicy.countKinds(tally.kinds);', ''],
  ['votes: free kinds are counted', 'tally.freeKinds = RecoveryPolicy.countKinds(tally.freeKinds);', ''],
  ['votes: validUntil, one second', 'validUntil', 'validUntil + 1', { within: 'block.timestamp <= validUntil' }],
  [
    'votes: validUntil, last second',
    'block.timestamp',
    'block.timestamp + 1',
    { within: 'block.timestamp <= validUntil' },
  ],
  ['votes: without validUntil for ever', 'validUntil == 0', 'false'],
  ['item: has a head', 'if (start > blob.length) revert MalformedApprovals(cursor);', ''],
  ['item: is whole', 'if (end > blob.length) revert MalformedApprovals(cursor);', ''],
])

// `!guardian.isHidden()` of _isInTheOpen is not listed: what stands there for a hidden guardian is a commitment, whose
// hash is no signer's.
const reveal = inFile('contracts/libraries/Approvals.sol', [
  ['reveal: head', 'item.length < HIDDEN_HEAD', 'false'],
  ['reveal: signer is whole', 'end > item.length', 'false'],
  [
    'reveal: what the policy committed to',
    'keccak256(abi.encodePacked(item[:32], signer)) != bytes32(commitment)',
    'false',
  ],
  ['reveal: allowed', '!Signers.isAllowed(signer, ballot.account, ballot.core)', 'false'],
  ['reveal: not twice', 'revealed[i] == id', 'false'],
  ['reveal: not in the open', '_isInTheOpen(policy, id)', 'false'],
  ['reveal: is remembered', 'revealed[index] = id;', ''],
])

// That ECDSA found no fault is not listed: where it did, it recovers the zero address, which no policy can name.
const asking = inFile('contracts/libraries/Approvals.sol', [
  ['signer: an address alone', 'signer.length == 20', 'signer.length <= 64'],
  ['signer: codes are spent by us', 'first == ballot.core[ballot.core.length - 1]', 'false'],
  ['signer: without evidence', '!guardian.givesEvidence()', 'true'],
  ['signer: evidence of a vote that counts', 'ok', 'true', { within: 'if (ok) tally.evidence' }],
  ['signer: evidence is kept', 'tally.evidence = chainEvidence(tally.evidence, index, signer, evidence);', ''],
  ['chain: what was before', 'chain', '0', { within: 'abi.encode(chain, index, keccak256(signer), evidence)' }],
  ['chain: guardian', 'index', '0', { within: 'abi.encode(chain, index, keccak256(signer), evidence)' }],
  [
    'chain: signer',
    'keccak256(signer)',
    'bytes32(0)',
    { within: 'abi.encode(chain, index, keccak256(signer), evidence)' },
  ],
  ['chain: evidence', 'evidence', 'bytes32(0)', { within: 'abi.encode(chain, index, keccak256(signer), evidence)' }],
  ['signer: low s and v by the right address', 'recovered == wallet', 'true'],
  ['code: spent or looked at', 'ballot.spends', 'false'],
  ['code: in the name of the account', 'ballot.account', 'address(0)', { within: 'codes.consume(ballot.account' }],
  [
    'code: looked at in the name of the module',
    'ballot.module',
    'address(0)',
    { within: 'codes.verifyFor(ballot.module' },
  ],
  ['code: answer', 'answer == IERC7913SignatureVerifier.verify.selector', 'true'],
  ['signer: has code', 'if (target.code.length == 0) return (false, 0);', ''],
  ['signer: gas reserve', 'gasleft() < GAS_BEFORE_CALL', 'false'],
  ['signer: capped gas', 'GUARDIAN_GAS', 'gas()', { within: 'staticcall(GUARDIAN_GAS, target', isYul: true }],
  ['signer: a whole word', 'gt(returndatasize(), 0x1f)', '1', { isYul: true }],
  ['signer: success', 'success', 'true', { within: 'return (success && answer' }],
  ['signer: magic', 'answer == bytes32(magic)', 'true'],
])

const signers = inFile('contracts/libraries/Signers.sol', [
  ['rule: shortest signer', 'signer.length >= 20', 'signer.length >= 19'],
  ['rule: longest signer', 'signer.length <= MAX_SIGNER', 'signer.length <= MAX_SIGNER + 1'],
  ['rule: length of a revealed signer', '!isLength(signer)', 'false'],
  ['rule: no precompile', 'uint160(first) <= 0xffff', 'uint160(first) < 0xffff'],
  ['rule: not the account', 'first == account', 'false'],
  ['rule: no core contract', 'first == core[i]', 'false'],
  ['rule: verifier of codes only with a key', 'signer.length > 20', 'true'],
])

const policyReader = inFile('contracts/libraries/RecoveryPolicy.sol', [
  ['policy: window is read', 'uint16(bytes2(policy[34:36]))', 'uint16(bytes2(policy[35:37]))'],
  ['policy: tier weight', 'Tier.unwrap(tier) >> 240', 'Tier.unwrap(tier) >> 248'],
  ['policy: tier kinds', '(Tier.unwrap(tier) >> 232) & 0xff', '(Tier.unwrap(tier) >> 232) & 0x01'],
  ['policy: tier delay', '(Tier.unwrap(tier) >> 200) & 0xffffffff', '(Tier.unwrap(tier) >> 200) & 0xffff'],
  ['policy: protected bit', 'tier.flags() & TIER_PROTECTED != 0', 'false'],
  ['policy: hidden bit', 'guardian.flags() & GUARDIAN_HIDDEN != 0', 'false'],
  ['policy: evidence bit', 'guardian.flags() & GUARDIAN_EVIDENCE != 0', 'false'],
  [
    'policy: validUntil',
    '(Guardian.unwrap(guardian) >> 192) & 0xffffffffff',
    '(Guardian.unwrap(guardian) >> 192) & 0xffffffff00',
  ],
  ['policy: every kind counts once', 'bitmap &= bitmap - 1', 'bitmap >>= 1'],
])

export const approvalGuards: GuardGroup = {
  name: 'approvals',
  tests: [
    'GuardianRecovery/Votes.t.sol',
    'GuardianRecovery/Gas.t.sol',
    'GuardianRecovery/Hidden.t.sol',
    'GuardianRecovery/Evidence.t.sol',
    'GuardianRecovery/GuardianVotes.t.sol',
    'GuardianRecovery/GuardianLimits.t.sol',
    'GuardianRecovery/Holds.t.sol',
    'GuardianRecovery/Codes.t.sol',
    'PolicyRules/PolicyRules.t.sol',
  ],
  guards: [...count, ...voteGuards, ...reveal, ...asking, ...signers, ...policyReader],
}
