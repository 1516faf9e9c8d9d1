import {
  type Change,
  changeId,
  type Messages,
  messageTypes,
  passkeyTypedData,
  recoveryTypedData,
  sessionTypedData,
} from '@rekey/sdk'
import { encodeAssertion, merkleTree } from '@rekey/sdk/webauthn'
import { type Hex, hashMessage, hashTypedData, keccak256, zeroHash } from 'viem'
import {
  hashMessage as hashNestedMessage,
  hashTypedData as hashNestedTypedData,
  wrapTypedDataSignature,
} from 'viem/experimental/erc7739'
import type { Owner } from './owner.ts'

/** What the places wait for. */
type Wanted = {
  readonly userOp: Hex
  readonly proof: readonly Hex[]
  readonly personalHash: Hex
  readonly typedHash: Hex
  readonly wrap: (signature: Hex) => Hex
  readonly recovery: Hex
  /** A good one, for the place that wants it besides an approval. */
  readonly possession: Hex
}

/** One signature of the passkey, as the places want it framed. */
export type Signed = {
  readonly wanted: Wanted
  /** For an index of the account; with a Merkle part or without. */
  readonly stored: (proof?: readonly Hex[]) => Hex
  readonly stateless: Hex
}

const text = 'Sign in to example.com'
const mail = {
  domain: {
    name: 'Mail',
    version: '1',
    chainId: 31_337,
    verifyingContract: '0x00000000000000000000000000000000000a11ce',
  },
  types: { Mail: [{ name: 'contents', type: 'string' }] },
  primaryType: 'Mail',
  message: { contents: text },
} as const

/** The domain of the account, as ERC-5267 tells it. */
export function accountDomain({ account }: Owner, chainId: number) {
  return { name: 'Rekey Account', version: '1', chainId, verifyingContract: account, salt: zeroHash } as const
}

/** The digest that ERC-7739 makes of a text for this account on a chain. */
export function personalDigest(owner: Owner, chainId: number): Hex {
  return hashNestedMessage({ message: text, verifierDomain: accountDomain(owner, chainId) })
}

export const personalHash = hashMessage(text)
const userOp = keccak256('0x0b')

/** A change that is called off. */
export function announcedUpgrade({ chain, recovery }: Owner): Change {
  return { kind: 'upgrade', value: chain.implementation.address, issuedAt: recovery.issuedAt }
}

/** Every kind of digest that exists, with one of each. */
export function digestKinds(owner: Owner): Readonly<Record<string, Hex>> {
  const { chain, account, recovery, passkey } = owner
  const verifierDomain = accountDomain(owner, chain.chainId)
  const recoveryDigest = hashTypedData(recoveryTypedData(chain.guardianRecovery.address, 'Recovery', recovery))
  const { issuedAt, deadline, policy } = recovery
  const word = recoveryDigest
  const values: Messages = {
    MultiChain: { root: merkleTree([userOp, word]).root },
    Possession: { recovery: word },
    Prove: { account, commitment: passkey.commitment },
    OpenSession: { account, spec: word, epoch: 0, chainIds: [], deadline },
    Recovery: recovery,
    Veto: { account, recovery: word },
    GuardianCancel: { account, policy, recovery: word },
    SetPolicy: { account, policy, issuedAt },
    Uninstall: { account, issuedAt },
    Upgrade: { account, implementation: chain.implementation.address, issuedAt },
    CancelChange: { account, change: changeId(announcedUpgrade(owner)) },
    Freeze: { account, policy, duration: 3_600, issuedAt },
    Drill: { account, policy, challenge: word, deadline },
    Enrol: { account, handle: word, challenge: word },
  }
  const chainFree = (Object.keys(messageTypes) as (keyof Messages)[]).map((name) => [name, hash(owner, name, values)])
  return {
    userOp,
    personal: personalDigest(owner, chain.chainId),
    typed: hashNestedTypedData({ ...mail, verifierDomain }),
    ...Object.fromEntries(chainFree),
  }
}

function hash({ chain }: Owner, name: keyof Messages, values: Messages): Hex {
  if (name === 'OpenSession') return hashTypedData(sessionTypedData(chain.passkeyValidator.address, values[name]))
  if (name === 'MultiChain' || name === 'Possession' || name === 'Prove')
    return hashTypedData(passkeyTypedData(chain.passkeyValidator.address, name, values[name] as never) as never)
  return hashTypedData(recoveryTypedData(chain.guardianRecovery.address, name, values[name] as never) as never)
}

/** Signs one digest; the places frame the signature as they like. */
export async function signDigest(owner: Owner, digest: Hex, putsChallengeFirst: boolean): Promise<Signed> {
  const { passkey } = owner
  const kinds = digestKinds(owner)
  const recovery = kinds.Recovery as Hex
  const frame = async (challenge: Hex) => {
    const assertion = await passkey.ask(challenge, { putsChallengeFirst })
    return (framing: { index?: number; proof?: readonly Hex[] | undefined }) =>
      encodeAssertion({ credential: passkey.credential, assertion, ...framing })
  }
  const signed = await frame(digest)
  const possession = (await frame(kinds.Possession as Hex))({})
  const proof = merkleTree([userOp, recovery]).proofs[0] ?? []
  const wrap = (signature: Hex) => wrapTypedDataSignature({ ...mail, signature })
  return {
    wanted: { userOp, proof, personalHash, typedHash: hashTypedData(mail), wrap, recovery, possession },
    stored: (siblings) => signed({ index: 0, proof: siblings }),
    stateless: signed({}),
  }
}
