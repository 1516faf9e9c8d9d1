import { type Address, bytesToHex, concat, encodeAbiParameters, getCreate2Address, type Hex, keccak256 } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { createCursor, expectSize } from './cursor.ts'

/** What the address of an account commits to besides factory and implementation; each has 32 bytes. */
export type Genesis = {
  /** Commitment of the first credential. */
  readonly credential: Hex
  /** Hash of the first policy, or zero for none. */
  readonly policy: Hex
  /** The user handle of the first passkey. */
  readonly handle: Hex
}

const subject = 'genesis'
const marker = 0xf0
const word = { type: 'bytes32' } as const

/**
 * Returns the salt under which the factory creates an account.
 *
 * @see SPEC §6, Address and creation
 */
export function accountSalt(genesis: Genesis): Hex {
  return keccak256(encodeAbiParameters([word, word, word], fields(genesis)))
}

/**
 * Returns the creation code of an account: the minimal proxy of ERC-7511, 44 bytes of which are deployed.
 *
 * @see ERC-7511
 */
export function accountCreationCode(implementation: Address): Hex {
  const target = expectSize(implementation, 20, 'implementation').toLowerCase() as Hex
  return concat(['0x602c8060095f395ff3365f5f375f5f365f73', target, '0x5af43d5f5f3e5f3d91602a57fd5bf3'])
}

/**
 * Computes the address of an account, the same on every chain and whether or not it has been created.
 *
 * @example
 * const address = accountAddress({ factory, implementation, credential: credentialCommitment(credential), policy: zeroHash, handle })
 * @see SPEC §6, Address and creation
 */
export function accountAddress({
  factory,
  implementation,
  ...genesis
}: Genesis & { factory: Address; implementation: Address }): Address {
  return getCreate2Address({
    from: factory,
    salt: accountSalt(genesis),
    bytecodeHash: keccak256(accountCreationCode(implementation)),
  })
}

/**
 * Frames the signature of a userOp that an account sends before it is set up.
 *
 * @param assertion - A stateless assertion blob (index 63) over the userOp hash.
 * @throws {EncodingError} when a word has not 32 bytes, or the blob is not stateless.
 * @see SPEC §6, Genesis by address
 */
export function frameGenesisSignature(genesis: Genesis, assertion: Hex): Hex {
  expectStateless(createCursor(assertion, subject).number(1))
  return concat(['0xf0', ...fields(genesis), assertion])
}

/**
 * Takes the frame off again.
 *
 * @throws {EncodingError} when the frame is not one, or the blob in it is not stateless.
 */
export function unframeGenesisSignature(signature: Hex): { genesis: Genesis; assertion: Hex } {
  const cursor = createCursor(signature, subject)
  if (cursor.number(1) !== marker) throw new EncodingError(subject, 'it does not start with F0')
  const genesis = { credential: cursor.hex(32), policy: cursor.hex(32), handle: cursor.hex(32) }
  const assertion = cursor.rest()
  expectStateless(assertion[0])
  return { genesis, assertion: bytesToHex(assertion) }
}

function fields({ credential, policy, handle }: Genesis): [Hex, Hex, Hex] {
  return [expectSize(credential, 32, subject), expectSize(policy, 32, subject), expectSize(handle, 32, subject)]
}

function expectStateless(head: number | undefined): void {
  if (head === undefined || (head & 0x3f) !== 0x3f)
    throw new EncodingError(subject, 'its assertion is not a stateless one')
}
