import { merkleTree, type Signature } from '@rekey/sdk/webauthn'
import { type Address, concat, type Hex, keccak256, numberToHex, pad, size, slice, stringToHex } from 'viem'
import { word } from './file.ts'
import { type AssertionCase, clientData, hash, others, rootChallenge } from './goodAssertions.ts'
import { authenticatorData, createPasskey, origin, type PasskeyOptions, packBlob } from './passkey.ts'

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const escapedOrigin = origin.replace('h', '\\u0068')

/** What differs from a good full-form assertion by `ada`; the signature is over what the blob says. */
type Change = {
  readonly data?: Hex
  readonly json?: string
  readonly flags?: number
  readonly index?: number
  readonly origins?: Hex
  readonly proof?: readonly Hex[]
  readonly passkey?: PasskeyOptions
  readonly publicKey?: { x: bigint; y: bigint }
  readonly changeSignature?: (signature: Signature) => Signature
}

function changes(passkeyValidator: Address): Readonly<Record<string, Change>> {
  const { root, proofs } = merkleTree([hash, word('neighbour')])
  const json = clientData(hash)
  const nested = (depth: number) => clientData(hash, { rest: `,"x":${'['.repeat(depth)}${']'.repeat(depth)}}` })
  const twoOrigins = { origins: [origin, ...others.slice(0, 1)] }
  const otherHash = keccak256(stringToHex(others[0] ?? ''))
  return {
    'full form of everything below': {},
    'nested 8 deep': { json: nested(8) },
    'nested 9 deep': { json: nested(9) },
    'spaces and other keys': { json: json.replace(/,/g, ' , ').replace('{', '{ "a" : [ 1, {"type":"x"} ] ,\n') },
    'for registration': { json: json.replace('webauthn.get', 'webauthn.create') },
    'another challenge': { json: clientData(word('another')) },
    'challenge with padding': { json: json.replace('","origin', '=","origin') },
    'challenge twice': { json: `${json.slice(0, -1)},${json.slice(1, json.indexOf(',"origin'))}}` },
    'type twice': { json: json.replace('{', '{"type":"webauthn.get",') },
    'challenge below the top': {
      json: json.replace('"challenge"', '"c"').replace(/}$/, `,"x":{${json.slice(22, json.indexOf(',"origin'))}}}`),
    },
    'no type': { json: json.replace('"type"', '"t"') },
    'origin with an escape': { json: json.replace(origin, escapedOrigin) },
    'key with an escape': { json: json.replace('"type"', '"\\u0074ype"') },
    'escape in another key': { json: json.replace(/}$/, ',"a":"\\n"}') },
    'crossOrigin as text': { json: json.replace('false', '"false"') },
    'crossOrigin null': { json: json.replace('false', 'null') },
    'no crossOrigin': { json: json.replace(',"crossOrigin":false', '') },
    'in a frame that is not allowed': { json: clientData(hash, { crossOrigin: true }) },
    'text after the object': { json: `${json}x` },
    'space after the object': { json: `${json} ` },
    'no closing brace': { json: json.slice(0, -1) },
    'another origin': { json: clientData(hash, { origin: 'https://auth.example.com.evil.example' }) },
    'origin in capitals': { json: clientData(hash, { origin: origin.toUpperCase() }) },
    'another relying party': { data: authenticatorData(0x05, 'example.org') },
    'nobody present': { data: authenticatorData(0x04) },
    'nobody verified': { data: authenticatorData(0x01) },
    'backed up, not eligible': { data: authenticatorData(0x15) },
    'extension bytes without a flag': { data: authenticatorData(0x05, undefined, '0xa0') },
    'authenticator data of 36 bytes': { data: slice(authenticatorData(), 0, 36) },
    'unknown credential flag': { flags: 4 },
    'flags of another credential': { flags: 0 },
    'index 0': { index: 0 },
    'index 62': { index: 62 },
    'unused origin left out': { passkey: twoOrigins },
    'two origins': { passkey: twoOrigins, flags: 0x41, origins: concat([otherHash, '0x00']) },
    'origins exchanged': { passkey: twoOrigins, flags: 0x41, origins: concat([otherHash, '0x01']) },
    'position past the origins': { passkey: twoOrigins, flags: 0x41, origins: concat([otherHash, '0x02']) },
    'root signed without its wrapping': { json: clientData(root), proof: proofs[0] ?? [] },
    'root as a plain challenge': { json: clientData(rootChallenge(passkeyValidator, root)) },
    'root of another domain': { json: clientData(rootChallenge(origin20, root)), proof: proofs[0] ?? [] },
    'neighbour’s proof': { json: clientData(rootChallenge(passkeyValidator, root)), proof: proofs[1] ?? [] },
    'nine siblings': { json: clientData(rootChallenge(passkeyValidator, root)), proof: Array(9).fill(hash) },
    'high s': { changeSignature: ({ r, s }) => ({ r, s: order - s }) },
    'r of zero': { changeSignature: ({ s }) => ({ r: 0n, s }) },
    's of zero': { changeSignature: ({ r }) => ({ r, s: 0n }) },
    'r at the order': { changeSignature: ({ s }) => ({ r: order, s }) },
    's plus the order': { changeSignature: ({ r, s }) => ({ r, s: (s + order) % 2n ** 256n }) },
    'key at infinity': { publicKey: { x: 0n, y: 0n } },
  }
}

