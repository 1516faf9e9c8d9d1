import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const passkeys = inFile('contracts/modules/PasskeyValidator.sol', [
  ['install: adopts only what is there', 'if (live == 0) revert NotInitialized(msg.sender);', ''],
  ['install: once', 'if (live != 0) revert AlreadyInitialized(msg.sender);', ''],
  [
    'install: registration',
    '_checkRegistration(credential, credentialId);',
    '',
    { within: '_checkRegistration(credential, credentialId);\n        _slots[msg.sender][0] = _first' },
  ],
  ['uninstall: clears the others', '_clearOthers(msg.sender, _slots[msg.sender][0], 0);', ''],
  ['uninstall: clears the first', '_slots[msg.sender][0] = 0;', ''],
  [
    'add: registration',
    '_checkRegistration(credential, credentialId);',
    '',
    { within: '_checkRegistration(credential, credentialId);\n        uint256 head' },
  ],
  ['add: initialized', '_live(head) == 0', 'false'],
  [
    'add: duplicate',
    'found != MAX_CREDENTIALS',
    'false',
    { within: 'if (found != MAX_CREDENTIALS) revert DuplicateCredential' },
  ],
  ['add: cap', 'if (free == MAX_CREDENTIALS) revert TooManyCredentials(MAX_CREDENTIALS + 1);', ''],
  ['add: possession', '!_verifyStateless(proveDigest(msg.sender, commitment), possession, commitment, 0)', 'false'],
  ['add: unproven without possession', 'possession.length != 0', 'true'],
  ['prove: names the passkey', 'if (seen == 0 || seen != wanted) revert UnknownCredential(index, seen, wanted);', ''],
  ['prove: signed', '!_verifyStateless(proveDigest(account, commitment), assertion, commitment, 0)', 'false'],
  ['remove: names the passkey', 'seen != expected', 'false'],
  ['remove: there is one', 'seen == 0', 'false', { within: 'if (seen == 0 || seen != expected)' }],
  ['remove: a proven one remains', 'head >> PROVEN_SHIFT == 0', 'false'],
  [
    'remove: word 0 is cleared',
    'head & ~COMMITMENT_MASK',
    'head',
    { within: '_slots[msg.sender][0] = head & ~COMMITMENT_MASK;' },
  ],
  ['remove: the word is cleared', '_slots[msg.sender][index] = 0;', ''],
  [
    'recover: well-formed',
    '!credential.isWellFormed()',
    'false',
    { within: 'if (!credential.isWellFormed()) revert InvalidCredential' },
  ],
  [
    'recover: possession',
    '!_verifyStateless(possessionDigest(digest), possession, commitment, DOMAIN_SEPARATOR)',
    'false',
  ],
  ['recover: keeps only if asked', 'keep', 'true', { within: 'if (keep) {' }],
  ['recover: throws the others out', 'removed = _clearOthers(msg.sender, head, truncated);', ''],
  ['recover: one that is there keeps its place', 'if (found != MAX_CREDENTIALS) free = found;', ''],
  ['recover: no room', 'free != MAX_CREDENTIALS', 'true', { within: 'if (free != MAX_CREDENTIALS) {' }],
  ['remove, prove: index', 'index < MAX_CREDENTIALS', 'true'],
  [
    'owner: no tree of hashes',
    '_verifyLive(account, digest, signature, 0)',
    '_verifyLive(account, digest, signature, DOMAIN_SEPARATOR)',
  ],
  ['stateless: data is one word', 'data.length == 32', 'true'],
  ['live: index', 'index >= MAX_CREDENTIALS', 'false'],
  ['live: signature', 'ok', 'true', { within: 'return ok && stored != 0' }],
  // The commitment of what is signed is not zero in 192 bits: only that of what is not signed is.
  ['live: a word is stored', 'stored != 0', 'true', { coveredBy: 'live: signature' }],
  ['live: the stored passkey', 'stored == _truncate(commitment)', 'true'],
  ['stateless: signature', 'ok', 'true', { within: 'return ok && index == WebAuthn' }],
  ['stateless: index', 'index == WebAuthn.STATELESS', 'true'],
  ['stateless: commitment', 'seen == commitment', 'true'],
  ['registration: well-formed', '!credential.isWellFormed()', 'false', { within: '!credential.isWellFormed() ||' }],
  [
    'registration: shortest id',
    'credentialId.length < MIN_CREDENTIAL_ID',
    'credentialId.length + 1 < MIN_CREDENTIAL_ID',
  ],
  [
    'registration: longest id',
    'credentialId.length > MAX_CREDENTIAL_ID',
    'credentialId.length > MAX_CREDENTIAL_ID + 1',
  ],
  ['registration: id and its hash', 'keccak256(credentialId) != credential.idHash', 'false'],
  ['find: live ones only', '_slots[account][i] & COMMITMENT_MASK == truncated', 'false'],
  ['put: proven if shown', 'if (proven) head |= 1 << (PROVEN_SHIFT + index);', 'head |= 1 << (PROVEN_SHIFT + index);'],
  // Every place that is free, the first one too, has been cleared.
  [
    'put: word 0 keeps the bitmaps apart',
    '(head & ~COMMITMENT_MASK) | truncated',
    'head | truncated',
    { coveredBy: 'remove: word 0 is cleared' },
  ],
])

const messages = inFile('contracts/modules/ERC7739Module.sol', [
  ['ERC-7739: detection', 'signature.length == 0', 'true'],
  ['ERC-7739: typed data is of these contents', 'hash != appSeparator.toTypedDataHash(contentsHash)', 'false'],
  // An empty description has no name in it either.
  [
    'ERC-7739: a type is named',
    'bytes(description).length == 0',
    'false',
    { coveredBy: 'ERC-7739: the type name is a name' },
  ],
  ['ERC-7739: the type name is a name', 'structHash != 0', 'true'],
  ['ERC-7739: typed data binds the account', 'account', 'address(0)', { within: 'account,\n            domain.salt' }],
  ['ERC-7739: personal binds the account', 'account', 'address(0)', { within: 'domain.chainId, account)' }],
  ['ERC-7739: this chain', 'block.chainid', '1'],
])

const credentials = inFile('contracts/types/Credential.sol', [
  ['credential: relying party', 'credential.rpIdHash != 0', 'true'],
  ['credential: origins', 'credential.originsHash != 0', 'true'],
  ['credential: known flags', 'credential.flags <= (FLAG_USER_VERIFICATION | FLAG_CROSS_ORIGIN)', 'true'],
  ['credential: on the curve', 'P256.isValidPublicKey(bytes32(credential.x), bytes32(credential.y))', 'true'],
  [
    'commitment: relying party',
    'credential.rpIdHash',
    'bytes32(0)',
    {
      within:
        'credential.rpIdHash,\n                    credential.originsHash,\n                    credential.flags\n',
    },
  ],
])

export const passkeyGuards: GuardGroup = {
  name: 'passkeys',
  tests: [
    'PasskeyValidator/PasskeyValidatorAdd.t.sol',
    'PasskeyValidator/PasskeyValidatorRecover.t.sol',
    'PasskeyValidator/PasskeyValidatorRegistry.t.sol',
    'PasskeyValidator/PasskeyValidatorSignatures.t.sol',
    'ERC7739Module/ERC7739Module.t.sol',
    'WebAuthn/WebAuthnBlob.t.sol',
    'Credential/Credential.t.sol',
  ],
  guards: [...passkeys, ...messages, ...credentials],
}
