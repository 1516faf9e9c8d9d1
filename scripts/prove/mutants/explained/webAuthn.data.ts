import { explainIn } from '../explanations.ts'

const refusal = 'Equivalent: what is returned beside `false` is not read.'
const behind =
  'Equivalent: where this part does not fit, the authenticator data behind it does not either, which the last check of the function finds. It saves the work in between.'
const overwritten = 'Equivalent: the one byte more is overwritten by the next statement.'
const oneWord = 'Equivalent: the precompile answers 32 bytes, and no more are written.'
const empty = 'Equivalent: of no bytes it makes no difference where they begin.'

const webAuthn = explainIn('contracts/libraries/WebAuthn.sol', [
  ['always false', 'pos > blob.length', 'if (pos > blob.length) return parts;', behind],
  ['boundary', 'pos > blob.length', 'if (pos > blob.length) return parts;', behind],
  ['always false', 'pos >= blob.length', 'if (merkleDomain == 0 || pos >= blob.length) return parts;', behind],
  ['boundary', 'pos >= blob.length', 'if (merkleDomain == 0 || pos >= blob.length) return parts;', behind],
  ['boundary', 'end > blob.length', 'if (depth > MAX_MERKLE_DEPTH || end > blob.length) return parts;', behind],
  ['always false', 'pos + 2 > blob.length', 'if (pos + 2 > blob.length) return parts;', behind],
  ['boundary', 'pos + 2 > blob.length', 'if (pos + 2 > blob.length) return parts;', behind],
  ['other operator', 'pos + 2', 'if (pos + 2 > blob.length) return parts;', behind],
  ['one more', '2', 'if (pos + 2 > blob.length) return parts;', behind],
  [
    'boundary',
    'pos + length >= blob.length',
    'if (length < AUTH_DATA || pos + length >= blob.length) return parts;',
    'Equivalent: nothing behind the authenticator data is neither an origin with its rest nor a JSON object; both forms refuse it.',
  ],
  [
    'boundary',
    'node < sibling',
    'node = node < sibling ? _pair(node, sibling) : _pair(sibling, node);',
    'Equivalent: two equal nodes have the same hash in both orders.',
  ],
  [
    'one more',
    '0',
    'if (restAt >= blob.length || (crossOrigin && parts.flags & CROSS_ORIGIN == 0)) return (false, 0, 0);',
    refusal,
    2,
  ],
  [
    'one more',
    '0',
    'if (restAt >= blob.length || (crossOrigin && parts.flags & CROSS_ORIGIN == 0)) return (false, 0, 0);',
    refusal,
    3,
  ],
  ['one more', '0', 'return (false, 0, 0);', refusal, 1],
  ['one more', '0', 'return (false, 0, 0);', refusal, 2],
  ['one more', '0x20', 'if iszero(staticcall(gas(), 2, json, sub(end, json), 0x00, 0x20)) {', oneWord],
  ['one more', '0', 'revert(0, 0)', empty, 1],
  [
    'one more',
    '0',
    'if (!ok || (fields.crossOrigin && parts.flags & CROSS_ORIGIN == 0)) return (false, 0, 0);',
    refusal,
    2,
  ],
  [
    'one more',
    '0',
    'if (!ok || (fields.crossOrigin && parts.flags & CROSS_ORIGIN == 0)) return (false, 0, 0);',
    refusal,
    3,
  ],
  ['one more', '0', 'if (fields.challengeEnd - fields.challengeStart != 43) return (false, 0, 0);', refusal, 1],
  ['one more', '0', 'if (fields.challengeEnd - fields.challengeStart != 43) return (false, 0, 0);', refusal, 2],
  [
    'always false',
    'others == 0',
    'if (others == 0) {',
    'Equivalent: without other origins the code below hashes the same 32 bytes. The branch saves gas.',
  ],
  ['one more', '64', 'calldatacopy(data, add(blob.offset, 66), 64)', overwritten],
  ['one more', '32', 'calldatacopy(add(data, 64), add(blob.offset, authData), 32)', overwritten],
  ['one more', '0x20', 'if iszero(staticcall(gas(), 2, data, add(length, 0x20), 0x00, 0x20)) {', oneWord, 2],
  ['one more', '0', 'revert(0, 0)', empty, 3],
])

const stopped =
  'Equivalent: the value then ends at an opening bracket or at a sign that no value has; the caller wants a comma or the end there.'

const clientData = explainIn('contracts/libraries/ClientData.sol', [
  ['returns zero', 'i', 'if (!ok) return (false, i);', refusal],
  ['always true', 'false', 'if (++depth > MAX_DEPTH) return (false, i);', stopped],
  ['returns zero', 'i', 'if (++depth > MAX_DEPTH) return (false, i);', refusal],
  ['returns zero', 'i', 'if (open & 1 != (c == "}" ? 1 : 0)) return (false, i);', refusal],
  ['always true', 'false', 'return (false, i);', stopped],
  ['returns zero', 'i', 'return (false, i);', refusal],
  ['always true', 'false', 'return (false, pos);', stopped, 1],
  ['returns zero', 'pos', 'return (false, pos);', refusal, 1],
])

export const webAuthnExplanations = [...webAuthn, ...clientData]
