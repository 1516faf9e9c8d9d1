import { passkeyTypedData } from '@rekey/sdk'
import { encodeAssertion, merkleTree, toBase64Url } from '@rekey/sdk/webauthn'
import { type Address, hashTypedData, type Hex, hexToBytes } from 'viem'
import { word } from './file.ts'
import { authenticatorData, createPasskey, origin, packBlob } from './passkey.ts'

/** A blob to be judged; what the verdict is, the contract says. */
export type AssertionCase = {
  readonly name: string
  readonly hash: Hex
  readonly commitment: Hex
  readonly blob: Hex
}

export const hash = word('hash')
export const others = ['https://app.example.com', 'https://auth.example.com:8443', 'https://a.auth.example.com']

/** Returns the challenge that signs a Merkle root. */
export function rootChallenge(passkeyValidator: Address, root: Hex): Hex {
  return hashTypedData(passkeyTypedData(passkeyValidator, 'MultiChain', { root }))
}

/** Client data as browsers write it. */
export function clientData(challenge: Hex, page: { origin?: string; crossOrigin?: boolean; rest?: string } = {}): string {
  const { origin: at = origin, crossOrigin = false, rest = '}' } = page
  const text = toBase64Url(hexToBytes(challenge))
  return `{"type":"webauthn.get","challenge":"${text}","origin":"${at}","crossOrigin":${crossOrigin}${rest}`
}

/** Blobs as browsers and authenticators of every make lead to. */
export async function goodAssertions(passkeyValidator: Address): Promise<readonly AssertionCase[]> {
  const ada = await createPasskey('ada')
  const chrome = await createPasskey('ada', { hasExtraKey: true })
  const framed = await createPasskey('ada', { flags: 3 })
  const lax = await createPasskey('ada', { flags: 0 })
  const one = (name: string, passkey: typeof ada, assertion: Awaited<ReturnType<typeof ada.ask>>, proof?: readonly Hex[]) => ({
    name,
    hash,
    commitment: passkey.commitment,
    blob: encodeAssertion({ credential: passkey.credential, assertion, proof }),
  })
  const cases: AssertionCase[] = [
    one('compact', ada, await ada.ask(hash)),
    one("compact with Chrome's extra key", chrome, await chrome.ask(hash)),
    one('compact in a frame that is allowed', framed, await framed.ask(hash, { topOrigin: 'https://shop.example' })),
    one('full, challenge first', ada, await ada.ask(hash, { putsChallengeFirst: true })),
    one('full, with an extension', ada, await ada.ask(hash, { addsExtension: true })),
  ]
  for (const count of [1, 2, 5, 256]) {
    const digests = Array.from({ length: count }, (_, index) => (index === 0 ? hash : word(`digest ${index}`)))
    const { root, proofs } = merkleTree(digests)
    const challenge = rootChallenge(passkeyValidator, root)
    const last = proofs.at(-1) ?? []
    cases.push(one(`Merkle, first of ${count}`, ada, await ada.ask(challenge), proofs[0] ?? []))
    cases.push({
      ...one(`Merkle, last of ${count}, full`, ada, await ada.ask(challenge, { putsChallengeFirst: true }), last),
      hash: digests.at(-1) ?? hash,
    })
  }
  for (let count = 2; count <= 4; count++) {
    const origins = [origin, ...others].slice(0, count)
    const passkey = await createPasskey('ada', { origins })
    for (const [place, at] of origins.filter((name) => !name.includes('app.')).entries())
      cases.push(one(`${count} origins, used from ${at} (${place})`, passkey, await passkey.ask(hash, { at })))
  }
  for (const [name, flags] of [
    ['present and verified, not backed up', 0x05],
    ['backup eligible', 0x0d],
    ['backed up', 0x1d],
    ['present only', 0x01],
  ] as const) {
    const data = authenticatorData(flags)
    const json = clientData(hash)
    const signature = lax.sign(data, json)
    const parts = { signature, publicKey: lax.credential.publicKey, authenticatorData: data, flags: 0 }
    const blob = packBlob({ ...parts, clientDataJSON: json })
    cases.push({ name: `full, ${name}, verification not required`, hash, commitment: lax.commitment, blob })
  }
  return cases
}
