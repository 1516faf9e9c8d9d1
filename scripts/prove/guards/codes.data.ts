import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const codes = inFile('contracts/verifiers/RecoveryCodeVerifier.sol', [
  ['key: length', 'key.length != KEY_SIZE', 'false'],
  ['signature: shortest', 'signature.length < SIBLINGS', 'false'],
  ['set: at most 16', 'count > MAX_CODES', 'false'],
  ['index below the count', 'index >= count', 'false'],
  ['signer: the signature recovers', 'problem != ECDSA.RecoverError.NoError', 'false'],
  ['leaf: first byte', 'bytes1(0x00)', 'bytes1(0x01)'],
  ['leaf: its index', 'signature[0]', 'bytes1(0)', { within: 'bytes1(0x00), signature[0], signer' }],
  ['node: first byte, in order', 'bytes1(0x01)', 'bytes1(0)', { within: 'bytes1(0x01), a, b' }],
  ['node: first byte, swapped', 'bytes1(0x01)', 'bytes1(0)', { within: 'bytes1(0x01), b, a' }],
  ['node: sorted', 'a < b', 'true'],
  ['path: a last one alone moves up', '(index ^ 1) < width', 'true'],
  ['path: not too short', 'siblings.length < cursor + 32', 'false'],
  ['path: not too long', 'cursor == siblings.length', 'true'],
  ['path: ends at the root', 'node == root', 'true'],
  [
    'verifyFor: not spent',
    '_spent[module][account][bytes32(key)] & code != 0',
    'false',
    { within: '_spent[module][account][bytes32(key)] & code != 0) return' },
  ],
  ['verifyFor: good', 'code == 0', 'false', { within: 'code == 0 || ' }],
  ['verify: good', '_codeOf(key, hash, signature) == 0', 'false'],
  ['consume: good', 'if (code == 0) return INVALID;', ''],
  ['consume: not spent', 'if (spent & code != 0) return INVALID;', ''],
  ['consume: keeps what was spent', 'spent |= code;', 'spent = code;'],
  ['consume: spends', '_spent[msg.sender][account][root] = spent;', ''],
  [
    'consume: the caller spends for itself',
    '_spent[msg.sender][account][root]',
    '_spent[address(0)][account][root]',
    { within: 'uint256 spent = _spent[msg.sender][account][root];' },
  ],
  [
    'consume: event',
    'emit CodeSpent(account, msg.sender, root, uint8(signature[0]), _left(spent, uint8(key[32])));',
    '',
  ],
  ['left: unspent ones only', '(spent >> i) & 1 == 0', 'true'],
])

export const codeGuards: GuardGroup = {
  name: 'codes',
  tests: ['RecoveryCodeVerifier/RecoveryCodeVerifier.t.sol', 'RecoveryCodeVerifier/Malformed.t.sol'],
  guards: codes,
}
