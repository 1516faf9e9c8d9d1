import { constants, createPublicKey, privateEncrypt, publicDecrypt } from 'node:crypto'
import { bytesToHex, toHex } from 'viem'
import type { GeneratedFile } from '../generator.ts'
import type { Contracts } from './contracts.ts'
import { vectorFile } from './file.ts'
import { type Approval, approve, digest, googleClaims, googleHeader, pack, signTexts, testKey } from './idTokens.ts'
import type { WorldChain } from './world.ts'

const now = 2_100_000_000

/** Approvals by ID tokens, most of them signed by RSA keys, with the verdict of OidcRecoveryValidator. */
export async function oidc({ read, node }: WorldChain, { OidcRecoveryValidator }: Contracts): Promise<GeneratedFile> {
  await node.setNextBlockTimestamp({ timestamp: BigInt(now) })
  await node.mine({ blocks: 1 })
  const judged = cases().map(async ({ name, key, proof }) => {
    const [problem] = (await read(OidcRecoveryValidator, 'check', [key, digest, proof])) as [number, string]
    return { name, key, hash: digest, proof, problem }
  })
  return vectorFile(
    'oidc',
    'Verdicts of OidcRecoveryValidator.check at the time `now`; problem 0 is none. Keys in test/fixtures/oidc.',
    { now, cases: await Promise.all(judged) },
  )
}

function cases(): (Approval & { readonly name: string })[] {
  const header = JSON.stringify(googleHeader)
  const payload = JSON.stringify(googleClaims(now, { azp: undefined, nbf: undefined, jti: undefined }))
  const rsa = testKey('rsa2048')
  const { signature } = signTexts(header, payload, rsa)
  const modulus = BigInt(rsa.issuerKey.key)
  const number = BigInt(bytesToHex(signature))
  const signed = (changed: bigint) => {
    const bytes = Buffer.from(toHex(changed, { size: 256 }).slice(2), 'hex')
    return pack({ header, payload, signature: bytes, issuerKey: rsa.issuerKey })
  }
  // All is right but one byte of the padding.
  const signedRaw = () => {
    const block = publicDecrypt({ key: createPublicKey(rsa.privateKey), padding: constants.RSA_NO_PADDING }, signature)
    block[100] = 0
    return pack({
      header,
      payload,
      signature: privateEncrypt({ key: rsa.privateKey, padding: constants.RSA_NO_PADDING }, block),
      issuerKey: rsa.issuerKey,
    })
  }
  const es256 = testKey('p256')
  const es256Header = JSON.stringify({ alg: 'ES256', kid: 'bridge-1' })
  return [
    { name: 'RSA-2048', ...approve(header, payload, rsa) },
    { name: 'RSA-3072', ...approve(header, payload, testKey('rsa3072')) },
    { name: 'RSA-4096', ...approve(header, payload, testKey('rsa4096')) },
    { name: 'P-256', ...approve(es256Header, payload, es256) },
    { name: 'signed by another key', ...approve(header, payload, testKey('otherRsa2048'), { issuerKey: rsa.issuerKey }) },
    { name: 'signature 0', ...signed(0n) },
    { name: 'signature 1', ...signed(1n) },
    { name: 'signature n', ...signed(modulus) },
    { name: 'signature n − 1', ...signed(modulus - 1n) },
    { name: 'signature and 1', ...signed(number + 1n) },
    { name: 'padding that is not ff in its middle', ...signedRaw() },
    { name: 'greatest number of 2048 bits', ...signed(2n ** 2048n - 1n) },
    { name: 'a key of 1024 bits', ...pack({ header, payload, signature: signature.subarray(128), issuerKey: { algorithm: 'RS256', key: bytesToHex(signature.subarray(128)) } }) },
  ]
}
