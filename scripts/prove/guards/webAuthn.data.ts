import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

// Where one of the parts between the fixed part and the authenticator data does not fit, the next check finds that too, since
// positions only grow: they save the work in between. Broken are therefore all from the first of them on.
const webAuthn = inFile('contracts/libraries/WebAuthn.sol', [
  ['blob: shortest', 'blob.length < FIXED', 'false'],
  ['blob: longest', 'blob.length > MAX_BLOB', 'false'],
  ['blob: parts fit', 'parts.authDataLength == 0', 'false'],
  ['blob: form is valid', '!ok', 'false', { within: '!ok || !_rules' }],
  ['rule: user present', 'authFlags & UP != 0', 'true'],
  ['rule: user verified', 'authFlags & UV != 0', 'true'],
  ['rule: user verified only if asked', 'flags & USER_VERIFICATION == 0', 'false'],
  ['rule: backed up only if eligible', 'authFlags & BE != 0', 'true'],
  ['origins: fit', 'if (pos > blob.length) return parts;', '', { coveredBy: 'tree: depth fits' }],
  ['origins: position', 'parts.used > others', 'false'],
  ['tree: allowed', 'merkleDomain == 0', 'false'],
  [
    'tree: depth fits',
    'pos >= blob.length',
    'false',
    { within: 'merkleDomain == 0 || pos >= blob.length', coveredBy: 'tree: fits' },
  ],
  ['tree: depth', 'depth > MAX_MERKLE_DEPTH', 'depth > MAX_MERKLE_DEPTH + 1'],
  ['tree: fits', 'end > blob.length', 'false', { coveredBy: 'full: length fits' }],
  ['tree: sorted pairs', 'node < sibling', 'true'],
  ['tree: wrapped', 'MessageHashUtils.toTypedDataHash(domainSeparator, _pair(MULTI_CHAIN_TYPEHASH, node))', 'node'],
  ['full: length fits', 'pos + 2 > blob.length', 'false', { coveredBy: 'authenticator data: fits' }],
  ['authenticator data: shortest', 'length < AUTH_DATA', 'false'],
  ['authenticator data: fits', 'pos + length >= blob.length', 'false'],
  ['compact: origin fits', 'restAt >= blob.length', 'false'],
  [
    'compact: frames',
    'crossOrigin && parts.flags & CROSS_ORIGIN == 0',
    'false',
    { within: '(crossOrigin && parts.flags & CROSS_ORIGIN == 0)' },
  ],
  ['compact: rest begins like JSON', 'first != CLOSING_BRACE && first != COMMA', 'false'],
  ['compact: rest ends the object', '_byte(blob, blob.length - 1) != CLOSING_BRACE', 'false'],
  ['full: valid JSON', '!ok', 'false', { within: '!ok || (fields' }],
  ['full: frames', 'fields.crossOrigin && parts.flags & CROSS_ORIGIN == 0', 'false'],
  ['full: challenge length', 'fields.challengeEnd - fields.challengeStart != 43', 'false'],
  ['full: challenge head', 'eq(mload(pos), head)', '1', { isYul: true }],
  ['full: challenge tail', 'iszero(shr(168, xor(mload(add(pos, 32)), tail)))', '1', { isYul: true }],
  ['commitment: flags', 'parts.flags & FLAGS_MASK', 'uint256(0)'],
  ['commitment: origins', 'originsHash', '0', { within: 'mstore(add(data, 96), originsHash)', isYul: true }],
])

