import { codeSet, encodeCodeSignature, signWithCode } from '@rekey/sdk'
import { concat, type Hex, numberToHex, pad, size, slice } from 'viem'
import { privateKeyToAddress, sign } from 'viem/accounts'
import type { GeneratedFile } from '../generator.ts'
import type { Contracts } from './contracts.ts'
import { vectorFile, word } from './file.ts'
import type { WorldChain } from './world.ts'

const hash = word('recovery')
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const magic = '0x024ad318'

/** Fixed keys of a set; every set has others. */
function privateKeys(count: number): Hex[] {
  return Array.from({ length: count }, (_, index) => word(`code ${index} of ${count}`))
}

type Case = { readonly name: string; readonly key: Hex; readonly hash: Hex; readonly signature: Hex }

/** Sets of recovery codes of every size; signatures that are good, and such as break each rule. */
export async function codes({ read }: WorldChain, { RecoveryCodeVerifier }: Contracts): Promise<GeneratedFile> {
  const judge = async ({ key, hash, signature }: Omit<Case, 'name'>): Promise<boolean> =>
    (await read(RecoveryCodeVerifier, 'verify', [key, hash, signature])) === magic
  const sets = await Promise.all(Array.from({ length: 16 }, (_, index) => signedSet(index + 1)))
  for (const { key, signatures } of sets)
    for (const signature of signatures)
      if (!(await judge({ key, hash, signature }))) throw new Error(`The contract refuses ${signature} for ${key}.`)
  return vectorFile('codes', 'Sets of recovery codes that the deployed RecoveryCodeVerifier accepts, and its verdicts.', {
    sets,
    cases: await Promise.all((await cases()).map(async (one) => ({ ...one, isAccepted: await judge(one) }))),
  })
}

async function signedSet(count: number) {
  const keys = privateKeys(count)
  const addresses = keys.map(privateKeyToAddress)
  const set = codeSet(addresses)
  const signatures = await Promise.all(
    keys.map((privateKey, index) => signWithCode({ privateKey, index, set, hash })),
  )
  return { addresses, key: set.key, hash, signatures }
}

async function cases(): Promise<Case[]> {
  const keys = privateKeys(10)
  const addresses = keys.map(privateKeyToAddress)
  const { key, root, proofs } = codeSet(addresses)
  const code = async (index: number): Promise<Hex> => sign({ hash, privateKey: keys[index] as Hex, to: 'hex' })
  const [first, third, last] = [await code(0), await code(2), await code(9)]
  const proof = proofs[0] as readonly Hex[]
  const lastProof = proofs[9] as readonly Hex[]
  const good = encodeCodeSignature({ index: 0, signature: first, proof })
  const withEcdsa = (signature: Hex) => encodeCodeSignature({ index: 0, signature, proof })
  const one = codeSet(addresses.slice(0, 1))
  const [r, s] = [slice(first, 0, 32), slice(first, 32, 64)]
  const highS = numberToHex(order - BigInt(s), { size: 32 })
  const flippedV: Hex = slice(first, 64) === '0x1b' ? '0x1c' : '0x1b'
  const zero = codeSet([pad('0x', { size: 20 })])
  const withKey = (name: string, changed: Hex): Case => ({ name, key: changed, hash, signature: good })
  const withSignature = (name: string, signature: Hex): Case => ({ name, key, hash, signature })
  return [
    withSignature('first of ten', good),
    withSignature('last of ten, two siblings', encodeCodeSignature({ index: 9, signature: last, proof: lastProof })),
    { name: 'the only one', key: one.key, hash, signature: encodeCodeSignature({ index: 0, signature: first, proof: [] }) },
    withKey('count of 11, which needs as many siblings here', concat([root, '0x0b'])),
    { name: 'another hash', key, hash: word('other recovery'), signature: good },
    withKey('another root', concat([word('root'), '0x0a'])),
    withKey('count of 0', concat([root, '0x00'])),
    withKey('count of 4', concat([root, '0x04'])),
    withKey('count of 17', concat([root, '0x11'])),
    withKey('count of 255', concat([root, '0xff'])),
    withKey('key without count', root),
    withKey('key with a byte more', concat([key, '0x00'])),
    withKey('empty key', '0x'),
    withSignature('empty signature', '0x'),
    withSignature('index only', '0x00'),
    withSignature('no siblings', slice(good, 0, 66)),
    withSignature('a sibling too few', slice(good, 0, size(good) - 32)),
    withSignature('a byte too few', slice(good, 0, size(good) - 1)),
    withSignature('a byte too many', concat([good, '0x00'])),
    withSignature('a sibling too many', concat([good, root])),
    withSignature('siblings in reverse', encodeCodeSignature({ index: 0, signature: first, proof: proof.toReversed() })),
    withSignature('index of a neighbour', encodeCodeSignature({ index: 1, signature: first, proof })),
    withSignature('index and siblings of a neighbour', encodeCodeSignature({ index: 1, signature: first, proof: proofs[1] ?? [] })),
    withSignature('index of none', encodeCodeSignature({ index: 10, signature: first, proof })),
    withSignature('index 255', encodeCodeSignature({ index: 255, signature: first, proof })),
    withSignature('by another code of the set', withEcdsa(third)),
    withSignature('high s', withEcdsa(concat([r, highS, flippedV]))),
    withSignature('the other v', withEcdsa(concat([r, s, flippedV]))),
    withSignature('v of 0', withEcdsa(concat([r, s, '0x00']))),
    withSignature('v of 1', withEcdsa(concat([r, s, '0x01']))),
    withSignature('v of 29', withEcdsa(concat([r, s, '0x1d']))),
    withSignature('r of 0', withEcdsa(concat([pad('0x', { size: 32 }), s, slice(first, 64)]))),
    withSignature('s of 0', withEcdsa(concat([r, pad('0x', { size: 32 }), slice(first, 64)]))),
    {
      name: 'nobody as address zero',
      key: zero.key,
      hash,
      signature: encodeCodeSignature({ index: 0, signature: pad('0x1b', { size: 65 }), proof: [] }),
    },
  ]
}
