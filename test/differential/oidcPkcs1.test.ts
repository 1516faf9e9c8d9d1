import { constants, createHash, privateEncrypt } from 'node:crypto'
import { bytesToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compact, digest, googleClaims, googleHeader, pack, testKey } from '../../scripts/gen/vectors/idTokens.ts'
import { judge, type Problem } from './support/judgeToken.ts'
import { startChains } from './support/world.ts'

let chains: Awaited<ReturnType<typeof startChains>>
let now: number
beforeAll(async () => {
  chains = await startChains()
  now = Number((await chains.osaka.client.getBlock()).timestamp)
})
afterAll(() => chains?.stop())

const header = JSON.stringify(googleHeader)
/** DigestInfo of SHA-256 up to the hash, and other ways to write it. */
const sha256Info = '3031300d060960864801650304020105000420'
const infos: Readonly<Record<string, string>> = {
  'without parameters': '302f300b0609608648016503040201 0420',
  'of SHA-1': '3021300906052b0e03021a05000414',
  'of SHA-384': '3041300d060960864801650304020205000430',
  'of SHA-512': '3051300d060960864801650304020305000440',
  'of SHA-224': '302d300d06096086480165030402040500041c',
  'with a long length': '308131300d060960864801650304020105000420',
  'with another tag': '3131300d060960864801650304020105000420',
  'with an octet string of another length': '3031300d060960864801650304020105000421',
  'with parameters that are not NULL': '3031300d060960864801650304020105010420',
  'with one parameter more': '3033300f0609608648016503040201050005000420',
  'without anything': '',
}

type Parts = {
  readonly start?: string
  readonly padding?: (length: number) => string
  readonly separator?: string
  readonly info?: string
  readonly hash?: (hash: string) => string
  readonly end?: string
}

/** Signs what stands in the block, right or wrong, as the holder of the key could. */
async function verdict(parts: Parts, name = 'rsa2048'): Promise<Problem> {
  const key = testKey(name)
  const payload = JSON.stringify(googleClaims(now))
  const input = compact({ header, payload, signature: new Uint8Array() }).replace(/\.$/, '')
  const { start = '0001', separator = '00', info = sha256Info, hash = (same) => same, end = '' } = parts
  const tail = separator + info.replaceAll(' ', '') + hash(createHash('sha256').update(input).digest('hex')) + end
  const size = (key.issuerKey.key.length - 2) / 2
  const room = size - (start.length + tail.length) / 2
  const block = start + (parts.padding ?? ((length: number) => 'ff'.repeat(length)))(room) + tail
  expect(block).toHaveLength(2 * size)
  const bytes = Buffer.from(block, 'hex')
  const signature = privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, bytes)
  return judge(chains.osaka, pack({ header, payload, signature, issuerKey: key.issuerKey }), digest)
}

describe.each(['rsa2048', 'rsa3072', 'rsa4096'])('[107] [J34] blocks that %s signs', (name) => {
  test('the only good one', async () => {
    expect(await verdict({}, name)).toBe('None')
  })

  const rows: readonly (readonly [what: string, parts: Parts])[] = [
    ['another first byte', { start: '0101' }],
    ['the type of encryption', { start: '0002' }],
    ['the type of no padding', { start: '0000', padding: (length) => '00'.repeat(length) }],
    ['padding that is not ff at its start', { padding: (length) => `fe${'ff'.repeat(length - 1)}` }],
    [
      'padding that is not ff in its middle',
      { padding: (length) => `${'ff'.repeat(length - 60)}00${'ff'.repeat(59)}` },
    ],
    ['padding that is not ff at its end', { padding: (length) => `${'ff'.repeat(length - 1)}fe` }],
    [
      'eight bytes of padding, and garbage behind the hash',
      { padding: () => 'ff'.repeat(8), end: '5a'.repeat(roomFor(name) - 8) },
    ],
    ['a byte of garbage behind the hash', { end: '00' }],
    ['garbage between padding and zero', { padding: (length) => `${'ff'.repeat(length - 4)}01020304` }],
    ['no zero behind the padding', { separator: 'ff' }],
    ['no zero at all', { separator: '' }],
    ['two zeros', { separator: '0000' }],
    ['another hash', { hash: (hash) => `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}` }],
    ['a hash of its end alone', { hash: (hash) => hash.slice(2), info: `${sha256Info.slice(0, -2)}1f` }],
    ...Object.entries(infos).map(([what, info]): [string, Parts] => [`[J35] DigestInfo ${what}`, { info }]),
  ]
  test.each(rows)('%s', async (_, parts) => {
    expect(await verdict(parts, name)).toBe('Signature')
  })
})

/** Bytes of padding in a good block. */
function roomFor(name: string): number {
  return (testKey(name).issuerKey.key.length - 2) / 2 - 54
}

test('[J29] [J32] keys and signatures of other lengths are none', async () => {
  const payload = JSON.stringify(googleClaims(now))
  for (const bytes of [64, 128, 255, 257, 320, 640, 1_024]) {
    const key = bytesToHex(new Uint8Array(bytes).fill(0xc1))
    const signature = new Uint8Array(bytes).fill(1)
    const issuerKey = { algorithm: 'RS256', key } as const
    expect(await judge(chains.osaka, pack({ header, payload, signature, issuerKey }))).toBe('Layout')
  }
})

test('[J31] an exponent of 3 or 1 has no place: the key is its modulus', async () => {
  const payload = JSON.stringify(googleClaims(now))
  const { issuerKey } = testKey('rsa2048')
  const input = compact({ header, payload, signature: new Uint8Array() }).replace(/\.$/, '')
  const block = `0001${'ff'.repeat(202)}00${sha256Info}${createHash('sha256').update(input).digest('hex')}`
  const signature = Buffer.from(block, 'hex')
  expect(await judge(chains.osaka, pack({ header, payload, signature, issuerKey }))).toBe('Signature')
})