const origin20: Address = '0x00000000000000000000000000000000000a11ce'

/** Blobs that differ from a good one in one respect; most are refused, a few show where the line is. */
export async function badAssertions(passkeyValidator: Address): Promise<readonly AssertionCase[]> {
  const cases: AssertionCase[] = []
  for (const [name, change] of Object.entries(changes(passkeyValidator))) {
    const passkey = await createPasskey('ada', change.passkey)
    const { data = authenticatorData(), json = clientData(hash), changeSignature = (same) => same } = change
    const blob = packBlob({
      index: change.index ?? 63,
      flags: change.flags ?? 1,
      signature: changeSignature(passkey.sign(data, json)),
      publicKey: change.publicKey ?? passkey.credential.publicKey,
      origins: change.origins ?? '0x',
      ...(change.proof && { proof: change.proof }),
      authenticatorData: data,
      clientDataJSON: json,
    })
    cases.push({ name, hash, commitment: passkey.commitment, blob })
  }
  return [...cases, ...(await mutilated())]
}

/** A compact blob whose bytes are cut, extended or framed wrongly. */
async function mutilated(): Promise<readonly AssertionCase[]> {
  const { commitment, credential, sign } = await createPasskey('ada')
  const pack = (compact: Hex, json = clientData(hash)) =>
    packBlob({
      signature: sign(authenticatorData(), json),
      publicKey: credential.publicKey,
      authenticatorData: authenticatorData(),
      compact,
    })
  const head = concat([numberToHex(origin.length, { size: 1 }), stringToHex(origin)])
  const good = pack(concat([head, stringToHex('}')]))
  const withRest = (rest: string) => pack(concat([head, stringToHex(rest)]), clientData(hash, { rest }))
  const blobs: Readonly<Record<string, Hex>> = {
    'compact form of everything below': good,
    'compact, cut by one byte': slice(good, 0, size(good) - 1),
    'compact, cut before the origin': slice(good, 0, 167),
    'compact, cut to the head': slice(good, 0, 130),
    'compact, extended by one byte': concat([good, '0x00']),
    'compact, extended by a brace': concat([good, '0x7d']),
    'compact, rest not signed': pack(concat([head, stringToHex(',"a":1}')])),
    'compact, rest with another key': withRest(',"a":1}'),
    'compact, rest without a comma': withRest(' }'),
    'compact, rest that repeats the challenge': withRest(',"challenge":"AAAA"}'),
    'compact, rest that does not end': withRest(',"a":1'),
    'compact, empty rest': pack(head),
    'compact, says cross-origin': pack(concat([numberToHex(origin.length | 0x80, { size: 1 }), slice(head, 1), '0x7d'])),
    'compact with the head of the full form': concat(['0x7f', slice(good, 1)]),
    'compact with the head of a Merkle blob': concat(['0xbf', slice(good, 1)]),
    empty: '0x',
    'all zero': pad('0x', { size: 196 }),
    'longer than 4,096 bytes': withRest(`,"a":"${'x'.repeat(4_000)}"}`),
  }
  const cases = Object.entries(blobs).map(([name, blob]) => ({ name, hash, commitment, blob }))
  return [
    ...cases,
    { name: 'compact for another hash', hash: word('another'), commitment, blob: good },
    { name: 'compact for another commitment', hash, commitment: word('another'), blob: good },
  ]
}