const clientData = inFile('contracts/libraries/ClientData.sol', [
  ['JSON: an object', 'if (_byteAt(json, pos) != "{") return (false, fields);', ''],
  ['JSON: key is a string', 'if (!ok) return (false, fields);', ''],
  ['JSON: colon', 'if (_byteAt(json, pos) != ":") return (false, fields);', ''],
  ['JSON: value', '!ok', 'false', { within: '!ok || !_take' }],
  ['JSON: closed', '_byteAt(json, pos) == "}"', 'true'],
  ['JSON: nothing after it', '_skipSpace(json, pos + 1) == json.length', 'true'],
  ['JSON: every field', '(fields.seen & SEEN_ALL) == SEEN_ALL', 'true'],
  ['JSON: once', 'fields.seen & bit != 0', 'false'],
  ['JSON: crossOrigin is a literal', 'literal == TRUE || literal == FALSE', 'true'],
  ['JSON: fields are strings', `_byteAt(json, start) != '"'`, 'false'],
  ['JSON: type', '_hash(json, start + 1, end - 1) == WEBAUTHN_GET', 'true'],
  ['JSON: some value', 'end != pos', 'true'],
  ['JSON: depth', '++depth > MAX_DEPTH', '++depth > MAX_DEPTH + 1'],
  ['JSON: brackets match', 'open & 1 != (c == "}" ? 1 : 0)', 'false'],
  ['JSON: strings inside are strings', 'if (!ok) return (false, i);', ''],
  ['JSON: nothing else inside', `c != "," && c != ":" && !_isSpace(c) && !_isScalar(c)`, 'false'],
  ['JSON: no backslash', 'c == "\\\\"', 'false'],
  ['JSON: no control character', 'uint8(c) < 0x20', 'false'],
  ['JSON: strings begin with a quote', `if (_byteAt(json, pos) != '"') return (false, pos);`, ''],
])

const base64Url = inFile('contracts/libraries/Base64Url.sol', [
  ['base64url: small letters', '_atLeast(v, 26)', '_atLeast(v, 27)'],
  ['base64url: digits', '_atLeast(v, 52)', '_atLeast(v, 53)'],
  ['base64url: minus', '_atLeast(v, 62)', '_atLeast(v, 63) * 1', { within: '13 * _atLeast(v, 62)' }],
  ['base64url: underscore', '49 * _atLeast(v, 63)', '0 * v'],
  ['base64url: tail', '(bits & type(uint64).max) << 128', '(bits & type(uint64).max) << 129'],
])

const p256 = inFile('contracts/libraries/P256Verifier.sol', [
  ['P-256: r not 0', 'r == 0', 'false'],
  ['P-256: r below n', 'r >= N', 'r > N'],
  ['P-256: s not 0', 's == 0', 'false'],
  ['P-256: low s', 's > HALF_N', 's > HALF_N + 1'],
  ['P-256: x below p', 'x >= P', 'false'],
  ['P-256: y below p', 'y >= P', 'false'],
  ['self-test: gas', 'gasleft() < SELF_TEST_GAS', 'false'],
  ['self-test: neither works', '!_answers(false)', 'false'],
  ['self-test: a bad signature too', '!verify(~hash, r, s, x, y, precompile)', 'true'],
  [
    'self-test: a good signature too',
    'verify(hash, r, s, x, y, precompile)',
    'true',
    { within: 'return verify(hash, r, s, x, y, precompile)' },
  ],
  ['precompile: one word', 'eq(returndatasize(), 0x20)', '1', { isYul: true }],
  ['precompile: the word 1', 'eq(mload(0x00), 1)', '1', { isYul: true }],
  ['precompile: success', 'success', '1', { within: 'and(and(success, eq(', isYul: true }],
])

export const webAuthnGuards: GuardGroup = {
  name: 'webauthn',
  tests: [
    'WebAuthn/WebAuthnBlob.t.sol',
    'WebAuthn/WebAuthnRules.t.sol',
    'WebAuthn/WebAuthnEdges.t.sol',
    'WebAuthn/WebAuthnCut.t.sol',
    'PasskeyValidator/PasskeyValidatorSignatures.t.sol',
    'ClientData/ClientData.t.sol',
    'ClientData/Skipped.t.sol',
    'ClientData/Structure.t.sol',
    'Base64Url/Base64Url.t.sol',
    'P256Verifier/P256Verifier.t.sol',
    'P256Verifier/OtherChains.t.sol',
  ],
  guards: [...webAuthn, ...clientData, ...base64Url, ...p256],
}
