import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, keccak256, recoverAddress, stringToBytes } from 'viem'
import { expect, test, vi } from 'vitest'
import { withSecretKey } from './secretKey.ts'

const secret = new Uint8Array(16).fill(9)
const purpose = 'recovery code 3'

test('[154] the key and what it came from are overwritten, also when its use fails', () => {
  const seed = hkdf(sha256, secret, stringToBytes('rekey v1'), stringToBytes(purpose), 48)
  const wanted = [seed, secp256k1.utils.randomSecretKey(seed)].map((bytes) => bytesToHex(bytes))
  for (const fails of [false, true]) {
    const overwritten: string[] = []
    const original = Uint8Array.prototype.fill
    const spy = vi.spyOn(Uint8Array.prototype, 'fill').mockImplementation(function (this: Uint8Array, ...args) {
      if (args[0] === 0) overwritten.push(bytesToHex(this.slice()))
      return original.apply(this, args)
    })
    const use = () =>
      withSecretKey(secret, purpose, () => {
        if (fails) throw new Error('It failed.')
      })
    if (fails) expect(use).toThrow('It failed.')
    else use()
    spy.mockRestore()
    expect(overwritten).toEqual(expect.arrayContaining(wanted))
  }
})

test('a signature has low s and is by the key', async () => {
  for (const digest of ['0x01', '0x02', '0x03', '0x04'].map((one) => keccak256(one as '0x01'))) {
    const { address, signature } = withSecretKey(secret, purpose, (key) => ({
      address: key.address,
      signature: key.sign(digest),
    }))
    expect(await recoverAddress({ hash: digest, signature })).toBe(address)
    expect(BigInt(`0x${signature.slice(66, 130)}`)).toBeLessThan(2n ** 255n)
  }
})
